# %% [markdown]
# ## 4 · A better policy
#
# **In this part you will** judge actions by their values, and find the best policy of a world whose rules you know in
# two ways, policy iteration and value iteration.
#
# Suppose you know $V_\pi$. What is it worth to do $a$ *once*, and follow $\pi$ from then on? That is the
# **action value**:
#
# $$Q_\pi(s, a) = R[s, a] + \gamma \sum_{s'} T[s, a, s']\, V_\pi(s')$$
#
# The **advantage** $A_\pi(s, a) = Q_\pi(s, a) - V_\pi(s)$ says how much better that is than doing what $\pi$ does. If
# some action has a positive advantage, do it always: the **greedy** policy takes the action with the largest $Q$ in
# every state, and it is at least as good as $\pi$ in every state.
#
# ### Exercise: values of actions
# difficulty 2/5 · 8 minutes · cards: q-from-v, advantage, policy-improvement
#
# Fill the blanks. The greedy policy is a table of probabilities (floats) again, with a single 1 in each row. Where
# several actions are equally good, take any one of them.

# %% solution="improve" promises="leaves-inputs, tensors"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Q, the advantages and the greedy policy, each (states, actions), for values V (states,)."""
    Q = R + gamma * T @ V  # ? R + gamma * T @ V
    advantage = Q - V[:, None]  # ? V[:, None]
    greedy = F.one_hot(Q.argmax(dim=1), Q.shape[1]).float()  # ? Q.argmax(dim=1) | Q.shape[1]
    return Q, advantage, greedy


# %% tests="improve" points=5
def examples(rng):
    T, R = rng.tensor(3, 2, 3).softmax(-1), rng.tensor(3, 2)
    yield checks.example(improve, {"V": rng.tensor(3), "T": T, "R": R, "gamma": 0.5})


T = torch.tensor([[[1.0, 0.0], [0.0, 1.0], [0.5, 0.5]], [[1.0, 0.0], [0.0, 1.0], [0.0, 1.0]]])
R, V = torch.tensor([[0.0, 1.0, 2.0], [0.5, 0.0, -3.0]]), torch.tensor([2.0, 4.0])
with checks.check("action values of a world with two states", hint="the reward now, plus the discounted value then"):
    checks.close(improve(V, T, R, 0.5)[0], [[1.0, 3.0, 3.5], [1.5, 2.0, -1.0]])
with checks.check("its greedy policy", hint="in each state one action, that with the largest Q"):
    checks.close(improve(V, T, R, 0.5)[2], [[0.0, 0.0, 1.0], [0.0, 1.0, 0.0]])


### BEGIN HIDDEN TESTS
def world(rng, n, actions):
    """T, R and values, all of it random."""
    return (2 * rng.tensor(n, actions, n)).softmax(-1), rng.tensor(n, actions), 2 * rng.tensor(n)


def slow(T, R, V, gamma):
    """Action values, entry by entry."""
    n, actions = R.shape
    ahead = [[sum(T[s, a, t].item() * V[t].item() for t in range(n)) for a in range(actions)] for s in range(n)]
    return [[R[s, a].item() + gamma * ahead[s][a] for a in range(actions)] for s in range(n)]


rng = checks.rng()
worlds = [
    (*world(rng, n, actions), gamma)
    for n, actions, gamma in (
        (4, 3, 0.7),
        (rng.integer(2, 5), 2, 0.99),
        (3, 4, 0),
        (12, 9, 0.5),
        (3, 2, 1.0),
        (1, 3, 0.9),
        (2, 1, 0.9),
    )
]
with checks.check("action values of any world", hint="gamma belongs to what comes later"):
    for T, R, V, gamma in worlds:
        checks.close(improve(V, T, R, gamma)[0], slow(T, R, V, gamma), rtol=1e-4, atol=1e-5)
with checks.check("advantages of any world", hint="each state's own value is taken from its own row"):
    for T, R, V, gamma in worlds:
        expected = [[q - V[s].item() for q in row] for s, row in enumerate(slow(T, R, V, gamma))]
        checks.close(improve(V, T, R, gamma)[1], expected, rtol=1e-4, atol=1e-5)
with checks.check(
    "greedy policy of any world, also where actions are equally good",
    hint="a table of floats; compare the actions of one state, not states; one 1 in each row, and the rest 0",
):
    for T, R, V, gamma in worlds:
        greedy = torch.as_tensor(improve(V, T, R, gamma)[2])
        checks.close(greedy, [[float(q == max(row)) for q in row] for row in slow(T, R, V, gamma)])
        checks.true(greedy.is_floating_point(), "a policy holds probabilities: its table must be of a float type")
    T, R, V, _ = worlds[0]
    small = torch.as_tensor(improve(V / 2**14, T, R / 2**14, 0.7)[2])  # little is at stake, and the choice the same
    checks.close(small, torch.as_tensor([[float(q == max(row)) for q in row] for row in slow(T, R, V, 0.7)]))
    poor = R - 50 * (torch.arange(3) == 2)  # a world in which the last action is never the best
    checks.close(torch.as_tensor(improve(V, T, poor, 0.7)[2])[:, 2], torch.zeros(4))
    tied = torch.tensor([[2.0, 2.0, 1.0], [-4.0, -2.0, -2.0], [0.0, 0.0, 0.0], [-3.0, 5.0, 5.0]])
    greedy = torch.as_tensor(improve(torch.zeros(4), T, tied, 0.7)[2])
    checks.close(greedy.sum(dim=1), torch.ones(4), what="what the rows of the policy add up to")
    checks.close(greedy.amax(dim=1), torch.ones(4), what="the largest probability of each row")
    checks.close((greedy * tied).sum(dim=1), [2.0, -2.0, 0.0, 5.0], what="the Q of the actions taken")
### END HIDDEN TESTS

# %% [markdown]
# The other way round, values of states are averages of action values: $V_\pi(s) = \sum_a \pi(a \mid s)\,Q_\pi(s, a)$.
# So under its own policy the *average* advantage is zero, in every state. **Check** that in the cell below.

# %%
T, R = read_model(lake.unwrapped.P)
uniform = torch.full((17, 4), 0.25)
V = solve(*follow(T, R, uniform), 0.99)
Q, advantage, greedy = improve(V, T, R, 0.99)
print("largest mean advantage:", (uniform * advantage).sum(dim=1).abs().max().item())
figure, axes = plt.subplots(1, 2, figsize=(6, 3))
draw_lake(lake, axes[0], values=V)
draw_lake(lake, axes[1], values=solve(*follow(T, R, greedy), 0.99), actions=greedy.argmax(dim=1))
axes[0].set_title("uniform random policy", fontsize=9)
axes[1].set_title("greedy for those values", fontsize=9)
figure.tight_layout()

# %% [markdown]
# One improvement made the start worth more than forty times as much. Why do so many arrows point away from where you
# want to go? (Think of what slips sideways.)
#
# Evaluate, improve, evaluate, improve: that is **policy iteration**. It must come to an end: there are only so many
# deterministic policies, and each is better than the one before, so none comes twice. When the greedy policy no longer
# changes, it is greedy for its *own* values, and no policy is better.
#
# ### Exercise: policy iteration
# difficulty 3/5 · 12 minutes · cards: policy-iteration, compare-policies
#
# Begin with the policy that always takes action 0. Return the best actions and a list with the exact values of every
# policy on the way, each once, the first and the last one included. You may use your functions from above. Ties need no
# care: in the worlds of the tests, the best action of a state is always the only one.
#
# hint: For a deterministic policy you do not need a table: `T[torch.arange(len(T)), actions]` is its P.


# %% solution="policy_iteration" promises="leaves-inputs, tensors"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    """The best actions (states,), and the exact values (states,) of each policy from the first to the best."""
    ### BEGIN SOLUTION
    states = torch.arange(len(T))
    actions, values = torch.zeros_like(states), []
    while True:
        values.append(torch.linalg.solve(torch.eye(len(T)) - gamma * T[states, actions], R[states, actions]))
        better = (R + gamma * T @ values[-1]).argmax(dim=1)
        if torch.equal(better, actions):
            return actions, values
        actions = better
    ### END SOLUTION


# %% tests="policy_iteration" points=5
def examples(rng):
    T, R = torch.eye(3)[:, None].expand(3, 2, 3).clone(), rng.tensor(3, 2)
    yield checks.example(policy_iteration, {"T": T, "R": R, "gamma": 0.5})


with checks.check("two states: go to the second one, and stay", hint="a reward now is not everything"):
    T, R = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]), torch.tensor([[1.0, 0.0], [3.0, 2.0]])
    checks.equal(torch.as_tensor(policy_iteration(T, R, 0.5)[0]), torch.tensor([1, 0]))
with checks.check("the values on the way there", hint="the first policy takes action 0 everywhere"):
    T, R = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]), torch.tensor([[1.0, 0.0], [3.0, 2.0]])
    values = policy_iteration(T, R, 0.5)[1]
    checks.close(values[0], [2.0, 6.0])
    checks.close(values[-1], [3.0, 6.0])
### BEGIN HIDDEN TESTS


def value_of(actions, T, R, gamma):
    """The values of a deterministic policy, in doubles."""
    rows = torch.arange(len(T))
    return torch.linalg.solve(
        torch.eye(len(T), dtype=torch.float64) - gamma * T[rows, actions].double(), R[rows, actions].double()
    )


def on_the_way(T, R, gamma):
    """The values of each policy, from "always action 0" until nothing gets better, and the best actions."""
    actions, values = torch.zeros(len(T), dtype=torch.long), []
    while True:
        values.append(value_of(actions, T, R, gamma))
        better = (R.double() + gamma * T.double() @ values[-1]).argmax(dim=1)
        if torch.equal(better, actions):
            return values, actions
        actions = better


def corridor(n):
    """Give up (action 0) or go on (action 1) to the treasure behind the last of n places; one place a round improves."""
    T, R = torch.zeros(n + 1, 2, n + 1), torch.zeros(n + 1, 2)
    T[:, 0, n], T[n, 1, n], R[n, 1] = 1, 1, -1
    T[torch.arange(n), 1, torch.arange(n) + 1] = 1
    R[:n, 0], R[n - 1, 1] = 1, 100
    return T, R


def same_path(got, right, what):
    """Fails unless these are the values of as many policies, and of the same."""
    checks.true(len(got) == len(right), f"{what}: {len(right)} policies stand on the way, you have {len(got)} values")
    for round_, (mine, known) in enumerate(zip(got, right, strict=True)):
        checks.close(mine, known, rtol=1e-3, atol=1e-3, what=f"{what}, policy {round_ + 1}")


def slippery(rng, n=4, actions=3):
    """A random world in which always taking action 0 is not the best."""
    T = (3 * rng.tensor(n, actions, n)).softmax(-1)
    return T, rng.tensor(n, actions) + 1 - torch.tensor([3.0, 0.0, 0.0])


rng = checks.rng()
with checks.check("none of all 81 policies is better", hint="stop only when the greedy policy stays the same"):
    T, R = slippery(rng)
    for gamma in (rng.uniform(0.7, 0.85), 0.97):
        every = [torch.tensor(choice) for choice in itertools.product(range(3), repeat=4)]
        best = torch.stack([value_of(choice, T, R, gamma) for choice in every]).amax(dim=0)
        found, values = policy_iteration(T, R, gamma)
        checks.close(values[-1], best, rtol=1e-3, atol=1e-4)
        checks.close(value_of(torch.as_tensor(found), T, R, gamma), best, rtol=1e-3, atol=1e-4)
    staying = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 1.0]]])
    found, values = policy_iteration(staying, torch.tensor([[1.0, 0.0], [1.6, 0.0]]), 0.5)
    checks.equal(torch.as_tensor(found), torch.tensor([0, 0]))
    checks.close(values[-1], [2.0, 3.2])
    found, values = policy_iteration(torch.ones(1, 3, 1), torch.tensor([[-3.0, -2.0, -1.0]]), 0.5)
    checks.equal(torch.as_tensor(found), torch.tensor([2]), what="a single state")
    checks.close(values[-1], [-2.0], what="a single state")
with checks.check(
    "every policy on the way is evaluated exactly, once, from the first to the best",
    points=2,
    hint="append the values before you improve; how many rounds does it take if each improves one state only?",
):
    for gamma in (0.5, 0.97):
        T, R = slippery(rng)
        same_path(policy_iteration(T, R, gamma)[1], on_the_way(T, R, gamma)[0], "a random world")
    for n, gamma in ((5, 0.9), (rng.integer(11, 14), 0.9), (9, 0.99), (45, 0.97)):
        T, R = corridor(n)
        found, values = policy_iteration(T, R, gamma)
        right, best = on_the_way(T, R, gamma)
        same_path(values, right, "a corridor")
        checks.equal(torch.as_tensor(found), best)
    T, R = corridor(6)
    found, values = policy_iteration(T, R / 2**20, 0.9)  # a millionth of the rewards, and the same path
    right, best = on_the_way(T, R, 0.9)
    same_path([torch.as_tensor(V) * 2**20 for V in values], right, "a corridor with tiny rewards")
    checks.equal(torch.as_tensor(found), best)
    found, values = policy_iteration(torch.ones(2, 1, 2) / 2, torch.tensor([[1.0], [-2.0]]), 0.5)
    same_path(values, [torch.tensor([0.5, -2.5])], "a single action")
    checks.equal(torch.as_tensor(found), torch.tensor([0, 0]))
### END HIDDEN TESTS

# %% [markdown]
# There are $4^{16}$, more than four billion deterministic policies for the lake. **Predict** how many of them policy
# iteration has to look at.

# %%
T, R = read_model(lake.unwrapped.P)
best, values = policy_iteration(T, R, 0.99)
print(len(values), "policies; the start is worth", [round(V[0].item(), 3) for V in values])

# %% [markdown]
# *Further reading:* Sutton and Barto, sections 4.2 and 4.3 (policy improvement and policy iteration).
#
# ## 5 · Value iteration
#
# Why evaluate a policy to the last digit, if you are going to replace it anyway? Improve after every single sweep, and
# evaluation and improvement become one line, the **Bellman optimality equation** read as an assignment:
#
# $$V(s) \leftarrow \max_a \Big( R[s, a] + \gamma \sum_{s'} T[s, a, s']\, V(s') \Big)$$
#
# Its fixed point is $V_*$, the largest value that any policy reaches. In the same way
# $Q_*(s, a) = R[s, a] + \gamma \sum_{s'} T[s, a, s'] \max_{a'} Q_*(s', a')$, and if you know $Q_*$ you need nothing
# else: the best action is the one with the largest $Q_*$.
#
# ### Exercise: value iteration
# difficulty 2/5 · 8 minutes · cards: bellman-optimality, optimal-values, best-action
#
# Begin with zeros and sweep. Return the values after the last sweep and the greedy actions for them.


# %% solution="value_iteration" promises="leaves-inputs, tensors"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    """V (states,) after so many sweeps, each from the values before it, and the greedy actions (states,) for V."""
    ### BEGIN SOLUTION
    V = T.new_zeros(len(T))
    for _ in range(sweeps):
        V = (R + gamma * T @ V).amax(dim=1)
    return V, (R + gamma * T @ V).argmax(dim=1)
    ### END SOLUTION


# %% tests="value_iteration" points=5
def examples(rng):
    T, R = rng.tensor(3, 2, 3).softmax(-1), rng.tensor(3, 2)
    yield checks.example(value_iteration, {"T": T, "R": R, "gamma": 0.5, "sweeps": 2})


with checks.check("two states, one sweep and two", hint="in each state the best action, seen from the values before"):
    T, R = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]), torch.tensor([[1.0, 0.0], [3.0, 2.0]])
    checks.close(value_iteration(T, R, 0.5, 1)[0], [1.0, 3.0])
    checks.close(value_iteration(T, R, 0.5, 2)[0], [1.5, 4.5])
with checks.check("the greedy actions", hint="greedy for the last values, in every state"):
    T, R = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]), torch.tensor([[1.0, 0.0], [3.0, 2.0]])
    checks.equal(torch.as_tensor(value_iteration(T, R, 0.5, 60)[1]), torch.tensor([1, 0]))


### BEGIN HIDDEN TESTS
def swept(T, R, gamma, sweeps):
    """Values after so many sweeps and the action values for them, in doubles."""
    V = torch.zeros(len(T), dtype=torch.float64)
    for _ in range(sweeps):
        V = (R.double() + gamma * T.double() @ V).amax(dim=1)
    return V, R.double() + gamma * T.double() @ V


def corridor(n):
    """Give up for 1 (action 0) or go on (action 1) to the treasure of 100 behind the last of n places."""
    T, R = torch.zeros(n + 1, 2, n + 1), torch.zeros(n + 1, 2)
    T[:, 0, n], T[n, 1, n], R[n, 1] = 1, 1, -1
    T[torch.arange(n), 1, torch.arange(n) + 1] = 1
    R[:n, 0], R[n - 1, 1] = 1, 100
    return T, R


def greedy_for(actions, Q):
    """Fails unless each action is one of the best of its state."""
    actions = torch.as_tensor(actions)
    checks.shape(actions, len(Q))
    taken = Q[torch.arange(len(Q)), actions.long()]
    checks.close(taken, Q.amax(dim=1), rtol=1e-4, atol=1e-4, what="the value of the actions, seen from the last sweep")


def rules(env):
    """T and R of a world of gymnasium, with one state more for its end."""
    P = env.unwrapped.P
    places, choices = len(P), len(P[0])
    T, R = torch.zeros(places + 1, choices, places + 1), torch.zeros(places + 1, choices)
    T[-1, :, -1] = 1
    for s, a in [(s, a) for s in range(places) for a in range(choices)]:
        for p, to, reward, ends in P[s][a]:
            T[s, a, places if ends else int(to)] += p
            R[s, a] += p * reward
    return T, R


rng = checks.rng()
with checks.check("k sweeps plan k steps ahead", hint="what do you return for sweeps = 0? What does a sweep read?"):
    T, R = (3 * rng.tensor(4, 3, 4)).softmax(-1), rng.tensor(4, 3)
    for gamma, k in ((rng.uniform(0.6, 0.9), 3), (0.5, 0), (0.99, 1), (1.0, 12)):
        V, greedy = value_iteration(T, R, gamma, k)
        right, Q = swept(T, R, gamma, k)
        checks.close(V, right, rtol=5e-4, atol=1e-4, what=f"{k} sweeps")
        greedy_for(greedy, Q)
    T, R = corridor(8)
    for k in (0, 2, 5, 30):  # each sweep shows the treasure to one more place, and only those go on
        V, greedy = value_iteration(T, R, 0.9, k)
        right, Q = swept(T, R, 0.9, k)
        checks.close(V, right, rtol=5e-4, atol=1e-4, what=f"{k} sweeps of a corridor")
        greedy_for(greedy, Q)
    T, R = (3 * rng.tensor(4, 3, 4)).softmax(-1), rng.tensor(4, 3)
    for pays, scale in ((-R.abs() - 1, 1), (R.abs() + 1, 2**30)):  # costs alone; tiny rewards
        V, greedy = value_iteration(T, pays / scale, 1.0, 25)
        right, Q = swept(T, pays, 1.0, 25)
        checks.close(torch.as_tensor(V) * scale, right, rtol=1e-3, what=f"rewards {scale} times as small")
        greedy_for(greedy, Q)
    T, R = torch.tensor([[[0.0, 1.0]], [[0.0, 1.0]]]), torch.tensor([[1000.0], [0.01]])
    checks.close(value_iteration(T, R, 1.0, 40)[0], [1000.39, 0.4], rtol=1e-5, atol=1e-4, what="small rewards add up")
    V, greedy = value_iteration(torch.ones(1, 3, 1), torch.tensor([[-3.0, -2.0, -1.0]]), 0.5, 2)
    checks.close(V, [-1.5], what="a single state")
    checks.equal(torch.as_tensor(greedy), torch.tensor([2]), what="a single state")
with checks.check(
    "both lakes and the cliff", points=2, hint="is the discount there, and the best action of each state?"
):
    # 120 sweeps leave the values of the large lake short of rest, but greedy for them is already the best there is.
    for env, start, gamma, sweeps, low, known in (
        (lake, 0, 0.99, 250, 0.541, 0.5420),
        (big_lake, 0, 0.99, 120, 0.34, 0.4146),
        (cliff, 36, 1.0, 30, -13.0, -13.0),
    ):
        T, R = rules(env)
        V, greedy = value_iteration(T, R, gamma, sweeps)
        checks.between(torch.as_tensor(V)[start], low - 1e-3, known + 1e-3)
        P = T[torch.arange(len(T)), torch.as_tensor(greedy)].double()
        got = torch.zeros(len(T), dtype=torch.float64)
        for _ in range(1000):
            got = R[torch.arange(len(T)), torch.as_tensor(greedy)].double() + gamma * P @ got
        checks.between(got[start], known - 0.002, known + 0.002, what="what the greedy policy reaches")
### END HIDDEN TESTS

# %% [markdown]
# How often does such a policy reach the goal? Gymnasium stops a walk after 100 steps on the small lake and after 200
# on the large one. We need no samples to find out: send a distribution over the states through $P_\pi$, step by step,
# and add up what arrives. And how often *could* one reach it? k sweeps without a discount plan exactly k steps ahead,
# for somebody who sees the square and a **clock** that says how many steps are left. No policy does better.
# **Predict:** does a discount of 0.99 or of 0.999 make the better walker on the large lake, and how far is it from the
# one with the clock?


# %%
def expected_reward(T, R, actions, start, steps):
    """What following these actions for so many steps brings on average: an exact number, without a single sample."""
    rows = torch.arange(len(T))
    P, r, here = T[rows, actions].double(), R[rows, actions].double(), F.one_hot(torch.tensor(start), len(T)).double()
    total = 0.0
    for _ in range(steps):
        total, here = total + (here @ r).item(), here @ P
    return total


worlds = {"lake 4x4": (lake, 0, 100), "lake 8x8": (big_lake, 0, 200), "cliff": (cliff, 36, 500)}
for name, (env, start, steps) in worlds.items():
    T, R = read_model(env.unwrapped.P)
    for gamma in (0.9, 0.99, 0.999):
        _, actions = value_iteration(T, R, gamma, 2000)
        reached[f"{name}, gamma {gamma}"] = expected_reward(T, R, actions, start, steps)
    reached[f"{name}, with a clock"] = value_iteration(T, R, 1.0, steps)[0][start].item()
for method, reward in reached.items():
    print(f"{method:24}{reward:8.3f}")

# %% [markdown]
# The discount is part of the question: with 0.9 a goal forty steps away is worth a sixtieth of one next door. The one
# with the clock is patient first and hurries near the end. With a time limit, the square alone is no Markov state.
# **Look** below where the arrows of the two discounts differ. What do they risk, and what for?

# %%
T, R = read_model(big_lake.unwrapped.P)
figure, axes = plt.subplots(1, 2, figsize=(10, 5))
for axis, gamma in zip(axes, (0.9, 0.999), strict=True):
    V, actions = value_iteration(T, R, gamma, 2000)
    draw_lake(big_lake, axis, values=V, actions=actions)
    axis.set_title(f"gamma = {gamma}", fontsize=9)
figure.tight_layout()

# %% [markdown]
# **Now you can** plan the best policy when the rules are known, and say how a discount and a time limit change it.
#
# *Further reading:* Sutton and Barto, section 4.4 (value iteration).
