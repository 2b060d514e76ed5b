# %% [markdown]
# ## 6 · Nobody tells you the rules
#
# **In this part you will** learn without the rules: weigh what you know against what you could try, and estimate values
# from whole episodes and from single steps.
#
# All that was **planning**: T and R were given, the agent never took a step. From here on they are secret. The agent
# must *try*, and a new question comes up: try what it knows to be good (**exploit**), or something else, to learn
# (**explore**)?
#
# The smallest world with that question has one state: a **bandit**, a row of slot machines ("one-armed bandits"), each
# with a mean pay of its own. The simplest answer is **ε-greedy**: with probability ε take any action at random (the
# best one included), else the one that looks best. The value of an arm is the mean of what it paid, and a mean can be
# kept without keeping the numbers:
#
# $$Q_{\text{new}} = Q + \frac{1}{N} (\text{reward} - Q)$$
#
# where N is the number of pulls of that arm, this one included.
#
# Remember this form, *old plus a step times (target minus old)*. You will meet it in every method below.
#
# ### Exercise: a slot machine with a memory
# difficulty 2/5 · 10 minutes · cards: explore-exploit, running-mean
#
# `choose` picks an arm, a plain int, and changes nothing. `learn` changes `Q` and `N`, two tensors of floats, in place. If several arms look
# best, take any one of them.
#
# hint: `torch.rand(())`, `random.random()` and `torch.randint`, `random.randrange` all do.


# %% solution="bandit" promises="changes(Q, N)"
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
def pulls(choose, Q, epsilon, times):
    """How often each arm is chosen, as a share."""
    import torch

    arms = [int(choose(Q, epsilon)) for _ in range(times)]
    return torch.bincount(torch.tensor(arms), minlength=len(Q)) / times


def examples(rng):
    yield checks.example(
        learn, {"Q": rng.tensor(3), "N": rng.integers(3, low=1, high=5).float(), "arm": 1, "reward": 9.0}
    )
    yield checks.example(choose, {"table": rng.tensor(3), "epsilon": 0.5})


with checks.check("without exploring, always the best arm", hint="which arm has the largest Q?"):
    checks.close(checks.on_student_side(pulls, choose, torch.tensor([0.1, 0.7, 0.3]), 0.0, 50), [0.0, 1.0, 0.0])
    checks.dtype(choose(torch.tensor([0.1, 0.7, 0.3]), 0.0), int)
with checks.check("the mean of three rewards", hint="count first, then divide by the new count"):
    Q, N = checks.mutable(torch.zeros(2)), checks.mutable(torch.zeros(2))
    for reward in (1.0, 4.0, 1.0):
        learn(Q, N, 1, reward)
    checks.close(Q, [0.0, 2.0])
    checks.close(N, [0.0, 3.0])
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("exploring tries all arms equally often", hint="with probability epsilon any arm, the best included"):
    best = rng.integer(1, 3)  # not the first, which ties and numbers cut off at zero would give
    Q = torch.where(torch.arange(4) == best, -1.0, rng.tensor(4, low=-3.0, high=-2.0))
    checks.close(checks.on_student_side(pulls, choose, Q, 0.0, 50)[best], 1.0)
    # All bounds are more than five standard errors away: a right answer fails once in a million gradings.
    for epsilon in (1.0, 0.4, 0.1):
        share = checks.on_student_side(pulls, choose, Q, epsilon, 2500)
        top, other = 1 - 0.75 * epsilon, epsilon / 4
        far = [5.5 * (p * (1 - p) / 2500) ** 0.5 for p in (top, other)]
        checks.between(share[best], top - far[0], top + far[0], what=f"epsilon {epsilon}, the best arm")
        rest = share[torch.arange(4) != best]
        checks.between(rest, other - far[1], other + far[1], what=f"epsilon {epsilon}, the other arms")
    checks.dtype(choose(Q, 1.0), int, what="an arm drawn at random")
    tied = checks.on_student_side(pulls, choose, torch.tensor([1.0, 3.0, -2.0, 3.0]), 0.0, 50)
    checks.close(tied[1] + tied[3], 1.0, what="two arms look best; the share of both")
    zero = checks.on_student_side(pulls, choose, torch.tensor([0.0, -2.0, 3.0, 0.0]), 0.0, 20)
    checks.close(zero, [0.0, 0.0, 1.0, 0.0], what="arms with a Q of 0")
    checks.equal(choose(torch.tensor([-1.0]), 1.0), 0, what="a single arm")
    many = torch.where(torch.arange(60) == 57, 1.0, rng.tensor(60, low=-2.0, high=0.9))
    checks.close(checks.on_student_side(pulls, choose, many, 0.0, 20)[57], 1.0, what="the best of sixty arms")
    # 2,500 draws leave out one of sixty arms once in 10^16 times
    share = checks.on_student_side(pulls, choose, many, 1.0, 2500)
    checks.true(bool((torch.as_tensor(share) > 0).all()), "of sixty arms some are never tried, even at epsilon 1")
with checks.check(
    "any rewards, for any arms, in the tables handed in", hint="a mean, also when Q began with a guess; other arms stay"
):
    Q, N = checks.mutable(torch.full((3,), 5.0)), checks.mutable(torch.zeros(3))
    history = [(rng.integer(0, 1), rng.uniform(-2, 2)) for _ in range(12)] + [(0, 1.5), (1, -0.5)]
    history += [(0, 0.0), (1, 0.0), (0, 0.0)]  # a pull that pays nothing is a pull
    for arm, reward in history:
        learn(Q, N, arm, reward)
    paid = [[reward for arm, reward in history if arm == which] for which in range(2)]
    checks.close(Q, [sum(paid[0]) / len(paid[0]), sum(paid[1]) / len(paid[1]), 5.0], rtol=1e-4, atol=1e-5)
    checks.close(N, [len(paid[0]), len(paid[1]), 0])
    Q = checks.mutable(torch.tensor([2.0, -1.0, 4.0]))  # what others have learnt so far
    N = checks.mutable(torch.tensor([3.0, 7.0, 1.0]))
    learn(Q, N, 0, 6.0)
    learn(Q, N, 2, -2.0)
    checks.close(Q, [3.0, -1.0, 1.0], what="three rewards with the mean 2, and a fourth of 6")
    checks.close(N, [4.0, 7.0, 2.0])
    Q, N = checks.mutable(torch.tensor([0.0, 1.0])), checks.mutable(torch.tensor([3.0, 99.0]))
    learn(Q, N, 0, 8.0)
    learn(Q, N, 1, 51.0)
    checks.close(Q, [2.0, 1.5], what="three rewards with the mean 0, and one of 8; 99 with the mean 1, and one of 51")
    checks.close(N, [4.0, 100.0])
### END HIDDEN TESTS

# %% [markdown]
# Ten arms, their means drawn at random, pay with noise. **Predict** the order of the three curves after 50 pulls and
# after 500, and how far each is from the best arm's 1.54 (the mean of the largest of ten).

# %%
random.seed(3)
torch.manual_seed(3)
runs, length = device.budget(60), 500
plt.figure(figsize=(6, 3))
for epsilon in (0.0, 0.1, 0.5):
    earned = torch.zeros(length)
    for _ in range(runs):
        means, Q, N = torch.randn(10), torch.zeros(10), torch.zeros(10)
        noise = torch.randn(length)
        for pull in range(length):
            arm = choose(Q, epsilon)
            learn(Q, N, arm, means[arm] + noise[pull])
            earned[pull] += means[arm] / runs
    plt.plot(range(10, length - 9), earned.unfold(0, 20, 1).mean(dim=1), label=f"ε = {epsilon}")
plt.axhline(1.54, color="grey", linestyle=":", label="the best arm")
plt.xlabel("pull")
plt.ylabel("mean pay of the arm")
plt.legend(fontsize=8, loc="lower right", ncol=2)
plt.tight_layout()

# %% [markdown]
# An agent that never explores settles within a few pulls, and stays with a mediocre arm for ever. One that explores half
# the time knows the best arm and throws half of it away. (Better ones explore where they know least: upper confidence
# bounds, Thompson sampling. *Further reading:* Sutton and Barto, chapter 2.)
#
# ## 7 · Learning from whole episodes
#
# Now worlds with many states again, and still no rules. The plainest idea: play by the policy, write down what
# happened, and call the value of a state the mean of the returns that were seen from there on. That is **Monte Carlo**.
# A state may be visited several times in one episode; *first-visit* Monte Carlo counts only the return that follows the
# first visit, so that each episode gives one independent opinion.
#
# ### Exercise: first visits
# difficulty 3/5 · 12 minutes · cards: monte-carlo
#
# An episode is a list of pairs (state, the reward of the step from there). States that nobody visited have the value 0.
#
# hint: Go through each episode from behind, as in `returns`. If you meet a state again, the earlier visit overwrites the
# later one.


# %% solution="monte_carlo" promises="leaves-inputs, tensors"
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
    state, _ = env.reset()
    episode, over = [], False
    while not over:
        next_state, reward, terminated, truncated, _ = env.step(random.randrange(4))
        episode.append((state, reward))
        state, over = next_state, terminated or truncated
    return episode


lake.reset(seed=0)
random.seed(0)
episodes = [random_episode(lake) for _ in range(device.budget(10_000))]
T, R = read_model(lake.unwrapped.P)
truth = solve(*follow(T, R, torch.full((17, 4), 0.25)), 0.99)[:16]
for share in (100, 10, 1):
    error = (monte_carlo(episodes[::share], 16, 0.99) - truth).abs().mean()
    print(f"{len(episodes) // share:6,} episodes: wrong by {error:.4f} on average")

# %% [markdown]
# A hundred times as many episodes make the error about ten times smaller: means of random numbers converge with the
# square root, and no faster.
#
# *Further reading:* Sutton and Barto, chapter 5.
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
# One detail decides whether any of it works. An episode can end in two ways: it **terminated** (a hole, the goal), or it
# was merely stopped because time was up (**truncated**), and its future was cut off but had a value. In which of the two
# is there something to add to the reward?
#
# ### Exercise: three targets and one step
# difficulty 2/5 · 10 minutes · cards: td-target, q-learning, sarsa, terminated-or-truncated
#
# `next_q` (actions,) holds $Q(s', \cdot)$, `terminated` is True or False. `nudge` moves one entry of a table towards a
# target, in place, and returns how far off that entry was before; `place` is a number or, in a table with more axes, a
# tuple. Each result is one number, as a float or as a tensor
# without axes. Fill the blanks.
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
# Monte Carlo and TD answer the same question from the same episodes. **Predict** which of them comes closer to the truth.
# One comparison would be luck, so the episodes are dealt into five groups, and each method learns from each group.
# `td_zero` is plain TD(0): one `nudge` for each step. `td_for_ever` says where TD would end if it went through the same
# episodes again and again with smaller and smaller steps: at the exact values of the process that was *counted*. (None of
# these walks was long enough to be truncated, so the last step of each was the end.)


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
# **Now you can** explore and still earn, estimate values when nobody tells you the rules, and say what each of three
# targets supposes.
