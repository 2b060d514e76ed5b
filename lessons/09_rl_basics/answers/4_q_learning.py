# Answers to the exercises of 4_q_learning.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="q_learning: a random number hits a boundary once in 2^53 draws"
# - action = random.randrange(actions) if random.random() < epsilon else int(Q[state].argmax())
# + action = random.randrange(actions) if random.random() <= epsilon else int(Q[state].argmax())


# %% right="q_learning: with the functions from above"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for _ in range(games):
        state, _ = env.reset()
        while True:
            action = choose(Q[state], epsilon)
            after, reward, terminated, truncated, _ = env.step(action)
            nudge(Q, (state, action), q_learning_target(reward, terminated, Q[after], gamma), alpha)
            state = after
            if terminated or truncated:
                break
    return Q


# %% right="q_learning: lists, random among equals, doubles"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = [[0.0] * actions for _ in range(states)]
    for _ in range(games):
        state, over = env.reset()[0], False
        while not over:
            best = [a for a in range(actions) if Q[state][a] == max(Q[state])]
            action = random.choice(best)
            if torch.rand(()) < epsilon:
                action = int(torch.randint(actions, ()))
            after, reward, terminated, truncated, _ = env.step(action)
            target = reward + gamma * max(Q[after]) * (1 - terminated)
            Q[state][action] = (1 - alpha) * Q[state][action] + alpha * target
            state, over = after, terminated | truncated
    return torch.tensor(Q, dtype=torch.float64)


# %% right="q_learning: action_space.sample"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for _game in range(games):
        s, _info = env.reset()
        terminated = truncated = False
        while not (terminated or truncated):
            if random.random() < epsilon:
                a = int(env.action_space.sample())
            else:
                a = Q[s].argmax().item()
            s2, r, terminated, truncated, _info = env.step(a)
            target = r + gamma * (not terminated) * Q[s2].max()
            Q[s, a] = Q[s, a] + alpha * (target - Q[s, a])
            s = s2
    return Q


# %% right="q_learning: numpy table"
import numpy as np


def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = np.zeros((states, actions))
    for _ in range(games):
        s = env.reset(seed=None)[0]
        done = False
        while not done:
            a = np.random.randint(actions) if np.random.rand() < epsilon else np.argmax(Q[s])
            s2, r, term, trunc, _ = env.step(int(a))
            Q[s, a] += alpha * (r + (0 if term else gamma * Q[s2].max()) - Q[s, a])
            s, done = s2, term or trunc
    return torch.tensor(Q)


# %% wrong="q_learning: bootstraps past the end"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for _ in range(games):
        state, _ = env.reset()
        over = False
        while not over:
            action = random.randrange(actions) if random.random() < epsilon else int(Q[state].argmax())
            next_state, reward, terminated, truncated, _ = env.step(action)
            Q[state, action] += alpha * (reward + gamma * Q[next_state].max() - Q[state, action])
            state, over = next_state, terminated or truncated
    return Q


# %% wrong="q_learning: takes a game that was stopped for one that ended"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for _ in range(games):
        state, _ = env.reset()
        over = False
        while not over:
            action = random.randrange(actions) if random.random() < epsilon else int(Q[state].argmax())
            next_state, reward, terminated, truncated, _ = env.step(action)
            over = terminated or truncated
            future = 0.0 if over else gamma * Q[next_state].max()
            Q[state, action] += alpha * (reward + future - Q[state, action])
            state = next_state
    return Q


# %% wrong="q_learning: never moves on to the next state"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for _ in range(games):
        state, _ = env.reset()
        over = False
        while not over:
            action = random.randrange(actions) if random.random() < epsilon else int(Q[state].argmax())
            next_state, reward, terminated, truncated, _ = env.step(action)
            future = 0.0 if terminated else gamma * Q[next_state].max()
            Q[state, action] += alpha * (reward + future - Q[state, action])
            over = terminated or truncated
    return Q


# %% wrong="q_learning: SARSA's target with a random action"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for _ in range(games):
        state, _ = env.reset()
        over = False
        while not over:
            action = random.randrange(actions) if random.random() < epsilon else int(Q[state].argmax())
            next_state, reward, terminated, truncated, _ = env.step(action)
            future = 0.0 if terminated else gamma * Q[next_state, random.randrange(actions)]
            Q[state, action] += alpha * (reward + future - Q[state, action])
            state, over = next_state, terminated or truncated
    return Q


# %% wrong="q_learning: explores when it should not"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for _ in range(games):
        state, _ = env.reset()
        over = False
        while not over:
            action = random.randrange(actions) if random.random() > epsilon else int(Q[state].argmax())
            next_state, reward, terminated, truncated, _ = env.step(action)
            future = 0.0 if terminated else gamma * Q[next_state].max()
            Q[state, action] += alpha * (reward + future - Q[state, action])
            state, over = next_state, terminated or truncated
    return Q


# %% wrong="q_learning: goes on after a game was stopped"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for _ in range(games):
        state, _ = env.reset()
        terminated = False
        while not terminated:
            action = random.randrange(actions) if random.random() < epsilon else int(Q[state].argmax())
            next_state, reward, terminated, _stopped, _ = env.step(action)
            future = 0.0 if terminated else gamma * Q[next_state].max()
            Q[state, action] += alpha * (reward + future - Q[state, action])
            state = next_state
    return Q


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


# %% right="q_learning: closes the environment"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for _ in range(games):
        state, info = env.reset()
        done = False
        while not done:
            if torch.rand(()) < epsilon:
                action = int(torch.randint(actions, ()))
            else:
                action = Q[state].argmax().item()
            after, reward, terminated, truncated, info = env.step(action)
            target = reward + gamma * Q[after].max() * (not terminated)
            Q[state, action] += alpha * (target - Q[state, action])
            state, done = after, terminated or truncated
    env.close()
    return Q


# %% right="q_learning: asks the spaces, seeds the first reset"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(env.observation_space.n, env.action_space.n)
    env.action_space.seed(3)
    for game in range(games):
        state, _ = env.reset(seed=0 if game == 0 else None)
        over = False
        while not over:
            explore = random.random() < epsilon
            action = int(env.action_space.sample()) if explore else int(torch.argmax(Q[state]))
            after, reward, terminated, truncated, _ = env.step(action)
            ahead = 0.0 if terminated else Q[after].max().item()
            Q[state, action] = (1 - alpha) * Q[state, action] + alpha * (reward + gamma * ahead)
            state, over = after, terminated or truncated
    return Q


# %% wrong="q_learning: decides once an episode whether it explores"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for _ in range(games):
        state, _ = env.reset()
        over, explore = False, random.random() < epsilon
        while not over:
            action = random.randrange(actions) if explore else int(Q[state].argmax())
            after, reward, terminated, truncated, _ = env.step(action)
            future = 0.0 if terminated else gamma * Q[after].max()
            Q[state, action] += alpha * (reward + future - Q[state, action])
            state, over = after, terminated or truncated
    return Q


# %% wrong="q_learning: explores with probability epsilon squared"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for _ in range(games):
        state, _ = env.reset()
        over = False
        while not over:
            action = random.randrange(actions) if random.random() < epsilon**2 else int(Q[state].argmax())
            after, reward, terminated, truncated, _ = env.step(action)
            future = 0.0 if terminated else gamma * Q[after].max()
            Q[state, action] += alpha * (reward + future - Q[state, action])
            state, over = after, terminated or truncated
    return Q


# %% wrong="q_learning: explores only the other actions"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for _ in range(games):
        state, _ = env.reset()
        over = False
        while not over:
            action = int(Q[state].argmax())
            if random.random() < epsilon:
                action = random.choice([a for a in range(actions) if a != action])
            after, reward, terminated, truncated, _ = env.step(action)
            future = 0.0 if terminated else gamma * Q[after].max()
            Q[state, action] += alpha * (reward + future - Q[state, action])
            state, over = after, terminated or truncated
    return Q


# %% wrong="q_learning: explores less and less"
def q_learning(env, states, actions, games, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for game in range(games):
        state, _ = env.reset()
        over = False
        while not over:
            explore = random.random() < epsilon * (1 - game / games)
            action = random.randrange(actions) if explore else int(Q[state].argmax())
            after, reward, terminated, truncated, _ = env.step(action)
            future = 0.0 if terminated else gamma * Q[after].max()
            Q[state, action] += alpha * (reward + future - Q[state, action])
            state, over = after, terminated or truncated
    return Q


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


# %% wrong="q_learning: seeds its own chance"
def q_learning(env, states, actions, episodes, alpha, gamma, epsilon):
    random.seed(0)
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


# %% wrong="q_learning: no future below zero"
def q_learning(env, states, actions, episodes, alpha, gamma, epsilon):
    Q = torch.zeros(states, actions)
    for _ in range(episodes):
        (state, _), over = env.reset(), False
        while not over:
            action = random.randrange(actions) if random.random() < epsilon else int(Q[state].argmax())
            after, reward, terminated, truncated, _ = env.step(action)
            future = 0.0 if terminated else gamma * Q[after].max().clamp(min=0)
            Q[state, action] += alpha * (reward + future - Q[state, action])
            state, over = after, terminated or truncated
    return Q


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
