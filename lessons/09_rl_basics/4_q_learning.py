# %% [markdown]
# ## 9 · Along the cliff
#
# **In this part you will** walk along a cliff with Q-learning, give a policy parameters, and see how the return of a
# black box can have a gradient.
#
# ### Exercise: Q-learning
# difficulty 4/5 · 18 minutes · cards: q-learning, off-policy, epsilon-greedy
#
# Now the whole method, with the loop of gymnasium: `env.reset()` returns (state, info), and `env.step(action)` returns
# (next_state, reward, terminated, truncated, info). Choose actions ε-greedily from `Q`, learn from every step by the
# target of Q-learning, stop an episode when it is terminated *or* truncated, and return the table after so many episodes.
# Begin with zeros. If several actions look best, take any one of them. The action that you hand to `env.step` must be a
# plain int, not a number of numpy or a tensor. `env.reset()` needs no seed, but may get one: that is the world's own
# generator, of which the promise below does not speak.
#
# hint: On a step that was truncated but not terminated, the future still counts.


# %% solution="q_learning" promises="random"
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
# shortest way, right along the edge, costs 13.
#
# Beside it, for comparison, the same loop with the target of SARSA. Both explore with ε = 0.1 while they learn.
# **Predict:** do they find the same way?


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


class Diary(gym.Wrapper):
    """Adds up the rewards of each episode."""

    def reset(self, **options):
        self.sums = [*getattr(self, "sums", []), 0.0]
        return self.env.reset(**options)

    def step(self, action):
        result = self.env.step(action)
        self.sums[-1] += result[1]
        return result


random.seed(1)
figure, axes = plt.subplots(1, 3, figsize=(12, 2.6), width_ratios=[1, 1, 0.9])
for axis, method in zip(axes, (q_learning, sarsa), strict=False):
    diary = Diary(cliff)
    Q = method(diary, 48, 4, device.budget(600), alpha=0.5, gamma=1.0, epsilon=0.1)
    path, total = greedy_walk(cliff, Q)
    axis.imshow(Q.amax(dim=1).reshape(4, 12).numpy(), cmap="viridis", vmin=-20, vmax=0)
    axis.plot([place % 12 for place in path], [place // 12 for place in path], "o-", color="tab:red")
    axis.set(title=f"{method.__name__}: without exploring, {total:.0f}", xticks=[], yticks=[])
    axes[2].plot(
        range(10, len(diary.sums) - 9), torch.tensor(diary.sums).unfold(0, 20, 1).mean(dim=1), label=method.__name__
    )
    reached[f"cliff, {method.__name__}"] = total
    print(f"{method.__name__:11} while learning, the last 100 episodes: {sum(diary.sums[-100:]) / 100:.1f} an episode")
axes[2].set(ylim=(-100, 0), ylabel="reward while learning", xlabel="episode")
axes[2].legend(fontsize=8)
figure.tight_layout()

# %% [markdown]
# (The bright row at the bottom is the edge, where nobody ever stands.)
#
# Q-learning learns the best way there *is*, whatever it does while learning: it is **off-policy**. SARSA learns the value
# of what it *really does*: it is **on-policy**, and earns more as long as it explores. Neither is wrong; they answer
# different questions. *Further reading:* Sutton and Barto, chapter 6; Watkins and Dayan, "Q-learning" (1992).
#
# ## 10 · Policies with parameters
#
# A table needs a row for every state. There are more camera pictures than atoms, and a steering wheel has more angles
# than a table has columns. So let a network with parameters $\theta$ make the policy, $\pi_\theta(a \mid s)$. Two kinds
# cover nearly everything:
#
# - **Categorical**, for actions from a list: the network is a classifier. It gives one score (*logit*) for each action;
#   softmax makes probabilities of them.
# - **Diagonal Gaussian**, for actions that are vectors of numbers: the network gives a mean for each number, and a
#   standard deviation comes with it. *Diagonal* means that the numbers vary independently, so that the covariance
#   matrix has entries on its diagonal only, and a vector of standard deviations says it all. Its logarithm is the
#   parameter, because a logarithm may be any number, and a standard deviation may not.
#
# Training needs two things of a policy: to **sample** actions, and the **log-probability** of an action. For k numbers
# with means $\mu_i$ and standard deviations $\sigma_i$ it is
#
# $$\log \pi(a \mid s) = -\frac12 \sum_{i=1}^{k}
# \Big( \frac{(a_i - \mu_i)^2}{\sigma_i^2} + 2 \log \sigma_i + \log 2\pi \Big)$$
#
# ### Exercise: two kinds of policies
# difficulty 3/5 · 12 minutes · cards: categorical-policy, gaussian-policy, sample-and-log-prob
#
# `categorical_log_prob` takes logits (..., actions) and the actions taken (...), and gives their log-probabilities
# (...). Fill the blanks, and the ones in the Gaussian policy. Every number of every sample has a draw of its own. Whether
# a sample carries a gradient does not matter. (In the promises, `weight` and `bias` are those of the layer `mean`.)
#
# hint: `gather(-1, index)` needs an index with as many axes as the tensor; its result has that form too.


# %% solution="policies" promises="leaves-inputs, differentiable(logits, weight, bias, log_std), tensors"
def categorical_log_prob(logits: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    """The log-probability (...) of each action (...), for logits (..., actions)."""
    log_probs = logits.log_softmax(dim=-1)  # ? log_softmax | dim=-1
    return log_probs.gather(-1, actions[..., None])[..., 0]  # ? gather | actions[..., None]


class GaussianPolicy(nn.Module):
    """Actions are vectors of numbers, each normal around a mean that depends on the observation."""

    def __init__(self, d_obs: int, d_action: int):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))  # ? nn.Parameter

    def sample(self, obs: torch.Tensor) -> torch.Tensor:
        """One action (batch, d_action) for each observation (batch, d_obs)."""
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn_like(mean)  # ? self.log_std.exp() | randn_like

    def log_prob(self, obs: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        """The log-probability (batch,) of each action (batch, d_action)."""
        z = (actions - self.mean(obs)) / self.log_std.exp()  # ? actions - self.mean(obs) | self.log_std.exp()
        each = z**2 / 2 + self.log_std + math.log(2 * math.pi) / 2  # ? z**2 / 2 | self.log_std
        return -each.sum(dim=-1)  # ? each.sum(dim=-1)


# %% tests="policies" points=5
def judged(GaussianPolicy, weight, bias, log_std, obs, actions):
    """Log-probabilities of a policy with these parameters, the gradients of all three, and how many numbers it trains."""
    import torch

    policy = GaussianPolicy(weight.shape[1], weight.shape[0])
    with torch.no_grad():
        policy.mean.weight.copy_(weight)
        policy.mean.bias.copy_(bias)
        policy.log_std.copy_(log_std)
    log_prob = policy.log_prob(obs, actions)
    log_prob.sum().backward()
    zeros = [torch.zeros_like(p) for p in (weight, bias, log_std)]
    params = (policy.mean.weight, policy.mean.bias, policy.log_std)
    slopes = [zero if p.grad is None else p.grad for p, zero in zip(params, zeros, strict=True)]
    return log_prob.detach(), slopes, sum(p.numel() for p in policy.parameters())


def sampled(GaussianPolicy, weight, bias, log_std, obs):
    """One action for each observation."""
    import torch

    policy = GaussianPolicy(weight.shape[1], weight.shape[0])
    with torch.no_grad():
        policy.mean.weight.copy_(weight)
        policy.mean.bias.copy_(bias)
        policy.log_std.copy_(log_std)
        return policy.sample(obs)


def examples(rng):
    yield checks.example(categorical_log_prob, {"logits": rng.tensor(3, 4), "actions": torch.tensor([1, 3, 0])})
    policy = GaussianPolicy(3, 2)
    trained = {"weight": policy.mean.weight, "bias": policy.mean.bias, "log_std": policy.log_std}
    yield checks.example(policy.log_prob, {"obs": rng.tensor(4, 3), "actions": rng.tensor(4, 2)}, leaves=trained)


with checks.check("equal logits for four actions", hint="each has the probability 1/4"):
    checks.close(categorical_log_prob(torch.ones(2, 4), torch.tensor([3, 0])), [-math.log(4)] * 2)
with checks.check("the standard normal at its mean", hint="one number for each action vector; log(2π)/2 is 0.9189"):
    zeros = torch.zeros(3, 2)
    got = checks.on_student_side(
        judged, GaussianPolicy, torch.zeros(2, 2), torch.zeros(2), torch.zeros(2), zeros, zeros
    )
    checks.close(got[0], [-math.log(2 * math.pi)] * 3)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check(
    "any logits, in one batch or in many steps, with a gradient", hint="probabilities of one row add up to 1"
):
    for form in ((7,), (5, 3), (), (1,), (4, 1), (1, 3)):
        logits, actions = 2 * rng.tensor(*form, 4), rng.integers(*form, low=0, high=3)
        expected = torch.distributions.Categorical(logits=logits).log_prob(actions)
        checks.close(categorical_log_prob(logits, actions), expected, rtol=1e-4, atol=1e-5)
    logits, actions = 300 * rng.tensor(40, 9), rng.integers(40, low=0, high=8)
    expected = torch.distributions.Categorical(logits=logits).log_prob(actions)
    checks.close(categorical_log_prob(logits, actions), expected, rtol=1e-4, atol=1e-3, what="large logits")
    logits, actions = 2 * rng.tensor(3, 4), torch.tensor([2, 0, 2])
    weights = torch.tensor([1.0, -2.0, 0.5])
    slope = (F.one_hot(actions, 4) - logits.softmax(-1)) * weights[:, None]
    checks.gradient(lambda x: (categorical_log_prob(x, actions) * weights).sum(), logits, slope, rtol=1e-3, atol=1e-4)
with checks.check(
    "any Gaussian, and the gradients of its mean and its spread", hint="signs, squares, and is the spread a parameter?"
):
    for k, batch in ((2, 6), (3, 6), (1, 6), (2, 1), (1, 1)):
        w, b, log_std, obs, actions = (
            rng.tensor(k, 3),
            rng.tensor(k),
            rng.tensor(k) / 2,
            rng.tensor(batch, 3),
            rng.tensor(batch, k),
        )
        log_prob, slopes, size = checks.on_student_side(judged, GaussianPolicy, w, b, log_std, obs, actions)
        mean, std = obs @ w.T + b, log_std.exp()
        expected = torch.distributions.Normal(mean, std).log_prob(actions).sum(dim=-1)
        checks.close(log_prob, expected, rtol=1e-4, atol=1e-4)
        pull = (actions - mean) / std**2
        right = (pull.T @ obs, pull.sum(dim=0), (pull * (actions - mean) - 1).sum(dim=0))
        for slope, known, name in zip(slopes, right, ("mean.weight", "mean.bias", "log_std"), strict=True):
            checks.close(slope, known, rtol=1e-3, atol=1e-3, what=f"the gradient at {name}")
        checks.equal(size, 5 * k, what="how many numbers can be trained")
    w, b, log_std, obs = rng.tensor(2, 3), rng.tensor(2), torch.tensor([-6.0, 4.0]), rng.tensor(90, 3)
    mean = obs @ w.T + b
    actions = mean + log_std.exp() * rng.tensor(90, 2)
    log_prob, _, _ = checks.on_student_side(judged, GaussianPolicy, w, b, log_std, obs, actions)
    expected = torch.distributions.Normal(mean, log_std.exp()).log_prob(actions).sum(dim=-1)
    checks.close(log_prob, expected, rtol=1e-2, atol=1e-2, what="one spread very small, one large")
with checks.check(
    "samples have the right mean and spread", hint="mean plus standard deviation times a standard normal"
):
    w, b, log_std = rng.tensor(2, 3), 2 * rng.tensor(2), torch.tensor([rng.uniform(-1, -0.4), rng.uniform(0.4, 1)])
    obs = rng.tensor(1, 3)
    for k in (1, 2):
        one = checks.on_student_side(sampled, GaussianPolicy, w[:k], b[:k], log_std[:k], obs)
        checks.shape(one, 1, k, what="an action for a single observation")
        again = checks.on_student_side(sampled, GaussianPolicy, w[:k], b[:k], log_std[:k], obs)
        checks.true(not torch.equal(one, again), "two samples for one observation were the same")
    got = checks.on_student_side(sampled, GaussianPolicy, w, b, log_std, obs.expand(6000, 3).clone())
    checks.shape(got, 6000, 2)
    z = (got - (obs @ w.T + b)) / log_std.exp()
    # Each bound is at least six standard errors away: 1 / √6000 for the mean, 1 / √12000 for the spread.
    checks.between(z.mean(dim=0), -0.08, 0.08)
    checks.between(z.std(dim=0), 0.94, 1.06)
    checks.between((z.abs() < 1).double().mean(dim=0), 0.64, 0.725)
    checks.between((z[:, 0] * z[:, 1]).mean(), -0.08, 0.08, what="how the two numbers of an action move together")
    checks.true(len(set(got[:, 0].tolist())) > 5000, "observations that are alike got the same draw")
    for first, second in ((z[:3000], z[3000:]), (z[::2], z[1::2])):  # six standard errors are 0.11
        together = (first * second).mean(dim=0)
        checks.between(together, -0.12, 0.12, what="how the draws of two observations move together")
### END HIDDEN TESTS

# %% [markdown]
# **Look** at a Gaussian policy with two numbers: 500 actions for one observation, and the log-probability of each as
# its colour. Where are the likely ones?

# %%
torch.manual_seed(0)
policy = GaussianPolicy(3, 2)
policy.log_std.data = torch.tensor([0.0, -1.0])
obs = torch.ones(500, 3)
with torch.no_grad():
    acts = policy.sample(obs)
    plt.figure(figsize=(5, 2.6))
    plt.scatter(*acts.T, c=policy.log_prob(obs, acts), s=8)
plt.colorbar(label="log-probability")
plt.axis("equal")
plt.tight_layout()

# %% [markdown]
# *Further reading:* Sutton and Barto, section 13.7 (continuous actions); PyTorch's documentation of `torch.distributions`, which has
# both kinds ready-made.
#
# ## 11 · Policy gradients
#
# The goal has never changed: find the policy with the largest expected return, $\theta^* = \arg\max_\theta J(\theta)$
# with $J(\theta) = \mathbb E_{\tau \sim \pi_\theta}[G(\tau)]$. So far we took a detour through values. Now climb
# directly: $\theta \leftarrow \theta + \alpha \nabla_\theta J$.
#
# How can that have a gradient, when the world is a black box? The probability of a trajectory is a product,
#
# $$p(\tau) = p(s_0) \prod_t \pi_\theta(a_t \mid s_t)\; p(s_{t+1} \mid s_t, a_t)$$
#
# and its logarithm is a sum, in which only the terms of the policy depend on $\theta$. With
# $\nabla p = p\, \nabla \log p$ the world drops out:
#
# $$\nabla_\theta J = \mathbb E\Big[\sum_t \nabla_\theta \log \pi_\theta(a_t \mid s_t)\; A_t \Big]$$
#
# In words: make the actions more likely that turned out well, and the others less. $A_t$ may be the return of the whole
# episode; better the **reward-to-go**, the return from $t$ on, because an action cannot change what was before it; better
# still that minus a **baseline** that does not depend on the action, so that *better than usual* counts as good and
# *worse than usual* as bad. A baseline does not change the expected gradient, because the probabilities of all actions
# add up to 1 whatever $\theta$ is: $\sum_a \pi\, \nabla \log \pi = \nabla \sum_a \pi = 0$. It only takes away noise. The
# same holds for reward-to-go as long as $\gamma = 1$. With a discount counted from $t$ on, as in section 1, step $t$
# would also need a factor $\gamma^t$ to give the gradient of $J$ (Sutton and Barto, section 13.3). Practice drops that
# factor knowingly, and so do we: otherwise late steps would hardly be learnt. With the value $V_\pi(s)$ as baseline,
# $A_t$ is an estimate of the advantage from section 4. (The mean of the same batch, as below, contains the action's own
# return, so it is not quite independent of it. With hundreds of steps that is negligible.)
#
# Our world from here on: a pole on a cart. Push left or right; each step that the pole still stands is worth 1, and
# after 500 steps it is enough. The observation has four numbers: position and speed of the cart, angle and angular
# speed of the pole. Sixteen carts roll at once:

# %% setup
poles = gym.make_vec("CartPole-v1", num_envs=16, vectorization_mode="vector_entry_point")


def play(env, act, seed):
    """One episode on each cart: obs (steps, carts, 4), actions, rewards and alive (steps, carts).

    alive says which steps belong to the episode. A cart whose episode is over goes on rolling (and even starts anew) until
    the last one has finished; what it does then is of no interest.
    """
    obs, _ = env.reset(seed=seed)
    alive, steps = torch.ones(env.num_envs, dtype=torch.bool), []
    while alive.any():
        obs = torch.as_tensor(obs, dtype=torch.float32)
        with torch.no_grad():
            actions = act(obs)
        next_obs, rewards, terminated, truncated, _ = env.step(actions.numpy())
        steps.append((obs, actions, torch.as_tensor(rewards, dtype=torch.float32), alive))
        alive, obs = alive & ~torch.as_tensor(terminated | truncated), next_obs
    return [torch.stack(column) for column in zip(*steps, strict=True)]


# %%
torch.manual_seed(0)
_, _, _, alive = play(poles, lambda obs: torch.randint(2, (len(obs),)), seed=0)
reached["pole, random pushes"] = alive.sum(dim=0).float().mean().item()
plt.figure(figsize=(8, 2.2))
plt.imshow(alive.T.numpy(), cmap="gray_r", aspect="auto", interpolation="none")
plt.xlabel("step")
plt.ylabel("cart")
plt.title(f"random pushes: dark as long as the pole stands, {reached['pole, random pushes']:.1f} steps on average")
plt.tight_layout()

# %% [markdown]
# **Now you can** learn the best way while walking another, write policies for lists of actions and for numbers, and say
# which part of a trajectory's probability the policy decides.
