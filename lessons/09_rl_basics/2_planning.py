# %% [markdown]
# ## 4 · A better policy
#
# **In this part you will** judge actions by their values, plan in two ways with known rules, and explore without them.
#
# Suppose you know $V_\pi$. What is it worth to do $a$ *once* and then to follow $\pi$? That is the **action value**:
#
# $$Q_\pi(s, a) = R[s, a] + \gamma \sum_{s'} T[s, a, s']\, V_\pi(s')$$
#
# The **advantage** $A_\pi(s, a) = Q_\pi(s, a) - V_\pi(s)$ says how much better that is than doing what $\pi$ does. So
# the **greedy** policy takes the action with the largest $Q$ in every state, and it is nowhere worse than $\pi$.
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
def slow(T, R, V, gamma):
    """Action values, entry by entry, in doubles."""
    Q = R.double()
    for s, a in itertools.product(range(R.shape[0]), range(R.shape[1])):
        Q[s, a] += gamma * sum(p * v for p, v in zip(T[s, a].tolist(), V.tolist(), strict=True))
    return Q


rng = checks.rng()
worlds = []
sizes = ((4, 3, 0.7), (rng.integer(2, 5), 2, 0.99), (3, 4, 0), (12, 9, 0.5), (3, 2, 1.0), (1, 3, 0.9), (2, 1, 0.9))
for n, actions, gamma in sizes:
    T, R, V = (2 * rng.tensor(n, actions, n)).softmax(-1), rng.tensor(n, actions), 2 * rng.tensor(n)
    worlds.append((T, R, V, gamma, slow(T, R, V, gamma)))
with checks.check("action values of any world", hint="gamma belongs to what comes later"):
    for T, R, V, gamma, Q in worlds:
        checks.close(improve(V, T, R, gamma)[0], Q, rtol=1e-4, atol=1e-5)
with checks.check("advantages of any world", hint="each state's own value is taken from its own row"):
    for T, R, V, gamma, Q in worlds:
        expected = [[q - v for q in row] for row, v in zip(Q.tolist(), V.tolist(), strict=True)]
        checks.close(improve(V, T, R, gamma)[1], expected, rtol=1e-4, atol=1e-5)
with checks.check(
    "greedy policy of any world, also where actions are equally good",
    hint="a table of floats; compare the actions of one state, not states; one 1 in each row, and the rest 0",
):
    for T, R, V, gamma, Q in worlds:
        for scale in (1, 2**14):  # where little is at stake, the choice is the same
            greedy = torch.as_tensor(improve(V / scale, T, R / scale, gamma)[2])
            checks.close(greedy, [[float(q == max(row)) for q in row] for row in Q.tolist()])
            checks.true(greedy.is_floating_point(), "a policy holds probabilities: its table must be of a float type")
    T, R, V, _, _ = worlds[0]
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
draw_lake(lake, axes[0], "uniform random policy", V)
draw_lake(lake, axes[1], "greedy for those values", solve(*follow(T, R, greedy), 0.99), greedy.argmax(dim=1))
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
    def found(T, R, gamma):
        actions, values = policy_iteration(T, R, gamma)
        return [actions, *values]

    T, R = torch.eye(3)[:, None].expand(3, 2, 3).clone(), rng.tensor(3, 2)
    yield checks.example(found, {"T": T, "R": R, "gamma": 0.5})


T, R = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]), torch.tensor([[1.0, 0.0], [3.0, 2.0]])
with checks.check("two states: go to the second one, and stay", hint="a reward now is not everything"):
    checks.equal(torch.as_tensor(policy_iteration(T, R, 0.5)[0]), torch.tensor([1, 0]))
with checks.check("the values on the way there", hint="the first policy takes action 0 everywhere"):
    values = policy_iteration(T, R, 0.5)[1]
    checks.close(values[0], [2.0, 6.0])
    checks.close(values[-1], [3.0, 6.0])


### BEGIN HIDDEN TESTS
def value_of(actions, T, R, gamma):
    """The values of a deterministic policy, in doubles."""
    rows, eye = torch.arange(len(T)), torch.eye(len(T), dtype=torch.float64)
    return torch.linalg.solve(eye - gamma * T[rows, actions].double(), R[rows, actions].double())


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


def slippery(n=4, actions=3):
    """A random world in which always taking action 0 is not the best."""
    T = (3 * rng.tensor(n, actions, n)).softmax(-1)
    return T, rng.tensor(n, actions) + 1 - torch.tensor([3.0, 0.0, 0.0])


rng = checks.rng()
with checks.check("none of all 81 policies is better", hint="stop only when the greedy policy stays the same"):
    T, R = slippery()
    cases = [
        (T, R, rng.uniform(0.7, 0.85)),
        (T, R, 0.97),
        (torch.ones(1, 3, 1), torch.tensor([[-3.0, -2.0, -1.0]]), 0.5),
    ]
    staying = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [0.0, 1.0]]])
    cases.append((staying, torch.tensor([[1.0, 0.0], [1.6, 0.0]]), 0.5))  # the first policy is already the best
    for T, R, gamma in cases:
        every = itertools.product(range(R.shape[1]), repeat=len(R))
        best = torch.stack([value_of(torch.tensor(choice), T, R, gamma) for choice in every]).amax(dim=0)
        found, values = policy_iteration(T, R, gamma)
        checks.close(values[-1], best, rtol=1e-3, atol=1e-4)
        checks.close(value_of(torch.as_tensor(found), T, R, gamma), best, rtol=1e-3, atol=1e-4)
with checks.check(
    "every policy on the way is evaluated exactly, once, from the first to the best",
    points=2,
    hint="append the values before you improve; how many rounds does it take if each improves one state only?",
):
    for T, R, gamma, scale in (
        *((*slippery(), gamma, 1) for gamma in (0.5, 0.97)),
        *((*corridor(n), gamma, 1) for n, gamma in ((5, 0.9), (rng.integer(11, 14), 0.9), (9, 0.99), (45, 0.97))),
        (*corridor(6), 0.9, 2**20),  # a millionth of the rewards, and the same path
        (torch.ones(2, 1, 2) / 2, torch.tensor([[1.0], [-2.0]]), 0.5, 1),  # a single action
    ):
        found, values = policy_iteration(T, R / scale, gamma)
        right, best = on_the_way(T, R, gamma)
        fault = f"{len(right)} policies of {len(T)} states stand on the way, you have {len(values)} values"
        checks.true(len(values) == len(right), fault)
        for round_, (got, known) in enumerate(zip(values, right, strict=True), start=1):
            checks.close(torch.as_tensor(got) * scale, known, rtol=1e-3, atol=1e-3, what=f"policy {round_}")
        checks.equal(torch.as_tensor(found), best)
### END HIDDEN TESTS

# %% [markdown]
# The lake has $4^{16}$ deterministic policies, over four billion. **Predict:** how many will policy iteration look at?

# %%
T, R = read_model(lake.unwrapped.P)
best, values = policy_iteration(T, R, 0.99)
print(len(values), "policies; the start is worth", [round(V[0].item(), 3) for V in values])

# %% [markdown]
# ## 5 · Value iteration
#
# Why evaluate a policy to the last digit, if you are going to replace it anyway? Improve after every single sweep, and
# evaluation and improvement become one line, the **Bellman optimality equation** read as an assignment:
#
# $$V(s) \leftarrow \max_a \Big( R[s, a] + \gamma \sum_{s'} T[s, a, s']\, V(s') \Big)$$
#
# Its fixed point is $V_*$, the largest value that any policy reaches. In the same way
# $Q_*(s, a) = R[s, a] + \gamma \sum_{s'} T[s, a, s'] \max_{a'} Q_*(s', a')$, and if you know $Q_*$ you need nothing
# else: the best action is the one with the largest $Q_*$. *Further reading:* Sutton and Barto, sections 4.2 to 4.4.
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


T, R = torch.tensor([[[1.0, 0.0], [0.0, 1.0]], [[0.0, 1.0], [1.0, 0.0]]]), torch.tensor([[1.0, 0.0], [3.0, 2.0]])
with checks.check("two states, one sweep and two", hint="in each state the best action, seen from the values before"):
    checks.close(value_iteration(T, R, 0.5, 1)[0], [1.0, 3.0])
    checks.close(value_iteration(T, R, 0.5, 2)[0], [1.5, 4.5])
with checks.check("the greedy actions", hint="greedy for the last values, in every state"):
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


def rules(env):
    """T and R of a world of gymnasium, with one state more for its end."""
    P = env.unwrapped.P
    T, R = torch.zeros(len(P) + 1, len(P[0]), len(P) + 1), torch.zeros(len(P) + 1, len(P[0]))
    T[-1, :, -1] = 1
    for s, a in itertools.product(P, P[0]):
        for p, to, reward, ends in P[s][a]:
            T[s, a, len(P) if ends else int(to)] += p
            R[s, a] += p * reward
    return T, R


rng = checks.rng()
with checks.check("k sweeps plan k steps ahead", hint="what do you return for sweeps = 0? What does a sweep read?"):
    T, R = (3 * rng.tensor(4, 3, 4)).softmax(-1), rng.tensor(4, 3)
    cases = [(T, R, gamma, k, 1) for gamma, k in ((rng.uniform(0.6, 0.9), 3), (0.5, 0), (0.99, 1), (1.0, 12))]
    cases += [(*corridor(8), 0.9, k, 1) for k in (0, 2, 5, 30)]  # each sweep shows the treasure to one more place
    cases += [(T, -R.abs() - 1, 1.0, 25, 1), (T, R.abs() + 1, 1.0, 25, 2**30)]  # costs alone; tiny rewards
    cases += [(torch.ones(1, 3, 1), torch.tensor([[-3.0, -2.0, -1.0]]), 0.5, 2, 1)]
    cases += [(torch.eye(2)[torch.tensor([[0, 1], [1, 0]])], torch.tensor([[1.0, 0.0], [3.0, 2.0]]), 0.25, 1, 1)]
    for T, R, gamma, k, scale in cases:
        V, actions = value_iteration(T, R / scale, gamma, k)
        right, Q = swept(T, R, gamma, k)
        checks.close(torch.as_tensor(V) * scale, right, rtol=5e-4, atol=1e-4, what=f"{k} sweeps of {len(T)} states")
        checks.shape(torch.as_tensor(actions), len(T))
        taken = Q[torch.arange(len(T)), torch.as_tensor(actions).long()]
        checks.close(taken, Q.amax(dim=1), rtol=1e-4, atol=1e-4, what="the value of the actions, after the last sweep")
    T, R = torch.tensor([[[0.0, 1.0]], [[0.0, 1.0]]]), torch.tensor([[1000.0], [0.01]])
    checks.close(value_iteration(T, R, 1.0, 40)[0], [1000.39, 0.4], rtol=1e-5, atol=1e-4, what="small rewards add up")
with checks.check("both lakes and the cliff", points=2, hint="is gamma there, and the best action of each state?"):
    # 120 sweeps leave the values of the large lake short of rest, but greedy for them is already the best there is.
    for env, start, gamma, sweeps, low, known in (
        (lake, 0, 0.99, 250, 0.541, 0.5420),
        (big_lake, 0, 0.99, 120, 0.34, 0.4146),
        (cliff, 36, 1.0, 30, -13.0, -13.0),
    ):
        T, R = rules(env)
        V, actions = value_iteration(T, R, gamma, sweeps)
        checks.between(torch.as_tensor(V)[start], low - 1e-3, known + 1e-3)
        rows, actions, got = torch.arange(len(T)), torch.as_tensor(actions), torch.zeros(len(T), dtype=torch.float64)
        for _ in range(1000):
            got = R[rows, actions].double() + gamma * T[rows, actions].double() @ got
        checks.between(got[start], known - 0.002, known + 0.002, what="what the greedy policy reaches")
### END HIDDEN TESTS

# %% [markdown]
# How often does such a policy reach the goal? Gymnasium stops a walk after 100 steps on the small lake and after 200
# on the large one. We need no samples to find out: k sweeps without a discount bring exactly what k steps bring on
# average. And how often *could* one reach it? k sweeps of value iteration plan k steps ahead, for somebody who sees the
# square and a **clock** that says how many steps are left. No policy does better. **Predict:** does a discount of 0.99 or
# of 0.999 make the better walker on the large lake, and how far is it from the one with the clock?

# %%
for name, env, start, steps in (("lake 4x4", lake, 0, 100), ("lake 8x8", big_lake, 0, 200), ("cliff", cliff, 36, 500)):
    T, R = read_model(env.unwrapped.P)
    for gamma in (0.9, 0.99, 0.999):
        policy = F.one_hot(value_iteration(T, R, gamma, 2000)[1], 4).float()
        reached[f"{name}, gamma {gamma}"] = sweep(*follow(T, R, policy), 1.0, steps)[start].item()
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
    draw_lake(big_lake, axis, f"gamma = {gamma}", *value_iteration(T, R, gamma, 2000))
figure.tight_layout()

# %% [markdown]
# ## 6 · Nobody tells you the rules
#
# All that was **planning**: T and R were given, the agent never took a step. From now on they are secret: the agent
# must *try*. What it knows to be good (**exploit**), or something else, to learn (**explore**)? The smallest world with
# that question has one state: a **bandit**, a row of slot machines ("one-armed bandits"), each with its own mean pay.
# The simplest answer is **ε-greedy**: with probability ε take any action at random (the best one included), else the
# one that looks best. An arm's value is the mean of what it paid, and a mean can be kept without keeping the numbers:
#
# $$Q_{\text{new}} = Q + \frac{1}{N} (\text{reward} - Q)$$
#
# where N is the number of pulls of that arm, this one included. Remember this form, *old plus a step times (target
# minus old)*: you will meet it in every method below.
#
# ### Exercise: a slot machine with a memory
# difficulty 2/5 · 10 minutes · cards: explore-exploit, running-mean
#
# `choose` picks an arm, a plain int, and changes nothing. `learn` changes `Q` and `N`, two tensors of floats, in place.
# If several arms look best, take any one of them.
#
# hint: `torch.rand(())` or `random.random()`, and `torch.randint` or `random.randrange`, will do.


# %% solution="bandit" promises="changes(Q, N), numbers(choose)"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    """An arm: with probability epsilon any one of them, else the one with the largest Q (arms,)."""
    ### BEGIN SOLUTION
    if random.random() < epsilon:
        return random.randrange(len(Q))
    return int(Q.argmax())
    ### END SOLUTION


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    """Counts the pull in N (arms,) and moves Q (arms,) to the mean of all the rewards of that arm, both in place."""
    ### BEGIN SOLUTION
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]
    ### END SOLUTION


# %% tests="bandit" points=4
def examples(rng):
    counts = rng.integers(3, low=1, high=5).float()
    yield checks.example(learn, {"Q": rng.tensor(3), "N": counts, "arm": 1, "reward": 9.0})
    for epsilon in (0.0, 1.0):  # the best arm, and one at random
        yield checks.example(choose, {"table": rng.tensor(3), "epsilon": epsilon}, of="choose")


def pulls(choose, Q, epsilon, times):
    """How often each arm is chosen, as a share."""
    import torch

    arms = [int(choose(Q, epsilon)) for _ in range(times)]
    return torch.bincount(torch.tensor(arms), minlength=len(Q)) / times


def shares(Q, epsilon, times=50):
    """The same, on the student's side."""
    return torch.as_tensor(checks.on_student_side(pulls, choose, torch.as_tensor(Q), epsilon, times))


def after(Q, N, history):
    """The two tables after these pulls, each an arm and its reward."""
    Q, N = checks.mutable(torch.tensor(Q)), checks.mutable(torch.tensor(N))
    for arm, reward in history:
        learn(Q, N, arm, reward)
    return Q, N


with checks.check("without exploring, always the best arm", hint="which arm has the largest Q?"):
    checks.close(shares([0.1, 0.7, 0.3], 0.0), [0.0, 1.0, 0.0])
    checks.dtype(choose(torch.tensor([0.1, 0.7, 0.3]), 0.0), int)
with checks.check("the mean of three rewards", hint="count first, then divide by the new count"):
    Q, N = after([0.0, 0.0], [0.0, 0.0], [(1, 1.0), (1, 4.0), (1, 1.0)])
    checks.close(Q, [0.0, 2.0])
    checks.close(N, [0.0, 3.0])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("exploring tries all arms equally often", hint="with probability epsilon any arm, the best included"):
    best = rng.integer(1, 3)  # not the first, which ties and numbers cut off at zero would give
    Q = torch.where(torch.arange(4) == best, -1.0, rng.tensor(4, low=-3.0, high=-2.0))
    checks.close(shares(Q, 0.0)[best], 1.0)
    # Bounds five standard errors away: right code fails once in a million gradings; all of sixty arms are tried for sure.
    for epsilon in (1.0, 0.4, 0.1):
        right = epsilon / 4 + (1 - epsilon) * (torch.arange(4) == best)
        off = (shares(Q, epsilon, 2500) - right) / (right * (1 - right) / 2500).sqrt()
        checks.between(off, -5.5, 5.5, what=f"epsilon {epsilon}: how many standard errors the share of an arm is off")
    checks.dtype(choose(Q, 1.0), int, what="an arm drawn at random")
    tied = shares([1.0, 3.0, -2.0, 3.0], 0.0)
    checks.close(tied[1] + tied[3], 1.0, what="two arms look best; the share of both")
    checks.close(shares([0.0, -2.0, 3.0, 0.0], 0.0), [0.0, 0.0, 1.0, 0.0], what="arms with a Q of 0")
    checks.equal(choose(torch.tensor([-1.0]), 1.0), 0, what="a single arm")
    many = torch.where(torch.arange(60) == 57, 1.0, rng.tensor(60, low=-2.0, high=0.9))
    checks.close(shares(many, 0.0)[57], 1.0, what="the best of sixty arms")
    checks.true(bool((shares(many, 1.0, 2500) > 0).all()), "of sixty arms some are never tried, even at epsilon 1")
with checks.check("any rewards, for any arms, in the tables handed in", hint="a mean, whatever Q began with"):
    history = [(rng.integer(0, 1), rng.uniform(-2, 2)) for _ in range(12)] + [(0, 1.5), (1, -0.5)]
    history += [(0, 0.0), (1, 0.0), (0, 0.0)]  # a pull that pays nothing is a pull
    paid = [[reward for arm, reward in history if arm == which] for which in range(2)]
    means, counts = [sum(rewards) / len(rewards) for rewards in paid], [float(len(rewards)) for rewards in paid]
    for before, pulled, right in (
        (([5.0] * 3, [0.0] * 3), history, ([*means, 5.0], [*counts, 0.0])),
        (([2.0, -1.0, 4.0], [3.0, 7.0, 1.0]), [(0, 6.0), (2, -2.0)], ([3.0, -1.0, 1.0], [4.0, 7.0, 2.0])),
        (([0.0, 1.0], [3.0, 99.0]), [(0, 8.0), (1, 51.0)], ([2.0, 1.5], [4.0, 100.0])),  # a mean of few, and of many
    ):
        for got, known, name in zip(after(*before, pulled), right, ("Q", "N"), strict=True):
            checks.close(got, known, rtol=1e-4, atol=1e-5, what=f"{name} after {len(pulled)} pulls")
### END HIDDEN TESTS

# %% [markdown]
# Ten arms, their means drawn at random, pay with noise. **Predict** the order of the three curves after 50 pulls and
# after 500, and how far each is from the best arm's 1.54 (the mean of the largest of ten).

# %%
random.seed(3)
torch.manual_seed(3)
runs, length = device.budget(60), 500
figure, axis = plt.subplots(figsize=(6, 3))
for epsilon in (0.0, 0.1, 0.5):
    earned = torch.zeros(length)
    for _ in range(runs):
        means, noise, Q, N = torch.randn(10), torch.randn(length), torch.zeros(10), torch.zeros(10)
        for pull in range(length):
            arm = choose(Q, epsilon)
            learn(Q, N, arm, means[arm] + noise[pull])
            earned[pull] += means[arm] / runs
    axis.plot(range(10, length - 9), earned.unfold(0, 20, 1).mean(dim=1), label=f"ε = {epsilon}")
axis.axhline(1.54, color="grey", linestyle=":", label="the best arm")
axis.set(xlabel="pull", ylabel="mean pay of the arm")
axis.legend(fontsize=8, loc="lower right", ncol=2)
figure.tight_layout()
# %% [markdown]
# An agent that never explores settles within a few pulls, and stays with a mediocre arm for ever. One that explores
# half the time knows the best arm and throws half of it away. (Better ones explore where they know least: upper
# confidence bounds, Thompson sampling.) *Further reading:* Sutton and Barto, chapter 2.
#
# **Now you can** plan when rules are known, say what a discount changes, and explore and still earn when they are not.
