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


# %% equivalent="read_model: the text asks for float32"
# keeper: returns float64


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


# %% [markdown] explains="returns"
# $G_t = r_{t+1} + \gamma G_{t+1}$ says that each return needs the one *after* it. So begin at the end, where nothing is
# ahead, and go backwards: one multiplication and one addition for each step. From the front you would have to add up
# the rest anew at every t, which gives the same numbers with n²/2 additions.
#
# By hand: (1, 0, 2) with γ = ½. The last step has 2, the one before $0 + \frac12 \cdot 2 = 1$, the first
# $1 + \frac12 \cdot 1 = 1.5$. The step's own reward is not discounted, only what comes after;
# `gamma * (reward + ahead)` would make everybody wait one step too long. And the discount counts from t on, not from
# the start of the episode: the same future is worth the same, whenever you stand before it.

# %% [markdown] explains="read_model"
# Go through the list and *add*. On the lake, somebody in the corner who pushes left stays where he is in two of three
# cases, and both are in the list: `=` would keep the last third and lose the other. Check it by the row sums of `T`,
# all of which must be 1.
#
# What ends an episode leads to state n, whatever state is named. That holds for holes as well, which end it and pay
# nothing; whoever asks `reward > 0` lets people swim on. The reward belongs to the *step*, so that of the last one
# counts, in the row it was taken in. The end itself leads back to itself and pays 0. From now on every episode lasts
# for ever, and no formula below has to ask whether it is over.

# %% [markdown] explains="follow"
# In `"sat,sa->st"` the action a stands on the left and not on the right, so it is summed over, with the weight that the
# policy gives it in this very state. The two states stay, from where and to where. `"sat,sa->ts"` would have the right
# shape, too, and time would run backwards.
#
# The rewards are the same mean without a next state: multiply and sum over the actions, axis 1. In the example, state 0
# has the rewards 4 and 0 and the policy ¼ and ¾, so 1. A test of your own: each row of `P` adds up to 1, because it is
# a mixture of rows that do. The likeliest action alone would be another policy.

# %% [markdown] explains="evaluate"
# A sweep puts the right side of the equation in place of the left. Beginning with zeros, one sweep gives `r`, the first
# reward; two give what two steps bring. `r + gamma * P @ V` makes a *new* tensor, so every state reads values from
# before the sweep. Written in place, state by state, later states would see newer values: that converges as well
# (people do it on purpose), but k sweeps are no longer k steps.
#
# `solve` brings both terms with V to one side: $V - \gamma P V = r$. Many sweeps are no substitute, since each shrinks
# the error only by γ: with 0.99, a hundred sweeps leave 37 % of it. Check with $P = (0\ 1;\ 0\ 1)$, $r = (3, 1)$, γ =
# ½: state 1 has $1 + \frac12 + \frac14 + … = 2$, state 0 has $3 + \frac12 \cdot 2 = 4$.
