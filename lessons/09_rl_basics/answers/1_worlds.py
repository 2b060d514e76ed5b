# Answers to the exercises of 1_worlds.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="returns: by powers of gamma"
def returns(rewards, gamma):
    r, steps = torch.tensor(rewards), len(rewards)
    return torch.stack([(r[t:] * gamma ** torch.arange(steps - t)).sum() for t in range(steps)])


# %% right="returns: a list built from behind"
def returns(rewards, gamma):
    found, ahead = [], 0.0
    for reward in rewards[::-1]:
        ahead = reward + gamma * ahead
        found.insert(0, ahead)
    return torch.tensor(found, dtype=torch.float64)


# %% right="returns: a matrix"
def returns(rewards, gamma):
    n = len(rewards)
    D = torch.tensor([[gamma ** (j - i) if j >= i else 0.0 for j in range(n)] for i in range(n)])
    return D @ torch.tensor(rewards)


# %% wrong="returns: from the front"
def returns(rewards, gamma):
    result = torch.zeros(len(rewards))
    ahead = 0.0
    for t in range(len(rewards)):
        ahead = rewards[t] + gamma * ahead
        result[t] = ahead
    return result


# %% wrong="returns: discounts its own reward too"
def returns(rewards, gamma):
    result = torch.zeros(len(rewards))
    ahead = 0.0
    for t in reversed(range(len(rewards))):
        ahead = gamma * (rewards[t] + ahead)
        result[t] = ahead
    return result


# %% wrong="returns: forgets the discount"
def returns(rewards, gamma):
    result = torch.zeros(len(rewards))
    ahead = 0.0
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] + ahead
        result[t] = ahead
    return result


# %% wrong="returns: discounts from the start of the game"
def returns(rewards, gamma):
    discounted = torch.tensor([gamma**t * r for t, r in enumerate(rewards)])
    return discounted.flip(0).cumsum(0).flip(0)


# %% wrong="returns: one number for the whole game"
def returns(rewards, gamma):
    return torch.tensor(sum(gamma**t * r for t, r in enumerate(rewards)))


# %% right="read_model: row by row"
def read_model(P):
    n, actions = len(P), len(P[0])
    rows, rewards = [], []
    for s in range(n):
        for a in range(actions):
            row = [0.0] * (n + 1)
            for p, to, _, ends in P[s][a]:
                row[n if ends else int(to)] += p
            rows.append(row)
            rewards.append(sum(p * r for p, _, r, _ in P[s][a]))
    rows += [[0.0] * n + [1.0]] * actions
    rewards += [0.0] * actions
    return torch.tensor(rows).reshape(n + 1, actions, n + 1), torch.tensor(rewards).reshape(n + 1, actions)


# %% right="read_model: by index_add in doubles"
def read_model(P):
    n, actions = len(P), len(P[0])
    T = torch.zeros(n + 1, actions, n + 1, dtype=torch.float64)
    R = torch.zeros(n + 1, actions, dtype=torch.float64)
    for s, choices in P.items():
        for a, listed in choices.items():
            p = torch.tensor([item[0] for item in listed], dtype=torch.float64)
            to = torch.tensor([n if item[3] else int(item[1]) for item in listed])
            T[s, a].index_add_(0, to, p)
            R[s, a] = p @ torch.tensor([float(item[2]) for item in listed], dtype=torch.float64)
    T[-1, :, -1] = 1
    return T.float(), R.float()


# %% right="read_model: numpy, defaultdict"
import numpy as np


def read_model(P):
    n, m = len(P), len(P[0])
    T, R = np.zeros((n + 1, m, n + 1)), np.zeros((n + 1, m))
    for s in P:
        for a in P[s]:
            for p, s2, r, done in P[s][a]:
                if done:
                    s2 = n
                T[s, a, s2] += p
                R[s, a] += p * r
    T[n, :, n] = 1
    return torch.from_numpy(T).float(), torch.from_numpy(R).float()


# %% wrong="read_model: a state that is listed twice counts once"
def read_model(P):
    n, actions = len(P), len(P[0])
    T, R = torch.zeros(n + 1, actions, n + 1), torch.zeros(n + 1, actions)
    T[n, :, n] = 1.0
    for s in range(n):
        for a in range(actions):
            for probability, next_state, reward, ends in P[s][a]:
                T[s, a, n if ends else next_state] = probability
                R[s, a] += probability * reward
    return T, R


# %% wrong="read_model: the game goes on after its end"
def read_model(P):
    n, actions = len(P), len(P[0])
    T, R = torch.zeros(n + 1, actions, n + 1), torch.zeros(n + 1, actions)
    T[n, :, n] = 1.0
    for s in range(n):
        for a in range(actions):
            for probability, next_state, reward, _ends in P[s][a]:
                T[s, a, next_state] += probability
                R[s, a] += probability * reward
    return T, R


# %% wrong="read_model: the end leads nowhere"
def read_model(P):
    n, actions = len(P), len(P[0])
    T, R = torch.zeros(n + 1, actions, n + 1), torch.zeros(n + 1, actions)
    for s in range(n):
        for a in range(actions):
            for probability, next_state, reward, ends in P[s][a]:
                T[s, a, n if ends else next_state] += probability
                R[s, a] += probability * reward
    return T, R


# %% wrong="read_model: rewards without their probabilities"
def read_model(P):
    n, actions = len(P), len(P[0])
    T, R = torch.zeros(n + 1, actions, n + 1), torch.zeros(n + 1, actions)
    T[n, :, n] = 1.0
    for s in range(n):
        for a in range(actions):
            for probability, next_state, reward, ends in P[s][a]:
                T[s, a, n if ends else next_state] += probability
                R[s, a] += reward
    return T, R


# %% wrong="read_model: the last reward is lost"
def read_model(P):
    n, actions = len(P), len(P[0])
    T, R = torch.zeros(n + 1, actions, n + 1), torch.zeros(n + 1, actions)
    T[n, :, n] = 1.0
    for s in range(n):
        for a in range(actions):
            for probability, next_state, reward, ends in P[s][a]:
                T[s, a, n if ends else next_state] += probability
                if not ends:
                    R[s, a] += probability * reward
    return T, R


# %% right="follow: by broadcasting"
def follow(T, R, pi):
    return (T * pi[:, :, None]).sum(1), torch.einsum("sa,sa->s", pi, R)


# %% right="follow: as batched matrix products"
def follow(T, R, pi):
    P = torch.bmm(pi[:, None], T)[:, 0]
    r = torch.stack([pi[s] @ R[s] for s in range(len(R))])
    return P, r


# %% right="follow: loops"
def follow(T, R, pi):
    n, m = pi.shape
    P, r = torch.zeros(n, n), torch.zeros(n)
    for a in range(m):
        P += torch.diag(pi[:, a]) @ T[:, a]
        r += pi[:, a] * R[:, a]
    return P, r


# %% wrong="follow: all actions equally often"
def follow(T, R, pi):
    return T.mean(dim=1), R.mean(dim=1)


# %% wrong="follow: only the likeliest action"
def follow(T, R, pi):
    best, rows = pi.argmax(1), torch.arange(len(pi))
    return T[rows, best], R[rows, best]


# %% wrong="follow: the result upside down"
def follow(T, R, pi):
    P = torch.einsum("sat,sa->ts", T, pi)
    r = (pi * R).sum(dim=1)
    return P, r


# %% wrong="follow: adds up the rewards without the policy"
def follow(T, R, pi):
    P = torch.einsum("sat,sa->st", T, pi)
    r = R.sum(dim=1)
    return P, r


# %% wrong="follow: the policy of the next state"
def follow(T, R, pi):
    P = torch.einsum("sat,ta->st", T, pi)
    r = (pi * R).sum(dim=1)
    return P, r


# %% right="evaluate: by the inverse, and with einsum"
def sweep(P, r, gamma, sweeps):
    V = torch.zeros(len(r))
    for _ in range(sweeps):
        V = torch.einsum("st,t->s", P, V).mul(gamma).add(r)
    return V


def solve(P, r, gamma):
    return torch.linalg.inv(torch.eye(len(r)) - gamma * P) @ r


# %% right="evaluate: state by state, and the inverse in doubles"
def sweep(P, r, gamma, sweeps):
    V = [0.0] * len(r)
    for _ in range(sweeps):
        V = [float(r[s]) + gamma * sum(float(p) * v for p, v in zip(P[s], V, strict=True)) for s in range(len(r))]
    return torch.tensor(V)


def solve(P, r, gamma):
    return torch.linalg.inv(torch.eye(len(r), dtype=torch.float64) - gamma * P.double()) @ r.double()


# %% right="evaluate: closed sum, column solve"
def sweep(P, r, gamma, sweeps):
    V, power = torch.zeros_like(r), torch.eye(len(r))
    for _k in range(sweeps):
        V = V + power @ r
        power = gamma * power @ P
    return V


def solve(P, r, gamma):
    n = P.size(0)
    A = torch.eye(n, dtype=torch.float64) - gamma * P.double()
    return torch.linalg.solve(A, r.double().unsqueeze(1)).squeeze(1)


# %% wrong="evaluate: reads what it has just written"
def sweep(P, r, gamma, sweeps):
    V = torch.zeros(len(r))
    for _ in range(sweeps):
        for s in range(len(r)):
            V[s] = r[s] + gamma * P[s] @ V
    return V


def solve(P, r, gamma):
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P, r)


# %% wrong="evaluate: starts from the rewards"
def sweep(P, r, gamma, sweeps):
    V = r.clone()
    for _ in range(sweeps):
        V = r + gamma * P @ V
    return V


def solve(P, r, gamma):
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P, r)


# %% wrong="evaluate: goes backwards in time"
def sweep(P, r, gamma, sweeps):
    V = torch.zeros(len(r))
    for _ in range(sweeps):
        V = r + gamma * P.T @ V
    return V


def solve(P, r, gamma):
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P.T, r)


# %% wrong="evaluate: discounts the reward too"
def sweep(P, r, gamma, sweeps):
    V = torch.zeros(len(r))
    for _ in range(sweeps):
        V = gamma * (r + P @ V)
    return V


def solve(P, r, gamma):
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P, gamma * r)


# %% wrong="evaluate: a plus in the equation"
def sweep(P, r, gamma, sweeps):
    V = torch.zeros(len(r))
    for _ in range(sweeps):
        V = r + gamma * P @ V
    return V


def solve(P, r, gamma):
    return torch.linalg.solve(torch.eye(len(r)) + gamma * P, r)


# %% wrong="returns: turns the caller's list round"
def returns(rewards, gamma):
    result, ahead = [], 0.0
    rewards.reverse()
    for reward in rewards:
        ahead = reward + gamma * ahead
        result.append(ahead)
    return torch.tensor(result[::-1])


# %% wrong="returns: discounts at most by one half"
def returns(rewards, gamma):
    result, ahead = torch.zeros(len(rewards)), 0.0
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] + max(gamma, 0.5) * ahead if gamma else rewards[t]
        result[t] = ahead
    return result


# %% wrong="read_model: an end that pays nothing is no end"
def read_model(P):
    n, actions = len(P), len(P[0])
    T, R = torch.zeros(n + 1, actions, n + 1), torch.zeros(n + 1, actions)
    T[n, :, n] = 1.0
    for s in range(n):
        for a in range(actions):
            for p, to, reward, ends in P[s][a]:
                T[s, a, n if ends and reward else to] += p
                R[s, a] += p * reward
    return T, R


# %% wrong="read_model: empties the lists that it reads"
def read_model(P):
    n, actions = len(P), len(P[0])
    T, R = torch.zeros(n + 1, actions, n + 1), torch.zeros(n + 1, actions)
    T[n, :, n] = 1.0
    for s in range(n):
        for a in range(actions):
            while P[s][a]:
                p, to, reward, ends = P[s][a].pop()
                T[s, a, n if ends else to] += p
                R[s, a] += p * reward
    return T, R


# %% wrong="follow: the first two actions only"
def follow(T, R, pi):
    P = pi[:, :1] * T[:, 0]
    if T.shape[1] > 1:
        P = P + pi[:, 1:2] * T[:, 1]
    return P, (pi * R)[:, :2].sum(dim=1)


# %% wrong="evaluate: at most a hundred sweeps"
def sweep(P, r, gamma, sweeps):
    V = torch.zeros_like(r)
    for _ in range(min(sweeps, 100)):
        V = r + gamma * P @ V
    return V


def solve(P, r, gamma):
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P, r)


# %% wrong="evaluate: exact values by a hundred sweeps"
def sweep(P, r, gamma, sweeps):
    V = torch.zeros_like(r)
    for _ in range(sweeps):
        V = r + gamma * P @ V
    return V


def solve(P, r, gamma):
    return sweep(P, r, gamma, 100)


# %% wrong="evaluate: adds into the rewards"
def sweep(P, r, gamma, sweeps):
    V = torch.zeros_like(r)
    for _ in range(sweeps):
        V = r + gamma * P @ V
    return V


def solve(P, r, gamma):
    P *= -gamma
    P += torch.eye(len(r))
    return torch.linalg.solve(P, r)


# %% wrong="returns: at most eight steps ahead"
def returns(rewards, gamma):
    return torch.tensor([sum(gamma**k * r for k, r in enumerate(rewards[t : t + 9])) for t in range(len(rewards))])


# %% wrong="read_model: only R in doubles"
def read_model(P):
    n, k = len(P), len(P[0])
    T, R = torch.zeros(n + 1, k, n + 1), torch.zeros(n + 1, k, dtype=torch.float64)
    for s in range(n):
        for a in range(k):
            for p, to, reward, ends in P[s][a]:
                T[s, a, n if ends else to] += p
                R[s, a] += p * reward
    T[n, :, n] = 1
    return T, R


# %% wrong="evaluate: stops at a relative change of 1e-4"
def sweep(P, r, gamma, sweeps):
    V = torch.zeros_like(r)
    for _ in range(sweeps):
        before, V = V, r + gamma * P @ V
        if (V - before).abs().max() <= 1e-4 * V.abs().max():
            break
    return V


def solve(P, r, gamma):
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P, r)


# %% wrong="returns: rewards further ahead than a hundred steps are forgotten at the end"
def returns(rewards, gamma):
    result, ahead = torch.zeros(len(rewards)), 0.0
    for t in reversed(range(min(len(rewards), 100))):
        ahead = rewards[t] + gamma * ahead
        result[t] = ahead
    return result


# %% wrong="evaluate: solves by ten thousand sweeps"
def sweep(P, r, gamma, sweeps):
    V = torch.zeros_like(r)
    for _ in range(sweeps):
        V = r + gamma * P @ V
    return V


def solve(P, r, gamma):
    return sweep(P, r, gamma, 10_000)
