# %% [markdown]
# # Learning from reward
# Nobody tells a child how to ride a bicycle, muscle by muscle. It tries, it falls, it tries something else. This
# lesson builds programs that learn that way: from what they did and what came of it. You will solve a frozen lake by
# arithmetic, learn to walk along a cliff by falling off it, and balance a pole with a small neural network. Each
# method is a few lines, and all of them are yours.
#
# **In this part you will** write down what an episode brings, read the rules of a world into two tensors, and find out
# how good a policy is.
#
# **How to read this notebook.** Before you run a cell, say what you expect to see. Then run it and look. Cells that
# read `# YOUR CODE HERE` or `____` are yours; the cell below each of them tells you how far you got. If you get stuck
# on an exercise, move on: the tests of the next one do not need it. (Pictures that are drawn with it have to wait.)

# %% setup
import itertools
import math
import random

import gymnasium as gym
import matplotlib.pyplot as plt
import torch
import torch.nn.functional as F
from torch import nn

from course import checks, device

# %% setup
lake = gym.make("FrozenLake-v1")
big_lake = gym.make("FrozenLake-v1", map_name="8x8")
cliff = gym.make("CliffWalking-v1", max_episode_steps=500)
torch.set_num_threads(1)  # for tensors as small as ours, two threads are slower than one
reached: dict[str, float] = {}  # what each method reaches, for a table near the end
COLOURS = {b"S": "#dbeafe", b"F": "#dbeafe", b"H": "#1e3a5f", b"G": "#facc15"}


def draw_lake(env, axis, title="", values=None, actions=None, path=None):
    """Draw a lake seen from above: its holes dark, its goal yellow; numbers, arrows or a path on top."""
    desc = env.unwrapped.desc
    for place, kind in enumerate(desc.flatten()):
        row, column = divmod(place, desc.shape[1])
        axis.add_patch(plt.Rectangle((column, row), 1, 1, facecolor=COLOURS[kind], edgecolor="white"))
        if values is not None and kind not in b"HG":
            axis.text(column + 0.5, row + 0.8, f"{values[place]:.2f}", ha="center", va="center", fontsize=7)
        if actions is not None and kind not in b"HG":
            axis.text(column + 0.5, row + 0.35, "←↓→↑"[int(actions[place])], ha="center", va="center", fontsize=11)
    if path is not None:
        wobble = torch.rand(len(path), 2, generator=torch.Generator().manual_seed(1)) * 0.5 + 0.25
        rows, columns = torch.tensor(path) // desc.shape[1], torch.tensor(path) % desc.shape[1]
        axis.plot(columns + wobble[:, 0], rows + wobble[:, 1], "o-", color="tab:red", markersize=3, linewidth=1)
    axis.set(xlim=(0, desc.shape[1]), ylim=(desc.shape[0], 0), aspect="equal")
    axis.set_title(title, fontsize=9)
    axis.set_axis_off()


# %%
figure, axes = plt.subplots(1, 4, figsize=(10, 2.8))
for walk, axis in enumerate(axes):
    place, _ = lake.reset(seed=walk)
    lake.action_space.seed(walk + 3)
    path, over = [place], False
    while not over:
        place, reward, terminated, truncated, _ = lake.step(lake.action_space.sample())
        path.append(place)
        over = terminated or truncated
    draw_lake(lake, axis, f"{len(path) - 1} steps, reward {reward:.0f}", path=path)
figure.tight_layout()

# %% [markdown]
# A lake seen from above. You start in the upper left corner and want the yellow goal in the lower right one. The dark
# squares are holes; if you fall in, you are out. And the ice is slippery: you go where you wanted one time in three, and
# the other two times sideways. The red lines are four walks that choose each step at random. **Predict:** of a
# hundred such walks, how many reach the goal?

# %%
goals = 0
for walk in range(1000):
    lake.reset(seed=walk)
    over = False
    while not over:
        _, reward, terminated, truncated, _ = lake.step(lake.action_space.sample())
        over = terminated or truncated
    goals += reward
reached["lake 4x4, random steps"] = goals / 1000
print(f"{goals / 10:.1f} in a hundred")

# %% [markdown]
# ## 1 · Words for an episode
#
# Everything in this lesson is one loop between two parties:
#
# ```
#            action a
#   ┌───────────────────────────┐
#   │                           ▼
# agent                    environment
#   ▲                           │
#   └───────────────────────────┘
#      next state s', reward r
# ```
#
# - The **state** $s$ says all that matters about the situation. What the agent gets to see of it is the
#   **observation**; on the lake the two are the same, at a card table they are not.
# - The **actions** may be a list to choose from (*discrete*: four directions) or numbers (*continuous*: how much to
#   turn the wheel).
# - The **policy** $\pi$ is the rule by which the agent acts. A deterministic one names an action for each state; a
#   stochastic one gives each action a probability, $\pi(a \mid s)$.
# - A **trajectory** is what happened: $s_0, a_0, r_1, s_1, a_1, r_2, \dots$ From a start to an end it is an **episode**: a
#   game, a walk across the lake.
# - The **return** $G_t$ is what counts: all the rewards from step $t$ on, later ones *discounted* by a factor
#   $\gamma$ between 0 and 1 for each step of waiting:
#
# $$G_t = r_{t+1} + \gamma\, r_{t+2} + \gamma^2 r_{t+3} + \dots = r_{t+1} + \gamma\, G_{t+1}$$
#
# The second form is the seed of nearly everything below: *what you can expect now is the next reward plus what you
# can expect then.* With $\gamma = 1$ and an episode that ends, the return is the plain sum; with $\gamma < 1$ it stays
# finite even if the episode goes on for ever.
#
# ### Exercise: the return, from behind
# difficulty 1/5 · 5 minutes · cards: return-recursion, finite-or-discounted
#
# `rewards[t]` is what the step at time t brought. Compute the return from *every* time on. One pass over the rewards is
# enough (other ways count too). In which direction do you have to go? Fill the blanks.


# %% solution="returns" promises="leaves-inputs, tensor"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    """The discounted return from each step on: result[t] = rewards[t] + gamma * rewards[t + 1] + …"""
    result = torch.zeros(len(rewards))
    ahead = 0.0  # the return from the step after this one
    for t in reversed(range(len(rewards))):  # ? reversed(range(len(rewards)))
        ahead = rewards[t] + gamma * ahead  # ? rewards[t] + gamma * ahead
        result[t] = ahead
    return result


# %% tests="returns" points=3
def examples(rng):
    yield checks.example(returns, {"rewards": rng.tensor(4).tolist(), "gamma": 0.5})


with checks.check("three steps, each step of waiting costs half", hint="what does the last step expect after itself?"):
    checks.close(returns([1.0, 0.0, 2.0], 0.5), [1.5, 1.0, 2.0])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any rewards, any discount", hint="the reward of step t itself is not discounted in G_t"):
    for gamma in (rng.uniform(0.6, 0.95), 0.99, 0.1):
        rewards = rng.tensor(rng.integer(6, 9)).tolist()
        slow = [sum(gamma**k * r for k, r in enumerate(rewards[t:])) for t in range(len(rewards))]
        checks.close(returns(rewards, gamma), slow, rtol=1e-4, atol=1e-5, what=f"gamma {gamma:.2f}")
    checks.close(returns([-3.0], 0.9), [-3.0], what="a single step")
with checks.check("without a discount, and with nothing but the next reward", hint="try gamma = 1 and gamma = 0"):
    rewards = rng.tensor(7).tolist()
    checks.close(returns(rewards, 1.0), [sum(rewards[t:]) for t in range(len(rewards))], rtol=1e-4, atol=1e-5)
    checks.close(returns(rewards, 0.0), rewards, rtol=1e-4)
    for steps, gamma in ((40, 0.95), (40, 1.0), (300, 0.9)):
        rewards = (1 + rng.tensor(steps, low=0, high=1)).tolist()
        slow = [sum(gamma**k * r for k, r in enumerate(rewards[t:])) for t in range(steps)]
        checks.close(returns(rewards, gamma), slow, rtol=1e-4, what=f"{steps} steps")
    quiet = [0.0, -1.0, 0.0, 0.0, 2.0, 0.0]
    checks.close(returns(quiet, 0.5), [-0.375, -0.75, 0.5, 1.0, 2.0, 0.0], what="steps that bring nothing")
### END HIDDEN TESTS

# %% [markdown]
# **Predict** the return at the start of a walk that reaches the goal (reward 1) with its 20th step, for
# $\gamma = 0.99$ and for $\gamma = 0.9$.

# %%
for gamma in (0.99, 0.9):
    print(f"gamma {gamma}: {returns([0.0] * 19 + [1.0], gamma)[0]:.3f}")

# %% [markdown]
# *Further reading:* Sutton and Barto, *Reinforcement Learning: An Introduction*, 2nd edition (2018, free online), chapter 3, where all
# these words come from.
#
# ## 2 · A world as two tensors
#
# The lake has the **Markov property**: where you slip to depends on where you stand and what you do, not on how you
# got there. Such a world is a **Markov decision process** (MDP): states, actions, probabilities of the next state,
# rewards, a discount. It fits into two tensors:
#
# $$T[s, a, s'] = p(s' \mid s, a) \qquad\qquad R[s, a] = \text{the reward that you may expect for } a \text{ in } s$$
#
# Gymnasium keeps the same facts in a dictionary. `P[s][a]` lists what may happen, each as
# (probability, next state, reward, is that the end?). **Look** at what may happen to somebody who stands on square 14,
# just left of the goal, and wants to go down (action 1).

# %%
for probability, next_state, reward, ends in lake.unwrapped.P[14][1]:
    print(f"with probability {probability:.2f} to {next_state}, reward {reward}, the end: {ends}")

# %% [markdown]
# One trick saves trouble later. When an episode ends, let it go to one more state, **the end**, that nobody leaves and
# that never pays. Then every episode lasts for ever, and no formula has to ask whether it is over.
#
# ### Exercise: read the rules
# difficulty 3/5 · 12 minutes · cards: mdp, absorbing-state, transition-kinds
#
# Turn such a dictionary `P` with n states into `T` of shape (n + 1, actions, n + 1) and `R` of shape
# (n + 1, actions), both float32, which is what `torch.zeros` makes. The keys are 0 to n - 1, and in each state the same
# actions, 0, 1 and so on. State number n is the end: whatever ends the episode leads there instead of to the state that
# is named, whether it pays or not, and from there every action leads back to it, for a reward of 0. The reward of the
# last step counts.
#
# hint: Look at `lake.unwrapped.P[0][0]`: the same next state may stand in the list twice. What has to happen to the
# two probabilities?


# %% solution="read_model" promises="leaves-inputs, tensors"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    """T (states + 1, actions, states + 1) and R (states + 1, actions); the last state is the end of the episode."""
    ### BEGIN SOLUTION
    n, actions = len(P), len(P[0])
    T, R = torch.zeros(n + 1, actions, n + 1), torch.zeros(n + 1, actions)
    T[n, :, n] = 1.0
    for s in range(n):
        for a in range(actions):
            for probability, next_state, reward, ends in P[s][a]:
                T[s, a, n if ends else next_state] += probability
                R[s, a] += probability * reward
    return T, R
    ### END SOLUTION


# %% tests="read_model" points=4
small = {
    0: {0: [(0.5, 1, 0.0, False), (0.5, 1, 2.0, False)], 1: [(1.0, 0, -1.0, False)]},
    1: {0: [(0.25, 1, 4.0, True), (0.75, 0, 0.0, False)], 1: [(1.0, 0, 3.0, True)]},
}


def examples(rng):
    yield checks.example(read_model, {"P": {0: {0: [(0.5, 0, 1.0, False), (0.5, 0, rng.uniform(), True)]}}})


with checks.check("the rewards of a world with two states", hint="weight each reward by its probability, and add up"):
    checks.close(read_model(small)[1], [[1.0, -1.0], [1.0, 3.0], [0.0, 0.0]])
    checks.dtype(read_model(small)[1], torch.float32)
with checks.check("where its actions lead", hint="print T[0], T[1] and T[2]: does each row add up to 1?"):
    expected = [[[0, 1, 0], [1, 0, 0]], [[0.75, 0, 0.25], [0, 0, 1]], [[0, 0, 1], [0, 0, 1]]]
    checks.close(read_model(small)[0], expected)
    checks.dtype(read_model(small)[0], torch.float32)


### BEGIN HIDDEN TESTS
def outcomes(P, s, a, target, n):
    """The probability of coming from s by a to the target, where n means the end."""
    return sum(p for p, to, _, ends in P[s][a] if (n if ends else to) == target)


def world(rng, n, actions):
    """Rules in which a next state is listed twice, and steps end with a reward, without one, and not at all."""
    P = {s: {} for s in range(n)}
    for s in range(n):
        for a in range(actions):
            shares = rng.tensor(4, low=0.2, high=1)
            shares = (shares / shares.sum()).tolist()
            targets, pays = rng.integers(4, low=0, high=n - 1).tolist(), rng.tensor(4).tolist()
            ends = [rng.uniform() < 0.3 for _ in range(4)]
            targets[1] = targets[0]
            ends[0], ends[1] = a == 0, a == 0
            pays[0], ends[2], pays[2] = 0.0, a == 1, 0.0  # an end that pays nothing is an end too
            pays[1], pays[3] = -1 - abs(pays[1]), 1 + abs(pays[3])
            P[s][a] = list(zip(shares, targets, pays, ends, strict=True))
    return P


rng = checks.rng()
twins = {0: {0: [(0.25, 0, 2.0, False), (0.25, 0, 2.0, False), (0.25, 0, 2.0, True), (0.25, 0, 2.0, True)]}}
worlds = [
    twins,
    *(world(rng, n, actions) for n, actions in ((1, 3), (rng.integer(4, 6), 2), (3, rng.integer(3, 5)), (20, 2))),
]
with checks.check("any world: transitions", hint="one next state may be listed more than once; every end is an end"):
    for P in worlds:
        n, actions = len(P), len(P[0])
        T = [[[outcomes(P, s, a, t, n) for t in range(n + 1)] for a in range(actions)] for s in range(n)]
        T.append([[0.0] * n + [1.0]] * actions)
        checks.close(read_model(P)[0], T, rtol=1e-4, atol=1e-6)
    one_action = {0: {0: [(0.25, 1, 0.0, False), (0.75, 0, 0.0, True)]}, 1: {0: [(1.0, 0, 0.0, False)]}}
    checks.close(read_model(one_action)[0], [[[0, 0.25, 0.75]], [[1, 0, 0]], [[0, 0, 1]]])
with checks.check("any world: rewards", hint="the end itself pays nothing; the step that ends the episode may pay"):
    for P in worlds:
        R = [[sum(p * r for p, _, r, _ in P[s][a]) for a in range(len(P[0]))] for s in range(len(P))]
        checks.close(read_model(P)[1], [*R, [0.0] * len(P[0])], rtol=1e-4, atol=1e-6)
    checks.close(read_model({0: {0: [(1.0, 0, 2.0, False)]}})[1], [[2.0], [0.0]])
    checks.close(read_model({0: {0: [(0.5, 0, 2.0, True), (0.5, 0, -4.0, False)]}})[1], [[-1.0], [0.0]])
### END HIDDEN TESTS

# %% [markdown]
# **Look** at the lake as a picture: for each action one table, from where (row) to where (column). White is
# impossible, dark is certain. Where is the end, and which rows lead into it?

# %%
T, R = read_model(lake.unwrapped.P)
figure, axes = plt.subplots(1, 4, figsize=(10, 2.8))
for action, axis in enumerate(axes):
    axis.imshow(T[:, action].numpy(), cmap="gray_r", vmin=0, vmax=1)
    axis.set(title=["left", "down", "right", "up"][action], xticks=[0, 16], yticks=[0, 16])
figure.tight_layout()

# %% [markdown]
# *Further reading:* Gymnasium's documentation of FrozenLake and CliffWalking, which says what each number means.
#
# ## 3 · How good is a policy?
#
# Write a stochastic policy as a table `pi` of shape (states, actions), each row adding up to 1. Once the policy is
# fixed, nothing is left to decide: the MDP becomes a **Markov reward process**. Its probabilities and rewards are
# those of the actions, averaged as the policy mixes them:
#
# $$P_\pi[s, s'] = \sum_a \pi[s, a]\, T[s, a, s'] \qquad\qquad r_\pi[s] = \sum_a \pi[s, a]\, R[s, a]$$
#
# (Forget the rewards as well, and what remains is a **Markov chain**.)
#
# ### Exercise: fix the policy
# difficulty 2/5 · 8 minutes · cards: policy-table, markov-family
#
# Fill the blanks. In the letters of `einsum`, s is the state, a the action and t the state that comes next.


# %% solution="follow" promises="leaves-inputs, tensors"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """P (states, states) and r (states,) for somebody who acts by pi (states, actions)."""
    P = torch.einsum("sat,sa->st", T, pi)  # ? "sat,sa->st"
    r = (pi * R).sum(dim=1)  # ? pi * R | dim=1
    return P, r


# %% tests="follow" points=3
def examples(rng):
    yield checks.example(follow, {"T": rng.tensor(2, 3, 2), "R": rng.tensor(2, 3), "pi": rng.tensor(2, 3).softmax(1)})


with checks.check("two states, two actions", hint="in state 0 this policy takes action 1 three times out of four"):
    T = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.5, 0.5], [1.0, 0.0]]])
    R, pi = torch.tensor([[4.0, 0.0], [1.0, 3.0]]), torch.tensor([[0.25, 0.75], [0.5, 0.5]])
    checks.close(follow(T, R, pi)[0], [[0.25, 0.75], [0.75, 0.25]])
    checks.close(follow(T, R, pi)[1], [1.0, 2.0])


### BEGIN HIDDEN TESTS
def world(rng, n, actions):
    """T, R and a policy, all of it random."""
    T, R = (2 * rng.tensor(n, actions, n)).softmax(-1), 3 * rng.tensor(n, actions)
    return T, R, (2 * rng.tensor(n, actions)).softmax(-1)


rng = checks.rng()
worlds = [
    world(rng, n, a) for n, a in ((rng.integer(4, 6), 3), (3, rng.integer(4, 5)), (2, 1), (1, 3), (1, 1), (18, 2))
]
T, R, _ = worlds[0]
worlds.append((T, R, F.one_hot(torch.arange(len(T)) % 3, 3).float()))  # a policy without chance
worlds.append((T, -R.abs() * (torch.arange(3) > 0), worlds[0][2]))  # rewards of at most 0
with checks.check("any policy: from where to where", hint="the action disappears; both states stay, in their order"):
    for T, R, pi in worlds:
        n, actions = R.shape
        P = [[sum(pi[s, a].item() * T[s, a, t].item() for a in range(actions)) for t in range(n)] for s in range(n)]
        checks.close(follow(T, R, pi)[0], P, rtol=1e-4, atol=1e-6)
with checks.check("any policy: the rewards", hint="one number a state, weighted by the policy"):
    for T, R, pi in worlds:
        r = [sum(p * pay for p, pay in zip(*rows, strict=True)) for rows in zip(pi.tolist(), R.tolist(), strict=True)]
        checks.close(follow(T, R, pi)[1], r, rtol=1e-4, atol=1e-6)
### END HIDDEN TESTS

# %% [markdown]
# The **value** of a state under a policy, $V_\pi(s)$, is the return that you may expect if you start there and act by
# $\pi$. Take the expectation on both sides of $G_t = r_{t+1} + \gamma G_{t+1}$ and you get the **Bellman equation**:
#
# $$V_\pi(s) = r_\pi(s) + \gamma \sum_{s'} P_\pi[s, s']\, V_\pi(s') \qquad\text{in short}\qquad V = r + \gamma P V$$
#
# It says that values must agree with each other: the value here is the reward here plus the discounted value there.
# There are two ways to find the $V$ that does.
#
# - **Sweep.** Start from $V = 0$ and put the right-hand side in place of the left, again and again. After $k$ sweeps,
#   $V$ is the expected return of the first $k$ steps. With every sweep the error shrinks by a factor $\gamma$.
# - **Solve.** The equation is linear: $(I - \gamma P)\,V = r$. One call does it, but for a million states P has $10^{12}$
#   entries: then one keeps only those that are not zero, and sweeps.
#
# ### Exercise: evaluate a policy, twice
# difficulty 2/5 · 10 minutes · cards: bellman-expectation, policy-evaluation, value-functions
#
# Write both. In `sweep`, each sweep reads only the values from before that sweep. `solve` finds the exact values for any
# discount below 1, however close to it.
#
# hint: `torch.linalg.solve(A, b)` finds the x with A x = b; `torch.eye(n)` is the matrix I.


# %% solution="evaluate" promises="leaves-inputs, tensor"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    """The values (states,) after so many sweeps, beginning with zeros."""
    ### BEGIN SOLUTION
    V = torch.zeros_like(r)
    for _ in range(sweeps):
        V = r + gamma * P @ V
    return V
    ### END SOLUTION


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    """The values (states,) that fulfil the Bellman equation exactly."""
    ### BEGIN SOLUTION
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P, r)
    ### END SOLUTION


# %% tests="evaluate" points=4
def examples(rng):
    P, r = rng.tensor(3, 3).softmax(-1), rng.tensor(3)
    yield checks.example(sweep, {"P": P, "r": r, "gamma": 0.5, "sweeps": 2})
    yield checks.example(solve, {"P": P, "r": r, "gamma": 0.5})


with checks.check("the first two sweeps of two states", hint="after one sweep, V is r; what comes after two?"):
    P, r = torch.tensor([[0.0, 1.0], [0.0, 1.0]]), torch.tensor([3.0, 1.0])
    checks.close(sweep(P, r, 0.5, 1), [3.0, 1.0])
    checks.close(sweep(P, r, 0.5, 2), [3.5, 1.5])
with checks.check("their exact values", hint="1 + 1/2 + 1/4 + … = 2"):
    P, r = torch.tensor([[0.0, 1.0], [0.0, 1.0]]), torch.tensor([3.0, 1.0])
    checks.close(solve(P, r, 0.5), [4.0, 2.0])


### BEGIN HIDDEN TESTS
def first_rewards(P, r, gamma, k):
    """What the first k steps bring: r + γPr + γ²P²r + …, in doubles."""
    coming, found = r.double(), torch.zeros(len(r), dtype=torch.float64)
    for step in range(k):
        found, coming = found + gamma**step * coming, P.double() @ coming
    return found


rng = checks.rng()
n, sweeps = rng.integer(4, 7), rng.integer(3, 6)
P, r = (2 * rng.tensor(n, n)).softmax(-1), rng.tensor(n) + 1
debts = -r.abs() * (torch.arange(n) > 0)  # rewards of at most 0
slow, trickle = torch.tensor([[0.0, 1.0], [0.0, 1.0]]), torch.tensor([1000.0, 0.01])
with checks.check("k sweeps see k steps ahead", hint="begin with zeros; no sweep may read what it has written itself"):
    for gamma, k in ((rng.uniform(0.6, 0.85), sweeps), (0.5, 0), (0.99, 1), (1.0, 30), (0.99, 300)):
        checks.close(sweep(P, r, gamma, k), first_rewards(P, r, gamma, k), rtol=5e-4, atol=1e-5, what=f"{k} sweeps")
    checks.close(sweep(P, debts, 0.9, 4), first_rewards(P, debts, 0.9, 4), rtol=5e-4, atol=1e-5, what="debts")
    checks.close(sweep(slow, trickle, 1.0, 40), [1000.39, 0.4], rtol=1e-5, atol=1e-4, what="small rewards add up")
    tiny = torch.as_tensor(sweep(P, r / 2**30, 1.0, 30)) * 2**30
    checks.close(
        tiny, first_rewards(P, r, 1.0, 30), rtol=1e-3, atol=1e-4, what="tiny rewards, shown 2^30 times as large"
    )
    checks.close(sweep(torch.ones(1, 1), torch.tensor([-2.0]), 0.5, 3), [-3.5], what="a single state")
with checks.check("exact values of any process", hint="bring both terms with V to one side"):
    for gamma in (rng.uniform(0.6, 0.85), 0.0, 0.99):
        checks.close(solve(P, r, gamma), first_rewards(P, r, gamma, 3000), rtol=1e-3, atol=1e-4, what=f"gamma {gamma}")
    crowd, pay = (2 * rng.tensor(40, 40)).softmax(-1), rng.tensor(40) + 1
    exact = torch.linalg.solve(torch.eye(40, dtype=torch.float64) - 0.9999 * crowd.double(), pay.double())
    checks.close(solve(crowd, pay, 0.9999), exact, rtol=1e-2, what="forty states that look far ahead")
    checks.close(solve(P, debts, 0.9), first_rewards(P, debts, 0.9, 300), rtol=1e-3, atol=1e-4, what="debts")
    checks.close(solve(slow, trickle, 0.5), [1000.01, 0.02], rtol=1e-5, atol=1e-4, what="one large reward, one small")
    checks.close(solve(torch.ones(1, 1), torch.tensor([-2.0]), 0.75), [-8.0], rtol=1e-4, what="a single state")
### END HIDDEN TESTS

# %% [markdown]
# Now the lake, under the **uniform random** policy: each action with probability 1/4. **Predict:** which square is the best
# one to stand on, and is the value of the start larger or smaller than the share of goals that you counted at the top?

# %%
T, R = read_model(lake.unwrapped.P)
P, r = follow(T, R, torch.full((17, 4), 0.25))
figure, axes = plt.subplots(1, 4, figsize=(10, 2.8))
for axis, sweeps in zip(axes, (1, 3, 10, 1000), strict=True):
    draw_lake(lake, axis, f"sweeps: {sweeps}", values=sweep(P, r, 1.0, sweeps))
figure.tight_layout()
print(f"without discount, the start is worth {sweep(P, r, 1.0, 1000)[0]:.3f}")
print(f"with gamma = 0.99 it is worth        {solve(P, r, 0.99)[0]:.3f}")

# %% [markdown]
# The values spread from the goal, one square a sweep. Without discount the value of the start *is* the chance to reach
# the goal. (`solve` cannot do $\gamma = 1$ here: nobody leaves the end, so $I - P$ has no inverse.)
#
# **Now you can** compute the value of any policy in a world whose rules you know.
#
# *Further reading:* Sutton and Barto, section 4.1 (policy evaluation); Puterman, *Markov Decision Processes* (1994),
# for the proofs.
