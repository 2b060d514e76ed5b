# %% [markdown]
# ## 10 · Policies with parameters
#
# **In this part you will** write two kinds of policies, climb the gradient of the return, and learn Q with a network.
#
# A table needs a row for every state. There are more camera pictures than atoms, and a steering wheel has more angles
# than a table has columns. Let a network with parameters $\theta$ make the policy, $\pi_\theta(a \mid s)$. Two kinds:
#
# - **Categorical**, for actions from a list: a classifier gives each a score (*logit*); softmax makes probabilities.
# - **Diagonal Gaussian**, for actions that are vectors of numbers: the network gives a mean for each number, and a
#   standard deviation comes with it. *Diagonal* means that the numbers vary independently: the covariance matrix has
#   entries on its diagonal only. The parameter is a logarithm, which may be any number; a standard deviation may not.
#
# Training needs two things of a policy: to **sample** actions, and the **log-probability** of an action (PyTorch has
# both ready-made in `torch.distributions`). For k numbers with means $\mu_i$ and standard deviations $\sigma_i$ it is
#
# $$\log \pi(a \mid s) = -\frac12 \sum_i \Big( \frac{(a_i - \mu_i)^2}{\sigma_i^2} + 2 \log \sigma_i + \log 2\pi \Big)$$
#
# ### Exercise: two kinds of policies
# difficulty 3/5 · 12 minutes · cards: categorical-policy, gaussian-policy, sample-and-log-prob
#
# `categorical_log_prob` takes logits (..., actions) and the actions taken (...), and gives their log-probabilities
# (...). Fill the blanks, and the ones in the Gaussian policy. Every number of every sample has a draw of its own. Whether
# a sample carries a gradient does not matter. (In the promises, `weight` and `bias` are those of the layer `mean`.)
#
# hint: `gather(-1, index)` needs an index with as many axes as the tensor; its result has that form too.


# %% solution="policies" promises="leaves-inputs, differentiable(logits, weight, bias, log_std), tensor"
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
def used(job, GaussianPolicy, weight, bias, log_std, *given):
    """A sample for obs; or for obs and actions the log-probabilities, three gradients, how many numbers it trains."""
    import torch

    policy = GaussianPolicy(weight.shape[1], weight.shape[0])
    params = (policy.mean.weight, policy.mean.bias, policy.log_std)
    with torch.no_grad():
        for param, value in zip(params, (weight, bias, log_std), strict=True):
            param.copy_(value)
        if job == "sample":
            return policy.sample(*given)
    log_prob = policy.log_prob(*given)
    log_prob.sum().backward()
    slopes = [torch.zeros_like(p) if p.grad is None else p.grad for p in params]
    return log_prob.detach(), slopes, sum(p.numel() for p in policy.parameters())


def examples(rng):
    yield checks.example(categorical_log_prob, {"logits": rng.tensor(3, 4), "actions": torch.tensor([1, 3, 0])})
    policy = GaussianPolicy(3, 2)
    trained = {"weight": policy.mean.weight, "bias": policy.mean.bias, "log_std": policy.log_std}
    yield checks.example(policy.log_prob, {"obs": rng.tensor(4, 3), "actions": rng.tensor(4, 2)}, leaves=trained)


with checks.check("equal logits for four actions", hint="each has the probability 1/4"):
    checks.close(categorical_log_prob(torch.ones(2, 4), torch.tensor([3, 0])), [-math.log(4)] * 2)
with checks.check("the standard normal at its mean", hint="one number for each action vector; log(2π)/2 is 0.9189"):
    zeros = [torch.zeros(*form) for form in ((2, 2), (2,), (2,), (3, 2), (3, 2))]
    got = checks.on_student_side(used, "log_prob", GaussianPolicy, *zeros)
    checks.close(got[0], [-math.log(2 * math.pi)] * 3)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any logits, in one batch or in many steps", hint="probabilities of one row add up to 1"):
    batches = [(form, 4, 2) for form in ((7,), (5, 3), (), (1,), (4, 1), (1, 3))]
    for form, n, size in (*batches, ((40,), 9, 300)):  # the last ones: large logits
        logits, actions = size * rng.tensor(*form, n), rng.integers(*form, low=0, high=n - 1)
        expected = torch.distributions.Categorical(logits=logits).log_prob(actions)
        what = f"{n} actions in {form}"
        checks.close(categorical_log_prob(logits, actions), expected, rtol=1e-4, atol=5e-6 * size, what=what)
with checks.check("any Gaussian, and the gradients of mean and spread", hint="signs, squares; is the spread trained?"):
    for k, batch in ((2, 6), (3, 6), (1, 6), (2, 1), (1, 1)):
        w, b, log_std = rng.tensor(k, 3), rng.tensor(k), rng.tensor(k) / 2
        obs, actions = rng.tensor(batch, 3), rng.tensor(batch, k)
        log_prob, slopes, size = checks.on_student_side(used, "log_prob", GaussianPolicy, w, b, log_std, obs, actions)
        mean, std = obs @ w.T + b, log_std.exp()
        expected = torch.distributions.Normal(mean, std).log_prob(actions).sum(dim=-1)
        checks.close(log_prob, expected, rtol=1e-4, atol=1e-4)
        pull = (actions - mean) / std**2
        right = (pull.T @ obs, pull.sum(dim=0), (pull * (actions - mean) - 1).sum(dim=0))
        for slope, known, name in zip(slopes, right, ("mean.weight", "mean.bias", "log_std"), strict=True):
            checks.close(slope, known, rtol=1e-3, atol=1e-3, what=f"the gradient at {name}")
        checks.equal(size, 5 * k, what="how many numbers can be trained")
    w, b, log_std, obs = rng.tensor(2, 3), rng.tensor(2), torch.tensor([-6.0, 4.0]), rng.tensor(90, 3)
    normal = torch.distributions.Normal(obs @ w.T + b, log_std.exp())
    actions = normal.mean + normal.stddev * rng.tensor(90, 2)
    log_prob, _, _ = checks.on_student_side(used, "log_prob", GaussianPolicy, w, b, log_std, obs, actions)
    expected = normal.log_prob(actions).sum(dim=-1)
    checks.close(log_prob, expected, rtol=1e-2, atol=1e-2, what="one spread very small, one large")
with checks.check("samples have the right mean and spread", hint="mean plus spread times a standard normal"):
    w, b, log_std = rng.tensor(2, 3), 2 * rng.tensor(2), torch.tensor([rng.uniform(-1, -0.4), rng.uniform(0.4, 1)])
    obs = rng.tensor(1, 3)
    for k in (1, 2):
        some = ("sample", GaussianPolicy, w[:k], b[:k], log_std[:k], obs)
        one, again = checks.on_student_side(used, *some), checks.on_student_side(used, *some)
        checks.shape(one, 1, k, what="an action for a single observation")
        checks.true(not torch.equal(one, again), "two samples for one observation were the same")
    got = checks.on_student_side(used, "sample", GaussianPolicy, w, b, log_std, obs.expand(6000, 3).clone())
    checks.shape(got, 6000, 2)
    z = (got - (obs @ w.T + b)) / log_std.exp()
    # Each bound is at least six standard errors away: 1 / √6000 for the mean, 1 / √12000 for the spread.
    checks.between(z.mean(dim=0), -0.08, 0.08)
    checks.between(z.std(dim=0), 0.94, 1.06)
    checks.between((z.abs() < 1).double().mean(dim=0), 0.64, 0.725)
    checks.between((z[:, 0] * z[:, 1]).mean(), -0.08, 0.08, what="how the two numbers of an action move together")
    checks.true(len(set(got[:, 0].tolist())) > 5000, "observations that are alike got the same draw")
    together = torch.stack([(z[:3000] * z[3000:]).mean(dim=0), (z[::2] * z[1::2]).mean(dim=0)])
    checks.between(together, -0.12, 0.12, what="how the draws of two observations move together")  # six errors are 0.11
### END HIDDEN TESTS

# %% [markdown]
# **Look** at 500 actions of a Gaussian policy for one observation, coloured by log-probability. Where is it largest?

# %%
torch.manual_seed(0)
policy, obs = GaussianPolicy(3, 2), torch.ones(500, 3)
policy.log_std.data = torch.tensor([0.0, -1.0])
actions = policy.sample(obs).detach()
plt.figure(figsize=(5, 2.6))
plt.scatter(*actions.T, c=policy.log_prob(obs, actions).detach(), s=8)
plt.colorbar(label="log-probability")
plt.axis("equal")
plt.tight_layout()

# %% [markdown]
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
# episode. Two things leave the expected gradient as it is and take away noise. The **reward-to-go** is the return from
# $t$ on: an action cannot change what was before it. From that one takes a **baseline** that does not depend on the
# action, so that *better than usual* counts as good: the probabilities of all actions always add up to 1, so
# $\sum_a \pi\, \nabla \log \pi = \nabla \sum_a \pi = 0$. With the value $V_\pi(s)$ as baseline, $A_t$ estimates the
# advantage from section 4. (We take the mean of the same batch, of which the action's own return is a tiny part. With a
# discount that counts from $t$ on, step $t$ would need a factor $\gamma^t$ to give the gradient of $J$: Sutton and
# Barto, section 13.3. Practice drops it knowingly, and so do we, or late steps would hardly be learnt.)
#
# Our world from here on: a pole on a cart. Push left or right; each step that the pole still stands is worth 1, up to
# 500. The observation is position and speed of the cart, angle and angular speed of the pole. Sixteen carts roll at once:

# %% setup
poles = gym.make_vec("CartPole-v1", num_envs=16, vectorization_mode="vector_entry_point")


def play(env, act, seed):
    """One episode on each cart: obs (steps, carts, 4), actions, rewards and alive (steps, carts)."""
    obs, _ = env.reset(seed=seed)
    alive, steps = torch.ones(env.num_envs, dtype=torch.bool), []
    while alive.any():  # a cart whose episode is over rolls on until the last one has finished, which is of no interest
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
figure, axis = plt.subplots(figsize=(8, 2.2))
axis.imshow(alive.T.numpy(), cmap="gray_r", aspect="auto", interpolation="none")
title = f"random pushes: dark as long as the pole stands, {reached['pole, random pushes']:.1f} steps on average"
axis.set(title=title, xlabel="step", ylabel="cart")
figure.tight_layout()

# %% [markdown]
# ## 12 · REINFORCE
#
# ### Exercise: better than usual
# difficulty 3/5 · 10 minutes · cards: reward-to-go, baseline
#
# From `rewards` and `alive`, both (steps, carts), compute the advantage of every step: the discounted reward-to-go,
# minus the mean of all the rewards-to-go of steps that are alive. Where a cart is not alive, the reward does not count,
# and the advantage is 0. At least one step is alive.
#
# hint: First put rewards that do not count to zero; then each column can be done as in `returns`, all columns at once.


# %% solution="advantages" promises="leaves-inputs, tensor"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    """Reward-to-go minus its mean over the steps alive; 0 elsewhere. All are (steps, carts), alive holds bools."""
    ### BEGIN SOLUTION
    ahead, to_go = 0.0, []
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] * alive[t] + gamma * ahead
        to_go.insert(0, ahead)
    to_go = torch.stack(to_go)
    return (to_go - to_go[alive].mean()) * alive
    ### END SOLUTION


# %% tests="advantages" points=4
def examples(rng):
    alive = torch.arange(3)[:, None] < torch.tensor([3, 1])
    yield checks.example(advantages, {"rewards": rng.tensor(3, 2), "alive": alive, "gamma": 0.5})


with checks.check("two carts, three steps", hint="rewards-to-go are 3, 2, 1 for the one and 1 for the other"):
    alive = torch.tensor([[True, True], [True, False], [True, False]])
    got = advantages(torch.ones(3, 2), alive, 1.0)
    checks.close(got, torch.tensor([[3.0, 1.0], [2.0, 0.0], [1.0, 0.0]]) - 1.75 * alive, atol=1e-5)


### BEGIN HIDDEN TESTS
def rolled(lengths, gamma):
    """Rewards and alive of carts that last so long; the advantages as the student has them and entry by entry."""
    steps, times = max(lengths), torch.arange(max(lengths))[:, None]
    alive = times < torch.tensor(lengths)
    rewards = torch.where(times % 3 == 1, 0.0, 2 * rng.tensor(steps, len(lengths)) + 1)  # some steps bring nothing
    rewards[-1] *= steps != lengths[-1]  # the last cart's last step neither, so that its return is 0
    to_go = torch.zeros(steps, len(lengths), dtype=torch.float64)
    for t, cart in alive.nonzero().tolist():
        to_go[t, cart] = sum(gamma ** (k - t) * rewards[k, cart].item() for k in range(t, lengths[cart]))
    got = checks.doubles(advantages(rewards, alive, gamma))
    return got, torch.where(alive, to_go - to_go.sum() / sum(lengths), 0.0), alive


rng = checks.rng()
cases = [([rng.integer(2, 4), 9, rng.integer(5, 7), 1], gamma) for gamma in (rng.uniform(0.6, 0.95), 0.99, 1.0, 0.0)]
with checks.check("any rewards: steps that are alive", points=2, hint="what a cart earns after its end counts nowhere"):
    for lengths, gamma in (*cases, ([1, 6], 0.9), ([5], 0.8), ([1], 0.9), ([50, 4], 0.97), ([2] * 40, 0.9)):
        got, right, alive = rolled(lengths, gamma)
        checks.close(got[alive], right[alive], rtol=1e-4, atol=1e-4)
with checks.check("zero where the episode is over", hint="the baseline is taken away only from steps that are alive"):
    for lengths, gamma in (cases[0], ([3, 7], 1.0), ([5], 0.8), ([1, 1, 1], 0.9), ([1], 0.9)):
        got, right, _ = rolled(lengths, gamma)
        checks.close(got, right, rtol=1e-4, atol=1e-4, what=f"{lengths} steps")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise: one step of REINFORCE
# difficulty 3/5 · 12 minutes · cards: policy-gradient, reinforce, on-policy
#
# PyTorch climbs down, so the loss is *minus* the mean of log-probability times advantage, over the steps that are
# alive. `net` makes logits (steps, carts, actions) of `obs` (steps, carts, 4), and as well (n, actions) of (n, 4). Do one
# step of the optimizer, and return the loss from before the step as a Python number. Gradients that `net` still holds
# when you are called must not take part in the step; what it holds afterwards does not matter.
#
# hint: `alive` as an index, `x[alive]`, keeps the places where it is True.


# %% solution="reinforce_step" promises="leaves-inputs(obs, actions, advantage, alive), numbers"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    """One step up the policy gradient for net's parameters; returns the loss before it."""
    ### BEGIN SOLUTION
    log_probs = net(obs).log_softmax(dim=-1)
    taken = log_probs.gather(-1, actions[..., None])[..., 0]
    loss = -(taken * advantage)[alive].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()
    ### END SOLUTION


# %% tests="reinforce_step" points=5
def trained(reinforce_step, weights, make, obs, actions, advantage, alive, lr, times, left_over=False):
    """The losses of so many steps, and the weights after them; with left_over, an old gradient lies there before."""
    import torch

    layers = [torch.nn.Linear(w.shape[1], w.shape[0], bias=False) for w in weights]
    for layer, w in zip(layers, weights, strict=True):
        layer.weight.data = w.clone()
    net = torch.nn.Sequential(*layers)
    if left_over:
        net(obs).square().sum().backward()
    optimizer = getattr(torch.optim, make)(net.parameters(), lr)
    losses = [reinforce_step(net, optimizer, obs, actions, advantage, alive) for _ in range(times)]
    return losses, [layer.weight.detach().clone() for layer in layers]


def examples(rng):
    def loss(obs, actions, advantage, alive):
        net = [torch.eye(2, 3)]
        return checks.on_student_side(trained, reinforce_step, net, "SGD", obs, actions, advantage, alive, 0.1, 1)[0]

    given = {"obs": rng.tensor(2, 2, 3), "actions": rng.integers(2, 2, low=0, high=1), "advantage": rng.tensor(2, 2)}
    yield checks.example(loss, {**given, "alive": torch.tensor([[True, True], [True, False]])})


with checks.check("a single step with two actions", hint="log 2 times the advantage; is the loss minus that, or plus?"):
    one, weight = torch.ones(1, 1, 1), torch.zeros(2, 1)
    case = ([weight], "SGD", one, torch.tensor([[1]]), torch.tensor([[3.0]]), torch.tensor([[True]]), 0.5, 1)
    losses, (after,) = checks.on_student_side(trained, reinforce_step, *case)
    checks.close(losses, [3 * math.log(2)])
    checks.close(after, [[-0.75], [0.75]])


### BEGIN HIDDEN TESTS
def by_formula(weights, make, obs, actions, advantage, alive, lr, times):
    """The same from the formula: for each step alive, (one-hot of the action minus probabilities) times advantage."""
    weights, losses, n = [w.clone().requires_grad_() for w in weights], [], alive.sum().item()
    optimizer = getattr(torch.optim, make)(weights, lr)
    for _ in range(times):
        first, second = (w.detach() for w in weights)
        middle = obs[alive] @ first.T
        p, hot = (middle @ second.T).softmax(-1), F.one_hot(actions[alive], len(second))
        losses.append(-((p * hot).sum(-1).log() * advantage[alive]).sum().item() / n)
        back = (p - hot) * advantage[alive][:, None] / n
        weights[0].grad, weights[1].grad = (back @ second).T @ obs[alive], back.T @ middle
        optimizer.step()
    return losses, [w.detach() for w in weights]


def compare(part, *batch, make="SGD", times=1, left_over=False, atol=1e-4):
    """Fails where the losses (part 0) or the weights (part 1) after such steps are not those of the formula."""
    given = (weights, make, *batch, lr, times)
    got, right = checks.on_student_side(trained, reinforce_step, *given, left_over), by_formula(*given)
    for mine, known in zip(got[part], right[part], strict=True):
        checks.close(mine, known, rtol=1e-3, atol=atol, what=f"{tuple(batch[1].shape)} steps and carts, {make}")


rng = checks.rng()
obs, actions = rng.tensor(6, 4, 3), rng.integers(6, 4, low=0, high=2)
advantage, alive = 2 * rng.tensor(6, 4) + 0.5, torch.arange(6)[:, None] < torch.tensor([6, 2, rng.integer(3, 5), 1])
advantage = torch.where(torch.arange(6)[:, None] == torch.tensor([2, 1, 0, 5]), 0.0, advantage)  # just as usual
weights, lr = [rng.tensor(3, 3), rng.tensor(3, 3)], rng.uniform(0.05, 0.2)
with checks.check("the loss of any episodes", hint="the mean over the steps that are alive"):
    for shift in (0.0, 4.0, -4.0):  # losses above zero and below
        compare(0, obs, actions, advantage + shift, alive)
    for steps, carts in ((5, 1), (1, 3), (1, 1)):
        few = (obs[:steps, :carts], actions[:steps, :carts], advantage[:steps, :carts] + 3)
        compare(0, *few, torch.ones(steps, carts, dtype=torch.bool))
with checks.check("the parameters after one step", points=2, hint="good actions become more likely"):
    for scale in (1.0, -1.0, 50.0):  # with good and bad changed over, and with much at stake
        compare(1, obs, actions, scale * advantage, alive)
with checks.check("and after three, with any optimizer", hint="does an old gradient take part in a step?"):
    for make, left_over in (("SGD", False), ("Adagrad", False), ("SGD", True)):
        for part in (0, 1):
            compare(part, obs, actions, advantage, alive, make=make, times=3, left_over=left_over, atol=1e-3)
### END HIDDEN TESTS

# %% [markdown]
# Play, compute advantages, step, play again: the old episodes came from an old policy and are thrown away (REINFORCE is
# on-policy). **Predict** how many rounds of sixteen episodes pass until the pole stands for 300 steps.

# %%
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 2))  # so small that a CPU is faster than a GPU
optimizer, lengths = torch.optim.Adam(net.parameters(), lr=0.01), []
for round_ in range(device.budget(80, 20)):
    obs, actions, rewards, alive = play(poles, lambda o: torch.multinomial(net(o).softmax(-1), 1)[:, 0], seed=round_)
    reinforce_step(net, optimizer, obs, actions, advantages(rewards, alive, 0.99), alive)
    lengths.append(alive.sum(dim=0).float())
reached["pole, REINFORCE"] = torch.stack(lengths[-10:]).mean().item()
figure, axis = plt.subplots(figsize=(6, 2.6))
axis.plot(torch.stack(lengths), color="tab:blue", alpha=0.25, linewidth=0.6)
axis.plot(torch.stack(lengths).mean(dim=1), color="tab:red")
axis.set(title=f"the last ten rounds: {reached['pole, REINFORCE']:.0f} steps", xlabel="round", ylabel="steps")
figure.tight_layout()

# %% [markdown]
# Before you feel proud: a fixed rule pushes to the side where the pole leans or falls. **Predict** how long it stands.

# %%
_, _, _, alive = play(poles, lambda obs: (obs[:, 2] + obs[:, 3] > 0).long(), seed=0)
reached["pole, one fixed rule"] = alive.sum(dim=0).float().mean().item()
print(f"{reached['pole, one fixed rule']:.0f} steps, by one line, without learning")

# %% [markdown]
# A high return does not prove that anything has *learnt*. What would? *Further reading:* Williams, "Simple statistical
# gradient-following algorithms" (1992); Sutton and Barto, chapter 13; *Spinning Up in Deep RL*, part 3.
#
# ## 13 · Deep Q-learning
#
# Put a network where the table was. Then each step moves all the values a little, the target among them, like a dog
# that chases its tail. DQN holds the target still: it comes from a *copy* of the network that is renewed only now and
# then, and no gradient flows through it. And since Q-learning is off-policy, it may learn from steps that are long
# past: they are kept in a **replay buffer** and drawn at random. (Both tricks are needed: a network, guesses learnt
# from guesses, and off-policy data can diverge together, Sutton and Barto's *deadly triad*, section 11.3.)
# *Further reading:* Mnih et al., "Human-level control through deep reinforcement learning" (Nature, 2015).
#
# ### Exercise: the loss of DQN
# difficulty 3/5 · 10 minutes · cards: dqn-target, replay-buffer
#
# A batch of steps from the buffer: `obs` and `next_obs` (batch, d), `actions` (batch,), `rewards` (batch,) and
# `terminated` (batch,), floats 0 or 1. Both networks make Q-values (batch, actions). The loss is the mean squared
# difference between the value of the action that was taken and the target of Q-learning. Fill the blanks.


# %% solution="dqn_loss" promises="leaves-inputs, differentiable(w)"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    """The mean squared error of net against targets from target_net, through which no gradient flows."""
    with torch.no_grad():  # ? no_grad
        future = target_net(next_obs).amax(dim=1)  # ? target_net | amax(dim=1)
        target = rewards + gamma * future * (1 - terminated)  # ? gamma * future * (1 - terminated)
    q = net(obs).gather(1, actions[:, None])[:, 0]  # ? net(obs) | actions[:, None]
    return (q - target).pow(2).mean()  # ? (q - target).pow(2)


# %% tests="dqn_loss" points=4
def measured(dqn_loss, weights, *batch):
    """The loss with linear networks of these weights (one may stand for both), and the gradients that arrive there."""
    import torch

    nets = [torch.nn.Linear(w.shape[1], w.shape[0], bias=False) for w in weights]
    for net, w in zip(nets, weights, strict=True):
        net.weight.data = w.clone()
    loss = dqn_loss(nets[0], nets[-1], *batch)
    loss.backward()
    grads = [net.weight.grad for net in nets]
    return loss.detach(), [torch.zeros_like(w) if g is None else g for w, g in zip(weights, grads, strict=True)]


def examples(rng):
    ends, copy = torch.tensor([0.0, 1.0, 0.0]), rng.tensor(2, 4)

    def loss(w, obs, actions, rewards, next_obs):
        return dqn_loss(lambda x: x @ w.T, lambda x: x @ copy.T, obs, actions, rewards, next_obs, ends, 0.9)

    steps = {"obs": rng.tensor(3, 4), "actions": torch.tensor([1, 0, 1]), "rewards": rng.tensor(3)}
    yield checks.example(loss, {"w": rng.tensor(2, 4), **steps, "next_obs": rng.tensor(3, 4)})


with checks.check("two steps, the second one the last of its episode", hint="which of the two has a future?"):
    weights = [torch.tensor([[1.0], [2.0]]), torch.tensor([[3.0], [-1.0]])]
    steps = (torch.tensor([[1.0], [2.0]]), torch.tensor([1, 0]), torch.tensor([1.0, -1.0]))
    steps = (*steps, torch.tensor([[2.0], [1.0]]), torch.tensor([0.0, 1.0]), 0.5)
    checks.close(checks.on_student_side(measured, dqn_loss, weights, *steps)[0], 6.5)


### BEGIN HIDDEN TESTS
def by_hand(weights, obs, actions, rewards, next_obs, terminated, gamma):
    """The loss, and its gradient for the first of the weights, step by step."""
    loss, slope, n = 0.0, torch.zeros_like(weights[0]), len(obs)
    for k in range(n):
        future = 0.0 if terminated[k] else max((weights[-1] @ next_obs[k]).tolist())
        error = (weights[0][actions[k]] @ obs[k]).item() - rewards[k].item() - gamma * future
        loss += error**2 / n
        slope[actions[k]] += 2 * error / n * obs[k]
    return loss, slope


rng = checks.rng()
cases = [(rng.integer(14, 18), 3, rng.uniform(0.5, 0.9)), (5, 5, 0.99), (1, 3, 0.9), (4, 4, 1.0), (150, 2, 0.9)]
for place, (n, choices, gamma) in enumerate(cases):
    rewards, ends = 3 * rng.tensor(n), (torch.arange(n) % 3 == 0).float()
    rewards[1::4] = 0  # steps that bring nothing, some of them the last of their episode
    steps = (rng.tensor(n, 4), rng.integers(n, low=0, high=choices - 1), rewards, rng.tensor(n, 4), ends, gamma)
    cases[place] = ([rng.tensor(choices, 4), rng.tensor(choices, 4)], steps)
(w, copy), steps = cases[1]  # once more, where everything ahead is worth less than nothing
cases.append(([w, -copy.abs()], (*steps[:3], steps[3].abs(), *steps[4:])))
with checks.check("the loss of any batch", hint="the copy looks ahead, the network judges; which shapes meet?"):
    for weights, batch in cases:
        loss, _ = checks.on_student_side(measured, dqn_loss, weights, *batch)
        checks.close(loss, by_hand(weights, *batch)[0], rtol=1e-3)
with checks.check("the gradient reaches the network, and not the copy", hint="what must autograd not see?"):
    for weights, batch in cases:
        _, (slope, leaked) = checks.on_student_side(measured, dqn_loss, weights, *batch)
        checks.close(slope, by_hand(weights, *batch)[1], rtol=1e-3, atol=1e-4)
        checks.close(leaked, torch.zeros(weights[1].shape))
with checks.check("also when both are one network", hint="the target is a fixed number, whoever made it"):
    (w, _), batch = cases[0]
    loss, (slope,) = checks.on_student_side(measured, dqn_loss, [w], *batch)
    checks.close(loss, by_hand([w], *batch)[0], rtol=1e-3)
    checks.close(slope, by_hand([w], *batch)[1], rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **Now you can** train a policy by its own gradient, and say which parts of a step may teach a network of Q-values.
