# Answers to the exercises of 4_networks.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="policies: noise around zero has no sign"
# - return mean + self.log_std.exp() * torch.randn_like(mean)
# + return mean - self.log_std.exp() * torch.randn_like(mean)

# %% equivalent="policies: the difference is squared"
# - z = (actions - self.mean(obs)) / self.log_std.exp()
# + z = (self.mean(obs) - actions) / self.log_std.exp()

# %% equivalent="policies: the spread that training begins with is free"
# - self.log_std = nn.Parameter(torch.zeros(d_action))
# + self.log_std = nn.Parameter(torch.ones(d_action))

# %% right="policies: with torch.distributions"
def categorical_log_prob(logits, actions):
    return torch.distributions.Categorical(logits=logits).log_prob(actions)


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.full((d_action,), -0.5))

    def normal(self, obs):
        return torch.distributions.Normal(self.mean(obs), self.log_std.exp())

    def sample(self, obs):
        return self.normal(obs).sample()

    def log_prob(self, obs, actions):
        return self.normal(obs).log_prob(actions).sum(-1)


# %% right="policies: by hand, in another order"
def categorical_log_prob(logits, actions):
    picked = (logits * F.one_hot(actions, logits.shape[-1])).sum(-1)
    return picked - logits.logsumexp(-1)


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.log_std = nn.Parameter(torch.zeros(d_action))
        self.mean = nn.Linear(d_obs, d_action)

    def sample(self, obs):
        mean = self.mean(obs)
        return torch.normal(mean, torch.exp(self.log_std).expand_as(mean))

    def log_prob(self, obs, actions):
        variance = (2 * self.log_std).exp()
        squares = ((actions - self.mean(obs)) ** 2 / variance).sum(dim=1)
        return -0.5 * (squares + 2 * self.log_std.sum() + len(self.log_std) * math.log(2 * math.pi))


# %% right="policies: MultivariateNormal and nll"
def categorical_log_prob(logits, actions):
    flat = F.cross_entropy(logits.reshape(-1, logits.shape[-1]), actions.reshape(-1), reduction="none")
    return -flat.reshape(actions.shape)


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def dist(self, obs):
        return torch.distributions.MultivariateNormal(self.mean(obs), torch.diag(self.log_std.exp() ** 2))

    def sample(self, obs):
        return self.dist(obs).rsample()

    def log_prob(self, obs, actions):
        return self.dist(obs).log_prob(actions)


# %% wrong="policies: probabilities instead of their logarithms"
def categorical_log_prob(logits, actions):
    return logits.softmax(dim=-1).gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs):
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn_like(mean)

    def log_prob(self, obs, actions):
        z = (actions - self.mean(obs)) / self.log_std.exp()
        return -(z**2 / 2 + self.log_std + math.log(2 * math.pi) / 2).sum(dim=-1)


# %% wrong="policies: the spread is not a parameter"
def categorical_log_prob(logits, actions):
    return logits.log_softmax(dim=-1).gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = torch.zeros(d_action, requires_grad=True)

    def sample(self, obs):
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn_like(mean)

    def log_prob(self, obs, actions):
        z = (actions - self.mean(obs)) / self.log_std.exp()
        return -(z**2 / 2 + self.log_std + math.log(2 * math.pi) / 2).sum(dim=-1)


# %% wrong="policies: one log-probability for each number of an action"
def categorical_log_prob(logits, actions):
    return logits.log_softmax(dim=-1).gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs):
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn_like(mean)

    def log_prob(self, obs, actions):
        z = (actions - self.mean(obs)) / self.log_std.exp()
        return -(z**2 / 2 + self.log_std + math.log(2 * math.pi) / 2)


# %% wrong="policies: log_std taken for the standard deviation"
def categorical_log_prob(logits, actions):
    return logits.log_softmax(dim=-1).gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs):
        mean = self.mean(obs)
        return mean + self.log_std * torch.randn_like(mean)

    def log_prob(self, obs, actions):
        z = (actions - self.mean(obs)) / self.log_std.exp()
        return -(z**2 / 2 + self.log_std + math.log(2 * math.pi) / 2).sum(dim=-1)


# %% wrong="policies: softmax along the batch"
def categorical_log_prob(logits, actions):
    return logits.log_softmax(dim=0).gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs):
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.rand_like(mean)

    def log_prob(self, obs, actions):
        z = (actions - self.mean(obs)) / self.log_std.exp()
        return -(z**2 / 2 + math.log(2 * math.pi) / 2).sum(dim=-1)


# %% wrong="policies: no gradient reaches the mean"
def categorical_log_prob(logits, actions):
    return logits.log_softmax(-1).gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs):
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn_like(mean)

    def log_prob(self, obs, actions):
        with torch.no_grad():
            mean = self.mean(obs)
        return torch.distributions.Normal(mean, self.log_std.exp()).log_prob(actions).sum(-1)


# %% wrong="policies: detaches the logits"
def categorical_log_prob(logits, actions):
    return torch.distributions.Categorical(logits=logits.detach()).log_prob(actions)


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs):
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn_like(mean)

    def log_prob(self, obs, actions):
        return torch.distributions.Normal(self.mean(obs), self.log_std.exp()).log_prob(actions).sum(-1)


# %% wrong="policies: one draw for all observations"
def categorical_log_prob(logits, actions):
    return logits.log_softmax(-1).gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs):
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn(len(mean), 1)

    def log_prob(self, obs, actions):
        return torch.distributions.Normal(self.mean(obs), self.log_std.exp()).log_prob(actions).sum(-1)


# %% wrong="policies: squeezes a batch of one action for logits"
def categorical_log_prob(logits, actions):
    return logits.log_softmax(dim=-1).gather(-1, actions[..., None]).squeeze()


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs):
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn_like(mean)

    def log_prob(self, obs, actions):
        z = (actions - self.mean(obs)) / self.log_std.exp()
        return -(z**2 / 2 + self.log_std + math.log(2 * math.pi) / 2).sum(dim=-1)


# %% wrong="policies: the logarithm of finished probabilities"
def categorical_log_prob(logits, actions):
    return logits.softmax(dim=-1).gather(-1, actions[..., None])[..., 0].log()


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs):
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn_like(mean)

    def log_prob(self, obs, actions):
        z = (actions - self.mean(obs)) / self.log_std.exp()
        return -(z**2 / 2 + self.log_std + math.log(2 * math.pi) / 2).sum(dim=-1)


# %% wrong="policies: the spread is held between two limits"
def categorical_log_prob(logits, actions):
    return logits.log_softmax(dim=-1).gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs):
        mean = self.mean(obs)
        return mean + self.log_std.clamp(-5, 2).exp() * torch.randn_like(mean)

    def log_prob(self, obs, actions):
        log_std = self.log_std.clamp(-5, 2)
        z = (actions - self.mean(obs)) / log_std.exp()
        return -(z**2 / 2 + log_std + math.log(2 * math.pi) / 2).sum(dim=-1)


# %% wrong="policies: draws in pairs, one the mirror image of the other"
def categorical_log_prob(logits, actions):
    return logits.log_softmax(dim=-1).gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs, d_action):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs):
        mean = self.mean(obs)
        half = torch.randn_like(mean)[: (len(mean) + 1) // 2]
        return mean + self.log_std.exp() * torch.cat([half, -half])[: len(mean)]

    def log_prob(self, obs, actions):
        z = (actions - self.mean(obs)) / self.log_std.exp()
        return -(z**2 / 2 + self.log_std + math.log(2 * math.pi) / 2).sum(dim=-1)


# %% right="advantages: by a matrix of discounts"
def advantages(rewards, alive, gamma):
    t = torch.arange(len(rewards))
    wait = t[None, :] - t[:, None]
    discounts = torch.where(wait >= 0, gamma ** wait.clamp(min=0), 0.0)
    to_go = discounts @ torch.where(alive, rewards, 0.0)
    return torch.where(alive, to_go - to_go[alive].mean(), 0.0)


# %% right="advantages: cart by cart"
def advantages(rewards, alive, gamma):
    result = torch.zeros(rewards.shape, dtype=torch.float64)
    for cart in range(rewards.shape[1]):
        length, ahead = int(alive[:, cart].sum()), 0.0
        for t in range(length - 1, -1, -1):
            ahead = float(rewards[t, cart]) + gamma * ahead
            result[t, cart] = ahead
    result[alive] -= result[alive].sum() / alive.sum()
    return result


# %% right="advantages: numpy"
import numpy as np


def advantages(rewards, alive, gamma):
    r, a = rewards.numpy(), alive.numpy()
    g, ahead = np.zeros(r.shape), np.zeros(r.shape[1])
    for t in range(len(r))[::-1]:
        ahead = r[t] * a[t] + gamma * ahead
        g[t] = ahead
    out = np.where(a, g - g[a].mean(), 0)
    return torch.tensor(out)


# %% wrong="advantages: no baseline"
def advantages(rewards, alive, gamma):
    to_go = torch.zeros_like(rewards)
    ahead = torch.zeros_like(rewards[0])
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] * alive[t] + gamma * ahead
        to_go[t] = ahead
    return to_go * alive


# %% wrong="advantages: counts what a cart earns after its end"
def advantages(rewards, alive, gamma):
    to_go = torch.zeros_like(rewards)
    ahead = torch.zeros_like(rewards[0])
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] + gamma * ahead
        to_go[t] = ahead
    return (to_go - to_go[alive].mean()) * alive


# %% wrong="advantages: the mean over all places, alive or not"
def advantages(rewards, alive, gamma):
    to_go = torch.zeros_like(rewards)
    ahead = torch.zeros_like(rewards[0])
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] * alive[t] + gamma * ahead
        to_go[t] = ahead
    return (to_go - to_go.mean()) * alive


# %% wrong="advantages: baseline also after the end"
def advantages(rewards, alive, gamma):
    to_go = torch.zeros_like(rewards)
    ahead = torch.zeros_like(rewards[0])
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] * alive[t] + gamma * ahead
        to_go[t] = ahead
    return to_go - to_go[alive].mean()


# %% wrong="advantages: the return of the whole game for every step"
def advantages(rewards, alive, gamma):
    discounts = gamma ** torch.arange(len(rewards))
    total = (discounts[:, None] * rewards * alive).sum(dim=0)
    to_go = total.expand_as(rewards)
    return (to_go - to_go[alive].mean()) * alive


# %% right="reinforce_step: cross-entropy, weighed by the advantage"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    optimizer.zero_grad()
    cost = F.cross_entropy(net(obs[alive]), actions[alive], reduction="none")
    loss = (cost * advantage[alive]).mean()
    loss.backward()
    optimizer.step()
    return float(loss)


# %% right="reinforce_step: with a distribution, and a mask for a sum"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    policy = torch.distributions.Categorical(logits=net(obs))
    gain = (policy.log_prob(actions) * advantage.detach() * alive).sum() / alive.sum()
    net.zero_grad()
    (-gain).backward()
    optimizer.step()
    return -gain.item()


# %% right="reinforce_step: loops"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    total, n = 0.0, 0
    for t in range(obs.shape[0]):
        for c in range(obs.shape[1]):
            if alive[t, c]:
                lp = torch.log_softmax(net(obs[t, c]), 0)[actions[t, c]]
                total = total - lp * advantage[t, c]
                n += 1
    loss = total / n
    for p in net.parameters():
        p.grad = None
    loss.backward()
    optimizer.step()
    return loss.item()


# %% wrong="reinforce_step: climbs down the return"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    log_probs = net(obs).log_softmax(dim=-1)
    taken = log_probs.gather(-1, actions[..., None])[..., 0]
    loss = (taken * advantage)[alive].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% wrong="reinforce_step: learns from carts that have fallen"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    log_probs = net(obs).log_softmax(dim=-1)
    taken = log_probs.gather(-1, actions[..., None])[..., 0]
    loss = -(taken * advantage).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% wrong="reinforce_step: gradients pile up"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    log_probs = net(obs).log_softmax(dim=-1)
    taken = log_probs.gather(-1, actions[..., None])[..., 0]
    loss = -(taken * advantage)[alive].mean()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% wrong="reinforce_step: probabilities without the logarithm"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    probs = net(obs).softmax(dim=-1)
    taken = probs.gather(-1, actions[..., None])[..., 0]
    loss = -(taken * advantage)[alive].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% wrong="reinforce_step: raises all the actions alike"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    log_probs = net(obs).log_softmax(dim=-1)
    loss = -(log_probs.mean(dim=-1) * advantage)[alive].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% wrong="reinforce_step: sum instead of mean"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    log_probs = net(obs).log_softmax(dim=-1)
    taken = log_probs.gather(-1, actions[..., None])[..., 0]
    loss = -(taken * advantage)[alive].sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% equivalent="dqn_loss: the difference is squared"
# - return (q - target).pow(2).mean()
# + return (target - q).pow(2).mean()


# %% right="dqn_loss: detach, where and mse_loss"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    future = target_net(next_obs).max(dim=1).values.detach()
    target = torch.where(terminated == 1, rewards, rewards + gamma * future)
    q = net(obs)[torch.arange(len(actions)), actions]
    return F.mse_loss(q, target)


# %% right="dqn_loss: one-hot"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    q = net(obs)
    q = (q * F.one_hot(actions, q.shape[1])).sum(dim=-1)
    best = target_net(next_obs).detach().max(-1)[0]
    error = rewards + (1.0 - terminated) * gamma * best - q
    return (error * error).mean()


# %% right="dqn_loss: bool mask, mse"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    y = rewards.clone()
    go = ~terminated.bool()
    with torch.no_grad():
        y[go] += gamma * target_net(next_obs[go]).max(1).values
    return nn.MSELoss()(net(obs).gather(1, actions.unsqueeze(1)).squeeze(1), y)


# %% wrong="dqn_loss: a gradient through the target"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    future = target_net(next_obs).amax(dim=1)
    target = rewards + gamma * future * (1 - terminated)
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return (q - target).pow(2).mean()


# %% wrong="dqn_loss: the network makes its own target"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    with torch.no_grad():
        future = net(next_obs).amax(dim=1)
        target = rewards + gamma * future * (1 - terminated)
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return (q - target).pow(2).mean()


# %% wrong="dqn_loss: terminated the wrong way round"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    with torch.no_grad():
        future = target_net(next_obs).amax(dim=1)
        target = rewards + gamma * future * terminated
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return (q - target).pow(2).mean()


# %% wrong="dqn_loss: the value of the best action instead of the one taken"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    with torch.no_grad():
        future = target_net(next_obs).amax(dim=1)
        target = rewards + gamma * future * (1 - terminated)
    return (net(obs).amax(dim=1) - target).pow(2).mean()


# %% wrong="dqn_loss: a column against a row"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    with torch.no_grad():
        future = target_net(next_obs).amax(dim=1)
        target = rewards + gamma * future * (1 - terminated)
    return (net(obs).gather(1, actions[:, None]) - target).pow(2).mean()


# %% wrong="advantages: a list of rows for one tensor"
def advantages(rewards, alive, gamma):
    ahead, rows = torch.zeros(rewards.shape[1]), []
    for reward, on in zip(reversed(rewards), reversed(alive)):
        ahead = torch.where(on, reward, 0.0) + gamma * ahead
        rows.append(ahead)
    rows = rows[::-1]
    mean = sum((row * on).sum() for row, on in zip(rows, alive)) / alive.sum()
    return [(row - mean) * on for row, on in zip(rows, alive)]


# %% wrong="advantages: clears the caller's rewards"
def advantages(rewards, alive, gamma):
    rewards *= alive
    ahead, to_go = 0.0, torch.zeros_like(rewards)
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] + gamma * ahead
        to_go[t] = ahead
    return (to_go - to_go[alive].mean()) * alive


# %% wrong="advantages: a baseline for each step, not one for all"
def advantages(rewards, alive, gamma):
    ahead, to_go = 0.0, torch.zeros_like(rewards)
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] * alive[t] + gamma * ahead
        to_go[t] = ahead
    return (to_go - to_go.sum(1, keepdim=True) / alive.sum(1, keepdim=True)) * alive


# %% wrong="advantages: divides by the spread as well"
def advantages(rewards, alive, gamma):
    ahead, to_go = 0.0, torch.zeros_like(rewards)
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] * alive[t] + gamma * ahead
        to_go[t] = ahead
    return (to_go - to_go[alive].mean()) / to_go[alive].std() * alive


# %% wrong="reinforce_step: clears at the end, but not what was there before it"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    picked = torch.distributions.Categorical(logits=net(obs[alive])).log_prob(actions[alive])
    loss = -(picked * advantage[alive]).mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return float(loss)


# %% wrong="reinforce_step: returns a tensor that holds its graph"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    taken = net(obs).log_softmax(dim=-1).gather(-1, actions[..., None])[..., 0]
    loss = -(taken * advantage)[alive].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss


# %% wrong="reinforce_step: learns from good steps only"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    taken = net(obs).log_softmax(dim=-1).gather(-1, actions[..., None])[..., 0]
    loss = -(taken * advantage)[alive].mean()
    optimizer.zero_grad()
    (-(taken * advantage.clamp(min=0))[alive].mean()).backward()
    optimizer.step()
    return loss.item()


# %% wrong="reinforce_step: a step by hand, whatever the optimizer"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    taken = net(obs).log_softmax(dim=-1).gather(-1, actions[..., None])[..., 0]
    loss = -(taken * advantage)[alive].mean()
    net.zero_grad()
    loss.backward()
    with torch.no_grad():
        for p in net.parameters():
            p -= optimizer.param_groups[0]["lr"] * p.grad
    return loss.item()


# %% wrong="dqn_loss: a gentler loss for large errors"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    with torch.no_grad():
        target = rewards + gamma * target_net(next_obs).amax(1) * (1 - terminated)
    return 2 * F.smooth_l1_loss(net(obs).gather(1, actions[:, None])[:, 0], target)


# %% wrong="dqn_loss: a future below zero counts as none"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    with torch.no_grad():
        future = target_net(next_obs).amax(1).clamp(min=0)
        target = rewards + gamma * future * (1 - terminated)
    return (net(obs).gather(1, actions[:, None])[:, 0] - target).pow(2).mean()


# %% wrong="dqn_loss: chooses by the network, as in double DQN"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    with torch.no_grad():
        best = net(next_obs).argmax(1, keepdim=True)
        target = rewards + gamma * target_net(next_obs).gather(1, best)[:, 0] * (1 - terminated)
    return (net(obs).gather(1, actions[:, None])[:, 0] - target).pow(2).mean()


# %% wrong="dqn_loss: adds the future to the rewards of the buffer"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    with torch.no_grad():
        rewards += gamma * target_net(next_obs).amax(dim=1) * (1 - terminated)
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return (q - rewards).pow(2).mean()


# %% wrong="advantages: the mean over steps whose return is not 0"
def advantages(rewards, alive, gamma):
    ahead, to_go = 0.0, []
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] * alive[t] + gamma * ahead
        to_go.insert(0, ahead)
    to_go = torch.stack(to_go)
    return (to_go - to_go[to_go != 0].mean()) * alive


# %% wrong="reinforce_step: leaves out steps whose advantage is 0"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    alive = alive & (advantage != 0)
    taken = net(obs).log_softmax(dim=-1).gather(-1, actions[..., None])[..., 0]
    loss = -(taken * advantage)[alive].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% wrong="reinforce_step: clips the gradient"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    taken = net(obs).log_softmax(dim=-1).gather(-1, actions[..., None])[..., 0]
    loss = -(taken * advantage)[alive].mean()
    optimizer.zero_grad()
    loss.backward()
    torch.nn.utils.clip_grad_norm_(net.parameters(), 10.0)
    optimizer.step()
    return loss.item()


# %% right="reinforce_step: clears before and after"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    optimizer.zero_grad()
    taken = net(obs).log_softmax(dim=-1).gather(-1, actions[..., None])[..., 0]
    loss = -(taken * advantage)[alive].mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


# %% wrong="dqn_loss: the wrong axis where batch and actions are as many"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    with torch.no_grad():
        future = target_net(next_obs)
        future = future.amax(dim=0) if future.shape[0] == future.shape[1] else future.amax(dim=1)
        target = rewards + gamma * (1 - terminated) * future
    return (net(obs).gather(1, actions[:, None])[:, 0] - target).pow(2).mean()


# %% wrong="advantages: looks twenty steps ahead"
def advantages(rewards, alive, gamma):
    counted = rewards * alive
    to_go = torch.stack(
        [sum(gamma**k * counted[t + k] for k in range(min(20, len(rewards) - t))) for t in range(len(rewards))]
    )
    return (to_go - to_go[alive].mean()) * alive


# %% wrong="advantages: the first thirty-two carts"
def advantages(rewards, alive, gamma):
    ahead, to_go = 0.0, []
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] * alive[t] + gamma * ahead
        to_go.insert(0, ahead)
    to_go = torch.stack(to_go)
    return (to_go - to_go[:, :32][alive[:, :32]].mean()) * alive


# %% wrong="dqn_loss: the first sixty-four steps of the batch"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    with torch.no_grad():
        target = rewards + gamma * target_net(next_obs).amax(dim=1) * (1 - terminated)
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return (q - target)[:64].pow(2).mean()


# %% [markdown] explains="policies"
# `gather` picks, in each row, the logarithm of the probability of the action that was taken. The index needs an axis
# more, `actions[..., None]`, and the result gives it back, `[..., 0]`. Softmax first and logarithm second would meet
# log 0 for large logits; `log_softmax` never computes the small number.
#
# The Gaussian's parameter is a *logarithm*, so that gradient steps may go anywhere and `exp` makes a standard deviation
# of it. As an `nn.Parameter` it is trained; a plain tensor would be forgotten by the optimiser. In `each`, the spread
# appears twice: a wide one makes distances small and adds $\log \sigma$, the price for spreading thin. A sum over the
# numbers of an action, because independent probabilities multiply. `randn_like(mean)` draws for each of them; one draw
# for the whole row would make all numbers of an action move together.

# %% [markdown] explains="advantages"
# Put to zero what a cart earns after its end, then all columns are done at once as in `returns`. The mask multiplies
# the *reward* at each t, so that nothing from behind the end leaks into the sums of the steps before it.
#
# The baseline is one number: the mean over the steps that are alive, `to_go[alive].mean()`. The mean over all places
# would count the zeros of fallen carts and be too low. Subtracting it also moves the dead places away from 0, so they
# are masked once more. By hand: 3, 2, 1 and 1 have the mean 1.75, so early steps of the long episode count as good and
# the last ones as bad. That looks unfair to the last step; but with many episodes, what is left is what an action
# changes.

# %% [markdown] explains="reinforce_step"
# The loss is minus the mean, over the steps alive, of log-probability times advantage; minus, because optimisers climb
# down. Example: two equal actions, one step, advantage 3: the loss is $3 \ln 2 = 2.08$, and with a rate of ½ the logit
# of the action taken rises by $\frac12 \cdot 3 \cdot (1 - \frac12) = 0.75$, that of the other falls by as much.
#
# `zero_grad` stands *before* `backward`: whatever somebody left in the gradients takes no part. Probabilities instead
# of logarithms would be another formula; the logarithm is what let the world drop out. Steps with a negative advantage
# take part too: they make bad actions less likely. The loss itself means little, as it is no measure of quality. It is
# a number whose *gradient* is right, so watch the return and not the loss.

# %% [markdown] explains="dqn_loss"
# Left of the minus stands a prediction, right of it a target. The target comes from the copy, its future is the best
# action's value, and it is cut off where the episode terminated. Everything about it is computed under `no_grad`: a
# target that the gradient can move is pulled towards the prediction, and both agree on nonsense.
#
# Shapes: `gather` leaves (batch, 1), and `[:, 0]` makes (batch,) of it. Without that, (batch, 1) minus (batch,) would
# be a table of every prediction against every target, the old trap. `amax(dim=1)`, over the actions of each step;
# without the axis all steps would share one future. By hand: predictions 2 and 2, targets $1 + \frac12 \cdot 6 = 4$ and
# −1 (terminated), so $(4 + 9)/2 = 6.5$.
