# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% wrong="BasicOptim: takes a gradient that sums to zero for no gradient; breaks: step() moves every parameter against its gradient - seen with the gradient [1, -1]"
class BasicOptim:
    def __init__(self, params, lr: float):
        self.params, self.lr = list(params), lr

    def step(self) -> None:
        with torch.no_grad():
            for p in self.params:
                if p.grad is not None and p.grad.sum() != 0:
                    p -= self.lr * p.grad

    def zero_grad(self) -> None:
        for p in self.params:
            p.grad = None
