# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% right="returns: backwards over the indices"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    result = torch.zeros(len(rewards))
    ahead = 0.0
    for t in reversed(range(len(rewards))):
        ahead = rewards[t] + gamma * ahead
        result[t] = ahead
    return result


# %% right="returns: itertools.accumulate over the reversed list"
def returns(rewards, gamma):
    backwards = itertools.accumulate(reversed(rewards), lambda ahead, reward: reward + gamma * ahead)
    return torch.tensor(list(backwards)[::-1], dtype=torch.float32)


# %% right="returns: while loop that grows a python list, turned round at the end"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    found, now = [], 0.0
    place = len(rewards) - 1
    while place >= 0:
        now = now * gamma + rewards[place]
        found.append(now)
        place -= 1
    found.reverse()
    return torch.tensor(found, dtype=torch.float)


# %% wrong="returns: always discounts by one half, as in the example; breaks: result[t] = rewards[t] + gamma * rewards[t + 1] + ..."
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    result = torch.zeros(len(rewards))
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        ahead = rewards[t] + 0.5 * ahead
        result[t] = ahead
    return result


# %% wrong="returns: looks only four steps ahead; breaks: all the rewards from step t on"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    result = torch.zeros(len(rewards))
    for t in range(len(rewards)):
        result[t] = sum(gamma**k * reward for k, reward in enumerate(rewards[t : t + 4]))
    return result


# %% wrong="returns: a return below zero is cut off at zero; breaks: the discounted return (rewards may be negative)"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    result = torch.zeros(len(rewards))
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        ahead = max(0.0, rewards[t] + gamma * ahead)
        result[t] = ahead
    return result


# %% wrong="returns: what is ahead is kept from one call to the next; breaks: what comes after the last step is 0"
_kept = [0.0]


def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    result = torch.zeros(len(rewards))
    for t in range(len(rewards) - 1, -1, -1):
        _kept[0] = rewards[t] + gamma * _kept[0]
        result[t] = _kept[0]
    return result


# %% wrong="returns: without a discount every step gets the plain sum of the whole episode; breaks: the return from each step on"
def returns(rewards: list[float], gamma: float) -> torch.Tensor:
    if gamma == 1:
        return torch.full((len(rewards),), float(sum(rewards)))
    result = torch.zeros(len(rewards))
    ahead = 0.0
    for t in range(len(rewards) - 1, -1, -1):
        ahead = rewards[t] + gamma * ahead
        result[t] = ahead
    return result


# %% right="read_model: three nested loops"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, k = len(P), len(P[0])
    T, R = torch.zeros(n + 1, k, n + 1), torch.zeros(n + 1, k)
    for s in range(n):
        for a in range(k):
            for probability, after, reward, ends in P[s][a]:
                T[s, a, n if ends else after] += probability
                R[s, a] += probability * reward
    T[n, :, n] = 1
    return T, R


# %% right="read_model: flat lists and index_put_ with accumulate"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    end = len(P)
    actions = max(len(row) for row in P.values())
    lines = [
        (s, a, end if over else t, p, p * pay)
        for s, row in P.items()
        for a, what in row.items()
        for p, t, pay, over in what
    ]
    lines += [(end, a, end, 1.0, 0.0) for a in range(actions)]
    s, a, t = (torch.tensor([int(line[i]) for line in lines]) for i in range(3))
    p, pay = (torch.tensor([float(line[i]) for line in lines]) for i in (3, 4))
    T = torch.zeros(end + 1, actions, end + 1).index_put_((s, a, t), p, accumulate=True)
    R = torch.zeros(end + 1, actions).index_put_((s, a), pay, accumulate=True)
    return T, R


# %% right="read_model: a helper turns each list into one row of probabilities and a mean reward, stacked"
def one_row(outcomes, n):
    row = [0.0] * (n + 1)
    for p, after, _, over in outcomes:
        row[-1 if over else int(after)] += float(p)
    return row, sum(float(p) * float(reward) for p, _, reward, _ in outcomes)


def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, actions = len(P), sorted(P[0])
    table = [[one_row(P[s][a], n) for a in actions] for s in sorted(P)]
    table.append([one_row([(1.0, n, 0.0, True)], n) for _ in actions])
    T = torch.tensor([[row for row, _ in state] for state in table], dtype=torch.float32)
    R = torch.tensor([[pay for _, pay in state] for state in table], dtype=torch.float32)
    return T, R


# %% wrong="read_model: an end that pays nothing is no end; breaks: whatever ends the episode leads there, whether it pays or not"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, k = len(P), len(P[0])
    T, R = torch.zeros(n + 1, k, n + 1), torch.zeros(n + 1, k)
    for s in range(n):
        for a in range(k):
            for probability, after, reward, ends in P[s][a]:
                T[s, a, n if ends and reward != 0 else after] += probability
                R[s, a] += probability * reward
    T[n, :, n] = 1
    return T, R


# %% wrong="read_model: the last reward that is not zero overwrites the others; breaks: R is the reward that you may expect, each weighted by its probability"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, k = len(P), len(P[0])
    T, R = torch.zeros(n + 1, k, n + 1), torch.zeros(n + 1, k)
    for s in range(n):
        for a in range(k):
            for probability, after, reward, ends in P[s][a]:
                T[s, a, n if ends else after] += probability
                if reward:
                    R[s, a] = probability * reward
    T[n, :, n] = 1
    return T, R


# %% wrong="read_model: only the first two actions of the end lead back to it; breaks: from there every action leads back to it"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, k = len(P), len(P[0])
    T, R = torch.zeros(n + 1, k, n + 1), torch.zeros(n + 1, k)
    for s in range(n):
        for a in range(k):
            for probability, after, reward, ends in P[s][a]:
                T[s, a, n if ends else after] += probability
                R[s, a] += probability * reward
    T[n, 0, n] = T[n, min(1, k - 1), n] = 1
    return T, R


# %% wrong="read_model: returns float64; breaks: both float32"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, k = len(P), len(P[0])
    T = torch.zeros(n + 1, k, n + 1, dtype=torch.float64)
    R = torch.zeros(n + 1, k, dtype=torch.float64)
    for s in range(n):
        for a in range(k):
            for probability, after, reward, ends in P[s][a]:
                T[s, a, n if ends else after] += probability
                R[s, a] += probability * reward
    T[n, :, n] = 1
    return T, R


# %% wrong="read_model: a final step that stays where it is (a hole) is left as a loop; breaks: whatever ends the episode leads there instead of to the state that is named"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, k = len(P), len(P[0])
    T, R = torch.zeros(n + 1, k, n + 1), torch.zeros(n + 1, k)
    for s in range(n):
        for a in range(k):
            for probability, after, reward, ends in P[s][a]:
                T[s, a, n if ends and after != s else after] += probability
                R[s, a] += probability * reward
    T[n, :, n] = 1
    return T, R


# %% right="follow: einsum and a sum of a product"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    P = torch.einsum("sat,sa->st", T, pi)
    r = (pi * R).sum(dim=1)
    return P, r


# %% right="follow: one batched matrix product for each"
def follow(T, R, pi):
    weights = pi.unsqueeze(1)  # (states, 1, actions)
    return torch.bmm(weights, T).squeeze(1), torch.bmm(weights, R.unsqueeze(2)).flatten()


# %% right="follow: adds up one action after the other"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    states, actions = R.shape
    P, r = T.new_zeros(states, states), R.new_zeros(states)
    for a in range(actions):
        P = P + pi[:, a].reshape(-1, 1) * T[:, a]
        r = r + pi[:, a] * R[:, a]
    return P, r


# %% wrong="follow: P comes out transposed; breaks: P[s, s'] = sum over a of pi[s, a] T[s, a, s']"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    P = torch.einsum("sat,sa->ts", T, pi)
    r = (pi * R).sum(dim=1)
    return P, r


# %% wrong="follow: knows only two actions; breaks: averaged over all actions as the policy mixes them"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    P = pi[:, 0, None] * T[:, 0] + pi[:, 1, None] * T[:, 1]
    r = pi[:, 0] * R[:, 0] + pi[:, 1] * R[:, 1]
    return P, r


# %% wrong="follow: rewards below zero are taken for zero; breaks: r[s] = sum over a of pi[s, a] R[s, a]"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    P = torch.einsum("sat,sa->st", T, pi)
    r = (pi * R.relu()).sum(dim=1)
    return P, r


# %% wrong="follow: actions that are taken less than one time in five are left out; breaks: averaged as the policy mixes them"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    pi = torch.where(pi < 0.2, torch.zeros_like(pi), pi)
    P = torch.einsum("sat,sa->st", T, pi)
    r = (pi * R).sum(dim=1)
    return P, r


# %% wrong="follow: the weighted probabilities are written into T itself; breaks: it leaves its inputs as they are"
def follow(T: torch.Tensor, R: torch.Tensor, pi: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    P = T.mul_(pi[:, :, None]).sum(dim=1)
    r = (pi * R).sum(dim=1)
    return P, r


# %% right="evaluate: a loop, and linalg.solve"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    V = torch.zeros_like(r)
    for _ in range(sweeps):
        V = r + gamma * P @ V
    return V


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P, r)


# %% right="evaluate: a sum of what each step ahead brings, and LU factors"
def sweep(P, r, gamma, sweeps):
    total, term = torch.zeros_like(r), r
    for _ in range(sweeps):
        total = total + term
        term = gamma * (P @ term)
    return total


def solve(P, r, gamma):
    n = P.shape[0]
    A = torch.eye(n, dtype=P.dtype, device=P.device) - gamma * P
    LU, pivots = torch.linalg.lu_factor(A)
    return torch.linalg.lu_solve(LU, pivots, r[:, None])[:, 0]


# %% right="evaluate: by loops over the states into a second table, and an inverse in double precision"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    n = len(r)
    old = torch.zeros(n, dtype=r.dtype)
    for _ in range(sweeps):
        new = torch.zeros(n, dtype=r.dtype)
        for s in range(n):
            new[s] = r[s] + gamma * (P[s] * old).sum()
        old = new
    return old


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    system = torch.eye(len(P), dtype=torch.float64) - gamma * P.double()
    return (torch.linalg.inv(system) @ r.double()).to(r.dtype)


# %% wrong="evaluate: the values are overwritten in place, state by state; breaks: each sweep reads only the values from before that sweep"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    V = torch.zeros_like(r)
    for _ in range(sweeps):
        for s in range(len(r)):
            V[s] = r[s] + gamma * P[s] @ V
    return V


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P, r)


# %% wrong="evaluate: begins with r and sweeps once less; breaks: beginning with zeros (after no sweep at all)"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    V = r.clone()
    for _ in range(sweeps - 1):
        V = r + gamma * P @ V
    return V


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P, r)


# %% wrong="evaluate: stops as soon as a sweep changes little; breaks: the values after so many sweeps"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    V = torch.zeros_like(r)
    for _ in range(sweeps):
        before, V = V, r + gamma * P @ V
        if (V - before).abs().max() < 0.05:
            break
    return V


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    return torch.linalg.solve(torch.eye(len(r)) - gamma * P, r)


# %% wrong="evaluate: solve is a hundred sweeps; breaks: the values that fulfil the Bellman equation exactly"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    V = torch.zeros_like(r)
    for _ in range(sweeps):
        V = r + gamma * P @ V
    return V


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    return sweep(P, r, gamma, 100)


# %% wrong="evaluate: solve halves P instead of discounting by gamma; breaks: (I - gamma P) V = r"
def sweep(P: torch.Tensor, r: torch.Tensor, gamma: float, sweeps: int) -> torch.Tensor:
    V = torch.zeros_like(r)
    for _ in range(sweeps):
        V = r + gamma * P @ V
    return V


def solve(P: torch.Tensor, r: torch.Tensor, gamma: float) -> torch.Tensor:
    return torch.linalg.solve(torch.eye(len(r)) - P / 2, r)


# %% right="improve: blanks filled"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    Q = R + gamma * T @ V
    advantage = Q - V[:, None]
    greedy = F.one_hot(Q.argmax(dim=1), Q.shape[1]).float()
    return Q, advantage, greedy


# %% right="improve: einsum and scatter"
def improve(V, T, R, gamma):
    Q = torch.einsum("sat,t->sa", T, V).mul(gamma).add(R)
    best = Q.max(dim=-1, keepdim=True).indices
    greedy = torch.zeros_like(Q).scatter(1, best, 1.0)
    return Q, Q - V.unsqueeze(-1).expand_as(Q), greedy


# %% right="improve: loops over states and actions, the last of several best actions"
def improve(V, T, R, gamma):
    states, actions = R.shape
    Q, advantage, greedy = (torch.zeros(states, actions) for _ in range(3))
    for s in range(states):
        best = 0
        for a in range(actions):
            Q[s, a] = R[s, a] + gamma * torch.dot(T[s, a], V)
            advantage[s, a] = Q[s, a] - V[s]
            if Q[s, a] >= Q[s, best]:
                best = a
        greedy[s, best] = 1.0
    return Q, advantage, greedy


# %% wrong="improve: the advantage over the mean of the actions; breaks: A(s, a) = Q(s, a) - V(s)"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    Q = R + gamma * T @ V
    advantage = Q - Q.mean(dim=1, keepdim=True)
    greedy = F.one_hot(Q.argmax(dim=1), Q.shape[1]).float()
    return Q, advantage, greedy


# %% wrong="improve: every best action gets a 1; breaks: a single 1 in each row (ties)"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    Q = R + gamma * T @ V
    advantage = Q - V[:, None]
    greedy = (Q == Q.amax(dim=1, keepdim=True)).float()
    return Q, advantage, greedy


# %% wrong="improve: one_hot guesses the number of actions; breaks: greedy is (states, actions), also where nobody takes the last action"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    Q = R + gamma * T @ V
    advantage = Q - V[:, None]
    greedy = F.one_hot(Q.argmax(dim=1)).float()
    return Q, advantage, greedy


# %% wrong="improve: the greedy policy is a table of whole numbers; breaks: a table of probabilities (floats) again"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    Q = R + gamma * T @ V
    advantage = Q - V[:, None]
    greedy = F.one_hot(Q.argmax(dim=1), Q.shape[1])
    return Q, advantage, greedy


# %% wrong="improve: advantages below zero are cut off; breaks: how much better that is than doing what pi does"
def improve(
    V: torch.Tensor, T: torch.Tensor, R: torch.Tensor, gamma: float
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    Q = R + gamma * T @ V
    advantage = (Q - V[:, None]).clamp(min=0)
    greedy = F.one_hot(Q.argmax(dim=1), Q.shape[1]).float()
    return Q, advantage, greedy


# %% right="policy_iteration: in double precision, an action is only given up for a better one"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    t, reward = T.double(), R.double()
    rows = torch.arange(len(T))
    actions, values = torch.zeros(len(T), dtype=torch.long), []
    while True:
        V = torch.linalg.solve(torch.eye(len(T)).double() - gamma * t[rows, actions], reward[rows, actions])
        values.append(V.to(T.dtype))
        Q = reward + gamma * t @ V
        better = Q.amax(dim=1) > Q[rows, actions] + 1e-10 * (1 + V.abs().max())
        if not better.any():
            return actions, values
        actions = torch.where(better, Q.argmax(dim=1), actions)


# %% right="policy_iteration: with the functions from above and policy tables; stops when no advantage is left"
def policy_iteration(T, R, gamma):
    states, actions = R.shape
    pi = torch.zeros(states, actions)
    pi[:, 0] = 1
    values = []
    for _ in range(actions**states + 1):
        V = solve(*follow(T, R, pi), gamma)
        values.append(V)
        _, advantage, greedy = improve(V, T, R, gamma)
        if torch.equal(greedy, pi) or advantage.max() <= 1e-6 * (1 + V.abs().max()):
            break
        keep = (advantage.amax(dim=1) <= 1e-6 * (1 + V.abs().max()))[:, None]
        pi = torch.where(keep, pi, greedy)
    return pi.argmax(dim=1), values


# %% right="policy_iteration: recursion, with python lists of actions"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    n, k = R.shape

    def value_of(plan):
        P = torch.stack([T[s, a] for s, a in enumerate(plan)]).double()
        r = torch.stack([R[s, a] for s, a in enumerate(plan)]).double()
        return torch.linalg.solve(torch.eye(n, dtype=torch.float64) - gamma * P, r)

    def go(plan):
        V = value_of(plan)
        slack = 1e-10 * (1 + V.abs().max().item())
        Q = (R.double() + gamma * (T.double() * V).sum(-1)).tolist()
        better = [max(range(k), key=row.__getitem__) for row in Q]
        better = [b if row[b] > row[a] + slack else a for row, a, b in zip(Q, plan, better)]
        if better == plan:
            return plan, [V.float()]
        last, values = go(better)
        return last, [V.float(), *values]

    plan, values = go([0] * n)
    return torch.tensor(plan), values


# %% wrong="policy_iteration: the last values stand in the list twice; breaks: the values of every policy, each once"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    rows, actions, values = torch.arange(len(T)), torch.zeros(len(T), dtype=torch.long), []
    for _ in range(1000):
        V = torch.linalg.solve(torch.eye(len(T)) - gamma * T[rows, actions], R[rows, actions])
        values.append(V)
        if len(values) > 1 and torch.allclose(values[-1], values[-2]):
            break
        actions = (R + gamma * T @ V).argmax(dim=1)
    return actions, values


# %% wrong="policy_iteration: the first policy takes the action that pays most at once; breaks: begin with the policy that always takes action 0"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    rows, actions, values = torch.arange(len(T)), R.argmax(dim=1), []
    for _ in range(1000):
        V = torch.linalg.solve(torch.eye(len(T)) - gamma * T[rows, actions], R[rows, actions])
        values.append(V)
        better = (R + gamma * T @ V).argmax(dim=1)
        if torch.equal(better, actions):
            break
        actions = better
    return actions, values


# %% wrong="policy_iteration: each policy is evaluated by fifty sweeps; breaks: the exact values of every policy"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    rows, actions, values = torch.arange(len(T)), torch.zeros(len(T), dtype=torch.long), []
    for _ in range(1000):
        V = torch.zeros(len(T))
        for _ in range(50):
            V = R[rows, actions] + gamma * T[rows, actions] @ V
        values.append(V)
        better = (R + gamma * T @ V).argmax(dim=1)
        if torch.equal(better, actions):
            break
        actions = better
    return actions, values


# %% wrong="policy_iteration: improves once only; breaks: until the greedy policy no longer changes"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    rows, actions = torch.arange(len(T)), torch.zeros(len(T), dtype=torch.long)
    first = torch.linalg.solve(torch.eye(len(T)) - gamma * T[rows, actions], R[rows, actions])
    best = (R + gamma * T @ first).argmax(dim=1)
    if torch.equal(best, actions):
        return best, [first]
    return best, [first, torch.linalg.solve(torch.eye(len(T)) - gamma * T[rows, best], R[rows, best])]


# %% wrong="policy_iteration: improves one state at a time; breaks: the greedy policy takes the action with the largest Q in every state, so the values on the way are others"
def policy_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float) -> tuple[torch.Tensor, list[torch.Tensor]]:
    rows, actions, values = torch.arange(len(T)), torch.zeros(len(T), dtype=torch.long), []
    for _ in range(10_000):
        V = torch.linalg.solve(torch.eye(len(T)) - gamma * T[rows, actions], R[rows, actions])
        values.append(V)
        Q = R + gamma * T @ V
        gain = Q.amax(dim=1) - Q[rows, actions]
        if gain.max() < 1e-6:
            break
        s = gain.argmax()
        actions = actions.clone()
        actions[s] = Q[s].argmax()
    return actions, values


# %% right="value_iteration: amax in a loop"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    V = torch.zeros(len(T))
    for _ in range(sweeps):
        V = (R + gamma * T @ V).amax(dim=1)
    return V, (R + gamma * T @ V).argmax(dim=1)


# %% right="value_iteration: keeps Q instead of V and carries it one sweep further"
def value_iteration(T, R, gamma, sweeps):
    def back_up(V):
        return torch.einsum("sat,t->sa", T, V) * gamma + R

    V = torch.zeros_like(R[:, 0])
    Q = back_up(V)
    for _ in range(sweeps):
        V, _ = Q.max(1)
        Q = back_up(V)
    return V, Q.max(1)[1]


# %% right="value_iteration: loops over the states, new values in a list"
def value_iteration(T, R, gamma, sweeps):
    n = R.shape[0]
    V = torch.zeros(n)
    while sweeps > 0:
        V = torch.tensor([max((R[s] + gamma * T[s].matmul(V)).tolist()) for s in range(n)])
        sweeps -= 1
    actions = [int(torch.argmax(R[s] + gamma * T[s].matmul(V))) for s in range(n)]
    return V, torch.tensor(actions)


# %% wrong="value_iteration: the actions are those of the last sweep, from the values before it; breaks: the greedy actions for the values after the last sweep"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    V, actions = torch.zeros(len(T)), R.argmax(dim=1)
    for _ in range(sweeps):
        V, actions = (R + gamma * T @ V).max(dim=1)
    return V, actions


# %% wrong="value_iteration: sweeps in place; breaks: each from the values before it"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    V = torch.zeros(len(T))
    for _ in range(sweeps):
        for s in range(len(T)):
            V[s] = (R[s] + gamma * T[s] @ V).max()
    return V, (R + gamma * T @ V).argmax(dim=1)


# %% wrong="value_iteration: a value never goes down; breaks: V is replaced by the maximum over the actions (rewards may be negative)"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    V = torch.zeros(len(T))
    for _ in range(sweeps):
        V = torch.maximum(V, (R + gamma * T @ V).amax(dim=1))
    return V, (R + gamma * T @ V).argmax(dim=1)


# %% wrong="value_iteration: stops when two sweeps have the same actions; breaks: V after so many sweeps"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    V, before = torch.zeros(len(T)), None
    for _ in range(sweeps):
        V, actions = (R + gamma * T @ V).max(dim=1)
        if before is not None and torch.equal(actions, before):
            break
        before = actions
    return V, (R + gamma * T @ V).argmax(dim=1)


# %% wrong="value_iteration: a discount of 1 is quietly made 0.99; breaks: gamma is the parameter, the clock needs it to be 1"
def value_iteration(T: torch.Tensor, R: torch.Tensor, gamma: float, sweeps: int) -> tuple[torch.Tensor, torch.Tensor]:
    gamma = min(gamma, 0.99)
    V = torch.zeros(len(T))
    for _ in range(sweeps):
        V = (R + gamma * T @ V).amax(dim=1)
    return V, (R + gamma * T @ V).argmax(dim=1)


# %% right="bandit: with torch's random numbers"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    if torch.rand(()) < epsilon:
        return int(torch.randint(len(Q), ()))
    return int(Q.argmax())


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% right="bandit: with the random module, the mean as a weighted sum of old and new"
def choose(Q, epsilon):
    arms = range(Q.numel())
    explore = random.random() < epsilon
    return random.choice(arms) if explore else max(arms, key=lambda arm: Q[arm].item())


def learn(Q, N, arm, reward):
    before = N[arm].item()
    Q[arm] = (before * Q[arm].item() + float(reward)) / (before + 1)
    N[arm] = before + 1


# %% right="bandit: one draw from the probabilities of all arms"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    probabilities = torch.full((len(Q),), epsilon / len(Q))
    probabilities[Q.argmax()] += 1 - epsilon
    return torch.multinomial(probabilities, 1).item()


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    N[arm].add_(1)
    Q[arm].lerp_(torch.as_tensor(reward, dtype=Q.dtype), 1 / N[arm].item())


# %% wrong="bandit: explores only among the other arms; breaks: any action at random, the best one included"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    best = int(Q.argmax())
    if random.random() < epsilon:
        return random.choice([arm for arm in range(len(Q)) if arm != best] or [best])
    return best


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: divides by the number of all pulls; breaks: N is the number of pulls of that arm"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    if random.random() < epsilon:
        return random.randrange(len(Q))
    return int(Q.argmax())


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N.sum()


# %% wrong="bandit: sets the seed at each choice, so that all of them are alike; breaks: with probability epsilon any one of them"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    torch.manual_seed(0)
    if torch.rand(()) < epsilon:
        return int(torch.randint(len(Q), ()))
    return int(Q.argmax())


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: a pull that pays nothing is not counted; breaks: the mean of all the rewards of that arm"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    if random.random() < epsilon:
        return random.randrange(len(Q))
    return int(Q.argmax())


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    if reward:
        N[arm] += 1
        Q[arm] += (reward - Q[arm]) / N[arm]


# %% wrong="bandit: the search for the best arm begins with the value 0; breaks: else the one with the largest Q (all of them negative)"
def choose(Q: torch.Tensor, epsilon: float) -> int:
    if random.random() < epsilon:
        return random.randrange(len(Q))
    best, top = 0, 0.0
    for arm, value in enumerate(Q.tolist()):
        if value > top:
            best, top = arm, value
    return best


def learn(Q: torch.Tensor, N: torch.Tensor, arm: int, reward: float) -> None:
    N[arm] += 1
    Q[arm] += (reward - Q[arm]) / N[arm]


# %% right="monte_carlo: from behind, the earlier visit overwrites the later one"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    total, count = torch.zeros(states), torch.zeros(states)
    for episode in episodes:
        first, ahead = {}, 0.0
        for state, reward in reversed(episode):
            ahead = reward + gamma * ahead
            first[state] = ahead
        for state, value in first.items():
            total[state] += value
            count[state] += 1
    return total / count.clamp(min=1)


# %% right="monte_carlo: forwards with a set of states seen, returns computed first, lists of opinions"
def monte_carlo(episodes, states, gamma):
    opinions = [[] for _ in range(states)]
    for episode in episodes:
        seen = set()
        G = returns([reward for _, reward in episode], gamma).tolist()
        for (state, _), value in zip(episode, G):
            if state in seen:
                continue
            seen.add(state)
            opinions[state].append(value)
    return torch.tensor([sum(each) / len(each) if each else 0.0 for each in opinions])


# %% right="monte_carlo: one row of a table for each episode, NaN where a state was not visited, nanmean"
def monte_carlo(episodes, states, gamma):
    table = torch.full((len(episodes), states), float("nan"), dtype=torch.float64)
    for row, episode in zip(table, episodes):
        ahead = 0.0
        for t in range(len(episode) - 1, -1, -1):
            ahead = episode[t][1] + gamma * ahead
            row[episode[t][0]] = ahead
    return table.nanmean(dim=0).nan_to_num(nan=0.0).float()


# %% wrong="monte_carlo: counts every visit; breaks: the return from its first visit on"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    total, count = torch.zeros(states), torch.zeros(states)
    for episode in episodes:
        ahead = 0.0
        for state, reward in reversed(episode):
            ahead = reward + gamma * ahead
            total[state] += ahead
            count[state] += 1
    return total / count.clamp(min=1)


# %% wrong="monte_carlo: counts the last visit; breaks: the return from its first visit on"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    total, count = torch.zeros(states), torch.zeros(states)
    for episode in episodes:
        ahead, seen = 0.0, set()
        for state, reward in reversed(episode):
            ahead = reward + gamma * ahead
            if state not in seen:
                seen.add(state)
                total[state] += ahead
                count[state] += 1
    return total / count.clamp(min=1)


# %% wrong="monte_carlo: half old and half new at each episode; breaks: the mean over the episodes (three or more of them)"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    V, visited = torch.zeros(states), set()
    for episode in episodes:
        first, ahead = {}, 0.0
        for state, reward in reversed(episode):
            ahead = reward + gamma * ahead
            first[state] = ahead
        for state, value in first.items():
            V[state] = (V[state] + value) / 2 if state in visited else value
            visited.add(state)
    return V


# %% wrong="monte_carlo: a return of 0 is taken for no visit; breaks: the mean over the episodes that visit the state"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    rows = torch.zeros(len(episodes), states)
    for row, episode in zip(rows, episodes):
        ahead = 0.0
        for state, reward in reversed(episode):
            ahead = reward + gamma * ahead
            row[state] = ahead
    return rows.sum(dim=0) / (rows != 0).sum(dim=0).clamp(min=1)


# %% wrong="monte_carlo: steps that visit a state again are thrown away together with their rewards; breaks: the return is all the rewards from there on"
def monte_carlo(episodes: list[list[tuple[int, float]]], states: int, gamma: float) -> torch.Tensor:
    total, count = torch.zeros(states), torch.zeros(states)
    for episode in episodes:
        firsts = {}
        for state, reward in episode:
            firsts.setdefault(state, reward)
        ahead = 0.0
        for state, reward in reversed(list(firsts.items())):
            ahead = reward + gamma * ahead
            total[state] += ahead
            count[state] += 1
    return total / count.clamp(min=1)


# %% right="targets: True and False count as 1 and 0"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * (1 - terminated) * next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (1 - terminated) * (next_pi * next_q).sum()


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * (1 - terminated) * next_q.max()


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% right="targets: one helper that asks whether it is over; dot product, python numbers"
def _target(reward, terminated, ahead, gamma):
    if terminated:
        return float(reward)
    return float(reward) + gamma * float(ahead)


def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return _target(reward, terminated, next_q[next_action], gamma)


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return _target(reward, terminated, torch.dot(next_q, next_pi), gamma)


def q_learning_target(reward, terminated, next_q, gamma):
    return _target(reward, terminated, max(next_q.tolist()), gamma)


def nudge(table, place, target, alpha):
    before = table[place].item()
    table[place] = (1 - alpha) * before + alpha * target
    return float(target) - before


# %% right="targets: SARSA and Q-learning are expected SARSA with all the probability on one action"
def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    future = next_q @ next_pi
    return reward + gamma * (not terminated) * future


def sarsa_target(reward, terminated, next_q, next_action, gamma):
    sure = F.one_hot(torch.as_tensor(next_action), len(next_q)).to(next_q.dtype)
    return expected_sarsa_target(reward, terminated, next_q, sure, gamma)


def q_learning_target(reward, terminated, next_q, gamma):
    return sarsa_target(reward, terminated, next_q, int(next_q.argmax()), gamma)


def nudge(table, place, target, alpha):
    error = float(target) - float(table[place])
    with torch.no_grad():
        table[place] += error * alpha
    return error


# %% wrong="targets: expected SARSA adds a future after the end; breaks: in an episode that terminated there is nothing to add to the reward"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * (1 - terminated) * next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (next_pi * next_q).sum()


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * (1 - terminated) * next_q.max()


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% wrong="targets: expected SARSA takes the plain mean of the possible actions; breaks: what the policy does on average, sum of pi(a) Q(a)"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * (1 - terminated) * next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (1 - terminated) * next_q[next_pi > 0].mean()


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * (1 - terminated) * next_q.max()


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% wrong="targets: the best action is worth at least 0; breaks: max over a of Q(s', a), which may be negative"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * (1 - terminated) * next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (1 - terminated) * (next_pi * next_q).sum()


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * (1 - terminated) * max(0.0, float(next_q.max()))


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% wrong="targets: nudge returns how far off without the sign; breaks: returns target minus old entry"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return reward + gamma * (1 - terminated) * next_q[next_action]


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (1 - terminated) * (next_pi * next_q).sum()


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * (1 - terminated) * next_q.max()


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return abs(error)


# %% wrong="targets: after the end SARSA's target is 0; breaks: the reward of the last step counts"
def sarsa_target(reward, terminated, next_q, next_action, gamma):
    return (reward + gamma * next_q[next_action]) * (1 - terminated)


def expected_sarsa_target(reward, terminated, next_q, next_pi, gamma):
    return reward + gamma * (1 - terminated) * (next_pi * next_q).sum()


def q_learning_target(reward, terminated, next_q, gamma):
    return reward + gamma * (1 - terminated) * next_q.max()


def nudge(table, place, target, alpha):
    error = float(target - table[place])
    table[place] += alpha * error
    return error


# %% right="q_learning: with choose, q_learning_target and nudge from above"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    Q = torch.zeros(states, actions)
    for _ in range(episodes):
        (state, _), over = env.reset(), False
        while not over:
            action = choose(Q[state], epsilon)
            after, reward, terminated, truncated, _ = env.step(action)
            nudge(Q, (state, action), q_learning_target(reward, terminated, Q[after], gamma), alpha)
            state, over = after, terminated or truncated
    return Q


# %% right="q_learning: a table of python lists, ties broken at random"
def q_learning(env, states, actions, episodes, alpha, gamma, epsilon):
    table = [[0.0] * actions for _ in range(states)]
    for _ in range(episodes):
        here, _info = env.reset()
        while True:
            row = table[here]
            if random.random() < epsilon:
                action = random.randrange(actions)
            else:
                top = max(row)
                action = random.choice([a for a, value in enumerate(row) if value == top])
            there, reward, terminated, truncated, _info = env.step(action)
            future = 0.0 if terminated else max(table[there])
            row[action] += alpha * (reward + gamma * future - row[action])
            here = there
            if terminated or truncated:
                break
    return torch.tensor(table)


# %% right="q_learning: a small class with act and update methods"
class TableLearner:
    def __init__(self, states, actions, alpha, gamma, epsilon):
        self.Q = torch.zeros((states, actions))
        self.alpha, self.gamma, self.epsilon = alpha, gamma, epsilon

    def act(self, state):
        explore = torch.rand(1).item() < self.epsilon
        return torch.randint(0, self.Q.size(1), (1,)).item() if explore else self.Q[state].argmax().item()

    def update(self, state, action, reward, after, terminated):
        best = self.Q[after].amax() * (0.0 if terminated else 1.0)
        self.Q[state, action] = (1 - self.alpha) * self.Q[state, action] + self.alpha * (reward + self.gamma * best)


def q_learning(env, states, actions, episodes, alpha, gamma, epsilon):
    learner = TableLearner(states, actions, alpha, gamma, epsilon)
    for _ in range(episodes):
        state = env.reset()[0]
        done = False
        while not done:
            action = learner.act(state)
            after, reward, terminated, truncated, _ = env.step(action)
            learner.update(state, action, reward, after, terminated)
            state = after
            done = terminated or truncated
    return learner.Q


# %% wrong="q_learning: plays one episode more; breaks: the table after so many episodes"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    Q = torch.zeros(states, actions)
    episode = 0
    while episode <= episodes:
        (state, _), over = env.reset(), False
        while not over:
            action = random.randrange(actions) if random.random() < epsilon else int(Q[state].argmax())
            after, reward, terminated, truncated, _ = env.step(action)
            target = reward + gamma * (1 - terminated) * Q[after].max()
            Q[state, action] += alpha * (target - Q[state, action])
            state, over = after, terminated or truncated
        episode += 1
    return Q


# %% wrong="q_learning: epsilon shrinks from episode to episode; breaks: choose actions epsilon-greedily, with the epsilon that is given"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    Q = torch.zeros(states, actions)
    for episode in range(episodes):
        (state, _), over = env.reset(), False
        while not over:
            explore = random.random() < epsilon / (episode + 1)
            action = random.randrange(actions) if explore else int(Q[state].argmax())
            after, reward, terminated, truncated, _ = env.step(action)
            target = reward + gamma * (1 - terminated) * Q[after].max()
            Q[state, action] += alpha * (target - Q[state, action])
            state, over = after, terminated or truncated
    return Q


# %% wrong="q_learning: learns nothing from a step without a reward; breaks: learn from every step"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    Q = torch.zeros(states, actions)
    for _ in range(episodes):
        (state, _), over = env.reset(), False
        while not over:
            action = random.randrange(actions) if random.random() < epsilon else int(Q[state].argmax())
            after, reward, terminated, truncated, _ = env.step(action)
            if reward != 0:
                target = reward + gamma * (1 - terminated) * Q[after].max()
                Q[state, action] += alpha * (target - Q[state, action])
            state, over = after, terminated or truncated
    return Q


# %% wrong="q_learning: explores with probability 1 - epsilon; breaks: with probability epsilon any action at random"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    Q = torch.zeros(states, actions)
    for _ in range(episodes):
        (state, _), over = env.reset(), False
        while not over:
            action = random.randrange(actions) if random.random() > epsilon else int(Q[state].argmax())
            after, reward, terminated, truncated, _ = env.step(action)
            target = reward + gamma * (1 - terminated) * Q[after].max()
            Q[state, action] += alpha * (target - Q[state, action])
            state, over = after, terminated or truncated
    return Q


# %% wrong="q_learning: hands numpy numbers to env.step; breaks: the action must be a plain int"
def q_learning(
    env, states: int, actions: int, episodes: int, alpha: float, gamma: float, epsilon: float
) -> torch.Tensor:
    Q = torch.zeros(states, actions)
    for _ in range(episodes):
        (state, _), over = env.reset(), False
        while not over:
            explore = random.random() < epsilon
            action = env.action_space.sample() if explore else Q[state].numpy().argmax()
            after, reward, terminated, truncated, _ = env.step(action)
            target = reward + gamma * (1 - terminated) * Q[after].max()
            Q[state, action] += alpha * (target - Q[state, action])
            state, over = after, terminated or truncated
    return Q


# %% right="policies: blanks filled"
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
        each = z.pow(2) / 2 + self.log_std + math.log(2 * math.pi) / 2
        return -each.sum(dim=-1)


# %% right="policies: torch.distributions for both"
from torch.distributions import Categorical, Independent, Normal


def categorical_log_prob(logits, actions):
    return Categorical(logits=logits).log_prob(actions)


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs: int, d_action: int):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def given(self, obs):
        mean = self.mean(obs)
        return Independent(Normal(mean, self.log_std.exp().expand_as(mean)), 1)

    def sample(self, obs):
        return self.given(obs).rsample()

    def log_prob(self, obs, actions):
        return self.given(obs).log_prob(actions)


# %% right="policies: logsumexp and a one-hot mask; the quadratic form by hand with variances"
def categorical_log_prob(logits: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    taken = F.one_hot(actions, logits.shape[-1]).bool()
    return logits[taken].reshape(actions.shape) - logits.logsumexp(dim=-1)


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs: int, d_action: int):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = nn.Parameter(torch.zeros(d_action))

    def sample(self, obs: torch.Tensor) -> torch.Tensor:
        mean = self.mean(obs)
        noise = torch.randn(mean.shape)
        return torch.addcmul(mean, noise, torch.exp(self.log_std))

    def log_prob(self, obs: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        gap = actions - self.mean(obs)
        precision = torch.exp(-2 * self.log_std)
        k = self.log_std.numel()
        return -0.5 * (gap.square() @ precision + 2 * self.log_std.sum() + k * math.log(2 * math.pi))


# %% wrong="policies: log_std is a plain tensor that nobody trains; breaks: its logarithm is the parameter"
def categorical_log_prob(logits: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
    log_probs = logits.log_softmax(-1)
    return log_probs.gather(-1, actions[..., None])[..., 0]


class GaussianPolicy(nn.Module):
    def __init__(self, d_obs: int, d_action: int):
        super().__init__()
        self.mean = nn.Linear(d_obs, d_action)
        self.log_std = torch.as_tensor(torch.zeros(d_action))

    def sample(self, obs: torch.Tensor) -> torch.Tensor:
        mean = self.mean(obs)
        return mean + self.log_std.exp() * torch.randn_like(mean)

    def log_prob(self, obs: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        z = (actions - self.mean(obs)) / self.log_std.exp()
        each = z.pow(2) / 2 + self.log_std + math.log(2 * math.pi) / 2
        return -each.sum(dim=-1)


# %% wrong="policies: the noise is uniform; breaks: each number is normal around the mean"
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
        return mean + self.log_std.exp() * math.sqrt(12) * (torch.rand_like(mean) - 0.5)

    def log_prob(self, obs: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        z = (actions - self.mean(obs)) / self.log_std.exp()
        each = z.pow(2) / 2 + self.log_std + math.log(2 * math.pi) / 2
        return -each.sum(dim=-1)


# %% wrong="policies: one draw of noise for each observation, the same for all its numbers; breaks: the numbers vary independently"
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
        return mean + self.log_std.exp() * torch.randn(len(mean), 1)

    def log_prob(self, obs: torch.Tensor, actions: torch.Tensor) -> torch.Tensor:
        z = (actions - self.mean(obs)) / self.log_std.exp()
        each = z.pow(2) / 2 + self.log_std + math.log(2 * math.pi) / 2
        return -each.sum(dim=-1)


# %% wrong="policies: log_std has the wrong sign in log_prob; breaks: minus one half of the sum with + 2 log sigma"
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
        each = z.pow(2) / 2 - self.log_std + math.log(2 * math.pi) / 2
        return -each.sum(dim=-1)


# %% wrong="policies: softmax always over axis 1; breaks: logits (..., actions), any number of axes in front"
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
        each = z.pow(2) / 2 + self.log_std + math.log(2 * math.pi) / 2
        return -each.sum(dim=-1)


# %% right="advantages: all columns at once from behind"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    paid = torch.where(alive, rewards, torch.zeros_like(rewards))
    to_go, ahead = torch.zeros_like(paid), torch.zeros_like(paid[0])
    for t in range(len(paid) - 1, -1, -1):
        ahead = paid[t] + gamma * ahead
        to_go[t] = ahead
    return torch.where(alive, to_go - to_go[alive].mean(), torch.zeros_like(to_go))


# %% right="advantages: cart by cart with returns from above"
def advantages(rewards, alive, gamma):
    columns = []
    for pay, here in zip(rewards.T, alive.T):
        columns.append(returns((pay * here).tolist(), gamma))
    to_go = torch.stack(columns, dim=1)
    baseline = to_go[alive].sum() / alive.sum()
    return (to_go - baseline) * alive


# %% right="advantages: one triangular matrix of discounts"
def advantages(rewards, alive, gamma):
    n = rewards.shape[0]
    wait = torch.arange(n)[None, :] - torch.arange(n)[:, None]
    discounts = torch.where(wait >= 0, torch.tensor(float(gamma)) ** wait.clamp(min=0), torch.tensor(0.0))
    to_go = discounts @ rewards.masked_fill(~alive, 0)
    return (to_go - to_go.masked_select(alive).mean()).masked_fill(~alive, 0)


# %% wrong="advantages: no discount; breaks: the discounted reward-to-go"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    paid = rewards * alive
    to_go = paid.flip(0).cumsum(dim=0).flip(0)
    return (to_go - to_go[alive].mean()) * alive


# %% wrong="advantages: discounts from the start of the episode instead of from t; breaks: the discounted reward-to-go, a discount counted from t on"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    paid = rewards * alive * (gamma ** torch.arange(len(rewards)))[:, None]
    to_go = paid.flip(0).cumsum(dim=0).flip(0)
    return (to_go - to_go[alive].mean()) * alive


# %% wrong="advantages: the baseline is the mean of the sums without a discount; breaks: minus the mean of all the (discounted) rewards-to-go"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    paid = rewards * alive
    to_go, ahead = torch.zeros_like(paid), torch.zeros_like(paid[0])
    for t in range(len(paid) - 1, -1, -1):
        ahead = paid[t] + gamma * ahead
        to_go[t] = ahead
    baseline = paid.flip(0).cumsum(dim=0).flip(0)[alive].mean()
    return (to_go - baseline) * alive


# %% wrong="advantages: a step without a reward is taken for dead; breaks: minus the mean over the steps that are alive, and only 0 where a cart is not alive"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    alive = alive & (rewards != 0)
    paid = rewards * alive
    to_go, ahead = torch.zeros_like(paid), torch.zeros_like(paid[0])
    for t in range(len(paid) - 1, -1, -1):
        ahead = paid[t] + gamma * ahead
        to_go[t] = ahead
    return (to_go - to_go[alive].mean()) * alive


# %% wrong="advantages: a single cart loses its axis; breaks: all are (steps, carts)"
def advantages(rewards: torch.Tensor, alive: torch.Tensor, gamma: float) -> torch.Tensor:
    paid = rewards * alive
    ahead, rows = torch.zeros_like(paid[0]), []
    for t in range(len(paid) - 1, -1, -1):
        ahead = paid[t] + gamma * ahead
        rows.insert(0, ahead)
    to_go = torch.stack(rows)
    return ((to_go - to_go[alive].mean()) * alive).squeeze()


# %% right="reinforce_step: log_softmax, gather, alive as an index"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    log_prob = net(obs).log_softmax(-1).gather(-1, actions[..., None])[..., 0]
    loss = -(log_prob * advantage)[alive].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% right="reinforce_step: cross_entropy of the living steps, weighted"
def reinforce_step(net, optimizer, obs, actions, advantage, alive):
    optimizer.zero_grad(set_to_none=True)
    surprise = F.cross_entropy(net(obs[alive]), actions[alive], reduction="none")
    loss = torch.mean(surprise * advantage[alive])
    loss.backward()
    optimizer.step()
    return float(loss.detach())


# %% right="reinforce_step: torch.distributions, masked_select, zero_grad before the forward pass"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    optimizer.zero_grad()
    policy = torch.distributions.Categorical(logits=net(obs))
    gains = policy.log_prob(actions) * advantage
    objective = torch.where(alive, gains, torch.zeros_like(gains)).sum() / alive.sum()
    (-objective).backward()
    optimizer.step()
    return -objective.item()


# %% wrong="reinforce_step: the mean over all places, dead ones included; breaks: the mean over the steps that are alive"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    log_prob = net(obs).log_softmax(-1).gather(-1, actions[..., None])[..., 0]
    loss = -(log_prob * advantage * alive).mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% wrong="reinforce_step: clears the gradient only after its own step; breaks: leave no old gradient in its way"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    log_prob = net(obs).log_softmax(-1).gather(-1, actions[..., None])[..., 0]
    loss = -(log_prob * advantage)[alive].mean()
    loss.backward()
    optimizer.step()
    optimizer.zero_grad()
    return loss.item()


# %% wrong="reinforce_step: returns a tensor; breaks: return the loss as a Python number"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    log_prob = net(obs).log_softmax(-1).gather(-1, actions[..., None])[..., 0]
    loss = -(log_prob * advantage)[alive].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.detach()


# %% wrong="reinforce_step: a plain gradient step by hand; breaks: do one step of the optimizer (Adam takes another)"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    log_prob = net(obs).log_softmax(-1).gather(-1, actions[..., None])[..., 0]
    loss = -(log_prob * advantage)[alive].mean()
    optimizer.zero_grad()
    loss.backward()
    with torch.no_grad():
        for group in optimizer.param_groups:
            for p in group["params"]:
                p -= group["lr"] * p.grad
    return loss.item()


# %% wrong="reinforce_step: learns only from what turned out well; breaks: minus the mean of log-probability times advantage"
def reinforce_step(net, optimizer, obs, actions, advantage, alive) -> float:
    log_prob = net(obs).log_softmax(-1).gather(-1, actions[..., None])[..., 0]
    loss = -(log_prob * advantage.clamp(min=0))[alive].mean()
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
    return loss.item()


# %% right="dqn_loss: blanks filled"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    with torch.no_grad():
        future = target_net(next_obs).amax(dim=1)
        target = rewards + gamma * (1 - terminated) * future
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return (q - target).pow(2).mean()


# %% right="dqn_loss: detach, fancy index, mse_loss"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    best, _ = target_net(next_obs).detach().max(-1)
    goal = torch.where(terminated.bool(), rewards, rewards + gamma * best)
    rows = torch.arange(actions.shape[0])
    return F.mse_loss(net(obs)[rows, actions], goal)


# %% right="dqn_loss: one-hot selection and a helper under the no_grad decorator"
@torch.no_grad()
def goal_of(target_net, rewards, next_obs, terminated, gamma):
    return rewards + gamma * torch.max(target_net(next_obs), dim=1).values * (1.0 - terminated)


def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma):
    values = net(obs)
    chosen = (values * F.one_hot(actions, values.shape[1])).sum(1)
    error = goal_of(target_net, rewards, next_obs, terminated, gamma) - chosen
    return torch.dot(error, error) / len(error)


# %% wrong="dqn_loss: freezes the parameters of target_net for good; breaks: no gradient flows through the target, but net (which may be the same) still learns"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    target_net.requires_grad_(False)
    future = target_net(next_obs).amax(dim=1)
    target = rewards + gamma * (1 - terminated) * future
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return (q - target).pow(2).mean()


# %% wrong="dqn_loss: the gradient flows into the target too; breaks: targets from target_net, through which no gradient flows"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    with torch.enable_grad():
        future = target_net(next_obs).amax(dim=1)
        target = rewards + gamma * (1 - terminated) * future
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return (q - target).pow(2).mean()


# %% wrong="dqn_loss: the largest value over the batch instead of over the actions; breaks: the target of Q-learning (works here because batch and actions are both 2)"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    with torch.no_grad():
        future = target_net(next_obs).amax(dim=0)
        target = rewards + gamma * (1 - terminated) * future
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return (q - target).pow(2).mean()


# %% wrong="dqn_loss: clips the rewards to -1 to 1, as for Atari; breaks: the target of Q-learning, reward + gamma max Q"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    with torch.no_grad():
        future = target_net(next_obs).amax(dim=1)
        target = rewards.clamp(-1, 1) + gamma * (1 - terminated) * future
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return (q - target).pow(2).mean()


# %% wrong="dqn_loss: takes the value of the action with the largest magnitude; breaks: max over a of Q(s', a)"
def dqn_loss(net, target_net, obs, actions, rewards, next_obs, terminated, gamma: float) -> torch.Tensor:
    with torch.no_grad():
        future = target_net(next_obs).abs().amax(dim=1)
        target = rewards + gamma * (1 - terminated) * future
    q = net(obs).gather(1, actions[:, None])[:, 0]
    return (q - target).pow(2).mean()


# %% right="ppo_loss: blanks filled"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    ratio = (log_prob - old_log_prob).exp()
    clipped = ratio.clamp(1 - clip, 1 + clip)
    return -torch.min(ratio * advantage, clipped * advantage).mean()


# %% right="ppo_loss: maximum of two losses"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    rho = torch.exp(log_prob - old_log_prob)
    free = -rho * advantage
    held = -torch.clip(rho, min=1.0 - clip, max=1.0 + clip) * advantage
    return torch.maximum(free, held).mean()


# %% right="ppo_loss: by the sign of the advantage, only one of the two bounds matters"
def ppo_loss(log_prob, old_log_prob, advantage, clip):
    ratio = (log_prob - old_log_prob).exp()
    good = torch.clamp(ratio, max=1 + clip) * advantage
    bad = torch.clamp(ratio, min=1 - clip) * advantage
    return -torch.where(advantage >= 0, good, bad).sum() / advantage.numel()


# %% wrong="ppo_loss: no lower bound for the ratio; breaks: clip(ratio, 1 - eps, 1 + eps)"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    ratio = (log_prob - old_log_prob).exp()
    clipped = ratio.clamp(max=1 + clip)
    return -torch.min(ratio * advantage, clipped * advantage).mean()


# %% wrong="ppo_loss: only the clipped term; breaks: the min of both (a bad action that became likelier is not punished)"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    ratio = (log_prob - old_log_prob).exp()
    clipped = ratio.clamp(1 - clip, 1 + clip)
    return -(clipped * advantage).mean()


# %% wrong="ppo_loss: the ratio as one plus the difference of the logarithms; breaks: ratio = pi / pi_old"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    ratio = 1 + (log_prob - old_log_prob)
    clipped = ratio.clamp(1 - clip, 1 + clip)
    return -torch.min(ratio * advantage, clipped * advantage).mean()


# %% wrong="ppo_loss: the smaller of two means; breaks: the mean of the min"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    ratio = (log_prob - old_log_prob).exp()
    clipped = ratio.clamp(1 - clip, 1 + clip)
    return -torch.min((ratio * advantage).mean(), (clipped * advantage).mean())


# %% wrong="ppo_loss: the clip range is always 0.2; breaks: clip(ratio, 1 - eps, 1 + eps) with the clip that is given"
def ppo_loss(log_prob: torch.Tensor, old_log_prob: torch.Tensor, advantage: torch.Tensor, clip: float) -> torch.Tensor:
    ratio = (log_prob - old_log_prob).exp()
    clipped = ratio.clamp(0.8, 1.2)
    return -torch.min(ratio * advantage, clipped * advantage).mean()


# %% right="diagnose: the four probes in turn, thresholds half way"
def diagnose(learn, gamma: float) -> str:
    if learn(One())[0, 0] > (1 + 1 / (1 - gamma)) / 2:
        return "endless"
    look = learn(Look())
    if look[1, 0] - look[0, 0] < 1:
        return "blind"
    act = learn(Act())
    if act[0, 1] - act[0, 0] < 1:
        return "clumsy"
    if learn(Wait())[0, 0] > (1 + gamma) / 2:
        return "timeless"
    return "healthy"


# %% right="diagnose: compares each table with the one of a healthy learner"
def diagnose(learn, gamma):
    def ill(probe, healthy):
        return not torch.allclose(learn(probe), torch.tensor(healthy), rtol=0, atol=0.02)

    suspects = [
        ("endless", One(), [[1.0]]),
        ("blind", Look(), [[-1.0], [1.0]]),
        ("clumsy", Act(), [[-1.0, 1.0]]),
        ("timeless", Wait(), [[gamma], [1.0]]),
    ]
    return next((name for name, probe, table in suspects if ill(probe, table)), "healthy")


# %% right="diagnose: all tables first; equal rows, equal columns, and which number is nearer"
def diagnose(learn, gamma):
    one, look, act, wait = (learn(probe()).detach() for probe in (One, Look, Act, Wait))
    nearer = lambda value, a, b: abs(float(value) - a) < abs(float(value) - b)
    if nearer(one[0, 0], 1 / (1 - gamma), 1.0):
        verdict = "endless"
    elif abs(float(look[0, 0] - look[1, 0])) < 0.1:
        verdict = "blind"
    elif abs(float(act[0, 0] - act[0, 1])) < 0.1:
        verdict = "clumsy"
    else:
        verdict = "timeless" if nearer(wait[0, 0], 1.0, gamma) else "healthy"
    return verdict


# %% wrong="diagnose: begins with Wait, on which other diseases show too; breaks: the order in which you try the probes matters"
def diagnose(learn, gamma: float) -> str:
    if abs(learn(Wait())[0, 0] - gamma) > 0.02:
        return "timeless"
    if abs(learn(One())[0, 0] - 1) > 0.02:
        return "endless"
    look, act = learn(Look()), learn(Act())
    if abs(look[0, 0] - look[1, 0]) < 1:
        return "blind"
    if abs(act[0, 0] - act[0, 1]) < 1:
        return "clumsy"
    return "healthy"


# %% wrong="diagnose: a tolerance of 0.1 on Wait; breaks: gamma is at most 0.95, where healthy and timeless differ by 0.05 only"
def diagnose(learn, gamma: float) -> str:
    look, act = learn(Look()), learn(Act())
    if abs(learn(One())[0, 0] - 1) > 0.02:
        return "endless"
    if abs(look[0, 0] - look[1, 0]) < 1:
        return "blind"
    if abs(act[0, 0] - act[0, 1]) < 1:
        return "clumsy"
    return "timeless" if abs(learn(Wait())[0, 0] - gamma) > 0.1 else "healthy"


# %% wrong="diagnose: takes anything above three quarters for undiscounted; breaks: gamma is a parameter (a healthy learner with gamma 0.9 is called timeless)"
def diagnose(learn, gamma: float) -> str:
    look, act = learn(Look()), learn(Act())
    if abs(learn(One())[0, 0] - 1) > 0.02:
        return "endless"
    if abs(look[0, 0] - look[1, 0]) < 1:
        return "blind"
    if abs(act[0, 0] - act[0, 1]) < 1:
        return "clumsy"
    return "timeless" if learn(Wait())[0, 0] > 0.75 else "healthy"


# %% wrong="diagnose: endless only from a value of 1.5 on; breaks: an endless learner with a small gamma has 1 / (1 - gamma), which is less"
def diagnose(learn, gamma: float) -> str:
    look, act = learn(Look()), learn(Act())
    if learn(One())[0, 0] > 1.5:
        return "endless"
    if abs(look[0, 0] - look[1, 0]) < 1:
        return "blind"
    if abs(act[0, 0] - act[0, 1]) < 1:
        return "clumsy"
    return "timeless" if learn(Wait())[0, 0] > (1 + gamma) / 2 else "healthy"


# %% wrong="diagnose: blind and clumsy are known by a value of 0; breaks: with a constant step the one row hangs about the last reward, not the mean"
def diagnose(learn, gamma: float) -> str:
    if abs(learn(One())[0, 0] - 1) > 0.02:
        return "endless"
    if abs(learn(Look())[1, 0]) < 0.05:
        return "blind"
    if abs(learn(Act())[0, 1]) < 0.05:
        return "clumsy"
    return "timeless" if learn(Wait())[0, 0] > (1 + gamma) / 2 else "healthy"


# %% right="actor_critic_loss: detaches the advantage"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    advantage = (returns - values).detach()
    policy_loss = -(log_prob * advantage).mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% right="actor_critic_loss: the baseline is detached, mse_loss"
def actor_critic_loss(log_prob, values, returns, value_weight):
    baseline = values.detach()
    actor = torch.mean(log_prob * (baseline - returns))
    critic = F.mse_loss(values, returns)
    return actor + value_weight * critic


# %% right="actor_critic_loss: the error twice, once without a gradient; sums divided by the batch size"
def actor_critic_loss(log_prob, values, returns, value_weight):
    n = values.shape[0]
    with torch.no_grad():
        surprise = returns - values
    miss = returns - values
    return (value_weight * (miss * miss).sum() - torch.dot(log_prob, surprise)) / n


# %% wrong="actor_critic_loss: the weight is always one half; breaks: value_weight times the loss of the critic"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    advantage = (returns - values).detach()
    policy_loss = -(log_prob * advantage).mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + 0.5 * value_loss


# %% wrong="actor_critic_loss: detaches the whole product, so that the actor gets no gradient; breaks: the loss of the policy must still train the policy"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    advantage = returns - values
    policy_loss = -(log_prob * advantage).detach().mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% wrong="actor_critic_loss: the policy's loss is a sum; breaks: there is one mistake, and the mean was none"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    advantage = (returns - values).detach()
    policy_loss = -(log_prob * advantage).sum()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% wrong="actor_critic_loss: drops the baseline from the policy's loss; breaks: the critic gives the actor its baseline"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    policy_loss = -(log_prob * returns.detach()).mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss


# %% wrong="actor_critic_loss: turns the sign of the policy's loss; breaks: all the signs are right"
def actor_critic_loss(
    log_prob: torch.Tensor, values: torch.Tensor, returns: torch.Tensor, value_weight: float
) -> torch.Tensor:
    advantage = (returns - values).detach()
    policy_loss = (log_prob * advantage).mean()
    value_loss = (returns - values).pow(2).mean()
    return policy_loss + value_weight * value_loss
