# Answers to the exercises of 2_planning.py, right and wrong: what `course audit` grades. No student sees them.

# %% wrong="improve: by einsum and comparison, with ties"
def improve(V, T, R, gamma):
    Q = R + gamma * torch.einsum("sat,t->sa", T, V)
    best = Q.max(dim=1, keepdim=True).values
    return Q, Q - V.unsqueeze(1), (best == Q).float()


# %% right="improve: state by state"
def improve(V, T, R, gamma):
    Q = torch.stack([R[s] + gamma * T[s] @ V for s in range(len(V))])
    advantage = (Q.T - V).T
    greedy = torch.zeros_like(Q)
    greedy[torch.arange(len(V)), Q.argmax(1)] = 1
    return Q, advantage, greedy


# %% right="improve: scatter, eye"
def improve(V, T, R, gamma):
    Q = torch.add(R, (T * V).sum(2), alpha=gamma)
    return Q, Q - V.view(-1, 1).expand_as(Q), torch.eye(Q.shape[1])[Q.argmax(1)]


# %% wrong="improve: the best state for each action"
def improve(V, T, R, gamma):
    Q = R + gamma * T @ V
    greedy = F.one_hot(Q.argmax(dim=0), Q.shape[0]).T.float()
    return Q, Q - V[:, None], greedy


# %% wrong="improve: forgets the discount"
def improve(V, T, R, gamma):
    Q = R + T @ V
    greedy = F.one_hot(Q.argmax(dim=1), Q.shape[1]).float()
    return Q, Q - V[:, None], greedy


# %% wrong="improve: advantage over the best action"
def improve(V, T, R, gamma):
    Q = R + gamma * T @ V
    greedy = F.one_hot(Q.argmax(dim=1), Q.shape[1]).float()
    return Q, Q - Q.amax(dim=1, keepdim=True), greedy


# %% wrong="improve: greedy for the reward alone"
def improve(V, T, R, gamma):
    Q = R + gamma * T @ V
    greedy = F.one_hot(R.argmax(dim=1), R.shape[1]).float()
    return Q, Q - V[:, None], greedy


# %% wrong="improve: the value of where you are instead of where you go"
def improve(V, T, R, gamma):
    Q = R + gamma * V[:, None]
    greedy = F.one_hot(Q.argmax(dim=1), Q.shape[1]).float()
    return Q, Q - V[:, None], greedy


# %% equivalent="policy_iteration: a comparison is the same from either side"
# - if torch.equal(better, actions):
# + if torch.equal(actions, better):


# %% right="policy_iteration: with the functions from above"
def policy_iteration(T, R, gamma):
    pi = torch.zeros(R.shape)
    pi[:, 0] = 1
    values = [solve(*follow(T, R, pi), gamma)]
    while True:
        greedy = improve(values[-1], T, R, gamma)[2]
        if (greedy == pi).all():
            return pi.argmax(dim=1), values
        pi = greedy
        values.append(solve(*follow(T, R, pi), gamma))


# %% right="policy_iteration: a list of actions, sweeps instead of solve"
def policy_iteration(T, R, gamma):
    actions, values = [0] * len(T), []
    while True:
        V, P, r = torch.zeros(len(T)), T[range(len(T)), actions], R[range(len(T)), actions]
        for _ in range(1000):
            V = r + gamma * P @ V
        values.append(V)
        better = [int((R[s] + gamma * T[s] @ V).argmax()) for s in range(len(T))]
        if better == actions:
            return torch.tensor(actions), values
        actions = better


# %% right="policy_iteration: doubles, stops on values, a tensor of values"
def policy_iteration(T, R, gamma):
    T, R = T.double(), R.double()
    n = len(T)
    a = torch.zeros(n, dtype=torch.long)
    values = []
    while True:
        P, r = T[range(n), a], R[range(n), a]
        V = torch.linalg.solve(torch.eye(n, dtype=torch.float64) - gamma * P, r)
        if values and torch.allclose(V, values[-1], atol=1e-9):
            return a, torch.stack(values)
        values.append(V)
        a = (R + gamma * torch.einsum("sat,t->sa", T, V)).argmax(1)


# %% right="policy_iteration: Python lists inside, the inverse"
def policy_iteration(T, R, gamma):
    n = T.shape[0]
    policy = [0 for _ in range(n)]
    history = ()
    stable = False
    while not stable:
        P = torch.stack([T[s, policy[s]] for s in range(n)])
        r = torch.stack([R[s, policy[s]] for s in range(n)])
        V = torch.linalg.inv(torch.eye(n) - gamma * P) @ r
        history += (V,)
        Q = R + gamma * T @ V
        new = Q.argmax(dim=1).tolist()
        stable = new == policy
        policy = new
    return torch.tensor(policy), list(history)


# %% wrong="policy_iteration: improves once"
def policy_iteration(T, R, gamma):
    states = torch.arange(len(T))
    actions, values = torch.zeros_like(states), []
    values.append(torch.linalg.solve(torch.eye(len(T)) - gamma * T[states, actions], R[states, actions]))
    return (R + gamma * T @ values[-1]).argmax(dim=1), values


# %% wrong="policy_iteration: value iteration instead"
def policy_iteration(T, R, gamma):
    V, values = torch.zeros(len(T)), []
    for _ in range(300):
        V = (R + gamma * T @ V).amax(dim=1)
        values.append(V)
    return (R + gamma * T @ V).argmax(dim=1), values


# %% wrong="policy_iteration: greedy for the next reward only"
def policy_iteration(T, R, gamma):
    states = torch.arange(len(T))
    actions, values = torch.zeros_like(states), []
    while True:
        values.append(torch.linalg.solve(torch.eye(len(T)) - gamma * T[states, actions], R[states, actions]))
        better = R.argmax(dim=1)
        if torch.equal(better, actions):
            return actions, values
        actions = better


# %% wrong="policy_iteration: the worst actions"
def policy_iteration(T, R, gamma):
    states = torch.arange(len(T))
    actions, values = torch.zeros_like(states), []
    while True:
        values.append(torch.linalg.solve(torch.eye(len(T)) - gamma * T[states, actions], R[states, actions]))
        better = (R + gamma * T @ values[-1]).argmin(dim=1)
        if torch.equal(better, actions):
            return actions, values
        actions = better


# %% wrong="policy_iteration: forgets the values of the first policy"
def policy_iteration(T, R, gamma):
    states = torch.arange(len(T))
    actions, values = R.argmax(dim=1), []
    while True:
        values.append(torch.linalg.solve(torch.eye(len(T)) - gamma * T[states, actions], R[states, actions]))
        better = (R + gamma * T @ values[-1]).argmax(dim=1)
        if torch.equal(better, actions):
            return actions, values
        actions = better


# %% right="value_iteration: through Q"
def value_iteration(T, R, gamma, sweeps):
    Q = R + 0 * R
    V = torch.zeros(R.shape[0])
    for _ in range(sweeps):
        V = Q.max(dim=1).values
        Q = R + gamma * torch.einsum("sat,t->sa", T, V)
    return V, Q.max(dim=1).indices


# %% right="value_iteration: in doubles, with numbers for actions"
def value_iteration(T, R, gamma, sweeps):
    T, R = T.double(), R.double()
    V = torch.zeros(len(T), dtype=torch.float64)
    for _ in range(sweeps):
        V = torch.stack([(R[:, a] + gamma * T[:, a] @ V) for a in range(R.shape[1])]).max(0).values
    return V, torch.stack([(R[:, a] + gamma * T[:, a] @ V) for a in range(R.shape[1])]).argmax(0)


# %% right="value_iteration: plain lists"
def value_iteration(T, R, gamma, sweeps):
    T, R = T.tolist(), R.tolist()

    def q(s, a, V):
        return R[s][a] + gamma * sum(p * v for p, v in zip(T[s][a], V, strict=True) if p)

    V = [0.0] * len(T)
    for _ in range(sweeps):
        V = [max(q(s, a, V) for a in range(len(R[s]))) for s in range(len(T))]
    best = [max(range(len(R[s])), key=lambda a: q(s, a, V)) for s in range(len(T))]
    return torch.tensor(V), torch.tensor(best)


# %% wrong="value_iteration: the mean action"
def value_iteration(T, R, gamma, sweeps):
    V = torch.zeros(len(T))
    for _ in range(sweeps):
        V = (R + gamma * T @ V).mean(dim=1)
    return V, (R + gamma * T @ V).argmax(dim=1)


# %% wrong="value_iteration: one sweep too many"
def value_iteration(T, R, gamma, sweeps):
    V = R.amax(dim=1)
    for _ in range(sweeps):
        V = (R + gamma * T @ V).amax(dim=1)
    return V, (R + gamma * T @ V).argmax(dim=1)


# %% wrong="value_iteration: writes into the values that it reads"
def value_iteration(T, R, gamma, sweeps):
    V = torch.zeros(len(T))
    for _ in range(sweeps):
        for s in range(len(T)):
            V[s] = (R[s] + gamma * T[s] @ V).max()
    return V, (R + gamma * T @ V).argmax(dim=1)


# %% wrong="value_iteration: the largest value instead of the action"
def value_iteration(T, R, gamma, sweeps):
    V = torch.zeros(len(T))
    for _ in range(sweeps):
        V = (R + gamma * T @ V).amax(dim=1)
    return V, V.argmax()


# %% wrong="value_iteration: forgets the discount"
def value_iteration(T, R, gamma, sweeps):
    V = torch.zeros(len(T))
    for _ in range(sweeps):
        V = (R + T @ V).amax(dim=1)
    return V, (R + T @ V).argmax(dim=1)


# %% right="improve: the last of the best"
def improve(V, T, R, gamma):
    Q = R + gamma * torch.einsum("sat,t->sa", T, V)
    greedy = torch.zeros_like(Q)
    for s, row in enumerate(Q.tolist()):
        greedy[s, max(range(len(row)), key=lambda a: (row[a], a))] = 1.0
    return Q, Q - V.unsqueeze(1), greedy


# %% wrong="improve: a 1 for every action that ties"
def improve(V, T, R, gamma):
    Q = R + gamma * torch.einsum("sat,t->sa", T, V)
    best = Q.max(dim=1, keepdim=True).values
    return Q, Q - V.unsqueeze(1), (best == Q).float()


# %% wrong="improve: discounts the caller's values"
def improve(V, T, R, gamma):
    Q = R + T @ V.mul_(gamma)
    return Q, Q - V[:, None], F.one_hot(Q.argmax(1), Q.shape[1]).float()


# %% wrong="improve: no discount above nine tenths"
def improve(V, T, R, gamma):
    Q = R + min(gamma, 0.9) * T @ V
    return Q, Q - V[:, None], F.one_hot(Q.argmax(1), Q.shape[1]).float()


# %% wrong="policy_iteration: four rounds"
def policy_iteration(T, R, gamma):
    states = torch.arange(len(T))
    actions, values = torch.zeros_like(states), []
    for _ in range(4):
        values.append(torch.linalg.solve(torch.eye(len(T)) - gamma * T[states, actions], R[states, actions]))
        better = (R + gamma * T @ values[-1]).argmax(dim=1)
        if torch.equal(better, actions):
            break
        actions = better
    return actions, values


# %% wrong="policy_iteration: ten rounds, the best repeated"
def policy_iteration(T, R, gamma):
    states = torch.arange(len(T))
    actions, values = torch.zeros_like(states), []
    for _ in range(20):
        values.append(torch.linalg.solve(torch.eye(len(T)) - gamma * T[states, actions], R[states, actions]))
        actions = (R + gamma * T @ values[-1]).argmax(dim=1)
    return actions, values


# %% wrong="policy_iteration: forty sweeps for exact values"
def policy_iteration(T, R, gamma):
    states = torch.arange(len(T))
    actions, values = torch.zeros_like(states), []
    while True:
        V = torch.zeros(len(T))
        for _ in range(40):
            V = R[states, actions] + gamma * T[states, actions] @ V
        values.append(V)
        better = (R + gamma * T @ V).argmax(dim=1)
        if torch.equal(better, actions):
            return actions, values
        actions = better


# %% wrong="value_iteration: actions after many more sweeps"
def value_iteration(T, R, gamma, sweeps):
    V = torch.zeros(len(T))
    for _ in range(sweeps):
        V = (R + gamma * T @ V).amax(dim=1)
    settled = V
    for _ in range(60):
        settled = (R + gamma * T @ settled).amax(dim=1)
    return V, (R + gamma * T @ settled).argmax(dim=1)


# %% wrong="value_iteration: the actions of the sweep before"
def value_iteration(T, R, gamma, sweeps):
    V, actions = torch.zeros(len(T)), R.argmax(dim=1)
    for _ in range(sweeps):
        V, actions = (R + gamma * T @ V).max(dim=1)
    return V, actions


# %% wrong="value_iteration: no reward below zero counts"
def value_iteration(T, R, gamma, sweeps):
    V = torch.zeros(len(T))
    for _ in range(sweeps):
        V = (R + gamma * T @ V).amax(dim=1).clamp(min=-20)
    return V * (V > -0.9), (R + gamma * T @ V).argmax(dim=1)


# %% wrong="improve: Q below zero is cut off before the greedy choice"
def improve(V, T, R, gamma):
    Q = R + gamma * T @ V
    return Q, Q - V[:, None], F.one_hot(Q.clamp(min=0).argmax(dim=1), Q.shape[1]).float()


# %% wrong="policy_iteration: stops when no value gains more than 0.01"
def policy_iteration(T, R, gamma):
    s, a, values = torch.arange(len(T)), torch.zeros(len(T), dtype=torch.long), []
    while True:
        V = torch.linalg.solve(torch.eye(len(T)) - gamma * T[s, a], R[s, a])
        if values and (V - values[-1]).max() < 0.01:
            return a, values
        values.append(V)
        a = (R + gamma * T @ V).argmax(1)


# %% wrong="value_iteration: stops at a change of 1e-6"
def value_iteration(T, R, gamma, sweeps):
    V = torch.zeros(len(T))
    for _ in range(sweeps):
        before, V = V, (R + gamma * T @ V).amax(dim=1)
        if (V - before).abs().max() < 1e-6:
            break
    return V, (R + gamma * T @ V).argmax(dim=1)


# %% wrong="improve: a soft maximum in place of the largest"
def improve(V, T, R, gamma):
    Q = R + gamma * T @ V
    greedy = (10_000 * Q).softmax(dim=1)
    greedy = torch.where(greedy == greedy.amax(dim=1, keepdim=True), greedy, 0.0)
    first = F.one_hot(greedy.argmax(dim=1), Q.shape[1]) * greedy
    return Q, Q - V[:, None], torch.where(first > 0.9999, 1.0, first)


# %% wrong="policy_iteration: at most thirty rounds"
def policy_iteration(T, R, gamma):
    states = torch.arange(len(T))
    actions, values = torch.zeros_like(states), []
    for _ in range(30):
        values.append(torch.linalg.solve(torch.eye(len(T)) - gamma * T[states, actions], R[states, actions]))
        better = (R + gamma * T @ values[-1]).argmax(dim=1)
        if torch.equal(better, actions):
            break
        actions = better
    return actions, values


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


# %% [markdown] explains="improve"
# `T @ V` multiplies the last axis of `T`, the next state, with the values: (states, actions, states) times (states,)
# leaves (states, actions). The discount belongs to what comes later and not to `R`.
#
# `V` needs an axis, `V[:, None]`, to stand in front of each *row* of actions. Without it, it would meet the axis of the
# actions: an error, or, in a world with as many actions as states, the value of another state. It is `V`, what the
# policy does now, and not the mean or the best of `Q`: an advantage asks "better than usual?". The greedy policy is a
# one-hot row; `one_hot` must be told how many actions there are, or it stops at the largest that was chosen. Comparing
# `Q` with its maximum would put two ones into a row with a tie.

# %% [markdown] explains="policy_iteration"
# Two lines alternate. Evaluate: with fixed actions, `T[states, actions]` is the (n, n) table of where one goes, and the
# Bellman equation is solved exactly. Improve: the greedy actions for these values. It ends when the greedy actions are
# those that you have: then they are greedy for their own values, which is the equation of the best policy.
#
# Stop by comparing *actions*. Values may differ by little for several rounds, while the one improvement that matters is
# still on its way through a long corridor. A fixed number of rounds fails there as well. Append before you improve, so
# that the first policy is in the list, and the last one once. In the example "always action 0" is worth (2, 6); in
# state 0 it is better to walk over, $0 + \frac12 \cdot 6 = 3$, and with (3, 6) nothing changes any more.

# %% [markdown] explains="value_iteration"
# One line: the best action's value, seen from the values of the sweep before. `amax` and not a mean: one who plans will
# take the best action. After k sweeps V is what the best plan for k steps brings; that is how, below, the walker with
# the clock is computed.
#
# The actions are greedy for the *last* values, so one more look ahead is needed after the loop. Those of the last sweep
# itself belong to the values before it, and for `sweeps = 0` there would be none. Stopping early when little changes
# would spoil the count of steps, and in a long corridor nothing changes at the start until the treasure comes into
# sight. By hand: (1, 3), and then $\max(1.5, 1.5) = 1.5$ and $\max(4.5, 2.5) = 4.5$.

# %% [markdown] explains="bandit"
# Count the pull first, then move by one N-th of the difference. The rewards 1, 4, 1 give 1, then $1 + 3/2 = 2.5$, then
# $2.5 - 1.5/3 = 2$: their mean. The first step is a whole one, so whatever `Q` began with is forgotten at once. A fixed
# step of one tenth would make a moving average; you will want that when the world changes, and here the mean is asked
# for.
#
# Exploring draws from *all* arms, the best included, so each of n arms gets ε/n, and the best
# $1 - \varepsilon + \varepsilon/n$ in all. `N[arm]` counts this arm's own pulls; the number of all pulls would make the
# steps too small. `int(…)`, since `argmax` gives a tensor.
