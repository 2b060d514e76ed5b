# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% wrong="read_model: equal outcomes are counted once (a set); breaks: the same next state may stand in the list twice. What has to happen to the two probabilities, seen with lake.unwrapped.P[0][0]"
def read_model(P: dict) -> tuple[torch.Tensor, torch.Tensor]:
    n, k = len(P), len(P[0])
    T, R = torch.zeros(n + 1, k, n + 1), torch.zeros(n + 1, k)
    for s in range(n):
        for a in range(k):
            for p, after, reward, over in set(P[s][a]):
                T[s, a, n if over else after] += p
                R[s, a] += p * reward
    T[n, :, n] = 1
    return T, R
