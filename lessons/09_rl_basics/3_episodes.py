# %% [markdown]
# ## 7 · Learning from whole episodes
#
# **In this part you will** estimate values without rules, from episodes and steps, and walk a cliff with Q-learning.
#
# Now many states again, and still no rules. The plainest idea: play by the policy, and call the value of a state the
# mean of the returns seen from there on. That is **Monte Carlo**. If an episode visits a state several times,
# *first-visit* Monte Carlo counts only the return after the first visit: one independent opinion an episode.
#
# ### Exercise: first visits
# difficulty 3/5 · 12 minutes · cards: monte-carlo
#
# An episode is a list of pairs (state, the reward of the step from there). States that nobody visited have the value 0.
#
# hint: Go through each episode from behind, as in `returns`. If you meet a state again, the earlier visit overwrites the
# later one.


# %% solution="monte_carlo" promises="leaves-inputs, tensor"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    """For each state, the mean over the episodes that visit it of the return from its first visit on."""
    ### BEGIN SOLUTION
    total, count = torch.zeros(states), torch.zeros(states)
    for episode in episodes:
        ahead, first = 0.0, {}
        for state, reward in reversed(episode):
            ahead = reward + gamma * ahead
            first[state] = ahead
        for state, value in first.items():
            total[state] += value
            count[state] += 1
    return total / count.clamp(min=1)
    ### END SOLUTION


# %% [markdown] explains="monte_carlo"
# Going backwards, `ahead` is the return from each step on, as in the first exercise. A dictionary keeps one number a
# state, and each earlier visit overwrites the later one: at the end it holds the return of the *first* visit.
#
# Every episode then gives each visited state one opinion, and the mean is over the episodes that visited it. Dividing
# by all episodes would take "was not there" for "got nothing". `first` is new for each episode; `total` and `count`
# live on. A return of 0 is an opinion like any other: counting only returns that are not 0 would paint the lake far too
# bright. `clamp(min=1)` keeps 0/0 away for a state where nobody was. Check: returns 2 and 5 for state 1 make 3.5.


# %% tests="monte_carlo" points=4
def examples(rng):
    episodes = [[(0, rng.uniform()), (1, rng.uniform()), (0, 1.0)], [(1, 2.0), (2, rng.uniform())]]
    yield checks.example(monte_carlo, {"episodes": episodes, "states": 3, "gamma": 0.5})


with checks.check("one episode", hint="the return from each state on, discounted"):
    checks.close(monte_carlo([[(0, 1.0), (2, 0.0), (1, 4.0)]], 4, 0.5), [2.0, 4.0, 2.0, 0.0])
with checks.check("the mean of two episodes", hint="divide by the number of episodes that visited the state"):
    checks.close(monte_carlo([[(0, 1.0), (1, 2.0)], [(1, 5.0)]], 2, 1.0), [3.0, 3.5])


### BEGIN HIDDEN TESTS
def first_visits(episodes, states, gamma):
    """The same, by looking for each state from the front of each episode."""
    seen = [[] for _ in range(states)]
    for episode in episodes:
        for state in {state for state, _ in episode}:
            start = next(t for t, (visited, _) in enumerate(episode) if visited == state)
            seen[state].append(sum(gamma**k * reward for k, (_, reward) in enumerate(episode[start:])))
    return [sum(values) / len(values) if values else 0.0 for values in seen]


rng = checks.rng()
with checks.check(
    "states that are visited again and again", points=2, hint="of each episode, only what follows the first visit"
):
    for gamma in (rng.uniform(0.5, 0.9), 1.0, 0.99, 0.0):
        episodes = [[(rng.integer(0, 4), rng.uniform(-1, 2)) for _ in range(rng.integer(8, 12))] for _ in range(4)]
        episodes.append([(2, 1.5), (2, -1.0), (3, 0.5), (2, 1.0)])
        episodes += [[(4, 1.0), (5, 2.0), (1, 0.0)], [(5, 0.0), (4, 0.0)]]  # returns of 0, which count like any others
        expected = first_visits(episodes, 7, gamma)
        checks.close(monte_carlo(episodes, 7, gamma), expected, rtol=1e-4, atol=1e-5, what=f"gamma {gamma:.2f}")
    crowd = [[(rng.integer(0, 11), rng.uniform(-1, 2)) for _ in range(rng.integer(1, 4))] for _ in range(150)]
    checks.close(monte_carlo(crowd, 12, 0.9), first_visits(crowd, 12, 0.9), rtol=1e-4, atol=1e-5, what="150 episodes")
    long = [[(rng.integer(0, 19), rng.uniform(-1, 2)) for _ in range(200)]]
    checks.close(monte_carlo(long, 20, 0.98), first_visits(long, 20, 0.98), rtol=1e-4, atol=1e-4, what="200 steps")
    checks.close(monte_carlo([[(0, -4.0)], [(0, 0.0)], [(0, 0.0)], [(0, 1.0)]], 1, 0.9), [-0.75], what="a single state")
### END HIDDEN TESTS

# %% [markdown]
# Now see what it costs not to know the rules. `solve` found the value of the uniform random policy from the tensors at
# once. **Predict:** how close does Monte Carlo come with 100 episodes, with 1,000, with 10,000?


# %%
def random_episode(env):
    """One episode with random steps, as a list of (state, reward)."""
    (state, _), episode, over = env.reset(), [], False
    while not over:
        next_state, reward, terminated, truncated, _ = env.step(random.randrange(4))
        episode.append((state, reward))
        state, over = next_state, terminated or truncated
    return episode


lake.reset(seed=0)
random.seed(0)
episodes = [random_episode(lake) for _ in range(device.budget(10_000, 20))]
T, R = read_model(lake.unwrapped.P)
truth = solve(*follow(T, R, torch.full((17, 4), 0.25)), 0.99)[:16]
for share in (100, 10, 1):
    error = (monte_carlo(episodes[::share], 16, 0.99) - truth).abs().mean()
    print(f"{len(episodes) // share:6,} episodes: wrong by {error:.4f} on average")

# %% [markdown]
# A hundred times as many episodes make the error about ten times smaller: means of random numbers converge with the
# square root, and no faster. *Further reading:* Sutton and Barto, chapter 5.
#
# ## 8 · Learning from every step
#
# Monte Carlo learns nothing before the episode is over, and each return carries the luck of all the steps to come.
# **Temporal-difference learning** uses the Bellman equation instead: after *one* step it already has a better guess
# than before, namely reward plus discounted value of where it arrived. It moves a bit towards that **target**:
#
# $$V(s) \leftarrow V(s) + \alpha\,\big(\underbrace{r + \gamma V(s')}_{\text{target}} - V(s)\big)$$
#
# To learn one guess from another guess is called **bootstrapping**. For action values there are three targets, which
# differ in what they suppose will be done next:
#
# | method | what it supposes | target |
# |---|---|---|
# | SARSA | the action $a'$ that really comes next | $r + \gamma\, Q(s', a')$ |
# | expected SARSA | what the policy does on average | $r + \gamma \sum_{a} \pi(a \mid s')\, Q(s', a)$ |
# | Q-learning | the best action | $r + \gamma \max_{a} Q(s', a)$ |
#
# One detail decides whether it works. An episode either **terminated** (a hole, the goal) or was stopped when time was
# up (**truncated**): its future was cut off but had a value. In which case is there something to add to the reward?
#
# ### Exercise: three targets and one step
# difficulty 2/5 · 10 minutes · cards: td-target, q-learning, sarsa, terminated-or-truncated
#
# `next_q` (actions,) holds $Q(s', \cdot)$, `terminated` is True or False. `nudge` moves one entry of a table towards a
# target, in place, and returns how far off that entry was before; `place` is a number or, in a table with more axes, a
# tuple. Each result is one number, as a float or as a tensor without axes. Fill the blanks.
#
# hint: True and False count as 1 and 0 in a product.


# %% solution="targets" promises="changes(table)"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    """What to expect if next_action comes next."""
    return reward + gamma * next_q[next_action] * (not terminated)  # ? next_q[next_action] | (not terminated)


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    """What to expect on average from somebody whose next action has the probabilities next_pi (actions,)."""
    return reward + gamma * (next_pi * next_q).sum() * (not terminated)  # ? (next_pi * next_q).sum() | (not terminated)


def q_learning_target(reward, terminated, next_q, gamma):
    """What to expect if the best action comes next."""
    return reward + gamma * next_q.max() * (not terminated)  # ? next_q.max() | (not terminated)


def nudge(table, place, target, alpha):
    """Moves table[place] by the share alpha towards the target, in place; returns target minus old entry."""
    error = float(target - table[place])  # ? target - table[place]
    table[place] += alpha * error  # ? alpha * error
    return error


# %% [markdown] explains="targets"
# All three are reward plus discounted value of what comes next. They differ in whose next action they suppose: the one
# that will really be taken, the policy's mean, the best. With q = (1, 4, −2) and γ = ½ after a reward of 1 that is 0,
# 2.25 and 3.
#
# `(not terminated)` multiplies the *future* and not the reward: the last step still pays, and after it nothing comes.
# Without it, the goal would be worth more and more, as if one could win again and again. A value may be negative, so
# nothing is cut off at 0. `nudge` measures first and moves afterwards, because the error is asked for as it was; with α
# = ¼ an entry of 4 goes a quarter of the way to 8, to 5. Later methods call this error, with its sign, the TD error.


# %% tests="targets" points=5
def examples(rng):
    step = {"reward": rng.uniform(), "terminated": False, "next_q": rng.tensor(3)}
    yield checks.example(nudge, {"table": rng.tensor(3), "place": 1, "target": 9.0, "alpha": 0.5})
    yield checks.example(sarsa_target, {**step, "next_action": 2, "gamma": 0.5})
    yield checks.example(expected_sarsa_target, {**step, "next_pi": rng.tensor(3).softmax(0), "gamma": 0.5})
    yield checks.example(q_learning_target, {**step, "gamma": 0.5})


with checks.check("the three targets of one step", hint="which value of the next state does each of them take?"):
    q = torch.tensor([1.0, 4.0, -2.0])
    checks.close(sarsa_target(1.0, False, q, 2, 0.5), 0.0)
    checks.close(expected_sarsa_target(1.0, False, q, torch.tensor([0.5, 0.5, 0.0]), 0.5), 2.25)
    checks.close(q_learning_target(1.0, False, q, 0.5), 3.0)
with checks.check("one step of a quarter", hint="how far is 4 from 8, and what is a quarter of that?"):
    table = checks.mutable(torch.tensor([3.0, 4.0]))
    checks.close(nudge(table, 1, 8.0, 0.25), 4.0)
    checks.close(table, [3.0, 5.0])
### BEGIN HIDDEN TESTS
rng = checks.rng()
n = rng.integer(3, 5)
pi, reward = (2 * rng.tensor(n)).softmax(0), rng.uniform(-2, 2)
values = [rng.tensor(n) * 3, -1 - rng.tensor(n, low=0, high=3)]  # the second one: all below zero
gammas = (rng.uniform(0.4, 0.9), 0.99, 1.0)
with checks.check("any step of an episode that goes on", hint="the discount belongs to the value, not to the reward"):
    for q, gamma in itertools.product(values, gammas):
        for action in range(n):
            checks.close(
                sarsa_target(reward, False, q, action, gamma), reward + gamma * q[action].item(), rtol=1e-4, atol=1e-5
            )
        mean = sum(p * value for p, value in zip(pi.tolist(), q.tolist(), strict=True))
        checks.close(expected_sarsa_target(reward, False, q, pi, gamma), reward + gamma * mean, rtol=1e-4, atol=1e-5)
        checks.close(q_learning_target(reward, False, q, gamma), reward + gamma * max(q.tolist()), rtol=1e-4, atol=1e-5)
    q, sure = torch.tensor([-3.0, 2.0, 0.0]), torch.tensor([0.0, 0.0, 1.0])
    free = (sarsa_target(0.0, False, q, 0, 0.5), expected_sarsa_target(0.0, False, q, sure, 0.5))
    for target, right in zip((*free, q_learning_target(0.0, False, q, 0.5)), (-1.5, 0.0, 1.0), strict=True):
        checks.close(target, right, atol=1e-6, what="a step without a reward")
with checks.check("the last step of an episode", hint="what is still to come when an episode has terminated?"):
    for q, gamma in itertools.product(values, gammas):
        last = [sarsa_target(reward, True, q, 1, gamma), expected_sarsa_target(reward, True, q, pi, gamma)]
        for target in (*last, q_learning_target(reward, True, q, gamma)):
            checks.close(target, reward, rtol=1e-4)
    last = [sarsa_target(0.0, True, q, 1, 0.5), expected_sarsa_target(0.0, True, q, pi, 0.5)]
    for target in (*last, q_learning_target(0.0, True, q, 0.5)):
        checks.close(target, 0.0, atol=1e-6, what="an end without a reward")
with checks.check("a step in any table", points=1, hint="one entry moves, towards the target, by the share alpha"):
    for alpha, target in (
        (rng.uniform(0.05, 0.6), rng.uniform(2, 5)),
        (1.0, -4.0),
        (0.01, torch.tensor(-3.0)),
        (0.5, 0.0),
        (0.5, 80.0),
    ):
        table = checks.mutable(rng.tensor(3, 4, mutable=True))
        before, place = table.clone(), (rng.integer(0, 2), rng.integer(0, 3))
        off = float(target) - before[place].item()
        checks.close(nudge(table, place, target, alpha), off, rtol=1e-4, atol=1e-5)
        before[place] += alpha * off
        checks.close(table, before, rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# Monte Carlo and TD answer the same question. **Predict** which comes closer to the truth. One comparison would be
# luck, so each method learns from the same five groups of episodes. `td_zero` is plain TD(0): one `nudge` for each
# step. `td_for_ever` says where TD would end if it went through the same episodes again and again with ever smaller
# steps: at the exact values of the process that was *counted*. (No walk was truncated: its last step was the end.)


# %%
def steps_of(group):
    """All steps (state, reward, next state) of these episodes; the end has the number 16."""
    for episode in group:
        following = [state for state, _ in episode[1:]] + [16]
        yield from ((state, reward, after) for (state, reward), after in zip(episode, following, strict=True))


def td_zero(group):
    """One pass with a constant step."""
    V = torch.zeros(17)
    for state, reward, after in steps_of(group):
        nudge(V, state, reward + 0.99 * V[after].item(), alpha=0.02)
    return V[:16]


def td_for_ever(group):
    """The values of the process that these steps suggest: counted probabilities and mean rewards."""
    seen, paid = torch.zeros(17, 17), torch.zeros(17)
    for state, reward, after in steps_of(group):
        seen[state, after] += 1
        paid[state] += reward
    visits = seen.sum(dim=1).clamp(min=1)
    return solve(seen / visits[:, None], paid / visits, 0.99)[:16]


# %%
groups = [episodes[start::5] for start in range(5)]
methods = {"Monte Carlo": lambda group: monte_carlo(group, 16, 0.99), "TD(0)": td_zero, "TD for ever": td_for_ever}
errors = {name: torch.stack([(f(g) - truth).abs().mean() for g in groups]) for name, f in methods.items()}
for name, error in errors.items():
    print(f"{name:12} is wrong by {error.mean():.4f} ± {error.std() / 5**0.5:.4f}")
difference = errors["TD for ever"] - errors["Monte Carlo"]
print(f"TD for ever minus Monte Carlo, group by group: {difference.mean():.4f} ± {difference.std() / 5**0.5:.4f}")

# %% [markdown]
# With a constant step of 0.02, one pass of TD(0) has simply not arrived yet: the step is its limit, not the method.
# Once it has squeezed the same episodes dry, it comes as close as Monte Carlo, and five groups cannot tell which is
# better (look at the paired difference and its error). On the random walk of Sutton and Barto's example 6.2 TD wins;
# there is no general winner. But TD learns while an episode is still going on, and in episodes that never end. And it
# needs no more than the last step, which is what makes the next method possible.
#
# ## 9 · Along the cliff
#
# ### Exercise: Q-learning
# difficulty 4/5 · 18 minutes · cards: q-learning, off-policy, epsilon-greedy
#
# Now the whole method, with the loop of gymnasium: `env.reset()` returns (state, info), and `env.step(action)` returns
# (next_state, reward, terminated, truncated, info). Choose actions ε-greedily from `Q`, learn from every step by the
# target of Q-learning, stop an episode when it is terminated *or* truncated, and return the table after so many episodes.
# Begin with zeros. If several actions look best, take any one of them. The action that you hand to `env.step` must be a
# plain int, not a number of numpy or a tensor. `env.reset()` needs no seed, but may get one: that is the world's own
# generator, which the promise below does not cover.
#
# hint: On a step that was truncated but not terminated, the future still counts.


# %% solution="q_learning" promises="random, tensor"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    """The table Q (states, actions) after so many episodes."""
    ### BEGIN SOLUTION
    Q = torch.zeros(states, actions)
    for _ in range(episodes):
        state, _ = env.reset()
        over = False
        while not over:
            action = random.randrange(actions) if random.random() < epsilon else int(Q[state].argmax())
            next_state, reward, terminated, truncated, _ = env.step(action)
            future = 0.0 if terminated else gamma * Q[next_state].max()
            Q[state, action] += alpha * (reward + future - Q[state, action])
            state, over = next_state, terminated or truncated
    return Q
    ### END SOLUTION


# %% [markdown] explains="q_learning"
# The loop is always the same: choose, step, learn, move on. Learn from *every* step, with the target of the best next
# action, whatever will be done there: that is what makes it off-policy. Whether to explore is drawn anew at each step.
#
# Two flags, two questions. "Does the loop stop?" asks for terminated *or* truncated. "Is there a future?" asks for
# terminated alone: who was stopped because time was up stood somewhere that was worth something. If both cut the
# future, states near the time limit look bad for no reason of their own; if neither does, the goal is worth more than
# it pays. Forgetting `state = next_state` is the classic: the agent then learns about its first square for ever.


# %% tests="q_learning" points=6
def trained(q_learning, leads, pays, fate, episodes, alpha, gamma, epsilon):
    """The table learnt in a small world of gymnasium, what was done in it step by step, and how often it was reset."""
    import gymnasium as gym
    import torch

    class World(gym.Env):
        """Its episodes end in both ways: every second one is only stopped."""

        def __init__(self):
            self.observation_space = gym.spaces.Discrete(len(leads))
            self.action_space = gym.spaces.Discrete(len(leads[0]))
            self.steps, self.resets, self.state, self.left = [], 0, 0, 0

        def reset(self, *, seed=None, options=None):
            self.left, self.natural = fate[self.resets % len(fate)]
            self.resets += 1
            self.state = self.resets % len(leads)
            return self.state, {}

        def step(self, action):
            if self.left == 0:
                raise RuntimeError("step() was called although the episode was over: reset first")
            if type(action) is not int:
                raise TypeError(f"step() wants a plain int, not {type(action).__name__}")
            state = self.state
            self.left -= 1
            self.state, over = leads[state][action], self.left == 0
            ends = (over and self.natural, over and not self.natural)
            self.steps.append((state, action, pays[state][action], self.state, *ends))
            return self.state, pays[state][action], *ends, {}

    world = World()
    table = q_learning(world, len(leads), len(leads[0]), episodes, alpha, gamma, epsilon)
    return table, torch.tensor(world.steps, dtype=torch.float64).reshape(-1, 6), world.resets


def world(rng, states, actions):
    """Where actions lead, what they pay, and how long episodes last and whether they end by themselves."""
    leads, pays = rng.integers(states, actions, low=0, high=states - 1).tolist(), rng.tensor(states, actions).tolist()
    for state, row in enumerate(pays):  # everywhere one action brings nothing, and another one something good
        row[state % actions], row[(state + 1) % actions] = 0.0, 0.2 + abs(row[(state + 1) % actions])
    pays[-1] = [-5 - abs(reward) for reward in pays[-1]]  # but in the last state whatever is done is bad
    leads[0][0] = leads[1][1] = states - 1
    return leads, pays, [(rng.integer(2, 6), number % 2 == 0) for number in range(7)]


def replay(steps, states, actions, alpha, gamma):
    """The table after these steps; for each step whether a best action was taken (None if several were the best)."""
    Q, best = [[0.0] * actions for _ in range(states)], []
    for state, action, reward, after, terminated, _ in steps.tolist():
        state, action, after = int(state), int(action), int(after)
        second, top = sorted(Q[state])[-2:]
        best.append(None if top - second < 1e-4 else Q[state][action] > second + 5e-5)
        target = reward if terminated else reward + gamma * max(Q[after])
        Q[state][action] = (1 - alpha) * Q[state][action] + alpha * target
    return Q, best


def examples(rng):
    def table(alpha, epsilon):
        small = ([[0, 1], [1, 0]], [[1.0, 2.0], [-1.0, 0.5]], [(4, True), (3, False)])
        return checks.on_student_side(trained, q_learning, *small, 12, alpha, 0.9, epsilon)[0]

    yield checks.example(table, {"alpha": rng.uniform(0.2, 0.6), "epsilon": 0.5})


rng = checks.rng()
with checks.check("ten episodes, every step learnt from", points=2, hint="compute one step by hand, from Q all zeros"):
    alpha, gamma = rng.uniform(0.2, 0.6), rng.uniform(0.6, 0.9)
    table, steps, _ = checks.on_student_side(trained, q_learning, *world(rng, 5, 3), 10, alpha, gamma, 0.5)
    checks.close(table, replay(steps, 5, 3, alpha, gamma)[0], rtol=1e-3, atol=1e-4)
### BEGIN HIDDEN TESTS
with checks.check("as many episodes as asked for", hint="each episode begins with a reset and ends where it is over"):
    leads, pays, fate = world(rng, 4, 3)
    for episodes in (9, 1):
        _, steps, resets = checks.on_student_side(trained, q_learning, leads, pays, fate, episodes, 0.3, 0.9, 0.5)
        checks.equal(resets, episodes)
        checks.equal(len(steps), sum(fate[number % 7][0] for number in range(episodes)))
with checks.check("without exploring, it is greedy", hint="the best action by the table as it is at that moment"):
    for gamma in (0.7, 0.99):
        _, steps, _ = checks.on_student_side(trained, q_learning, *world(rng, 4, 3), 40, 0.4, gamma, 0.0)
        checks.true(len(steps) > 0, "nothing was done in the world")
        best = replay(steps, 4, 3, 0.4, gamma)[1]
        checks.true(False not in best, "an action was taken that did not look best")
with checks.check("exploring: each step anew, with probability epsilon, any action", hint="the best action included"):
    # Some 1,500 steps: each bound is more than five standard errors away.
    for epsilon, episodes in ((1.0, 300), (0.3, 600)):
        _, steps, _ = checks.on_student_side(trained, q_learning, *world(rng, 3, 3), episodes, 0.3, 0.8, epsilon)
        best = replay(steps, 3, 3, 0.3, 0.8)[1]
        if epsilon == 1:
            shares = [(steps[:, 1] == action).double().mean().item() for action in range(3)]
            checks.between(shares, 0.26, 0.41, what="the shares of the actions at epsilon 1")
        known = [one for one in best if one is not None]
        share, spread = 2 / 3 * epsilon, (2 / 3 * epsilon * (1 - 2 / 3 * epsilon) / max(1, len(known))) ** 0.5
        found = known.count(False) / max(1, len(known))
        what = f"at epsilon {epsilon} the share of steps that did not take the best action"
        checks.between(found, share - 5.5 * spread, share + 5.5 * spread, what=what)
    goes_on = [a is False and b is not None for a, b in itertools.pairwise(best)]
    same = [on and not ended for on, ended in zip(goes_on, steps[:, 4:].any(1).tolist()[:-1], strict=True)]
    again = [following is False for following, counts in zip(best[1:], same, strict=True) if counts]
    checks.between(sum(again) / max(1, len(again)), 0.0, 0.37, what="the same share right after such a step")
with checks.check(
    "long training, through both kinds of endings", hint="terminated: nothing ahead; truncated: there is"
):
    for alpha, gamma in ((rng.uniform(0.2, 0.6), 0.99), (1.0, 0.8), (0.05, 1.0)):
        table, steps, _ = checks.on_student_side(trained, q_learning, *world(rng, 5, 3), 30, alpha, gamma, 0.3)
        checks.close(table, replay(steps, 5, 3, alpha, gamma)[0], rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# Take it for a walk along a cliff. The world is four rows of twelve squares; start and goal are the two lower corners,
# and all that lies between them is the edge. Each step costs 1; falling costs 100 and takes you back to the start. The
# shortest way, right along the edge, costs 13. For comparison, the same loop walks there with the target of SARSA. Both
# explore with ε = 0.1 while they learn. **Predict:** do they find the same way?


# %%
def sarsa(env, states, actions, episodes, alpha, gamma, epsilon):
    """Like q_learning, with the target of SARSA: the next action is chosen first, and then really taken."""
    Q = torch.zeros(states, actions)
    for _ in range(episodes):
        (state, _), over = env.reset(), False
        action = choose(Q[state], epsilon)
        while not over:
            next_state, reward, terminated, truncated, _ = env.step(action)
            next_action = choose(Q[next_state], epsilon)
            nudge(Q, (state, action), sarsa_target(reward, terminated, Q[next_state], next_action, gamma), alpha)
            state, action, over = next_state, next_action, terminated or truncated
    return Q


def greedy_walk(env, Q):
    """The states on the way of somebody who never explores, and the sum of the rewards."""
    (state, _), path, total, over = env.reset(), [], 0.0, False
    while not over:
        path.append(int(state))
        state, reward, terminated, truncated, _ = env.step(int(Q[state].argmax()))
        total, over = total + reward, terminated or truncated
    return [*path, int(state)], total


random.seed(1)
figure, axes = plt.subplots(1, 3, figsize=(12, 2.6), width_ratios=[1, 1, 0.9])
for axis, method in zip(axes, (q_learning, sarsa), strict=False):
    diary = gym.wrappers.RecordEpisodeStatistics(cliff, buffer_length=600)
    Q = method(diary, 48, 4, device.budget(600, 20), alpha=0.5, gamma=1.0, epsilon=0.1)
    path, total = greedy_walk(cliff, Q)
    axis.imshow(Q.amax(dim=1).reshape(4, 12).numpy(), cmap="viridis", vmin=-20, vmax=0)
    axis.plot([place % 12 for place in path], [place // 12 for place in path], "o-", color="tab:red")
    axis.set(title=f"{method.__name__}: without exploring, {total:.0f}", xticks=[], yticks=[])
    sums = torch.tensor(diary.return_queue)
    axes[2].plot(range(10, len(sums) - 9), sums.unfold(0, 20, 1).mean(dim=1), label=method.__name__)
    reached[f"cliff, {method.__name__}"] = total
    print(f"{method.__name__:11} while learning, the last 100 episodes: {sums[-100:].mean():.1f} an episode")
axes[2].set(ylim=(-100, 0), ylabel="reward while learning", xlabel="episode")
axes[2].legend(fontsize=8)
figure.tight_layout()

# %% [markdown]
# Q-learning learns the best way there *is*, whatever it does while learning: it is **off-policy**. SARSA learns the
# value of what it *really does*: it is **on-policy**, and earns more as long as it explores. Neither is wrong; they
# answer different questions. (The bright row at the bottom is the edge, where nobody ever stands.) *Further reading:*
# Sutton and Barto, chapter 6; Watkins and Dayan, "Q-learning" (1992).
#
# **Now you can** estimate values when nobody tells you the rules, say what each of three targets supposes, and learn the
# best way while walking another.
