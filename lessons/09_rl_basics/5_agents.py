# %% [markdown]
# ## 14 · Proximal policy optimisation
#
# **In this part you will** balance a pole with PPO, diagnose sick learners, repair an actor-critic, and compare agents.
#
# **Proximal policy optimisation** (PPO) wants several steps from the same episodes, which a plain policy gradient does
# not allow. So it weights each advantage by how much more (or less) likely the action is now than it was when it was
# taken, the *ratio* $\rho = \pi_\theta(a \mid s) / \pi_{\text{old}}(a \mid s)$, and takes away the reason to move that
# ratio far from 1. The objective is the mean of
#
# $$\min\big(\rho\, A,\ \operatorname{clip}(\rho, 1 - \varepsilon, 1 + \varepsilon)\, A\big)$$
#
# (Its older cousin TRPO allows only steps that change the policy by a small KL divergence: more principled, more work.)
#
# ### Exercise: the loss of PPO
# difficulty 3/5 · 8 minutes · cards: ppo, trpo
#
# Fill the blanks. The loss is minus the objective.


# %% solution="ppo_loss" promises="leaves-inputs, differentiable(log_prob), tensor, any-float"
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
    """Minus the objective, where gains end at the clip and losses do not, and its slope for each new log-probability."""
    ratio = (new.double() - old.double()).exp()
    limit = torch.where(good > 0, 1 + clip, 1 - clip)
    beyond = torch.where(good > 0, ratio > limit, ratio < limit)
    return -(torch.where(beyond, limit, ratio) * good).mean(), torch.where(beyond, 0.0, -good * ratio / len(new))


rng = checks.rng()
batches = []
for clip in (rng.uniform(0.15, 0.3), 0.1, 0.5):  # far away, just inside and just outside of both limits; good and bad
    limits = [math.log(limit) + d for limit in (1 + clip, 1 - clip) for d in (-0.02, 0.02)]
    moved = torch.tensor([2.5, -2.5, 1.2, -1.2, 0.5, -0.5, 0.0, *limits])
    moved = torch.cat([moved, moved, 0.5 * rng.tensor(rng.integer(5, 9))])
    good = torch.cat([torch.ones(11), -torch.ones(11), rng.tensor(len(moved) - 22)]) * rng.tensor(len(moved), low=0.5)
    good = torch.where(torch.arange(len(good)) % 11 == 6, 0.0, good)  # neither good nor bad, and yet part of the mean
    old = -1 - rng.tensor(len(moved), low=0, high=1)
    batches.append((old + moved, old, good, clip))
with checks.check("all four cases: better or worse, more or less likely", hint="clip protects only from further gains"):
    for *batch, clip in batches:
        for part in (slice(None), slice(0, 1), slice(11, 12)):  # one alone too, so that nothing can cancel
            some = (*(column[part] for column in batch), clip)
            checks.close(ppo_loss(*some), slow(*some)[0], rtol=1e-3, atol=1e-5)
with checks.check("the gradient ends where the clip begins", hint="the smaller of two numbers, for each step"):
    for new, *rest in batches:
        checks.gradient(lambda x, rest=rest: ppo_loss(x, *rest), new, slow(new, *rest)[1], rtol=1e-3, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# **Predict** the form of two curves: the objective of a single step over the ratio, for a good action and a bad one.

# %%
ratios = torch.linspace(0.4, 1.8, 100)
figure, axis = plt.subplots(figsize=(6, 2.6))
for good in (1.0, -1.0):
    objective = [-ppo_loss(r.log()[None], torch.zeros(1), torch.tensor([good]), 0.2).item() for r in ratios]
    axis.plot(ratios, objective, label=f"advantage {good:+.0f}")
axis.axvline(1, color="grey", linewidth=0.5)
axis.set(xlabel="ratio", ylabel="objective")
axis.legend()
figure.tight_layout()

# %% [markdown]
# Now use it: `play` gives episodes, your `advantages` judges them, and your `ppo_loss` takes *eight* steps from the
# same episodes, where REINFORCE dares one. (Dividing the advantages by their spread is a habit of PPO's authors: the
# learning rate then means the same in every world.) **Predict:** how many rounds, compared with REINFORCE's 80?

# %%
torch.manual_seed(0)
agent = nn.Sequential(nn.Linear(4, 32), nn.Tanh(), nn.Linear(32, 2))
optimizer, lengths = torch.optim.Adam(agent.parameters(), lr=0.01), []
for round_ in range(device.budget(40, 20)):
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
figure, axis = plt.subplots(figsize=(6, 2.4))
axis.plot(lengths, color="tab:red")
axis.set(xlabel="round", ylabel="steps that the pole stood")
figure.tight_layout()

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
    films.append(obs[alive[:, 0], 0][: device.budget(120, 20) : 2])
    axis.set(xlim=(-2.4, 2.4), ylim=(-0.2, 1.2), yticks=[], title=name)
    drawn.append(axis.plot([], [], "C0s", [], [], "C1-", markersize=14, linewidth=4))


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
# *Further reading:* Schulman et al., "Proximal Policy Optimization Algorithms" (2017), arXiv 1707.06347; "Trust Region
# Policy Optimization" (2015), arXiv 1502.05477; CleanRL, whose programs fit on a page each.
#
# ## 15 · Worlds that find one bug each
#
# A broken program for supervised learning usually shows it. A broken RL agent learns a bit worse, or later, or never,
# and so does a healthy one with a bad seed. Professionals therefore test on **probes**: worlds so small that you know
# the answer, each made to bring out one kind of bug.


# %% setup
class One:
    """One observation, one action, one step, reward 1."""

    observations, actions, length, rewards = 1, 1, 1, ((1.0,),)  # rewards: by observation, what each action pays

    def __init__(self):
        self.episodes, self.time = -1, 0
        self.action_space = gym.spaces.Discrete(self.actions)

    def reset(self, seed=None, options=None):
        self.episodes, self.time = self.episodes + 1, 0
        return self.seen(), {}

    def step(self, action):
        reward = self.rewards[self.seen()][int(action)]
        self.time += 1
        return self.seen(), reward, self.time == self.length, False, {}

    def seen(self):
        return 0


class Look(One):
    """Like One, but observation 0 pays -1 and observation 1 pays +1; they take turns."""

    observations, rewards = 2, ((-1.0,), (1.0,))

    def seen(self):
        return self.episodes % 2


class Act(One):
    """Like One, but with two actions: 0 pays -1 and 1 pays +1."""

    actions, rewards = 2, ((-1.0, 1.0),)


class Wait(One):
    """Two steps: from observation 0 to observation 1 for nothing, and from there to the end for 1."""

    observations, length, rewards = 2, 2, ((0.0,), (1.0,))

    def seen(self):
        return min(self.time, 1)


# %%
for probe in (One, Look, Act, Wait):
    Q = q_learning(probe(), probe.observations, probe.actions, 100, alpha=0.5, gamma=0.9, epsilon=0.5)
    print(f"{probe.__name__:5} {[[round(value, 2) for value in row] for row in Q.tolist()]}")

# %% [markdown]
# That is what a healthy Q-learner finds. Now four diseases:
#
# - **endless**: it adds the discounted best value of the next observation after the last step too;
# - **blind**: it keeps one row of values for all observations;
# - **clumsy**: it keeps one column of values for all actions;
# - **timeless**: it forgets the discount.
#
# ### Exercise: the doctor
# difficulty 4/5 · 15 minutes · cards: probe-worlds
#
# `learn` stands for a learner that you cannot look into. `learn(One())` trains it on that probe and returns its table,
# a tensor (observations, actions), and so for the others. Find out whether the learner is `"healthy"`, or which of the
# four diseases it has (never more than one). It has been trained until its values are accurate to 0.01. (Only where a
# blind or clumsy one has a single number for things of different worth can that number not settle.) `gamma` lies between
# 0.2 and 0.95. The order in which you try the probes matters: think of which disease shows on which of them.
#
# hint: Make a table on paper, four diseases by four probes. Begin with the probe on which only one disease shows.


# %% solution="diagnose" promises="leaves-inputs"
def diagnose(learn, gamma: float) -> str:
    """The name of the disease, or "healthy"."""
    ### BEGIN SOLUTION
    cases = (
        (One, [[1.0]], "endless"),
        (Look, [[-1.0], [1.0]], "blind"),
        (Act, [[-1.0, 1.0]], "clumsy"),
        (Wait, [[gamma], [1.0]], "timeless"),
    )
    for probe, right, disease in cases:
        if not learn(probe()).allclose(torch.tensor(right), atol=0.03):
            return disease
    return "healthy"
    ### END SOLUTION


# %% tests="diagnose" points=4
def learner(disease, gamma, alpha, episodes=16, off=0.008):
    """A Q-learner with that disease, which tries all actions in turn, and learns from its steps until its values rest."""

    def learn(probe):
        rows = 1 if disease == "blind" else probe.observations
        columns = 1 if disease == "clumsy" else probe.actions
        Q, steps = [[0.0] * columns for _ in range(rows)], []
        for episode in range(episodes):
            (seen, _), over = probe.reset(), False
            while not over:
                action = episode % probe.actions
                after, reward, over, _, _ = probe.step(action)
                steps.append((seen % rows, action % columns, after % rows, reward, over))
                seen = after
        for seen, action, after, reward, over in 60 * steps:
            ahead = max(Q[after]) * (1.0 if disease == "timeless" else gamma)
            target = reward if over and disease != "endless" else reward + ahead
            Q[seen][action] += alpha * (target - Q[seen][action])
        return torch.tensor(Q).expand(probe.observations, probe.actions) + off  # not quite exact

    return learn


def told(diagnose, tables):
    """The verdict on a learner that hands out these tables."""
    return diagnose(lambda probe: tables[type(probe).__name__], 0.5)


def examples(rng):
    rows = {"One": [[1.0]], "Look": [[-1.0], [1.0]], "Act": [[-1.0, 1.0]], "Wait": [[0.5], [1.0]]}
    tables = {name: torch.tensor(table) for name, table in rows.items()}
    yield checks.example(lambda tables: checks.on_student_side(told, diagnose, tables), {"tables": tables})


with checks.check("somebody healthy, and somebody who forgets the discount", hint="what does Wait pay when?"):
    checks.equal(diagnose(learner("healthy", 0.5, 0.6), 0.5), "healthy")
    checks.equal(diagnose(learner("timeless", 0.5, 0.6), 0.5), "timeless")
### BEGIN HIDDEN TESTS
rng = checks.rng()
discounts = (rng.uniform(0.4, 0.85), 0.2, 0.95)
with checks.check("healthy, whatever the discount", hint="the value of the first observation of Wait is gamma"):
    for known, off in itertools.product(discounts, (0.008, -0.008)):
        checks.equal(diagnose(learner("healthy", known, 0.65, off=off), known), "healthy")
with checks.check("finds out who cannot stop, and who forgets", hint="which probes show these, and which first?"):
    for disease, known, off in itertools.product(("endless", "timeless"), discounts, (0.008, -0.008)):
        checks.equal(diagnose(learner(disease, known, rng.uniform(0.6, 0.7), off=off), known), disease)
with checks.check("finds out who cannot see, and who cannot act", hint="on which probes do they fail, and who else?"):
    for disease, known, episodes in itertools.product(("blind", "clumsy"), discounts, (16, 17)):
        checks.equal(diagnose(learner(disease, known, rng.uniform(0.6, 0.7), episodes), known), disease)
### END HIDDEN TESTS

# %% [markdown]
# *Further reading:* Osband et al., "Behaviour Suite for Reinforcement Learning" (ICLR 2020), which grew from the same idea.
#
# ## 16 · Find the bug
#
# ### Exercise: the critic that flatters
# difficulty 4/5 · 12 minutes · cards: actor-critic
#
# An **actor-critic** has two parts: the actor is a policy, the critic learns values and gives the actor its baseline.
# A colleague wrote their common loss. It runs, the policy improves a little, and yet the critic's values are always too
# high. There is **one** mistake. Find it and repair it; all the signs are right, and so is the number that comes out.
#
# hint: Which tensors may the first loss change, and which the second?


# %% solution="actor_critic_loss" promises="leaves-inputs, differentiable(log_prob), tensor"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    """The loss of the policy plus value_weight times the loss of the critic; the three tensors are (batch,)."""
    ### BEGIN SOLUTION
    #! advantage = returns - values
    #! policy_loss = -(log_prob * advantage).mean()
    #! value_loss = (returns - values).pow(2).mean()
    #! return policy_loss + value_weight * value_loss
    advantage = returns - values.detach()
    policy_loss = -(log_prob * advantage).mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss
    ### END SOLUTION


# %% tests="actor_critic_loss" points=3
def examples(rng):
    given = {"log_prob": -rng.tensor(3, low=0.1), "values": rng.tensor(3), "returns": rng.tensor(3)}
    yield checks.example(actor_critic_loss, {**given, "value_weight": 0.5})


def slopes(log_prob, values, returns, weight):
    """The loss, and its gradients for log_prob and values."""
    lp, v = log_prob.clone().requires_grad_(), values.clone().requires_grad_()
    loss = actor_critic_loss(lp, v, returns, weight)
    loss.backward()
    return loss.detach(), lp.grad, v.grad


with checks.check("the critic wants nothing but the returns", hint="what does each of the two losses do to values?"):
    lp, v, g = torch.tensor([-1.0, -2.0]), torch.tensor([0.5, 1.0]), torch.tensor([1.5, 0.0])
    checks.close(slopes(lp, v, g, 0.5)[2], [-0.5, 0.5])


### BEGIN HIDDEN TESTS
def batch(n):
    """Log-probabilities, values and returns."""
    log_prob = -rng.tensor(n, low=0.1, high=2) * (torch.arange(n) != 2)  # one action was certain
    return log_prob, 2 * rng.tensor(n), 2 * rng.tensor(n)


rng = checks.rng()
with checks.check("the same for any batch, and the loss as large as before", hint="who gets a gradient from where?"):
    for n, weight in ((rng.integer(5, 9), rng.uniform(0.2, 0.8)), (1, 1.0), (4, 0.01), (150, 3.0)):
        lp, v, g = batch(n)
        loss, _, for_critic = slopes(lp, v, g, weight)
        checks.close(for_critic, 2 * weight * (v - g) / n, rtol=1e-4, atol=1e-5)
        checks.close(loss, (lp * (v - g) + weight * (v - g) ** 2).double().mean(), rtol=1e-4, atol=1e-5)
with checks.check("and both parts still learn", hint="neither of the two losses may lose its own gradient"):
    for n, weight in ((rng.integer(5, 9), 2.0), (3, 0.0)):
        lp, v, g = batch(n)
        _, for_policy, for_critic = slopes(lp, v, g, weight)
        checks.close(for_critic, 2 * weight * (v - g) / n, rtol=1e-4, atol=1e-5)
        checks.close(for_policy, (v - g) / n, rtol=1e-4, atol=1e-5)
### END HIDDEN TESTS

# %% [markdown]
# **Look** at what the mistake did. All returns are 1, so the critic should say 1.

# %%
value = torch.zeros(1, requires_grad=True)
for _ in range(200):
    loss = actor_critic_loss(torch.tensor([0.5]).log(), value, torch.ones(1), 0.5)
    (slope,) = torch.autograd.grad(loss, value)
    value.data -= 0.1 * slope
print(f"the critic says {value.item():.3f} (the colleague's said 1.693, and 0.693 is log 2: why?)")

# %% [markdown]
# *Further reading:* Sutton and Barto, section 13.5 (actor-critic methods).
#
# ## 17 · What did each of them reach?
#
# Your numbers beside known ones. Lakes and cliff after *planning* are exact; everything else depends on luck, and one
# run of sixteen poles is not a study. The published CartPole results come from other methods and up to half a million
# steps: they say what is possible, not what REINFORCE should reach. The pole counts as solved from a mean of 475.

# %% setup
known = {
    "lake 4x4, random steps": "0.014   exact, by the Bellman equation",
    "lake 4x4, gamma 0.99": "0.74    gymnasium: the optimum; solved from 0.70",
    "lake 4x4, with a clock": "0.74    the same",
    "lake 8x8, gamma 0.99": "0.91    gymnasium: the optimum; solved from 0.85",
    "lake 8x8, gamma 0.999": "0.91    the same",
    "lake 8x8, with a clock": "0.91    the same",
    "cliff, gamma 0.99": "-13     exact: the shortest way",
    "cliff, q_learning": "-13     Sutton and Barto, example 6.6",
    "cliff, sarsa": "-17     the way along the upper rows, example 6.6",
    "pole, random pushes": "22.8    measured for this course",
    "pole, one fixed rule": "488     of 600 poles, measured for this course",
    "pole, REINFORCE": "489 and 490   DQN and PPO, CleanRL's benchmark",
    "pole, your PPO": "490     PPO, CleanRL's benchmark",
}

# %%
if device.budget(5) < 5:
    print("run by the grader, which trains only briefly")
print(f"{'':28}{'yours':>9}   known or published")
for method, theirs in known.items():
    yours = f"{reached[method]:9.3f}" if method in reached else f"{'not yet':>9}"
    print(f"{method:28}{yours}   {theirs}")

# %% [markdown]
# Gymnasium's optimum for the large lake takes a policy with a clock; none of ours that see only the square gets there.
#
# ### Six questions
# Two to five sentences each are enough. Write as you would to somebody who has not taken this course.

# %% [markdown] question="markov_state" points=2
# **What is a state?** A pole is filmed, and the agent gets one still picture at a time. Is that a Markov state? If
# not, what could you give the agent instead? And why does a *full* state make it unnecessary to remember the past?
#
# ### BEGIN MARK SCHEME
# - 1 point: one picture is an observation without speeds, so the future depends on earlier pictures too: not Markov
#   (partially observable); give it several frames, speeds, or a memory such as a recurrent state.
# - 1 point: a Markov state makes the future independent of the past: whatever of the history matters is in it.
# - Half an answer: "not Markov, because one picture is too little" does not say what is missing: no first point.
# ### END MARK SCHEME

# %% [markdown] question="discount_choice" points=2
# **Patience.** On the large lake, γ = 0.9 reaches the goal less often than γ = 0.99. Explain why. Then name one reason
# for using a discount below 1 all the same.
#
# ### BEGIN MARK SCHEME
# - 1 point: with 0.9 a goal far away is worth next to nothing, so a shorter and riskier way looks better than a safe
#   detour; the policy is the best for another question than the one we count by.
# - 1 point: a sound reason: returns stay finite in episodes without end, less variance of returns, sweeps converge faster
#   (the error shrinks by γ), or later rewards really are less certain.
# - Half an answer: "0.9 is too impatient" repeats the title; the point is for what impatience makes it do on the ice.
# ### END MARK SCHEME

# %% [markdown] question="on_or_off" points=2
# **On-policy or off-policy?** Why does SARSA walk further from the cliff than Q-learning? Which of REINFORCE, SARSA,
# Q-learning and DQN may learn from episodes that somebody else has played, and why?
#
# ### BEGIN MARK SCHEME
# - 1 point: SARSA's target uses the action that really comes next, random ones included, so squares at the edge are
#   worth less; Q-learning's target supposes the best action.
# - 1 point: Q-learning and DQN, because their target does not depend on what the playing policy does next; REINFORCE
#   and SARSA learn about the policy that played.
# - Half an answer: "SARSA is on-policy, so it is more careful" names it and explains nothing: no first point.
# ### END MARK SCHEME

# %% [markdown] question="proof_of_learning" points=2
# **Has it learnt?** A friend shows an agent that keeps the pole up for 490 steps and says that this proves that her
# algorithm is right. What do you answer? Describe two checks that would say more.
#
# ### BEGIN MARK SCHEME
# - 1 point: a fixed rule reaches about the same without any learning, so a return proves nothing about the update; one
#   run or seed may also be luck.
# - 1 point: two of: compare one update with the formula on a tiny case, probe worlds with known values, the learning
#   curve from random weights over several seeds, compare with baselines (random, fixed rule).
# - Half an answer: "run it longer" or "show more episodes" measures the same return again: no second point.
# ### END MARK SCHEME

# %% [markdown] question="model_or_not" points=2
# **With or without rules.** Compare value iteration with Q-learning on the lake: what does each need to know, how many
# steps on real ice does it take, and what happens to each when the rules that it was given are slightly wrong?
#
# ### BEGIN MARK SCHEME
# - 1 point: value iteration is model-based: it needs T and R and no step on the ice; Q-learning is model-free: it needs
#   only steps, but thousands of them.
# - 1 point: a wrong model yields a policy that is the best for the wrong world (it exploits the model's errors);
#   Q-learning learns from the real world whatever the rules say.
# - Half an answer: "one is model-based, the other is not", without what each needs to know and to do: no first point.
# ### END MARK SCHEME

# %% [markdown] question="what_is_rewarded" points=2
# **What do you reward?** How does learning from reward differ from supervised learning? And a cleaning robot gets +1
# for each piece of dirt that it picks up: what might it learn, and what could you do when a goal is easier to recognise
# than to write down?
#
# ### BEGIN MARK SCHEME
# - 1 point: no right answer is given, only how good the outcome was, possibly late; the agent's own actions decide
#   which data it sees.
# - 1 point: it may drop dirt and pick it up again (a reward is not the same as what was meant); ask people which of two
#   behaviours is better and learn the reward from that, or infer it from demonstrations (inverse RL).
# - Half an answer: "it learns to clean badly" shows no way of getting the reward without doing what was meant: no point.
# ### END MARK SCHEME

# %% [markdown]
# ## What you have built
# From returns and the Bellman equation you came to plans, to tables that learn from steps, and to policies that climb
# their own gradient. **Now you can** say of an agent what it learns from, what it assumes, and how you would find out
# whether it learns at all: begin with a world so small that you know the answer.
#
# *Further reading:* Henderson et al., "Deep Reinforcement Learning that Matters" (2018), arXiv 1709.06560, on seeds and
# what one run proves; Huang et al., "The 37 Implementation Details of Proximal Policy Optimization" (ICLR blog, 2022).
