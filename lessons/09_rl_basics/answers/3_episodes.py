# Answers to the exercises of 3_episodes.py, right and wrong: what `course audit` grades. No student sees them.

# %% equivalent="bandit: choose changes nothing, so copies are as good"
# spoiler: choose works on copies


# %% equivalent="bandit: a random number hits a boundary once in 2^53 draws"
# - if random.random() < epsilon:
# + if random.random() <= epsilon:


# %% right="bandit: by torch, and a weighted mean"
def choose(Q, epsilon):
    if torch.rand(()) >= epsilon:
        return Q.argmax().item()
    return torch.randint(len(Q), ()).item()


def learn(Q, N, arm, reward):
    Q[arm] = (Q[arm] * N[arm] + reward) / (N[arm] + 1)
    N[arm] = N[arm] + 1


# %% right="bandit: one draw from a mixture of probabilities"
def choose(Q, epsilon):
    chances = torch.full((len(Q),), epsilon / len(Q))
    chances[Q.argmax()] += 1 - epsilon
    return int(torch.multinomial(chances, 1))


def learn(Q, N, arm, reward):
    N[arm] += 1
    step = 1 / N[arm]
    Q[arm] = (1 - step) * Q[arm] + step * reward


# %% right="bandit: numpy draws, item"
import numpy as np


def choose(Q, epsilon):
    if np.random.rand() < epsilon:
        return int(np.random.randint(len(Q)))
    return Q.tolist().index(max(Q.tolist()))


def learn(Q, N, arm, reward):
    total = Q[arm].item() * N[arm].item() + reward
    N[arm] += 1
    Q[arm] = total / N[arm].item()


# %% wrong="bandit: never explores"
def choose(Q, epsilon):
    return int(Q.argmax())


def learn(Q, N, arm, reward):
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: explores only the other arms"
def choose(Q, epsilon):
    best = int(Q.argmax())
    if random.random() < epsilon:
        return random.choice([arm for arm in range(len(Q)) if arm != best])
    return best


def learn(Q, N, arm, reward):
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: epsilon the wrong way round"
def choose(Q, epsilon):
    if random.random() > epsilon:
        return random.randrange(len(Q))
    return int(Q.argmax())


def learn(Q, N, arm, reward):
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: divides by the count before this pull"
def choose(Q, epsilon):
    if random.random() < epsilon:
        return random.randrange(len(Q))
    return int(Q.argmax())


def learn(Q, N, arm, reward):
    Q[arm] += (reward - Q[arm]) / (N[arm] if N[arm] > 0 else 2)
    N[arm] += 1


# %% wrong="bandit: one count for all arms"
def choose(Q, epsilon):
    if random.random() < epsilon:
        return random.randrange(len(Q))
    return int(Q.argmax())


def learn(Q, N, arm, reward):
    N += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% right="monte_carlo: lists of returns"
def monte_carlo(games, states, gamma):
    seen = [[] for _ in range(states)]
    for game in games:
        G, all_returns = 0.0, []
        for _, reward in game[::-1]:
            G = gamma * G + reward
            all_returns.append(G)
        met = set()
        for (state, _), value in zip(game, all_returns[::-1], strict=True):
            if state not in met:
                met.add(state)
                seen[state].append(value)
    return torch.tensor([sum(values) / len(values) if values else 0.0 for values in seen])


# %% right="monte_carlo: a running mean"
def monte_carlo(games, states, gamma):
    V, N = torch.zeros(states, dtype=torch.float64), torch.zeros(states)
    for game in games:
        rewards = torch.tensor([float(reward) for _, reward in game])
        visited = [state for state, _ in game]
        for state in set(visited):
            tail = rewards[visited.index(state) :]
            value = (tail * gamma ** torch.arange(len(tail))).sum()
            N[state] += 1
            V[state] += (value - V[state]) / N[state]
    return V


# %% right="monte_carlo: every prefix looked at"
def monte_carlo(games, states, gamma):
    out = [[] for _ in range(states)]
    for game in games:
        for t, (s, _) in enumerate(game):
            if s in [x for x, _ in game[:t]]:
                continue
            g = 0.0
            for k, (_, r) in enumerate(game[t:]):
                g += gamma**k * r
            out[s].append(g)
    return torch.tensor([sum(v) / max(1, len(v)) for v in out])


# %% wrong="monte_carlo: every visit"
def monte_carlo(games, states, gamma):
    total, count = torch.zeros(states), torch.zeros(states)
    for game in games:
        ahead = 0.0
        for state, reward in reversed(game):
            ahead = reward + gamma * ahead
            total[state] += ahead
            count[state] += 1
    return total / count.clamp(min=1)


# %% wrong="monte_carlo: the last visit"
def monte_carlo(games, states, gamma):
    total, count = torch.zeros(states), torch.zeros(states)
    for game in games:
        ahead, found = 0.0, {}
        for state, reward in reversed(game):
            ahead = reward + gamma * ahead
            found.setdefault(state, ahead)
        for state, value in found.items():
            total[state] += value
            count[state] += 1
    return total / count.clamp(min=1)


# %% wrong="monte_carlo: divides by all the games"
def monte_carlo(games, states, gamma):
    total = torch.zeros(states)
    for game in games:
        ahead, first = 0.0, {}
        for state, reward in reversed(game):
            ahead = reward + gamma * ahead
            first[state] = ahead
        for state, value in first.items():
            total[state] += value
    return total / len(games)


# %% wrong="monte_carlo: the reward instead of the return"
def monte_carlo(games, states, gamma):
    total, count = torch.zeros(states), torch.zeros(states)
    for game in games:
        first = dict(reversed(game))
        for state, value in first.items():
            total[state] += value
            count[state] += 1
    return total / count.clamp(min=1)


# %% wrong="monte_carlo: nan where nobody was"
def monte_carlo(games, states, gamma):
    total, count = torch.zeros(states), torch.zeros(states)
    for game in games:
        ahead, first = 0.0, {}
        for state, reward in reversed(game):
            ahead = reward + gamma * ahead
            first[state] = ahead
        for state, value in first.items():
            total[state] += value
            count[state] += 1
    return total / count


# %% wrong="bandit: a private memory of its own"
PAID = {}


def choose(Q, epsilon):
    return random.randrange(len(Q)) if random.random() < epsilon else int(Q.argmax())


def learn(Q, N, arm, reward):
    paid = PAID.setdefault((id(Q), arm), [])
    paid.append(reward)
    N[arm] = len(paid)
    Q[arm] = sum(paid) / len(paid)


# %% wrong="bandit: explores with probability epsilon squared"
def choose(Q, epsilon):
    return random.randrange(len(Q)) if random.random() < epsilon**2 else int(Q.argmax())


def learn(Q, N, arm, reward):
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: a tensor when it explores"
def choose(Q, epsilon):
    return torch.randint(len(Q), ()) if random.random() < epsilon else int(Q.argmax())


def learn(Q, N, arm, reward):
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: a mean as long as it is positive"
def choose(Q, epsilon):
    if random.random() < epsilon:
        return random.randrange(len(Q))
    return int(Q.clamp(min=0).argmax())


def learn(Q, N, arm, reward):
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="monte_carlo: turns the caller's episodes round"
def monte_carlo(games, states, gamma):
    total, count = torch.zeros(states), torch.zeros(states)
    for game in games:
        ahead, first = 0.0, {}
        game.reverse()
        for state, reward in game:
            ahead = reward + gamma * ahead
            first[state] = ahead
        for state, value in first.items():
            total[state] += value
            count[state] += 1
    return total / count.clamp(min=1)


# %% wrong="monte_carlo: takes the caller's episodes apart"
def monte_carlo(games, states, gamma):
    total, count = torch.zeros(states), torch.zeros(states)
    while games:
        game, ahead, first = games.pop(), 0.0, {}
        for state, reward in reversed(game):
            ahead = reward + gamma * ahead
            first[state] = ahead
        for state, value in first.items():
            total[state] += value
            count[state] += 1
    return total / count.clamp(min=1)


# %% wrong="bandit: breaks ties by noise that stays in the table"
def choose(Q, epsilon):
    Q += 1e-4 * torch.rand(len(Q))
    if random.random() < epsilon:
        return random.randrange(len(Q))
    return int(Q.argmax())


def learn(Q, N, arm, reward):
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: a mean of 0 is taken for no pull"
def choose(Q, epsilon):
    return random.randrange(len(Q)) if random.random() < epsilon else int(Q.argmax())


def learn(Q, N, arm, reward):
    if Q[arm] == 0:
        N[arm] = 0
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: the step stays at a tenth after ten pulls"
def choose(Q, epsilon):
    return random.randrange(len(Q)) if random.random() < epsilon else int(Q.argmax())


def learn(Q, N, arm, reward):
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) * max(float(1 / N[arm]), 0.1)


# %% wrong="bandit: tries arms with Q of 0 first"
def choose(Q, epsilon):
    if random.random() < epsilon:
        return random.randrange(len(Q))
    if (Q == 0).any():
        return int((Q == 0).int().argmax())
    return int(Q.argmax())


def learn(Q, N, arm, reward):
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: explores among the first ten arms"
def choose(Q, epsilon):
    if random.random() < epsilon:
        return random.randrange(min(10, len(Q)))
    return int(Q.argmax())


def learn(Q, N, arm, reward):
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="monte_carlo: the first hundred episodes"
def monte_carlo(episodes, states, gamma):
    total, count = torch.zeros(states), torch.zeros(states)
    for episode in episodes[:100]:
        ahead, first = 0.0, {}
        for state, reward in reversed(episode):
            ahead = reward + gamma * ahead
            first[state] = ahead
        for state, value in first.items():
            total[state] += value
            count[state] += 1
    return total / count.clamp(min=1)


# %% wrong="monte_carlo: the first hundred steps of an episode"
def monte_carlo(episodes, states, gamma):
    total, count = torch.zeros(states), torch.zeros(states)
    for episode in episodes:
        ahead, first = 0.0, {}
        for state, reward in reversed(episode[:100]):
            ahead = reward + gamma * ahead
            first[state] = ahead
        for state, value in first.items():
            total[state] += value
            count[state] += 1
    return total / count.clamp(min=1)


# %% equivalent="targets: a target changes nothing, so copies are as good"
# spoiler: sarsa_target works on copies
# spoiler: expected_sarsa_target works on copies
# spoiler: q_learning_target works on copies


# %% equivalent="targets: a tensor of one number steps as far"
# - error = float(target - table[place])
# + error = target - table[place]


# %% right="targets: with ifs"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward if terminated else reward + gamma * float(next_q[next_action])


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward if terminated else reward + gamma * next_pi @ next_q


def q_learning_target(reward, terminated, next_q, gamma):
    return reward if terminated else reward + gamma * max(next_q)


def nudge(table, place, target, alpha):
    old = table[place].item()
    table[place] = (1 - alpha) * old + alpha * target
    return target - old


# %% right="targets: a number for what is left"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + (1 - terminated) * gamma * next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + (1 - terminated) * gamma * torch.dot(next_q, next_pi)


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + (1 - terminated) * gamma * next_q.amax()


def nudge(table, place, target, alpha):
    error = target - table[place]
    table[place] = table[place] + alpha * error
    return error


# %% right="targets: item and floats"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    later = 0.0 if terminated else next_q[next_action].item()
    return gamma * later + reward


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    later = 0.0 if terminated else sum(p * q for p, q in zip(next_pi.tolist(), next_q.tolist(), strict=True))
    return gamma * later + reward


def q_learning_target(reward, terminated, next_q, gamma):
    later = 0.0 if terminated else max(next_q.tolist())
    return gamma * later + reward


def nudge(table, place, target, alpha):
    diff = target - table[place].item()
    table[place] = table[place].item() + alpha * diff
    return diff


# %% wrong="targets: bootstraps past the end"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (next_pi * next_q).sum()


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * next_q.max()


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% wrong="targets: the whole target disappears at the end"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return (reward + gamma * next_q[next_action]) * (not terminated)


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return (reward + gamma * (next_pi * next_q).sum()) * (not terminated)


def q_learning_target(reward, terminated, next_q, gamma):
    return (reward + gamma * next_q.max()) * (not terminated)


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% wrong="targets: SARSA takes the best action too"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * next_q.max() * (not terminated)


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (next_pi * next_q).sum() * (not terminated)


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * next_q.max() * (not terminated)


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% wrong="targets: steps away from the target"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * next_q[next_action] * (not terminated)


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (next_pi * next_q).sum() * (not terminated)


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * next_q.max() * (not terminated)


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] -= alpha * error
    return error


# %% wrong="targets: moves all the way"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * next_q[next_action] * (not terminated)


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (next_pi * next_q).sum() * (not terminated)


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * next_q.max() * (not terminated)


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] = target
    return error


# %% wrong="targets: a mean without the policy"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * next_q[next_action] * (not terminated)


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * next_q.mean() * (not terminated)


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * next_q.max() * (not terminated)


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% wrong="targets: nothing ahead is worth less than nothing"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * next_q[next_action] * (not terminated)


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (next_pi * next_q).sum() * (not terminated)


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * next_q.max().clamp(min=0) * (not terminated)


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% wrong="targets: nudges up only"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * next_q[next_action] * (not terminated)


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (next_pi * next_q).sum() * (not terminated)


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * next_q.max() * (not terminated)


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * max(error, 0.0)
    return error


# %% wrong="targets: clears the values of the next state where there is none"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    next_q.mul_(gamma * (not terminated))
    return reward + next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (next_pi * next_q).sum() * (not terminated)


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * next_q.max() * (not terminated)


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% wrong="targets: nudge never steps further than three"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * (1 - terminated) * next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (1 - terminated) * (next_pi * next_q).sum()


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * (1 - terminated) * next_q.max()


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += max(-3, min(3, alpha * error))
    return error
