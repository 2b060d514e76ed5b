# %% [markdown]
# ## 12 · REINFORCE
#
# **In this part you will** climb the gradient of the expected return, write the losses of DQN and PPO, and train an
# agent with your own PPO until it balances a pole.
#
# ### Exercise: better than usual
# difficulty 3/5 · 10 minutes · cards: reward-to-go, baseline
#
# From `rewards` and `alive`, both (steps, carts), compute the advantage of every step: the discounted reward-to-go,
# minus the mean of all the rewards-to-go of steps that are alive. Where a cart is not alive, the reward does not count,
# and the advantage is 0. At least one step is alive.
#
# hint: First put rewards that do not count to zero; then each column can be done as in `returns`, all columns at once.


# %% solution="advantages" promises="leaves-inputs, tensors"
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
def rolled(rng, lengths, gamma):
    """Rewards and alive of carts that last so long, and the advantages, entry by entry."""
    steps = max(lengths)
    rewards, alive = 2 * rng.tensor(steps, len(lengths)) + 1, torch.arange(steps)[:, None] < torch.tensor(lengths)
    rewards = torch.where(torch.arange(steps)[:, None] % 3 == 1, 0.0, rewards)  # some steps bring nothing
    rewards[-1] *= steps != lengths[-1]  # the last cart's last step neither, so that its return is 0
    to_go = torch.zeros(steps, len(lengths), dtype=torch.float64)
    for cart, length in enumerate(lengths):
        for t in range(length):
            to_go[t, cart] = sum(gamma ** (k - t) * rewards[k, cart].item() for k in range(t, length))
    return rewards, alive, torch.where(alive, to_go - to_go.sum() / sum(lengths), 0.0)


def stacked(got):
    """One tensor of what may be a list of rows."""
    return torch.stack([torch.as_tensor(row) for row in got]) if isinstance(got, list | tuple) else torch.as_tensor(got)


rng = checks.rng()
cases = [([rng.integer(2, 4), 9, rng.integer(5, 7), 1], gamma) for gamma in (rng.uniform(0.6, 0.95), 0.99, 1.0, 0.0)]
with checks.check("any rewards: steps that are alive", points=2, hint="what a cart earns after its end counts nowhere"):
    for lengths, gamma in (*cases, ([1, 6], 0.9), ([5], 0.8), ([1], 0.9), ([50, 4], 0.97), ([2] * 40, 0.9)):
        rewards, alive, right = rolled(rng, lengths, gamma)
        checks.close(stacked(advantages(rewards, alive, gamma))[alive], right[alive], rtol=1e-4, atol=1e-4)
with checks.check("zero where the episode is over", hint="the baseline is taken away only from steps that are alive"):
    for lengths, gamma in (cases[0], ([3, 7], 1.0), ([5], 0.8), ([1, 1, 1], 0.9), ([1], 0.9)):
        rewards, alive, right = rolled(rng, lengths, gamma)
        checks.close(stacked(advantages(rewards, alive, gamma)), right, rtol=1e-4, atol=1e-4, what=f"{lengths} steps")
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise: one step of REINFORCE
# difficulty 3/5 · 12 minutes · cards: policy-gradient, reinforce, on-policy
#
# PyTorch climbs down, so the loss is *minus* the mean of log-probability times advantage, over the steps that are
# alive. `net` makes logits (steps, carts, actions) of `obs` (steps, carts, 4), and as well (n, actions) of (n, 4). Do one step of the optimizer, and return
# the loss from before the step as a Python number. Gradients that `net` still holds when you are called must not take
# part in the step; what it holds afterwards does not matter.
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
    """The losses of so many steps of a policy with these weights, as they come back, and the weights after the steps.

    With left_over, its parameters hold the gradient of something else before the first step.
    """
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
        loss, slopes = 0.0, [torch.zeros_like(w) for w in weights]
        for t, cart in alive.nonzero().tolist():
            ins = [obs[t, cart]]
            for w in weights:
                ins.append(w.detach() @ ins[-1])
            p, hot = ins[-1].softmax(0), torch.eye(len(ins[-1]))[actions[t, cart]]
            loss -= (p[actions[t, cart]].log() * advantage[t, cart]).item() / n
            back = -(hot - p) * advantage[t, cart] / n
            for place in reversed(range(len(weights))):
                slopes[place] += torch.outer(back, ins[place])
                back = weights[place].detach().T @ back
        losses.append(loss)
        for w, slope in zip(weights, slopes, strict=True):
            w.grad = slope
        optimizer.step()
    return losses, [w.detach() for w in weights]


rng = checks.rng()
obs, actions = rng.tensor(6, 4, 3), rng.integers(6, 4, low=0, high=2)
advantage, alive = 2 * rng.tensor(6, 4) + 0.5, torch.arange(6)[:, None] < torch.tensor([6, 2, rng.integer(3, 5), 1])
advantage = torch.where(torch.arange(6)[:, None] == torch.tensor([2, 1, 0, 5]), 0.0, advantage)  # just as usual
weights, lr = [rng.tensor(3, 3), rng.tensor(3, 3)], rng.uniform(0.05, 0.2)
case = (weights, "SGD", obs, actions, advantage, alive, lr)
with checks.check("the loss of any episodes", hint="the mean over the steps that are alive"):
    for shift in (0.0, 4.0, -4.0):  # losses above zero and below
        shifted = (weights, "SGD", obs, actions, advantage + shift, alive, lr, 1)
        losses, _ = checks.on_student_side(trained, reinforce_step, *shifted)
        checks.close(losses, by_formula(*shifted)[0], rtol=1e-3, atol=1e-4)
    for steps, carts in ((5, 1), (1, 3), (1, 1)):
        few = (obs[:steps, :carts], actions[:steps, :carts], advantage[:steps, :carts] + 3)
        few = (weights, "SGD", *few, torch.ones(steps, carts, dtype=torch.bool), lr, 1)
        losses, _ = checks.on_student_side(trained, reinforce_step, *few)
        checks.close(losses, by_formula(*few)[0], rtol=1e-3, atol=1e-4, what=f"steps: {steps}, carts: {carts}")
with checks.check("the parameters after one step", points=2, hint="good actions become more likely"):
    for scale in (1.0, -1.0, 50.0):  # with good and bad changed over, and with much at stake
        turned = (weights, "SGD", obs, actions, scale * advantage, alive, lr)
        _, after = checks.on_student_side(trained, reinforce_step, *turned, 1)
        for got, right in zip(after, by_formula(*turned, 1)[1], strict=True):
            checks.close(got, right, rtol=1e-3, atol=1e-4)
with checks.check("and after three, with any optimizer", hint="does an old gradient take part in a step?"):
    for make, left_over in (("SGD", False), ("Adagrad", False), ("SGD", True)):
        several = (weights, make, obs, actions, advantage, alive, lr)
        losses, after = checks.on_student_side(trained, reinforce_step, *several, 3, left_over)
        right_losses, right = by_formula(*several, 3)
        checks.close(losses, right_losses, rtol=2e-3, atol=1e-3, what=make)
        for got, known in zip(after, right, strict=True):
            checks.close(got, known, rtol=2e-3, atol=1e-3, what=make)
### END HIDDEN TESTS

# %% [markdown]
# Play, compute advantages, step, and play again: the old episodes were played by an old policy and are thrown away
# (REINFORCE is on-policy). A network this small is faster on a CPU than on a GPU. **Predict** how many rounds of
# sixteen episodes it takes until the pole stands for 300 steps.

# %%
torch.manual_seed(0)
net = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 2))
optimizer = torch.optim.Adam(net.parameters(), lr=0.01)
lengths = []
for round_ in range(device.budget(80)):
    obs, actions, rewards, alive = play(poles, lambda o: torch.multinomial(net(o).softmax(-1), 1)[:, 0], seed=round_)
    reinforce_step(net, optimizer, obs, actions, advantages(rewards, alive, 0.99), alive)
    lengths.append(alive.sum(dim=0).float())
reached["pole, REINFORCE"] = torch.stack(lengths[-10:]).mean().item()
print(f"the last ten rounds: {reached['pole, REINFORCE']:.0f} steps on average")
plt.figure(figsize=(6, 2.6))
plt.plot(torch.stack(lengths), color="tab:blue", alpha=0.25, linewidth=0.6)
plt.plot(torch.stack(lengths).mean(dim=1), color="tab:red")
plt.xlabel("round")
plt.ylabel("steps that the pole stood")
plt.tight_layout()

# %% [markdown]
# Before you feel proud, meet a rule that nobody has trained: push to the side to which the pole leans or is falling.
# **Predict** how long the pole stands.

# %%
_, _, _, alive = play(poles, lambda obs: (obs[:, 2] + obs[:, 3] > 0).long(), seed=0)
reached["pole, one fixed rule"] = alive.sum(dim=0).float().mean().item()
print(f"{reached['pole, one fixed rule']:.0f} steps, by one line, without learning")

# %% [markdown]
# A high return does not prove that anything has *learnt*. What would? (You will be asked at the end.)
#
# *Further reading:* Williams, "Simple statistical gradient-following algorithms" (1992), which is REINFORCE; Sutton and Barto,
# chapter 13; OpenAI's *Spinning Up in Deep RL*, part 3.
#
# ## 13 · Two famous losses
#
# **Deep Q-learning.** Put a network where the table was. Then each step moves all the values a little, the target
# among them, like a dog that chases its tail. DQN holds the target still: it comes from a *copy* of the network that is
# renewed only now and then, and no gradient flows through it. And since Q-learning is off-policy, it may learn from
# steps that are long past: they are kept in a **replay buffer** and drawn at random. (Both tricks are needed: a network,
# guesses learnt from guesses, and off-policy data can diverge together. Sutton and Barto call them the deadly triad,
# section 11.3.)
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
def measured(dqn_loss, w, w_target, obs, actions, rewards, next_obs, terminated, gamma):
    """The loss with two linear networks, and the gradients that arrive in them; one network if w_target is None."""
    import torch

    def linear(weight):
        layer = torch.nn.Linear(weight.shape[1], weight.shape[0], bias=False)
        layer.weight.data = weight.clone()
        return layer

    net = linear(w)
    target_net = net if w_target is None else linear(w_target)
    loss = dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma)
    loss.backward()
    grads = [layer.weight.grad for layer in (net, target_net)]
    return loss.item(), *[torch.zeros_like(w) if grad is None else grad.clone() for grad in grads]


def examples(rng):
    ends, copy = torch.tensor([0.0, 1.0, 0.0]), rng.tensor(2, 4)

    def loss(w, obs, actions, rewards, next_obs):
        return dqn_loss(lambda x: x @ w.T, lambda x: x @ copy.T, obs, actions, rewards, next_obs, ends, 0.9)

    steps = {"obs": rng.tensor(3, 4), "actions": torch.tensor([1, 0, 1]), "rewards": rng.tensor(3)}
    yield checks.example(loss, {"w": rng.tensor(2, 4), **steps, "next_obs": rng.tensor(3, 4)})


with checks.check("two steps, the second one the last of its episode", hint="which of the two has a future?"):
    w, w_target = torch.tensor([[1.0], [2.0]]), torch.tensor([[3.0], [-1.0]])
    steps = (torch.tensor([[1.0], [2.0]]), torch.tensor([1, 0]), torch.tensor([1.0, -1.0]))
    steps = (*steps, torch.tensor([[2.0], [1.0]]), torch.tensor([0.0, 1.0]), 0.5)
    checks.close(checks.on_student_side(measured, dqn_loss, w, w_target, *steps)[0], 6.5)


### BEGIN HIDDEN TESTS
def by_hand(w, w_target, obs, actions, rewards, next_obs, terminated, gamma):
    """The same, step by step."""
    loss, slope, n = 0.0, torch.zeros_like(w), len(obs)
    for k in range(n):
        target = rewards[k].item()
        if terminated[k] == 0:
            target += gamma * max((w_target @ next_obs[k]).tolist())
        error = (w[actions[k]] @ obs[k]).item() - target
        loss += error**2 / n
        slope[actions[k]] += 2 * error / n * obs[k]
    return loss, slope


def steps_of(rng, n, actions, gamma):
    """Two sets of weights, and a batch in which every third step is the last of its episode."""
    batch = (rng.tensor(n, 4), rng.integers(n, low=0, high=actions - 1), 3 * rng.tensor(n), rng.tensor(n, 4))
    batch[2][1::4] = 0  # steps that bring nothing, some of them the last of their episode
    return rng.tensor(actions, 4), rng.tensor(actions, 4), (*batch, (torch.arange(n) % 3 == 0).float(), gamma)


def without_hope(w, w_target, batch):
    """The same, where everything ahead is worth less than nothing."""
    return w, -w_target.abs(), (*batch[:3], batch[3].abs(), *batch[4:])


rng = checks.rng()
cases = [
    steps_of(rng, rng.integer(14, 18), 3, rng.uniform(0.5, 0.9)),
    steps_of(rng, 5, 5, 0.99),
    without_hope(*steps_of(rng, 8, 2, 0.8)),
    steps_of(rng, 1, 3, 0.9),
    steps_of(rng, 4, 4, 1.0),
    steps_of(rng, 150, 2, 0.9),
]
with checks.check(
    "the loss of any batch", hint="the copy looks ahead, the network judges what was done; which shapes meet?"
):
    for w, w_target, batch in cases:
        got = checks.on_student_side(measured, dqn_loss, w, w_target, *batch)[0]
        checks.close(got, by_hand(w, w_target, *batch)[0], rtol=1e-3)
with checks.check("the gradient reaches the network, and not the copy", hint="what must autograd not see?"):
    for w, w_target, batch in cases:
        _, slope, leaked = checks.on_student_side(measured, dqn_loss, w, w_target, *batch)
        checks.close(slope, by_hand(w, w_target, *batch)[1], rtol=1e-3, atol=1e-4)
        checks.close(leaked, torch.zeros(w.shape))
with checks.check("also when both are one network", hint="the target is a fixed number, whoever made it"):
    w, _, batch = cases[0]
    got = checks.on_student_side(measured, dqn_loss, w, None, *batch)
    checks.close(got[0], by_hand(w, w, *batch)[0], rtol=1e-3)
    checks.close(got[1], by_hand(w, w, *batch)[1], rtol=1e-3, atol=1e-4)
### END HIDDEN TESTS

# %% [markdown]
# **Proximal policy optimisation** (PPO) goes the other way. It wants several steps from the same episodes, which a plain
# policy gradient does not allow. So it weights each advantage by how much more (or less) likely the action is now than
# it was when it was taken, the *ratio* $\rho = \pi_\theta(a \mid s) / \pi_{\text{old}}(a \mid s)$, and takes away the
# reason to move that ratio far from 1. The objective is the mean of
#
# $$\min\big(\rho\, A,\ \operatorname{clip}(\rho, 1 - \varepsilon, 1 + \varepsilon)\, A\big)$$
#
# (Its older cousin TRPO allows only steps after which old and new policy differ by a small KL divergence. That is more
# principled, and more work.)
#
# ### Exercise: the loss of PPO
# difficulty 3/5 · 8 minutes · cards: ppo, trpo
#
# Fill the blanks. The loss is minus the objective.


# %% solution="ppo_loss" promises="leaves-inputs, differentiable(log_prob), tensors, any-float"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    """Minus the clipped objective, a mean over the batch; all three tensors are (batch,)."""
    ratio = (log_prob - old_log_prob).exp()  # ? log_prob - old_log_prob | exp
    clipped = ratio.clamp(1 - clip, 1 + clip)  # ? 1 - clip, 1 + clip
    return -torch.minimum(ratio * advantage, clipped * advantage).mean()  # ? torch.minimum | clipped * advantage


# %% tests="ppo_loss" points=4
def examples(rng):
    moved = torch.tensor([1.0, 0.1, -0.1, -1.0]) + 0.05 * rng.tensor(4, low=-1, high=1)  # out of reach of the limits
    old, good = -1 - rng.tensor(4, low=0, high=1), torch.tensor([1.0, -1.0, 1.0, -1.0]) * rng.tensor(4, low=0.5)
    yield checks.example(ppo_loss, {"log_prob": old + moved, "old": old, "advantage": good, "clip": 0.3})


with checks.check("a policy that has not moved", hint="every ratio is 1"):
    lp = torch.tensor([-1.0, -2.0, -0.5])
    checks.close(ppo_loss(lp, lp, torch.tensor([1.0, -2.0, 4.0]), 0.2), -1.0)
with checks.check("a good action that is twice as likely now", hint="how much of the gain is still rewarded?"):
    checks.close(ppo_loss(torch.tensor([2.0]).log(), torch.zeros(1), torch.tensor([3.0]), 0.2), -3.6, rtol=1e-4)


### BEGIN HIDDEN TESTS
def slow(new, old, good, clip):
    """The objective case by case: gains end at the clip, losses do not; and its slope for each new log-probability."""
    gains, slopes = [], []
    for now, before, a in zip(new.tolist(), old.tolist(), good.tolist(), strict=True):
        ratio = math.exp(now - before)
        beyond = ratio > 1 + clip if a > 0 else ratio < 1 - clip
        gains.append(a * (1 + clip if a > 0 else 1 - clip) if beyond else a * ratio)
        slopes.append(0.0 if beyond else -a * ratio / len(new))
    return -sum(gains) / len(new), slopes


def batch(rng, clip):
    """Old and new log-probabilities: far away, just inside and just outside of both limits; good and bad of each."""
    limits = [math.log(1 + clip) + d for d in (-0.02, 0.02)] + [math.log(1 - clip) + d for d in (-0.02, 0.02)]
    moved = torch.tensor([2.5, -2.5, 1.2, -1.2, 0.5, -0.5, 0.0, *limits])
    moved = torch.cat([moved, moved, 0.5 * rng.tensor(rng.integer(5, 9))])
    good = torch.cat([torch.ones(11), -torch.ones(11), rng.tensor(len(moved) - 22)]) * rng.tensor(len(moved), low=0.5)
    good = torch.where(torch.arange(len(good)) % 11 == 6, 0.0, good)  # neither good nor bad, and yet part of the mean
    old = -1 - rng.tensor(len(moved), low=0, high=1)
    return old + moved, old, good


rng = checks.rng()
with checks.check("all four cases: better or worse, more or less likely", hint="clip protects only from further gains"):
    for clip in (rng.uniform(0.15, 0.3), 0.1, 0.5):
        new, old, good = batch(rng, clip)
        checks.close(ppo_loss(new, old, good, clip), slow(new, old, good, clip)[0], rtol=1e-3, atol=1e-5)
        for part in (slice(0, 1), slice(11, 12)):  # one alone, so that nothing can cancel
            alone = (new[part], old[part], good[part], clip)
            checks.close(ppo_loss(*alone), slow(*alone)[0], rtol=1e-3, atol=1e-5)
with checks.check("the gradient ends where the clip begins", hint="the smaller of two numbers, for each step"):
    for clip in (rng.uniform(0.15, 0.3), 0.1, 0.5):
        new, old, good = batch(rng, clip)
        right = slow(new, old, good, clip)[1]
        checks.gradient(
            lambda x, old=old, good=good, clip=clip: ppo_loss(x, old, good, clip), new, right, rtol=1e-3, atol=1e-5
        )
### END HIDDEN TESTS

# %% [markdown]
# **Predict** the form of the two curves before you run the cell: the objective of a single step over the ratio, for an
# action that was good and for one that was bad.

# %%
ratios = torch.linspace(0.4, 1.8, 100)
plt.figure(figsize=(6, 2.6))
for good in (1.0, -1.0):
    objective = [-ppo_loss(r.log()[None], torch.zeros(1), torch.tensor([good]), 0.2).item() for r in ratios]
    plt.plot(ratios, objective, label=f"advantage {good:+.0f}")
plt.axvline(1, color="grey", linewidth=0.5)
plt.xlabel("ratio")
plt.ylabel("objective")
plt.legend()
plt.tight_layout()

# %% [markdown]
# Now use it. This agent is made of your parts: `play` gives episodes, your `advantages` judges their steps, and your
# `ppo_loss` takes *eight* steps from the same sixteen episodes, where REINFORCE dares one. (Dividing the advantages by
# their spread is a habit of PPO's authors: the learning rate then means the same in every world.) **Predict:** how many
# rounds does it need, compared with the 80 of REINFORCE?

# %%
torch.manual_seed(0)
agent = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 2))
optimizer, lengths = torch.optim.Adam(agent.parameters(), lr=0.01), []
for round_ in range(device.budget(40)):
    obs, actions, rewards, alive = play(poles, lambda o: torch.multinomial(agent(o).softmax(-1), 1)[:, 0], seed=round_)
    good = advantages(rewards, alive, 0.99)[alive]
    obs, actions, good = obs[alive], actions[alive], good / good.std()
    old = categorical_log_prob(agent(obs), actions).detach()
    for _ in range(8):
        optimizer.zero_grad()
        ppo_loss(categorical_log_prob(agent(obs), actions), old, good, 0.2).backward()
        optimizer.step()
    lengths.append(alive.sum(dim=0).float().mean())
reached["pole, your PPO"] = torch.stack(lengths[-5:]).mean().item()
plt.figure(figsize=(6, 2.4))
plt.plot(lengths, color="tab:red")
plt.xlabel("round")
plt.ylabel("steps that the pole stood")
plt.tight_layout()

# %% [markdown]
# About half: over five seeds PPO passed 300 steps after 12 to 22 rounds, REINFORCE after 30 to 39. But each of its rounds
# takes eight steps of the optimiser, and in the end both balance the pole.
#
# **Watch** it beside what it was before its first round: the same start, the first 120 steps, without chance (the likelier
# push each time). An episode is over when the pole leans by 12 degrees, so one of the two stops early.

# %%
from IPython.display import HTML
from matplotlib import animation

torch.manual_seed(0)
beginner = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 2))
films, drawn = [], []
figure, axes = plt.subplots(1, 2, figsize=(7, 2), dpi=72, layout="tight")
for axis, player, name in zip(axes, (beginner, agent), ("before training", "after"), strict=True):
    obs, _, _, alive = play(poles, lambda o, player=player: player(o).argmax(-1), seed=1)
    films.append(obs[alive[:, 0], 0][: device.budget(120) : 2])
    axis.set(xlim=(-2.4, 2.4), ylim=(-0.2, 1.2), yticks=[], title=name)
    drawn.append(
        (*axis.plot([], [], "s", color="tab:blue", markersize=14), *axis.plot([], [], "tab:orange", linewidth=4))
    )


def show(step):
    """Cart and pole as the observation says; the pole is one metre long. Who has fallen stays where it fell."""
    for film, (cart, pole) in zip(films, drawn, strict=True):
        x, _, angle, _ = film[min(step, len(film) - 1)].tolist()
        cart.set_data([x], [0])
        pole.set_data([x, x + math.sin(angle)], [0, math.cos(angle)])


watched = HTML(animation.FuncAnimation(figure, show, frames=len(films[1]), interval=40).to_jshtml())
plt.close(figure)  # or the notebook would show it once more, standing still
watched

# %% [markdown]
# **Now you can** train an agent with a policy gradient that you wrote from its first line to its last.
#
# *Further reading:* Mnih et al., "Human-level control through deep reinforcement learning" (Nature, 2015), for DQN; Schulman et
# al., "Proximal Policy Optimization Algorithms" (2017), arXiv 1707.06347; "Trust Region Policy Optimization" (2015),
# arXiv 1502.05477; CleanRL, whose programs fit on a page each.
