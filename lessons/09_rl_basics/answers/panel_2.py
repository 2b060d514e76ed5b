# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="returns: the blanks filled with reversed(range(...))"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    """The discounted return from each step on: result[t] = rewards[t] + gamma * rewards[t + 1] + …"""
    result = torch.zeros(len(rewards))
    ahead = 0.0  # the return from the step after this one
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] + gamma * ahead
        result[t] = ahead
    return result


# %% right="returns: accumulate of itertools over the reversed list"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    backwards = itertools.accumulate(reversed(rewards), lambda ahead, reward: reward + gamma * ahead)
    return torch.tensor(list(backwards)[::-1], dtype=torch.float32)


# %% right="returns: upper triangular matrix of powers of gamma times the rewards, in float64"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    time = torch.arange(len(rewards))
    waiting = (time[None, :] - time[:, None]).clamp(min=0).double()
    powers = torch.triu(torch.full_like(waiting, float(gamma)) ** waiting)
    return (powers @ torch.tensor(rewards, dtype=torch.float64)).float()


# %% wrong="returns: discounts by 1 - gamma; breaks: result[t] = rewards[t] + gamma * rewards[t + 1] + ..., seen with any gamma other than 0.5, e.g. returns([0.0, 1.0], 0.9)"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    result = torch.zeros(len(rewards))
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        ahead = rewards[t] + (1 - gamma) * ahead
        result[t] = ahead
    return result


# %% wrong="returns: looks only three rewards ahead; breaks: all the rewards from step t on, seen with four or more rewards, e.g. returns([0, 0, 0, 1.0], 1.0)[0] is 0"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    result = torch.zeros(len(rewards))
    for t in range(len(rewards)):
        result[t] = sum(gamma**k * reward for k, reward in enumerate(rewards[t : t + 3]))
    return result


# %% wrong="returns: gives back a Python list; breaks: the type hint -> torch.Tensor, seen with any input"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    result = [0.0] * len(rewards)
    ahead = 0.0
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] + gamma * ahead
        result[t] = ahead
    return result


# %% wrong="returns: accumulates into the list of rewards itself; breaks: it leaves its inputs unchanged, seen with any list of two rewards"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    for t in range(len(rewards) - 2, -1, -1):
        rewards[t] += gamma * rewards[t + 1]
    return torch.tensor(rewards, dtype=torch.float32)


# %% wrong="returns: counts the discount from the start of the episode, not from t; breaks: result[t] = rewards[t] + gamma * rewards[t + 1] + ..., seen with t > 0 and gamma < 1"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    discounted = torch.tensor([gamma**t * reward for t, reward in enumerate(rewards)])
    return discounted.flip(0).cumsum(0).flip(0)


# %% right="read_model: loops with +="
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, actions = len(P), len(P[0])
    T, R = torch.zeros(n + 1, actions, n + 1), torch.zeros(n + 1, actions)
    for s in P:
        for a in P[s]:
            for probability, after, reward, ends in P[s][a]:
                T[s, a, n if ends else after] += probability
                R[s, a] += probability * reward
    T[n, :, n] = 1
    return T, R


# %% right="read_model: lists of indices, then one index_put_ that accumulates"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n = len(P)
    rows = [
        (s, a, n if ends else int(after), float(p), float(p) * float(reward))
        for s, choices in P.items()
        for a, outcomes in choices.items()
        for p, after, reward, ends in outcomes
    ]
    rows += [(n, a, n, 1.0, 0.0) for a in range(len(P[0]))]
    s, a, after, p, pay = map(list, zip(*rows))
    s, a, after = torch.tensor(s), torch.tensor(a), torch.tensor(after)
    T = torch.zeros(n + 1, len(P[0]), n + 1).index_put_(
        (s, a, after), torch.tensor(p, dtype=torch.float32), accumulate=True
    )
    R = torch.zeros(n + 1, len(P[0])).index_put_((s, a), torch.tensor(pay, dtype=torch.float32), accumulate=True)
    return T, R


# %% right="read_model: nested comprehensions and one torch.tensor call"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, moves = len(P), range(len(P[0]))

    def chances(outcomes):
        line = [0.0] * (n + 1)
        for p, after, _, ends in outcomes:
            line[-1 if ends else after] += float(p)
        return line

    T = [[chances(P[s][a]) for a in moves] for s in range(n)] + [[[0.0] * n + [1.0] for _ in moves]]
    R = [[math.fsum(p * reward for p, _, reward, _ in P[s][a]) for a in moves] for s in range(n)] + [
        [0.0 for _ in moves]
    ]
    return torch.tensor(T, dtype=torch.float32), torch.tensor(R, dtype=torch.float32)


# %% wrong="read_model: an ending leads to the end only if it pays; breaks: whatever ends the episode leads there, whether it pays or not, seen with (1.0, 1, 0.0, True), a hole"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, actions = len(P), len(P[0])
    T, R = torch.zeros(n + 1, actions, n + 1), torch.zeros(n + 1, actions)
    for s in range(n):
        for a in range(actions):
            for probability, after, reward, ends in P[s][a]:
                if ends and reward != 0:
                    after = n
                T[s, a, after] += probability
                R[s, a] += probability * reward
    T[n, :, n] = 1
    return T, R


# %% wrong="read_model: the end keeps itself for the first two actions only; breaks: from there every action leads back to it, seen with three or more actions"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, actions = len(P), len(P[0])
    T, R = torch.zeros(n + 1, actions, n + 1), torch.zeros(n + 1, actions)
    for s in range(n):
        for a in range(actions):
            for probability, after, reward, ends in P[s][a]:
                T[s, a, n if ends else after] += probability
                R[s, a] += probability * reward
    for a in (0, 1)[:actions]:
        T[n, a, n] = 1
    return T, R


# %% wrong="read_model: takes the number of states for the number of actions; breaks: T of shape (n + 1, actions, n + 1), seen with 3 states and 2 actions"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n = len(P)
    T, R = torch.zeros(n + 1, n, n + 1), torch.zeros(n + 1, n)
    for s, choices in P.items():
        for a, outcomes in choices.items():
            for probability, after, reward, ends in outcomes:
                T[s, a, n if ends else after] += probability
                R[s, a] += probability * reward
    T[n, :, n] = 1
    return T, R


# %% wrong="read_model: groups by the named state first and lets the last flag decide; breaks: whatever ends the episode leads there, seen with one next state that is listed both with True and with False"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, actions = len(P), len(P[0])
    T, R = torch.zeros(n + 1, actions, n + 1), torch.zeros(n + 1, actions)
    for s in range(n):
        for a in range(actions):
            chance, over = {}, {}
            for probability, after, reward, ends in P[s][a]:
                chance[after] = chance.get(after, 0.0) + probability
                over[after] = ends
                R[s, a] += probability * reward
            for after in chance:
                T[s, a, n if over[after] else after] += chance[after]
    T[n, :, n] = 1
    return T, R


# %% wrong="read_model: sets the probability instead of adding; breaks: the same next state may stand in the list twice and both probabilities count, seen with (0.5, 1, 0.0, False), (0.5, 1, 2.0, False)"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, actions = len(P), len(P[0])
    T, R = torch.zeros(n + 1, actions, n + 1), torch.zeros(n + 1, actions)
    for s in range(n):
        for a in range(actions):
            for probability, after, reward, ends in P[s][a]:
                T[s, a, n if ends else after] = probability
                R[s, a] += probability * reward
    T[n, :, n] = 1
    return T, R


# %% right="follow: the blanks filled"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """P (states, states) and r (states,) for somebody who acts by pi (states, actions)."""
    P = torch.einsum("sat,sa->st", T, pi)
    r = (pi * R).sum(dim=-1)
    return P, r


# %% right="follow: batched matrix products with pi as row vectors"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    row = pi.unsqueeze(1)
    return torch.matmul(row, T).squeeze(1), torch.matmul(row, R.unsqueeze(2)).flatten()


# %% right="follow: sums over the actions one by one with reduce"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    import functools
    import operator

    parts = [(pi[:, a, None] * T[:, a], pi[:, a] * R[:, a]) for a in range(pi.shape[1])]
    moves, pays = zip(*parts)
    return functools.reduce(operator.add, moves), functools.reduce(operator.add, pays)


# %% wrong="follow: P comes out transposed; breaks: P_pi[s, s'] = sum_a pi[s, a] T[s, a, s'], seen with any P that is not symmetric"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    P = torch.einsum("sat,sa->ts", T, pi)
    r = (pi * R).sum(dim=1)
    return P, r


# %% wrong="follow: goes over as many actions as there are states; breaks: the sum over all actions, seen with 2 states and 3 actions"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    states = len(T)
    P, r = torch.zeros(states, states), torch.zeros(states)
    for s in range(states):
        for a in range(states):
            P[s] += pi[s, a] * T[s, a]
            r[s] += pi[s, a] * R[s, a]
    return P, r


# %% wrong="follow: twice the mean in place of the sum; breaks: r_pi[s] = sum_a pi[s, a] R[s, a], seen with any number of actions other than two"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    P = torch.einsum("sat,sa->st", T, pi)
    r = 2 * (pi * R).mean(dim=1)
    return P, r


# %% wrong="follow: weights T in place; breaks: it leaves its inputs unchanged, seen with any pi that is not all ones"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    T *= pi[:, :, None]
    return T.sum(dim=1), (R * pi).sum(dim=1)


# %% wrong="follow: sums the rewards over the states instead of the actions; breaks: r (states,) and r_pi[s] = sum_a pi[s, a] R[s, a], seen in the public example"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    P = torch.einsum("sat,sa->st", T, pi)
    r = (pi * R).sum(dim=0)
    return P, r


# %% right="evaluate: plain loop and linalg.solve"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    V = torch.zeros_like(r)
    for _ in range(sweeps):
        V = r + gamma * P @ V
    return V


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    return torch.linalg.solve(torch.eye(len(r), dtype=P.dtype) - gamma * P, r)


# %% right="evaluate: one power of an affine matrix, and the inverse in float64"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    n = len(r)
    step = torch.zeros(n + 1, n + 1, dtype=torch.float64)
    step[:n, :n] = gamma * P.double()
    step[:n, n] = r
    step[n, n] = 1
    return torch.linalg.matrix_power(step, sweeps)[:n, n].to(r.dtype)


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    identity = torch.eye(len(r), dtype=torch.float64)
    return (torch.linalg.inv(identity - gamma * P.double()) @ r.double()).to(r.dtype)


# %% right="evaluate: sum of discounted rewards of the first k steps, and numpy's solver"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    total, coming = torch.zeros_like(r), r.clone()
    for _ in range(sweeps):
        total += coming
        coming = gamma * torch.mv(P, coming)
    return total


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    import numpy as np

    A = np.eye(P.shape[0]) - gamma * P.detach().numpy().astype(np.float64)
    return torch.from_numpy(np.linalg.solve(A, r.detach().numpy().astype(np.float64))).to(r.dtype)


# %% wrong="evaluate: sweeps in place, so later states see values of the same sweep; breaks: each sweep reads only the values from before that sweep, seen with P = [[0, 1], [1, 0]]"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    V = torch.zeros(len(r))
    for _ in range(sweeps):
        for s in range(len(r)):
            V[s] = r[s] + gamma * (P[s] @ V)
    return V


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P, r)


# %% wrong="evaluate: begins with r and does one sweep less; breaks: beginning with zeros, seen with sweeps=0, which gives r"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    V = r.clone()
    for _ in range(sweeps - 1):
        V = r + gamma * P @ V
    return V


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P, r)


# %% wrong="evaluate: solve sweeps a hundred times; breaks: the values that fulfil the Bellman equation exactly, seen with gamma = 0.99"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    V = torch.zeros(len(r))
    for _ in range(sweeps):
        V = r + gamma * P @ V
    return V


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    return sweep(P, r, gamma, 100)


# %% wrong="evaluate: sweep stops as soon as nothing changes by more than 0.01; breaks: the values after so many sweeps, seen with small rewards, e.g. r = [0.005, 0.005] and gamma = 1"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    V = torch.zeros(len(r))
    for _ in range(sweeps):
        new = r + gamma * P @ V
        if (new - V).abs().max() < 0.01:
            return new
        V = new
    return V


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P, r)


# %% wrong="evaluate: solve takes P transposed; breaks: (I - gamma P) V = r, seen in the public example"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    V = torch.zeros(len(r))
    for _ in range(sweeps):
        V = r + gamma * P @ V
    return V


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    return r @ torch.linalg.inv(torch.eye(len(r)) - gamma * P)


# %% right="improve: the blanks filled"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """Q, the advantages and the greedy policy, each (states, actions), for values V (states,)."""
    Q = R + gamma * T @ V
    advantage = Q - V[:, None]
    greedy = F.one_hot(Q.argmax(dim=1), Q.shape[1]).float()
    return Q, advantage, greedy


# %% right="improve: einsum and scatter, the last of equally good actions"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    Q = torch.einsum("sat,t->sa", T, V).mul(gamma).add(R)
    last = Q.shape[1] - 1 - Q.flip(1).argmax(dim=1, keepdim=True)
    greedy = torch.zeros_like(Q).scatter_(1, last, 1.0)
    return Q, Q.sub(V.unsqueeze(1)), greedy


# %% right="improve: state by state with Python's max, rows of the identity"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    states, actions = R.shape
    Q = torch.stack([R[s] + gamma * torch.mv(T[s], V) for s in range(states)])
    advantage = torch.stack([Q[s] - V[s] for s in range(states)])
    best = [max(range(actions), key=row.__getitem__) for row in Q.tolist()]
    return Q, advantage, torch.eye(actions)[best]


# %% wrong="improve: advantage over the best action; breaks: A(s, a) = Q(s, a) - V(s), seen wherever V(s) is not the largest Q"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    Q = R + gamma * T @ V
    advantage = Q - Q.amax(dim=1, keepdim=True)
    greedy = F.one_hot(Q.argmax(dim=1), Q.shape[1]).float()
    return Q, advantage, greedy


# %% wrong="improve: advantage over the mean of Q, as if the policy were uniform; breaks: A(s, a) = Q(s, a) - V(s), seen with any V that is not that mean"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    Q = R + gamma * T @ V
    advantage = Q - Q.mean(dim=1, keepdim=True)
    greedy = F.one_hot(Q.argmax(dim=1), Q.shape[1]).float()
    return Q, advantage, greedy


# %% wrong="improve: a 1 for each of the best actions; breaks: with a single 1 in each row, seen with two equally good actions"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    Q = R + gamma * T @ V
    advantage = Q - V[:, None]
    greedy = (Q == Q.max(dim=1, keepdim=True).values).float()
    return Q, advantage, greedy


# %% wrong="improve: one_hot without the number of classes; breaks: each (states, actions), seen where the last action is best in no state"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    Q = R + gamma * T @ V
    advantage = Q - V[:, None]
    greedy = F.one_hot(Q.argmax(dim=1)).float()
    return Q, advantage, greedy


# %% wrong="improve: greedy for the next reward only; breaks: the greedy policy takes the action with the largest Q, seen in the public example"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    Q = R + gamma * T @ V
    advantage = Q - V[:, None]
    greedy = F.one_hot(R.argmax(dim=1), R.shape[1]).float()
    return Q, advantage, greedy


# %% right="policy_iteration: own functions from above and one-hot tables"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    table = torch.zeros_like(R)
    table[:, 0] = 1
    values = []
    while True:
        values.append(solve(*follow(T, R, table), gamma))
        better = improve(values[-1], T, R, gamma)[2].to(R.dtype)
        if torch.equal(better, table):
            return table.argmax(dim=1), values
        table = better


# %% right="policy_iteration: inside in float64, keeps an action unless another is really better"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    T64, R64 = T.double(), R.double()
    rows = torch.arange(len(T))
    actions, values, changed = torch.zeros_like(rows), [], True
    while changed:
        A = torch.eye(len(T), dtype=torch.float64) - gamma * T64[rows, actions]
        V = torch.linalg.solve(A, R64[rows, actions])
        values.append(V.to(R.dtype))
        Q = R64 + gamma * T64 @ V
        gain = Q.amax(dim=1) - Q[rows, actions]
        changed = bool((gain > 1e-9).any())
        actions = torch.where(gain > 1e-9, Q.argmax(dim=1), actions)
    return actions, values


# %% right="policy_iteration: recursive helper, policies as tuples, numpy's solver"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    import numpy as np

    t, r = T.numpy().astype("float64"), R.numpy().astype("float64")
    n = len(t)

    def from_here(policy, values):
        here = list(policy)
        V = np.linalg.solve(np.eye(n) - gamma * t[np.arange(n), here], r[np.arange(n), here])
        values = values + [torch.tensor(V, dtype=R.dtype)]
        better = tuple(int(a) for a in (r + gamma * t.dot(V)).round(10).argmax(axis=1))
        return (policy, values) if better == policy else from_here(better, values)

    policy, values = from_here((0,) * n, [])
    return torch.tensor(policy), values


# %% wrong="policy_iteration: the last values stand in the list twice; breaks: each once, seen with any world"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    rows = torch.arange(len(T))
    actions, old = torch.zeros(len(T), dtype=torch.long), None
    values = []
    while old is None or not torch.equal(actions, old):
        V = solve(T[rows, actions], R[rows, actions], gamma)
        values.append(V)
        old, actions = actions, (R + gamma * T @ V).argmax(dim=1)
    values.append(solve(T[rows, actions], R[rows, actions], gamma))
    return actions, values


# %% wrong="policy_iteration: stops when the values change by less than 0.1; breaks: the values of every policy on the way to the best, seen with small rewards (the lake, or R divided by 100)"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    rows = torch.arange(len(T))
    actions, values = torch.zeros(len(T), dtype=torch.long), []
    while True:
        V = solve(T[rows, actions], R[rows, actions], gamma)
        if values and torch.allclose(V, values[-1], rtol=0, atol=0.1):
            return actions, values
        values.append(V)
        actions = (R + gamma * T @ V).argmax(dim=1)


# %% wrong="policy_iteration: begins with the action of the largest reward; breaks: begin with the policy that always takes action 0, seen where action 0 does not pay most"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    rows = torch.arange(len(T))
    actions, values = R.argmax(dim=1), []
    while True:
        V = solve(T[rows, actions], R[rows, actions], gamma)
        values.append(V)
        better = (R + gamma * T @ V).argmax(dim=1)
        if torch.equal(better, actions):
            return actions, values
        actions = better


# %% wrong="policy_iteration: evaluates each policy by fifty sweeps; breaks: the exact values of every policy, seen with gamma = 0.95"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    rows = torch.arange(len(T))
    actions, values = torch.zeros(len(T), dtype=torch.long), []
    while True:
        V = sweep(T[rows, actions], R[rows, actions], gamma, 50)
        values.append(V)
        better = (R + gamma * T @ V).argmax(dim=1)
        if torch.equal(better, actions):
            return actions, values
        actions = better


# %% wrong="policy_iteration: the values of the best policy are missing; breaks: the first and the last one included, seen in the public example"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    rows = torch.arange(len(T))
    actions, values = torch.zeros(len(T), dtype=torch.long), []
    while True:
        V = solve(T[rows, actions], R[rows, actions], gamma)
        better = (R + gamma * T @ V).argmax(dim=1)
        if torch.equal(better, actions):
            return actions, values or [V]
        values.append(V)
        actions = better


# %% right="value_iteration: loop with amax, greedy after the last sweep"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    V = torch.zeros_like(R[:, 0])
    for _ in range(sweeps):
        V = (R + gamma * T @ V).amax(dim=1)
    return V, (R + gamma * T @ V).argmax(dim=1)


# %% right="value_iteration: keeps Q and sweeps on Q, V is the maximum of the Q before"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    def backup(V):
        return torch.einsum("sat,t->sa", T, gamma * V) + R

    V = R.new_zeros(R.shape[0])
    Q = backup(V)
    while sweeps > 0:
        V, _ = Q.max(dim=1)
        Q, sweeps = backup(V), sweeps - 1
    return V, Q.max(dim=1).indices


# %% right="value_iteration: improve from above, in a reduce"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    from functools import reduce

    def action_values(V):
        return improve(V, T, R, gamma)[0]

    V = reduce(lambda V, _: torch.max(action_values(V), dim=1)[0], range(sweeps), torch.zeros(len(R), dtype=R.dtype))
    return V, torch.tensor([row.index(max(row)) for row in action_values(V).tolist()])


# %% wrong="value_iteration: the actions are those of the last sweep, greedy for the values before it; breaks: the greedy actions for V, seen with few sweeps, e.g. one sweep of the public world"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    V, actions = torch.zeros(len(R)), torch.zeros(len(R), dtype=torch.long)
    for _ in range(sweeps):
        V, actions = (R + gamma * T @ V).max(dim=1)
    return V, actions


# %% wrong="value_iteration: sweeps in place, state by state; breaks: each from the values before it, seen where state 1 leads to state 0 and gains by it"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    V = torch.zeros(len(R))
    for _ in range(sweeps):
        for s in range(len(R)):
            V[s] = (R[s] + gamma * T[s] @ V).max()
    return V, (R + gamma * T @ V).argmax(dim=1)


# %% wrong="value_iteration: looks at the likeliest next state only; breaks: R[s, a] + gamma sum_s' T[s, a, s'] V(s'), seen on any slippery world"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    V, likely = torch.zeros(len(R)), T.argmax(dim=2)
    for _ in range(sweeps):
        V = (R + gamma * V[likely]).amax(dim=1)
    return V, (R + gamma * V[likely]).argmax(dim=1)


# %% wrong="value_iteration: stops when the values change by less than 0.01; breaks: V after so many sweeps, seen with small rewards, R = 0.001 everywhere and gamma = 0.9"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    V = torch.zeros(len(R))
    for _ in range(sweeps):
        old, V = V, (R + gamma * T @ V).amax(dim=1)
        if (V - old).abs().max() < 0.01:
            break
    return V, (R + gamma * T @ V).argmax(dim=1)


# %% wrong="value_iteration: begins with the largest rewards; breaks: begin with zeros, seen with one sweep of the public world"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    V = R.amax(dim=1)
    for _ in range(sweeps):
        V = (R + gamma * T @ V).amax(dim=1)
    return V, (R + gamma * T @ V).argmax(dim=1)


# %% right="bandit: module random and the running mean"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    if random.random() < epsilon:
        return random.randrange(len(Q))
    return int(Q.argmax())


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% right="bandit: one draw from the mixed distribution with multinomial, learn with add_ on views"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    chances = torch.full((len(Q),), epsilon / len(Q))
    chances[Q.argmax()] += 1 - epsilon
    return torch.multinomial(chances, num_samples=1).item()


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    value, count = Q[arm], N[arm]
    count.add_(1)
    value.add_((reward - value) / count)


# %% right="bandit: random.choice of all or of the best ones, learn by the sum of the rewards"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    worth = Q.tolist()
    explore = torch.rand(()).item() < epsilon
    candidates = [arm for arm, value in enumerate(worth) if explore or value == max(worth)]
    return random.choice(candidates)


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    paid = float(Q[arm]) * float(N[arm]) + float(reward)
    N[arm] = float(N[arm]) + 1
    Q[arm] = paid / float(N[arm])


# %% wrong="bandit: exploring never takes the best arm; breaks: any action at random, the best one included, seen with epsilon = 1, where the best arm is never chosen"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    best = int(Q.argmax())
    others = [arm for arm in range(len(Q)) if arm != best]
    if others and random.random() < epsilon:
        return random.choice(others)
    return best


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: exploring never takes the last arm; breaks: with probability epsilon any one of them, seen with epsilon = 1, where the last arm is never chosen"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    if random.random() < epsilon:
        return int(torch.randint(0, max(1, len(Q) - 1), ()))
    return int(Q.argmax())


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: each call makes a generator with the same seed; breaks: with probability epsilon any one of them, seen with epsilon = 1, where it is always the same arm"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    rng = random.Random(0)
    arm = rng.randrange(len(Q))
    if rng.random() < epsilon:
        return arm
    return int(Q.argmax())


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: divides by the pulls of all arms; breaks: N is the number of pulls of that arm, the mean of all the rewards of that arm, seen as soon as two arms have been pulled"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    if random.random() < epsilon:
        return random.randrange(len(Q))
    return int(Q.argmax())


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N.sum()


# %% wrong="bandit: learn makes new tensors; breaks: both in place, seen with any pull"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    if random.random() < epsilon:
        return random.randrange(len(Q))
    return int(Q.argmax())


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    pulled = F.one_hot(torch.tensor(arm), len(Q))
    N = N + pulled
    Q = Q + pulled * (reward - Q) / N.clamp(min=1)


# %% right="monte_carlo: from behind, the earlier visit overwrites"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    total, visits = torch.zeros(states), torch.zeros(states)
    for episode in episodes:
        first, ahead = {}, 0.0
        for state, reward in reversed(episode):
            ahead = reward + gamma * ahead
            first[state] = ahead
        for state, value in first.items():
            total[state] += value
            visits[state] += 1
    return total / visits.clamp(min=1)


# %% right="monte_carlo: returns from above and a set of states that were seen"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    opinions = [[] for _ in range(states)]
    for episode in episodes:
        worth = returns([reward for _, reward in episode], gamma).tolist()
        seen = set()
        for (state, _), value in zip(episode, worth, strict=True):
            if state not in seen:
                seen.add(state)
                opinions[state].append(value)
    return torch.tensor([math.fsum(said) / len(said) if said else 0.0 for said in opinions], dtype=torch.float32)


# %% right="monte_carlo: for each state and episode the sum from the first index on, running means"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    V, N = torch.zeros(states, dtype=torch.float64), [0] * states
    for episode in episodes:
        path = [state for state, _ in episode]
        for state in set(path):
            start = path.index(state)
            value = sum(gamma**wait * reward for wait, (_, reward) in enumerate(episode[start:]))
            N[state] += 1
            V[state] += (value - V[state]) / N[state]
    return V.float()


# %% wrong="monte_carlo: counts every visit; breaks: the return from its first visit on, seen with [[(0, 1.0), (0, 1.0)]]"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    total, visits = torch.zeros(states), torch.zeros(states)
    for episode in episodes:
        ahead = 0.0
        for state, reward in reversed(episode):
            ahead = reward + gamma * ahead
            total[state] += ahead
            visits[state] += 1
    return total / visits.clamp(min=1)


# %% wrong="monte_carlo: going backwards, keeps the first it meets, which is the last visit; breaks: the return from its first visit on, seen with [[(0, 1.0), (0, 1.0)]]"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    total, visits = torch.zeros(states), torch.zeros(states)
    for episode in episodes:
        seen, ahead = set(), 0.0
        for state, reward in episode[::-1]:
            ahead = reward + gamma * ahead
            if state not in seen:
                seen.add(state)
                total[state] += ahead
                visits[state] += 1
    return total / visits.clamp(min=1)


# %% wrong="monte_carlo: takes a return of zero for no visit; breaks: the mean over the episodes that visit it, seen with [[(0, 0.0)], [(0, 1.0)]], which gives 1 instead of 0.5"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    table = torch.zeros(len(episodes), states)
    for row, episode in zip(table, episodes, strict=True):
        ahead = 0.0
        for state, reward in reversed(episode):
            ahead = reward + gamma * ahead
            row[state] = ahead
    return table.sum(dim=0) / (table != 0).sum(dim=0).clamp(min=1)


# %% wrong="monte_carlo: halves between the old mean and the new return; breaks: the mean over the episodes, seen with three episodes that visit one state"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    V, known = torch.zeros(states), set()
    for episode in episodes:
        first, ahead = {}, 0.0
        for state, reward in reversed(episode):
            ahead = reward + gamma * ahead
            first[state] = ahead
        for state, value in first.items():
            V[state] = (V[state] + value) / 2 if state in known else value
            known.add(state)
    return V


# %% wrong="monte_carlo: remembers the visited states across the episodes; breaks: the mean over the episodes that visit it, seen with two episodes that share a state"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    V, seen = torch.zeros(states), set()
    for episode in episodes:
        worth = returns([reward for _, reward in episode], gamma)
        for (state, _), value in zip(episode, worth, strict=True):
            if state not in seen:
                seen.add(state)
                V[state] = value
    return V


# %% right="targets: the blanks filled with not terminated"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    """What to expect if next_action comes next."""
    return reward + gamma * (not terminated) * next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    """What to expect on average from somebody whose next action has the probabilities next_pi (actions,)."""
    return reward + gamma * (not terminated) * (next_pi * next_q).sum()


def q_learning_target(reward, terminated, next_q, gamma):
    """What to expect if the best action comes next."""
    return reward + gamma * (1 - terminated) * next_q.max()


def nudge(table, place, target, alpha):
    """Moves table[place] by the share alpha towards the target, in place; returns target minus old entry."""
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% right="targets: one helper for what lies ahead, early return, plain floats, the new entry as a weighted mean"
def _with_future(reward, terminated, gamma, worth):
    if terminated:
        return float(reward)
    return float(reward) + gamma * float(worth)


def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return _with_future(reward, terminated, gamma, next_q[next_action])


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return _with_future(reward, terminated, gamma, sum(p * q for p, q in zip(next_pi.tolist(), next_q.tolist())))


def q_learning_target(reward, terminated, next_q, gamma):
    return _with_future(reward, terminated, gamma, max(next_q.tolist()))


def nudge(table, place, target, alpha):
    before = float(table[place])
    table[place] = (1 - alpha) * before + alpha * float(target)
    return float(target) - before


# %% right="targets: SARSA and Q-learning as special cases of expected SARSA with one-hot policies, nudge with sub_ on a view"
def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + (0.0 if terminated else gamma) * torch.dot(next_pi.to(next_q.dtype), next_q)


def sarsa_target(reward, terminated, next_q, next_action, gamma):
    surely = torch.zeros_like(next_q)
    surely[next_action] = 1
    return expected_sarsa_target(reward, terminated, next_q, surely, gamma)


def q_learning_target(reward, terminated, next_q, gamma):
    return sarsa_target(reward, terminated, next_q, int(next_q.argmax()), gamma)


def nudge(table, place, target, alpha):
    entry = table[place]
    error = (target - entry).item()
    entry.add_(error, alpha=alpha)
    return error


# %% wrong="targets: the future counts after the end as well; breaks: when the episode terminated there is nothing to add to the reward, seen with terminated=True"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * 1.0 * next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * 1.0 * (next_pi * next_q).sum()


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * 1.0 * next_q.max()


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% wrong="targets: the last reward is lost with the future; breaks: the target r + ..., the reward of the last step counts, seen with terminated=True"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return (1 - terminated) * (reward + gamma * next_q[next_action])


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return (1 - terminated) * (reward + gamma * (next_pi @ next_q))


def q_learning_target(reward, terminated, next_q, gamma):
    return (1 - terminated) * (reward + gamma * next_q.max())


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% wrong="targets: nudge gives back the distance without its sign; breaks: returns target minus old entry, seen with a target below the entry"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * (not terminated) * next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (not terminated) * (next_pi * next_q).sum()


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * (not terminated) * next_q.max()


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return abs(error)


# %% wrong="targets: the best value is never below zero; breaks: r + gamma max_a Q(s', a), seen where all values are negative, as on the cliff"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * (not terminated) * next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (not terminated) * (next_pi * next_q).sum()


def q_learning_target(reward, terminated, next_q, gamma):
    best = 0.0
    for value in next_q:
        if value > best:
            best = float(value)
    return reward + gamma * (not terminated) * best


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% wrong="targets: nudge measures after it has moved; breaks: returns how far off that entry was before, seen in the public example"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * (not terminated) * next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (not terminated) * (next_pi * next_q).sum()


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * (not terminated) * next_q.max()


def nudge(table, place, target, alpha):
    table[place] += alpha * (target - table[place])
    return float(target - table[place])


# %% right="q_learning: choose, nudge and q_learning_target from above"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    """The table Q (states, actions) after so many episodes."""
    Q = torch.zeros(states, actions)
    for _ in range(episodes):
        (state, _), over = env.reset(), False
        while not over:
            action = choose(Q[state], epsilon)
            after, reward, terminated, truncated, _ = env.step(action)
            nudge(Q, (state, action), q_learning_target(reward, terminated, Q[after], gamma), alpha)
            state, over = after, terminated or truncated
    return Q


# %% right="q_learning: lists of floats inside, inner functions, random ties"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    table = [[0.0] * actions for _ in range(states)]

    def pick(row):
        if random.random() < epsilon:
            return random.randint(0, actions - 1)
        top = max(row)
        return random.choice([a for a in range(actions) if row[a] == top])

    def episode():
        state, _ = env.reset()
        while True:
            row = table[state]
            action = pick(row)
            state, reward, terminated, truncated, _ = env.step(action)
            worth = float(reward) if terminated else float(reward) + gamma * max(table[state])
            row[action] += alpha * (worth - row[action])
            if terminated or truncated:
                return

    for _ in itertools.repeat(None, episodes):
        episode()
    return torch.tensor(table)


# %% right="q_learning: a small class with a flat numpy table, numpy's global generator, a fresh seed handed to each reset"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    import numpy as np

    class Learner:
        def __init__(self):
            self.q = np.zeros((states, actions))

        def act(self, state):
            explore = np.random.random() < epsilon
            return int(np.random.randint(actions) if explore else np.argmax(self.q[state]))

        def hear(self, state, action, reward, after, terminated):
            future = 0.0 if terminated else self.q[after].max()
            self.q[state, action] = (1 - alpha) * self.q[state, action] + alpha * (reward + gamma * future)

    learner, left = Learner(), episodes
    while left:
        state, _ = env.reset(seed=int(np.random.randint(2**31)))
        terminated = truncated = False
        while not (terminated or truncated):
            action = learner.act(state)
            after, reward, terminated, truncated, _ = env.step(action)
            learner.hear(state, action, reward, after, terminated)
            state = after
        left -= 1
    return torch.from_numpy(learner.q).float()


# %% wrong="q_learning: explores with probability 1 - epsilon; breaks: choose actions epsilon-greedily (with probability epsilon any action at random), seen with epsilon = 0, where it acts at random"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    Q = torch.zeros(states, actions)
    for _ in range(episodes):
        (state, _), over = env.reset(), False
        while not over:
            if random.random() > epsilon:
                action = random.randrange(actions)
            else:
                action = int(Q[state].argmax())
            after, reward, terminated, truncated, _ = env.step(action)
            target = reward + gamma * (1 - terminated) * Q[after].max()
            Q[state, action] += alpha * (target - Q[state, action])
            state, over = after, terminated or truncated
    return Q


# %% wrong="q_learning: when it explores it never takes the best action; breaks: with probability epsilon take any action at random (the best one included), seen with epsilon = 1, where the best action is never taken"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    Q = torch.zeros(states, actions)
    for _ in range(episodes):
        (state, _), over = env.reset(), False
        while not over:
            action = int(Q[state].argmax())
            if random.random() < epsilon and actions > 1:
                action = random.choice([a for a in range(actions) if a != action])
            after, reward, terminated, truncated, _ = env.step(action)
            target = reward + gamma * (1 - terminated) * Q[after].max()
            Q[state, action] += alpha * (target - Q[state, action])
            state, over = after, terminated or truncated
    return Q


# %% wrong="q_learning: plays one episode too many; breaks: return the table after so many episodes, seen with any number, e.g. episodes=0 learns from one"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    Q = torch.zeros(states, actions)
    episode = 0
    while episode <= episodes:
        (state, _), over = env.reset(), False
        while not over:
            action = choose(Q[state], epsilon)
            after, reward, terminated, truncated, _ = env.step(action)
            nudge(Q, (state, action), q_learning_target(reward, terminated, Q[after], gamma), alpha)
            state, over = after, terminated or truncated
        episode += 1
    return Q


# %% wrong="q_learning: does every fraction epsilon of the episodes at random and the others greedily, drawn once an episode; breaks: choose actions epsilon-greedily, seen with epsilon = 0.5 in long episodes, which are all random or all greedy"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    Q = torch.zeros(states, actions)
    for _ in range(episodes):
        (state, _), over = env.reset(), False
        explore = random.random() < epsilon
        while not over:
            action = random.randrange(actions) if explore else int(Q[state].argmax())
            after, reward, terminated, truncated, _ = env.step(action)
            target = reward + gamma * (1 - terminated) * Q[after].max()
            Q[state, action] += alpha * (target - Q[state, action])
            state, over = after, terminated or truncated
    return Q


# %% wrong="q_learning: a truncated step has no future; breaks: its future was cut off but had a value, on a step that was truncated but not terminated the future still counts, seen with time limits"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    Q = torch.zeros(states, actions)
    for _ in range(episodes):
        (state, _), over = env.reset(), False
        while not over:
            action = choose(Q[state], epsilon)
            after, reward, terminated, truncated, _ = env.step(action)
            over = terminated or truncated
            nudge(Q, (state, action), q_learning_target(reward, over, Q[after], gamma), alpha)
            state = after
    return Q


# %% right="policies: the blanks filled"
def categorical_log_prob(logits: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    """The log-probability (...) of each action (...), for logits (..., actions)."""
    log_probs = logits.log_softmax(-1)
    return log_probs.gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    """Actions are vectors of numbers, each normal around a mean that depends on the observation."""

    def __init__(self, d_obs: int, d_action: int):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs: torch.Tensor) -> torch.Tensor:
        """One action (batch, d_action) for each observation (batch, d_obs)."""
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn_like(mean)

    def log_prob(self, obs: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        """The log-probability (batch,) of each action (batch, d_action)."""
        z = (actions - self.mean(obs)) / self.log_std.exp()
        each = z**2 / 2 + self.log_std + math.log(2 * math.pi) / 2
        return -each.sum(dim=-1)


# %% right="policies: torch.distributions for both kinds"
def categorical_log_prob(logits: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    return torch.distributions.Categorical(logits=logits).log_prob(actions)


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs: int, d_action: int):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def forward(self, obs):
        normal = torch.distributions.Normal(self.mean(obs), torch.exp(self.log_std))
        return torch.distributions.Independent(normal, 1)

    def sample(self, obs: torch.Tensor) -> torch.Tensor:
        return self(obs).sample()

    def log_prob(self, obs: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        return self(obs).log_prob(actions)


# %% right="policies: cross-entropy of flattened logits; torch.normal, and the Gaussian formula summed part by part"
def categorical_log_prob(logits: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    flat = logits.reshape(-1, logits.shape[-1])
    return F.cross_entropy(flat, actions.reshape(-1).long(), reduction="none").neg().reshape(actions.shape)


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs: int, d_action: int):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.register_parameter("log_std", nn.Parameter(torch.zeros(d_action)))

    def sample(self, obs: torch.Tensor) -> torch.Tensor:
        with torch.no_grad():
            mean = self.mean(obs)
            return torch.normal(mean, self.log_std.exp().expand_as(mean))

    def log_prob(self, obs: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        off = actions - self.mean(obs)
        squares = (off.square() * torch.exp(-2 * self.log_std)).sum(-1)
        return -0.5 * squares - self.log_std.sum() - 0.5 * actions.shape[-1] * math.log(2 * math.pi)


# %% wrong="policies: log_std enters the log-probability with the wrong sign; breaks: log pi = -1/2 sum((a - mu)^2 / sigma^2 + 2 log sigma + log 2 pi), seen with any log_std other than 0"
def categorical_log_prob(logits: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    log_probs = logits.log_softmax(-1)
    return log_probs.gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs: int, d_action: int):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs: torch.Tensor) -> torch.Tensor:
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn_like(mean)

    def log_prob(self, obs: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        z = (actions - self.mean(obs)) / self.log_std.exp()
        each = z**2 / 2 - self.log_std + math.log(2 * math.pi) / 2
        return -each.sum(dim=1)


# %% wrong="policies: reads log_std as the logarithm of the variance; breaks: its logarithm (that of the standard deviation) is the parameter, seen with any log_std other than 0"
def categorical_log_prob(logits: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    log_probs = logits.log_softmax(-1)
    return log_probs.gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs: int, d_action: int):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs: torch.Tensor) -> torch.Tensor:
        mean = self.mean(obs)
        return mean + self.log_std.exp().sqrt() * torch.randn_like(mean)

    def log_prob(self, obs: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        z = (actions - self.mean(obs)) / self.log_std.exp().sqrt()
        each = z**2 / 2 + self.log_std / 2 + math.log(2 * math.pi) / 2
        return -each.sum(dim=1)


# %% wrong="policies: noise from the uniform distribution between 0 and 1; breaks: each normal around a mean, seen in the mean of many samples"
def categorical_log_prob(logits: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    log_probs = logits.log_softmax(-1)
    return log_probs.gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs: int, d_action: int):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs: torch.Tensor) -> torch.Tensor:
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.rand_like(mean)

    def log_prob(self, obs: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        z = (actions - self.mean(obs)) / self.log_std.exp()
        each = z**2 / 2 + self.log_std + math.log(2 * math.pi) / 2
        return -each.sum(dim=1)


# %% wrong="policies: softmax over axis 1 in place of the last one; breaks: for logits (..., actions), seen with logits (steps, carts, actions)"
def categorical_log_prob(logits: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    log_probs = logits.log_softmax(1)
    return log_probs.gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs: int, d_action: int):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs: torch.Tensor) -> torch.Tensor:
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn_like(mean)

    def log_prob(self, obs: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        z = (actions - self.mean(obs)) / self.log_std.exp()
        each = z**2 / 2 + self.log_std + math.log(2 * math.pi) / 2
        return -each.sum(dim=1)


# %% wrong="policies: log_std is a plain tensor that nobody trains; breaks: gradients flow back to log_std, seen in log_std.grad after backward"
def categorical_log_prob(logits: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    log_probs = logits.log_softmax(-1)
    return log_probs.gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs: int, d_action: int):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = torch.Tensor(torch.zeros(d_action))

    def sample(self, obs: torch.Tensor) -> torch.Tensor:
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn_like(mean)

    def log_prob(self, obs: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        z = (actions - self.mean(obs)) / self.log_std.exp()
        each = z**2 / 2 + self.log_std + math.log(2 * math.pi) / 2
        return -each.sum(dim=1)


# %% right="advantages: from behind, all columns at once"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    """Reward-to-go minus its mean over the steps alive; 0 elsewhere. All are (steps, carts), alive holds bools."""
    counted = torch.where(alive, rewards, 0.0)
    to_go = torch.zeros_like(counted)
    ahead = torch.zeros_like(counted[0])
    for t in range(len(counted) - 1, -1, -1):
        ahead = counted[t] + gamma * ahead
        to_go[t] = ahead
    return torch.where(alive, to_go - to_go[alive].mean(), 0.0)


# %% right="advantages: matrix of powers of gamma, and a weighted mean"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    steps = torch.arange(rewards.shape[0])
    wait = steps[None] - steps[:, None]
    weight = torch.where(wait >= 0, float(gamma) ** wait.clamp(min=0).double(), 0.0)
    to_go = weight @ rewards.masked_fill(~alive, 0).double()
    usual = (to_go * alive).sum() / alive.sum()
    return (to_go - usual).masked_fill(~alive, 0.0).to(rewards.dtype)


# %% right="advantages: cart by cart with returns from above, scattered back by the mask"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    columns = []
    for pay, lives in zip(rewards.T.tolist(), alive.T.tolist(), strict=True):
        columns.append(returns([r if live else 0.0 for r, live in zip(pay, lives, strict=True)], gamma))
    to_go = torch.stack(columns, dim=1)
    result = torch.zeros_like(rewards)
    result[alive] = (to_go[alive] - to_go[alive].mean()).to(result.dtype)
    return result


# %% wrong="advantages: forgets the discount; breaks: the discounted reward-to-go, seen with gamma < 1"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    to_go = (rewards * alive).flip(0).cumsum(0).flip(0)
    return (to_go - to_go[alive].mean()) * alive


# %% wrong="advantages: counts the discount from the start of the episode; breaks: the discounted reward-to-go (with a discount counted from t on), seen with gamma < 1"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    discount = gamma ** torch.arange(len(rewards))[:, None]
    to_go = (discount * rewards * alive).flip(0).cumsum(0).flip(0)
    return (to_go - to_go[alive].mean()) * alive


# %% wrong="advantages: takes every reward for 1; breaks: from rewards and alive compute the reward-to-go, seen with rewards other than 1"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    to_go, ahead = torch.zeros(rewards.shape), torch.zeros(rewards.shape[1])
    for t in reversed(range(len(rewards))):
        ahead = alive[t].float() + gamma * ahead
        to_go[t] = ahead
    return (to_go - to_go[alive].mean()) * alive


# %% wrong="advantages: takes a reward-to-go of 0 for a step that is not alive; breaks: minus the mean of all the rewards-to-go of steps that are alive, seen with rewards of 0 at the end of an episode"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    to_go, ahead = torch.zeros(rewards.shape), torch.zeros(rewards.shape[1])
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] * alive[t] + gamma * ahead
        to_go[t] = ahead
    counts = to_go != 0
    return torch.where(counts, to_go - to_go[counts].mean(), 0.0)


# %% wrong="advantages: the mean goes over all places, dead ones included; breaks: the mean over the steps alive, seen in the public example"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    to_go, ahead = torch.zeros(rewards.shape), torch.zeros(rewards.shape[1])
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] * alive[t] + gamma * ahead
        to_go[t] = ahead
    return (to_go - to_go.mean()) * alive


# %% right="reinforce_step: log_softmax, gather, and the mask as an index"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    """One step up the policy gradient for net's parameters; returns the loss before it."""
    log_prob = net(obs).log_softmax(-1).gather(-1, actions[..., None])[..., 0]
    loss = -(log_prob * advantage)[alive].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% right="reinforce_step: Categorical from torch.distributions on the alive steps only"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    policy = torch.distributions.Categorical(logits=net(obs[alive]))
    objective = torch.mean(policy.log_prob(actions[alive]) * advantage[alive])
    for group in optimizer.param_groups:
        for parameter in group["params"]:
            parameter.grad = None
    (-objective).backward()
    optimizer.step()
    return -float(objective.detach())


# %% right="reinforce_step: gradients by autograd.grad put in place by hand, weighted cross-entropy"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    surprise = F.cross_entropy(net(obs).flatten(0, 1), actions.flatten().long(), reduction="none")
    weight = torch.where(alive, advantage, 0.0).flatten()
    loss = torch.dot(surprise, weight) / alive.sum()
    parameters = [p for p in net.parameters() if p.requires_grad]
    slopes = torch.autograd.grad(loss, parameters, allow_unused=True)
    for parameter, slope in zip(parameters, slopes, strict=True):
        parameter.grad = slope
    optimizer.step()
    return loss.tolist()


# %% wrong="reinforce_step: clears the gradients only after the step; breaks: gradients that net still holds when you are called must not take part in the step, seen with a net that holds gradients at the call"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    log_prob = categorical_log_prob(net(obs), actions)
    loss = -(log_prob * advantage)[alive].mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


# %% wrong="reinforce_step: the sum in place of the mean; breaks: minus the mean of log-probability times advantage, seen with two steps alive"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    log_prob = categorical_log_prob(net(obs), actions)
    loss = -(log_prob[alive] * advantage[alive]).sum()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% wrong="reinforce_step: ignores alive and averages over all places; breaks: the mean over the steps that are alive, seen with one dead step, even if its advantage is 0"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    log_prob = categorical_log_prob(net(obs), actions)
    loss = -(log_prob * advantage).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% wrong="reinforce_step: moves the weights by its own rule with a rate of 0.5; breaks: do one step of the optimizer, seen with Adam or another learning rate"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    log_prob = categorical_log_prob(net(obs), actions)
    loss = -(log_prob * advantage)[alive].mean()
    net.zero_grad()
    loss.backward()
    with torch.no_grad():
        for parameter in net.parameters():
            parameter -= 0.5 * parameter.grad
    return loss.item()


# %% wrong="reinforce_step: gives back the loss as a tensor; breaks: it returns plain Python numbers, not tensors, seen with any input"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    log_prob = categorical_log_prob(net(obs), actions)
    loss = -(log_prob * advantage)[alive].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


# %% right="dqn_loss: the blanks filled"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    """The mean squared error of net against targets from target_net, through which no gradient flows."""
    with torch.no_grad():
        future = target_net(next_obs).amax(dim=1)
        target = rewards + gamma * (1 - terminated) * future
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return (q - target).square().mean()


# %% right="dqn_loss: detach, one-hot selection and F.mse_loss"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    best, _ = target_net(next_obs).detach().max(-1)
    target = torch.where(terminated.bool(), rewards, rewards + gamma * best)
    values = net(obs)
    taken = (values * F.one_hot(actions.long(), values.shape[-1])).sum(-1)
    return F.mse_loss(taken, target)


# %% right="dqn_loss: helper for the targets under a decorator, indexing with arange, dot product of the errors"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    @torch.no_grad()
    def wanted():
        futures = torch.stack([row.max() for row in target_net(next_obs)])
        return rewards.addcmul(1 - terminated, futures, value=gamma)

    off = wanted() - net(obs)[torch.arange(len(actions)), actions]
    return off @ off / len(off)


# %% wrong="dqn_loss: the target keeps its gradient; breaks: targets from target_net, through which no gradient flows, seen in the gradient of target_net (or with one network for both)"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    future = target_net(next_obs).max(dim=1).values
    target = rewards + gamma * (1 - terminated) * future
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return ((q - target) ** 2).mean()


# %% wrong="dqn_loss: the largest value of the whole batch; breaks: the target of Q-learning, r + gamma max_a Q(s', a), seen with two steps that go on to different states"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    with torch.no_grad():
        future = target_net(next_obs).max()
        target = rewards + gamma * (1 - terminated) * future
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return ((q - target) ** 2).mean()


# %% wrong="dqn_loss: half the sum in place of the mean; breaks: the mean squared error, seen with a batch of any size but two"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    with torch.no_grad():
        future = target_net(next_obs).amax(dim=1)
        target = rewards + gamma * (1 - terminated) * future
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return 0.5 * ((q - target) ** 2).sum()


# %% wrong="dqn_loss: clips the rewards to between -1 and 1; breaks: the target of Q-learning is the reward plus gamma max Q, seen with a reward of 2"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    with torch.no_grad():
        future = target_net(next_obs).amax(dim=1)
        target = rewards.clamp(-1, 1) + gamma * (1 - terminated) * future
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return ((q - target) ** 2).mean()


# %% wrong="dqn_loss: adds the future to rewards in place; breaks: it leaves its inputs unchanged, seen with any step that goes on"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    with torch.no_grad():
        target = rewards.view(-1)
        target += gamma * (1 - terminated) * target_net(next_obs).amax(dim=1)
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return ((q - target) ** 2).mean()


# %% right="ppo_loss: the blanks filled"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    """Minus the clipped objective, a mean over the batch; all three tensors are (batch,)."""
    ratio = (log_prob - old_log_prob).exp()
    clipped = ratio.clamp(1 - clip, 1 + clip)
    return -torch.min(ratio * advantage, clipped * advantage).mean()


# %% right="ppo_loss: one limit by the sign of the advantage, with where"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    rho = torch.exp(log_prob - old_log_prob)
    limited = torch.where(advantage > 0, rho.clamp(max=1 + clip), rho.clamp(min=1 - clip))
    return (limited * advantage).mean().neg()


# %% right="ppo_loss: both candidates stacked, the smaller one of each pair by amin"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    low, high = 1.0 - clip, 1.0 + clip
    rho = torch.exp(log_prob.sub(old_log_prob))
    limited = torch.clip(rho, low, high)
    objective = (torch.stack((rho, limited)) * advantage).amin(dim=0)
    return objective.sum() / -objective.numel()


# %% wrong="ppo_loss: only the clipped product, without the minimum; breaks: the mean of min(rho A, clip(rho) A), seen with a bad action that is twice as likely now"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    ratio = (log_prob - old_log_prob).exp()
    return -(ratio.clamp(1 - clip, 1 + clip) * advantage).mean()


# %% wrong="ppo_loss: limits the ratio from above only; breaks: clip(rho, 1 - eps, 1 + eps), seen with a bad action that is half as likely now"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    ratio = (log_prob - old_log_prob).exp()
    clipped = ratio.clamp(max=1 + clip)
    return -torch.min(ratio * advantage, clipped * advantage).mean()


# %% wrong="ppo_loss: the limits are always 0.8 and 1.2; breaks: clip(rho, 1 - eps, 1 + eps) with the argument clip, seen with clip=0.3"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    ratio = (log_prob - old_log_prob).exp()
    clipped = ratio.clamp(0.8, 1.2)
    return -torch.min(ratio * advantage, clipped * advantage).mean()


# %% wrong="ppo_loss: the lower limit is 1 / (1 + clip); breaks: clip(rho, 1 - eps, 1 + eps), seen with a bad action that is half as likely now"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    ratio = (log_prob - old_log_prob).exp()
    clipped = ratio.clamp(1 / (1 + clip), 1 + clip)
    return -torch.min(ratio * advantage, clipped * advantage).mean()


# %% wrong="ppo_loss: reckons in float32 always; breaks: it accepts float32 and float64 and returns tensors of the same type, seen with float64"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    ratio = (log_prob - old_log_prob).exp().float()
    clipped = ratio.clamp(1 - clip, 1 + clip)
    return -torch.min(ratio * advantage.float(), clipped * advantage.float()).mean()


# %% right="diagnose: one question after the other"
def diagnose(learn, gamma: float) -> str:
    """The name of the disease, or "healthy"."""
    if learn(One())[0, 0] > 1.1:
        return "endless"
    look = learn(Look())
    if abs(look[0, 0] - look[1, 0]) < 1:
        return "blind"
    act = learn(Act())
    if abs(act[0, 0] - act[0, 1]) < 1:
        return "clumsy"
    if learn(Wait())[0, 0] > (1 + gamma) / 2:
        return "timeless"
    return "healthy"


# %% right="diagnose: trains on all probes first, then the first symptom in a list"
def diagnose(learn, gamma: float) -> str:
    one, look, act, wait = (learn(probe()).tolist() for probe in (One, Look, Act, Wait))
    spread = lambda numbers: max(numbers) - min(numbers)
    symptoms = [
        ("endless", one[0][0] - 1 > 0.1),
        ("blind", spread([row[0] for row in look]) < 0.5),
        ("clumsy", spread(act[0]) < 0.5),
        ("timeless", wait[1][0] - wait[0][0] < (1 - gamma) / 2),
    ]
    return next((disease for disease, shows in symptoms if shows), "healthy")


# %% right="diagnose: for each probe the nearer of a healthy and a sick number"
def diagnose(learn, gamma: float) -> str:
    def sick(seen, healthy, ill):
        return abs(float(seen) - ill) < abs(float(seen) - healthy)

    if sick(learn(One()).squeeze(), 1, 1 / (1 - gamma)):
        return "endless"
    for probe, axis, disease in ((Look(), 0, "blind"), (Act(), 1, "clumsy")):
        if sick(torch.diff(learn(probe), dim=axis).abs().max(), 2, 0):
            return disease
    return "timeless" if sick(learn(Wait())[0].mean(), gamma, 1) else "healthy"


# %% wrong="diagnose: tries Wait first; breaks: the order in which you try the probes matters (find out which disease it has), seen with an endless learner at gamma = 0.9, which is called timeless"
def diagnose(learn, gamma: float) -> str:
    if learn(Wait())[0, 0] > (1 + gamma) / 2:
        return "timeless"
    if learn(One())[0, 0] > 1.1:
        return "endless"
    look = learn(Look())
    if abs(look[0, 0] - look[1, 0]) < 1:
        return "blind"
    act = learn(Act())
    if abs(act[0, 0] - act[0, 1]) < 1:
        return "clumsy"
    return "healthy"


# %% wrong="diagnose: calls a learner endless from a value of 1.5 on; breaks: gamma lies between 0.2 and 0.95, seen with an endless learner at gamma = 0.25, whose value of One is 1.33"
def diagnose(learn, gamma: float) -> str:
    if learn(One())[0, 0] > 1.5:
        return "endless"
    look = learn(Look())
    if abs(look[0, 0] - look[1, 0]) < 1:
        return "blind"
    act = learn(Act())
    if abs(act[0, 0] - act[0, 1]) < 1:
        return "clumsy"
    if learn(Wait())[0, 0] > (1 + gamma) / 2:
        return "timeless"
    return "healthy"


# %% wrong="diagnose: timeless only if the value of waiting is off by more than 0.1; breaks: gamma lies between 0.2 and 0.95, seen with a timeless learner at gamma = 0.95, which is called healthy"
def diagnose(learn, gamma: float) -> str:
    if learn(One())[0, 0] > 1.1:
        return "endless"
    look = learn(Look())
    if abs(look[0, 0] - look[1, 0]) < 1:
        return "blind"
    act = learn(Act())
    if abs(act[0, 0] - act[0, 1]) < 1:
        return "clumsy"
    if abs(learn(Wait())[0, 0] - gamma) > 0.1:
        return "timeless"
    return "healthy"


# %% wrong="diagnose: expects the single number of a blind or clumsy learner to lie near 0; breaks: where it has a single number for things of different worth that number cannot settle, seen with a blind learner whose last step paid 1 and whose number on Look is 0.8"
def diagnose(learn, gamma: float) -> str:
    if learn(One())[0, 0] > 1.1:
        return "endless"
    if learn(Look())[1, 0].abs() < 0.3:
        return "blind"
    if learn(Act())[0, 1].abs() < 0.3:
        return "clumsy"
    if learn(Wait())[0, 0] > (1 + gamma) / 2:
        return "timeless"
    return "healthy"


# %% wrong="diagnose: compares exactly; breaks: its values are accurate to 0.01, seen with a healthy learner whose value of One is 1.008"
def diagnose(learn, gamma: float) -> str:
    if learn(One())[0, 0] != 1:
        return "endless"
    look = learn(Look())
    if look[0, 0] == look[1, 0]:
        return "blind"
    act = learn(Act())
    if act[0, 0] == act[0, 1]:
        return "clumsy"
    if learn(Wait())[0, 0] == 1:
        return "timeless"
    return "healthy"


# %% right="actor_critic_loss: takes the advantage out of the graph"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    """The loss of the policy plus value_weight times the loss of the critic; the three tensors are (batch,)."""
    advantage = (returns - values).detach()
    policy_loss = -(log_prob * advantage).mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% right="actor_critic_loss: no_grad for the advantage, F.mse_loss for the critic, dot product for the actor"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    with torch.no_grad():
        better_than_usual = torch.sub(returns, values)
    actor = torch.dot(log_prob, better_than_usual) / -len(log_prob)
    return torch.add(actor, F.mse_loss(values, returns), alpha=value_weight)


# %% right="actor_critic_loss: one mean over the losses of the single steps, error computed once"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    error = values - returns
    frozen = error.detach().clone()
    return torch.mean(value_weight * error * error + log_prob * frozen)


# %% wrong="actor_critic_loss: cuts the gradient of the whole policy loss; breaks: the loss of the policy (the actor must learn), seen in the gradient of log_prob, which is missing"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    advantage = returns - values
    policy_loss = -(log_prob * advantage).mean().detach()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% wrong="actor_critic_loss: the weight of the critic is always 0.5; breaks: value_weight times the loss of the critic, seen with value_weight=1"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    advantage = (returns - values).detach()
    policy_loss = -(log_prob * advantage).mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + 0.5 * value_loss


# %% wrong="actor_critic_loss: the actor gets the returns without the baseline; breaks: the critic gives the actor its baseline, seen in the loss and the gradient of log_prob with values other than 0"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    policy_loss = -(log_prob * returns).mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% wrong="actor_critic_loss: also standardises the advantages; breaks: there is one mistake and all else is right, seen in the loss of any batch whose advantages do not have mean 0 and spread 1"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    advantage = (returns - values).detach()
    advantage = (advantage - advantage.mean()) / (advantage.std() + 1e-8)
    policy_loss = -(log_prob * advantage).mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% wrong="actor_critic_loss: detaches the values in the loss of the critic instead; breaks: the critic learns values (from its own loss only), seen in the public example"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    advantage = returns - values
    policy_loss = -(log_prob * advantage).mean()
    value_loss = (returns - values.detach()).pow(2).mean()
    return policy_loss + value_weight * value_loss
