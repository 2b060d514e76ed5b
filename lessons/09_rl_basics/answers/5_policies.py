# Answers to the exercises of 5_policies.py, right and wrong: what `course audit` grades. No student sees them.

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


# %% right="advantages: a list of rows"
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


# %% wrong="dqn_loss: adds the future to the rewards of the buffer"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    with torch.no_grad():
        rewards += gamma * target_net(next_obs).amax(dim=1) * (1 - terminated)
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return (q - rewards).pow(2).mean()


# %% wrong="ppo_loss: in single precision, whatever comes in"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = (log_prob.float() - old_log_prob.float()).exp()
    clipped = ratio.clamp(1 - clip, 1 + clip)
    return -torch.minimum(ratio * advantage.float(), clipped * advantage.float()).mean()


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


# %% wrong="ppo_loss: the mean over steps that were good or bad"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = (log_prob - old_log_prob).exp()
    gain = torch.minimum(ratio * advantage, ratio.clamp(1 - clip, 1 + clip) * advantage)
    return -gain.sum() / (advantage != 0).sum()


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
