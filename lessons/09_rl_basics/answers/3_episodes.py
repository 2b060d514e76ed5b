# Answers to the exercises of 3_episodes.py, right and wrong: what `course audit` grades. No student sees them.

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
