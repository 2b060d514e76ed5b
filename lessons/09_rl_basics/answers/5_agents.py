# Answers to the exercises of 5_agents.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="ppo_loss: the smaller of two numbers has no order"
# - return -torch.minimum(ratio * advantage, clipped * advantage).mean()
# + return -torch.minimum(clipped * advantage, ratio * advantage).mean()

# %% right="ppo_loss: where"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = torch.exp(log_prob - old_log_prob)
    bound = torch.where(advantage > 0, 1 + clip, 1 - clip) * advantage
    plain = ratio * advantage
    return -torch.where(plain < bound, plain, bound).mean()


# %% right="ppo_loss: quotient, stack and amin"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = log_prob.exp() / old_log_prob.exp()
    both = torch.stack([ratio, torch.clip(ratio, 1 - clip, 1 + clip)]) * advantage
    return (-both.amin(dim=0)).mean()


# %% right="ppo_loss: relu of what is too much"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = torch.exp(log_prob - old_log_prob)
    limit = (1 + clip * advantage.sign()) * advantage
    gain = ratio * advantage
    return (-(gain - F.relu(gain - limit))).mean()


# %% wrong="ppo_loss: clips and forgets the minimum"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = (log_prob - old_log_prob).exp()
    return -(ratio.clamp(1 - clip, 1 + clip) * advantage).mean()


# %% wrong="ppo_loss: maximum instead of minimum"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = (log_prob - old_log_prob).exp()
    return -torch.maximum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage).mean()


# %% wrong="ppo_loss: the ratio upside down"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = (old_log_prob - log_prob).exp()
    return -torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage).mean()


# %% wrong="ppo_loss: forgets the sign of the loss"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = (log_prob - old_log_prob).exp()
    return torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage).mean()


# %% wrong="ppo_loss: a difference instead of a ratio"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = 1 + log_prob.exp() - old_log_prob.exp()
    return -torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage).mean()


# %% wrong="ppo_loss: the logarithm of the ratio kept within one"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = (log_prob - old_log_prob).clamp(-1, 1).exp()
    return -torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage).mean()


# %% wrong="ppo_loss: clips the upper side only"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = (log_prob - old_log_prob).exp()
    return -torch.minimum(ratio * advantage, ratio.clamp(max=1 + clip) * advantage).mean()


# %% wrong="ppo_loss: a clip of one fifth, written down"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = (log_prob - old_log_prob).exp()
    return -torch.minimum(ratio * advantage, ratio.clamp(0.8, 1.2) * advantage).mean()


# %% wrong="ppo_loss: in single precision, whatever comes in"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = (log_prob.float() - old_log_prob.float()).exp()
    clipped = ratio.clamp(1 - clip, 1 + clip)
    return -torch.minimum(ratio * advantage.float(), clipped * advantage.float()).mean()


# %% wrong="ppo_loss: the mean over steps that were good or bad"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = (log_prob - old_log_prob).exp()
    gain = torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage)
    return -gain.sum() / (advantage != 0).sum()


# %% right="diagnose: one table for each probe, then questions"
def diagnose(learn, gamma):
    one, look, act, wait = (learn(probe()) for probe in (One, Look, Act, Wait))
    if one[0, 0] > 1.1:
        return "endless"
    if abs(look[0, 0] - look[1, 0]) < 0.5:
        return "blind"
    if abs(act[0, 0] - act[0, 1]) < 0.5:
        return "clumsy"
    return "timeless" if abs(wait[0, 0] - gamma) > abs(wait[0, 0] - 1) else "healthy"


# %% right="diagnose: actions before observations"
def diagnose(learn, gamma):
    def differs(probe, right):
        return not torch.allclose(learn(probe), torch.tensor(right), atol=0.04)

    if differs(One(), [[1.0]]):
        return "endless"
    if differs(Act(), [[-1.0, 1.0]]):
        return "clumsy"
    if differs(Look(), [[-1.0], [1.0]]):
        return "blind"
    if differs(Wait(), [[gamma], [1.0]]):
        return "timeless"
    return "healthy"


# %% right="diagnose: numbers by item, exact order of its own"
def diagnose(learn, gamma):
    if learn(One())[0][0].item() > 1.05:
        return "endless"
    a = learn(Act())
    if abs(a[0, 1].item() - 1) > 0.1:
        return "clumsy"
    b = learn(Look()).numpy()
    if abs(b[1, 0] - b[0, 0]) < 1:
        return "blind"
    w = learn(Wait()).tolist()
    return "healthy" if abs(w[0][0] - gamma) < 0.025 else "timeless"


# %% wrong="diagnose: tries the long game first"
def diagnose(learn, gamma):
    cases = (
        (Wait, [[gamma], [1.0]], "timeless"),
        (One, [[1.0]], "endless"),
        (Look, [[-1.0], [1.0]], "blind"),
        (Act, [[-1.0, 1.0]], "clumsy"),
    )
    for probe, right, disease in cases:
        if (learn(probe()) - torch.tensor(right)).abs().max() > 0.05:
            return disease
    return "healthy"


# %% wrong="diagnose: thinks that Wait pays at once"
def diagnose(learn, gamma):
    cases = (
        (One, [[1.0]], "endless"),
        (Look, [[-1.0], [1.0]], "blind"),
        (Act, [[-1.0, 1.0]], "clumsy"),
        (Wait, [[1.0], [1.0]], "timeless"),
    )
    for probe, right, disease in cases:
        if (learn(probe()) - torch.tensor(right)).abs().max() > 0.05:
            return disease
    return "healthy"


# %% wrong="diagnose: wants every digit to be right"
def diagnose(learn, gamma):
    cases = (
        (One, [[1.0]], "endless"),
        (Look, [[-1.0], [1.0]], "blind"),
        (Act, [[-1.0, 1.0]], "clumsy"),
        (Wait, [[gamma], [1.0]], "timeless"),
    )
    for probe, right, disease in cases:
        if not torch.equal(learn(probe()), torch.tensor(right)):
            return disease
    return "healthy"


# %% wrong="diagnose: mixes up two diseases"
def diagnose(learn, gamma):
    cases = (
        (One, [[1.0]], "endless"),
        (Look, [[-1.0], [1.0]], "clumsy"),
        (Act, [[-1.0, 1.0]], "blind"),
        (Wait, [[gamma], [1.0]], "timeless"),
    )
    for probe, right, disease in cases:
        if (learn(probe()) - torch.tensor(right)).abs().max() > 0.05:
            return disease
    return "healthy"


# %% equivalent="actor_critic_loss: the difference is squared"
# - value_loss = (returns - values).pow(2).mean()
# + value_loss = (values - returns).pow(2).mean()


# %% right="actor_critic_loss: no_grad"
def actor_critic_loss(log_prob, values, returns, value_weight):
    with torch.no_grad():
        advantage = returns - values
    policy_loss = -(log_prob * advantage).mean()
    return policy_loss + value_weight * F.mse_loss(values, returns)


# %% right="actor_critic_loss: the difference detached"
def actor_critic_loss(log_prob, values, returns, value_weight):
    error = returns - values
    return (value_weight * error**2 - log_prob * error.detach()).mean()


# %% right="actor_critic_loss: tensor of lists, item"
def actor_critic_loss(log_prob, values, returns, value_weight):
    policy = torch.zeros(())
    for lp, v, r in zip(log_prob, values, returns, strict=True):
        policy = policy - lp * (r.item() - v.item())
    return policy / len(values) + value_weight * nn.functional.mse_loss(values, returns)


# %% wrong="actor_critic_loss: as it was"
def actor_critic_loss(log_prob, values, returns, value_weight):
    advantage = returns - values
    policy_loss = -(log_prob * advantage).mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% wrong="actor_critic_loss: stops the critic too"
def actor_critic_loss(log_prob, values, returns, value_weight):
    advantage = returns - values.detach()
    policy_loss = -(log_prob * advantage).mean()
    value_loss = (returns - values.detach()).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% wrong="actor_critic_loss: stops the policy"
def actor_critic_loss(log_prob, values, returns, value_weight):
    advantage = returns - values.detach()
    policy_loss = -(log_prob.detach() * advantage).mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% wrong="actor_critic_loss: changes a sign instead"
def actor_critic_loss(log_prob, values, returns, value_weight):
    advantage = values - returns
    policy_loss = -(log_prob * advantage).mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% wrong="actor_critic_loss: no baseline any more"
def actor_critic_loss(log_prob, values, returns, value_weight):
    policy_loss = -(log_prob * returns).mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% wrong="diagnose: looks whether values are too large only"
def diagnose(learn, gamma):
    if learn(One())[0, 0] > 1.02:
        return "endless"
    if learn(Look())[0, 0] > -0.97:
        return "blind"
    if learn(Act())[0, 0] > -0.97:
        return "clumsy"
    return "timeless" if learn(Wait())[0, 0] > 0.9 else "healthy"


# %% wrong="actor_critic_loss: changes the values that it was given"
def actor_critic_loss(log_prob, values, returns, value_weight):
    difference = returns - values
    loss = -(log_prob * difference.detach()).mean() + value_weight * difference.pow(2).mean()
    with torch.no_grad():
        returns -= values
    return loss


# %% wrong="actor_critic_loss: the critic learns only where it says too little"
def actor_critic_loss(log_prob, values, returns, value_weight):
    policy_loss = -(log_prob * (returns - values.detach())).mean()
    value_loss = (returns - values).pow(2)
    value_loss = torch.where(returns > values, value_loss, value_loss.detach()).mean()
    return policy_loss + value_weight * value_loss


# %% wrong="diagnose: takes the right values away from the learner's own table"
def diagnose(learn, gamma):
    cases = (
        (One, [[1.0]], "endless"),
        (Look, [[-1.0], [1.0]], "blind"),
        (Act, [[-1.0, 1.0]], "clumsy"),
        (Wait, [[gamma], [1.0]], "timeless"),
    )
    for probe, right, disease in cases:
        if learn(probe()).sub_(torch.tensor(right)).abs().max() > 0.03:
            return disease
    return "healthy"


# %% wrong="actor_critic_loss: a step that was certain is left out"
def actor_critic_loss(log_prob, values, returns, value_weight):
    advantage = returns - values.detach()
    policy_loss = -(log_prob * advantage).sum() / (log_prob != 0).sum()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% right="diagnose: by the exact tables of all that come to rest"
def diagnose(learn, gamma):
    one, look, act, wait = learn(One()), learn(Look()), learn(Act()), learn(Wait())
    e = 1 / (1 - gamma)
    if torch.allclose(one, torch.tensor([[e]]), atol=0.011, rtol=0):
        return "endless"
    if look[0, 0] == look[1, 0]:
        return "blind"
    if act[0, 0] == act[0, 1]:
        return "clumsy"
    return "healthy" if torch.allclose(wait, torch.tensor([[gamma], [1.0]]), atol=0.011, rtol=0) else "timeless"


# %% wrong="actor_critic_loss: the first hundred steps"
def actor_critic_loss(log_prob, values, returns, value_weight):
    advantage = returns - values.detach()
    policy_loss = -(log_prob * advantage)[:100].mean()
    return policy_loss + value_weight * (returns - values)[:100].pow(2).mean()


# %% [markdown] explains="ppo_loss"
# The ratio is the exponential of a difference of logarithms, because log-probabilities are what one has, and quotients
# of tiny numbers are unsafe. Then two versions of the gain, and the *smaller* counts.
#
# Go through the four cases with ε = 0.2. Good and more likely than 1.2: the clipped one is smaller, no slope, enough
# was gained. Bad and less likely than 0.8: $-0.8$ is smaller than $-0.5$, no slope again. But good and *less* likely,
# or bad and *more* likely: the unclipped one is smaller, and its slope stays, to repair what went wrong. The clipped
# term alone would have no slope there either, and a step that went astray could never come back. The minimum is taken
# for each step and not for the two means. A ratio of 2 with the advantage 3 gives $\min(6, 3.6)$.

# %% [markdown] explains="diagnose"
# On paper: **One** has no second observation, no second action and no second step, so only *endless* is wrong there,
# with $1/(1 - \gamma)$ in place of 1. **Look** shows the blind, **Act** the clumsy, **Wait** the timeless, and each of
# them also shows the endless, who is known by then. Wait shows the blind as well. So the order is the solution: when a
# probe fails, all other diseases that show on it have been excluded before.
#
# The tolerance needs thought too. Values are accurate to 0.01, so it must be larger. With γ = 0.95, healthy (0.95) and
# timeless (1) differ by 0.05, so it must be smaller: 0.03 separates them. What a blind or clumsy learner says is one
# number for things worth −1 and 1. It may be any number between; it cannot be right for both. This is how one tests
# what one cannot look into: by worlds whose answers are known.

# %% [markdown] explains="actor_critic_loss"
# The policy's loss contains `values`, through the advantage. Its slope with respect to a value is `log_prob` divided by
# the batch, which is always negative: so the step *raises* every value, to make the advantages small and the loss with
# them. The critic is paid for flattering itself. `detach` makes the baseline a plain number in the first loss; the
# second goes on teaching the critic. The number that comes out is the same, which is why nobody saw it.
#
# In the demonstration below: $v - 1 + \log \frac12 = 0$ has the solution 1.693, that is, 1 + log 2. Cutting the
# gradient of the whole product would stop the actor, and a `detach` in the second loss the critic. As a habit: for each
# term of a loss ask *who* should learn from it, and cut the others off.
