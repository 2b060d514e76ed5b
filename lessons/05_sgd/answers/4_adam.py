# Answers to the exercises of 4_adam.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="RMSProp: buffers in place"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        total = memory.setdefault("total", torch.zeros_like(p))
        total.addcmul_(g, g)
        p.addcdiv_(g, total.sqrt().add_(self.eps), value=-self.lr)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        square = memory.setdefault("square", torch.zeros_like(p))
        square.mul_(self.alpha).addcmul_(g, g, value=1 - self.alpha)
        p.addcdiv_(g, square.sqrt().add_(self.eps), value=-self.lr)


# %% right="RMSProp: interpolates, keeps the list of squares"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory.setdefault("squares", []).append(g.square())
        p.sub_(self.lr * g / (torch.stack(memory["squares"]).sum(0) ** 0.5 + self.eps))


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = torch.lerp(g * g, memory.get("s", torch.zeros_like(g)), self.alpha)
        p.sub_(self.lr * g / (torch.sqrt(memory["s"]) + self.eps))


# %% right="RMSProp: loops over numbers"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        s = memory.setdefault("s", [0.0] * p.numel())
        flat, gs = p.view(-1), g.reshape(-1)
        for i in range(p.numel()):
            s[i] += float(gs[i]) ** 2
            flat[i] -= self.lr * float(gs[i]) / (s[i] ** 0.5 + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        old = memory.get("mean square")
        new = (1 - self.alpha) * g.pow(2) if old is None else old + (1 - self.alpha) * (g.pow(2) - old)
        memory["mean square"] = new
        p.add_(-self.lr * g.div(new.pow(0.5).add(self.eps)))


# %% wrong="RMSProp: eps under the root"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"] + self.eps).sqrt()


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g / (memory["s"] + self.eps).sqrt()


# %% wrong="RMSProp: no root"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"] + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g / (memory["s"] + self.eps)


# %% wrong="RMSProp: the shares swapped"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = (1 - self.alpha) * memory.get("s", 0) + self.alpha * g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


# %% wrong="RMSProp: AdaGrad forgets the sum"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


# %% wrong="RMSProp: averages the gradient, not its square"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g.abs()
        p -= self.lr * g / (memory["s"] + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g.abs()
        p -= self.lr * g / (memory["s"] + self.eps)


# %% right="Adam: the correction folded into the step size, buffers in place"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        if not memory:
            memory.update(t=0, m=torch.zeros_like(p), v=torch.zeros_like(p))
        memory["t"] += 1
        m, v, t = memory["m"], memory["v"], memory["t"]
        m.lerp_(g, 1 - self.betas[0])
        v.mul_(self.betas[1]).addcmul_(g, g, value=1 - self.betas[1])
        if self.weight_decay:
            p.mul_(1 - self.lr * self.weight_decay)
        root = v.sqrt() / math.sqrt(1 - self.betas[1] ** t) + self.eps
        p.addcdiv_(m, root, value=-self.lr / (1 - self.betas[0] ** t))


# %% right="Adam: decay and step in one line, from the same p"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        memory["steps"] = memory.get("steps", 0) + 1
        memory["mean"] = memory.get("mean", torch.zeros_like(g)) * b1 + g * (1 - b1)
        memory["square"] = memory.get("square", torch.zeros_like(g)) * b2 + g * g * (1 - b2)
        mean = memory["mean"] / (1 - b1 ** memory["steps"])
        square = memory["square"] / (1 - b2 ** memory["steps"])
        p.sub_(self.lr * (mean / (torch.sqrt(square) + self.eps) + self.weight_decay * p))


# %% right="Adam: single precision, t as a list length"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        beta1, beta2 = self.betas
        log = memory.setdefault("log", [])
        log.append(g.float())
        t = len(log)
        m = sum((1 - beta1) * beta1 ** (t - 1 - i) * x for i, x in enumerate(log)) / (1 - beta1**t)
        v = sum((1 - beta2) * beta2 ** (t - 1 - i) * x**2 for i, x in enumerate(log)) / (1 - beta2**t)
        p.mul_(1 - self.lr * self.weight_decay).sub_(self.lr * m / (v.sqrt() + self.eps))


# %% wrong="Adam: no bias correction"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        memory["m"] = b1 * memory.get("m", 0) + (1 - b1) * g
        memory["v"] = b2 * memory.get("v", 0) + (1 - b2) * g**2
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * memory["m"] / (memory["v"].sqrt() + self.eps)


# %% wrong="Adam: the decay in the gradient, as in L2"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        g = g + self.weight_decay * p
        t = memory.get("t", 0) + 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g**2
        memory.update(t=t, m=m, v=v)
        p -= self.lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + self.eps)


# %% wrong="Adam: stores the corrected averages"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        t = memory.get("t", 0) + 1
        m = (b1 * memory.get("m", 0) + (1 - b1) * g) / (1 - b1**t)
        v = (b2 * memory.get("v", 0) + (1 - b2) * g**2) / (1 - b2**t)
        memory.update(t=t, m=m, v=v)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m / (v.sqrt() + self.eps)


# %% wrong="Adam: t stays 1"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        t = memory.get("t", 0) + 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g**2
        memory.update(m=m, v=v)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + self.eps)


# %% wrong="Adam: one clock for all parameters"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0
    t = 0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        self.t += 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g**2
        memory.update(m=m, v=v)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m / (1 - b1**self.t) / ((v / (1 - b2**self.t)).sqrt() + self.eps)


# %% wrong="Adam: decay without the learning rate"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        t = memory.get("t", 0) + 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g**2
        memory.update(t=t, m=m, v=v)
        p *= 1 - self.weight_decay
        p -= self.lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + self.eps)


# %% right="decay_groups: one loop"
def decay_groups(model, weight_decay):
    groups = [{"params": [], "weight_decay": weight_decay}, {"params": [], "weight_decay": 0}]
    for p in model.parameters():
        if not p.requires_grad:
            continue
        groups[0 if p.dim() > 1 else 1]["params"].append(p)
    return groups


# %% right="decay_groups: by filters over named parameters"
def decay_groups(model, weight_decay):
    named = dict(model.named_parameters())
    matrices = [p for p in named.values() if len(p.shape) > 1 and p.requires_grad]
    vectors = [p for p in named.values() if len(p.shape) <= 1 and p.requires_grad]
    decaying = {"weight_decay": weight_decay, "params": matrices}
    return [decaying, {"weight_decay": 0.0, "params": vectors}]


# %% right="decay_groups: generators and a tuple"
def decay_groups(model, weight_decay):
    many = (p for p in model.parameters() if p.requires_grad and p.dim() > 1)
    few = (p for p in model.parameters() if p.requires_grad and not p.dim() > 1)
    return {"params": many, "weight_decay": weight_decay}, {"params": few, "weight_decay": 0}


# %% wrong="decay_groups: goes by the name bias"
def decay_groups(model, weight_decay):
    named = [(name, p) for name, p in model.named_parameters() if p.requires_grad]
    return [
        {"params": [p for name, p in named if not name.endswith("bias")], "weight_decay": weight_decay},
        {"params": [p for name, p in named if name.endswith("bias")], "weight_decay": 0.0},
    ]


# %% wrong="decay_groups: swapped"
def decay_groups(model, weight_decay):
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": 0.0},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": weight_decay},
    ]


# %% wrong="decay_groups: keeps frozen parameters"
def decay_groups(model, weight_decay):
    return [
        {"params": [p for p in model.parameters() if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in model.parameters() if p.ndim < 2], "weight_decay": 0.0},
    ]


# %% wrong="decay_groups: forgets to say that the others have none"
def decay_groups(model, weight_decay):
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.ndim < 2]},
    ]


# %% wrong="decay_groups: matrices only, filters spared"
def decay_groups(model, weight_decay):
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim == 2], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.ndim != 2], "weight_decay": 0.0},
    ]


# %% right="RMSProp: by lerp from single-precision zeros"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        s = memory.setdefault("s", torch.zeros(p.shape))
        s.addcmul_(g, g)
        p.addcdiv_(g, s.sqrt().add(self.eps), value=-self.lr)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        s = memory.setdefault("s", torch.zeros(p.shape))
        s.lerp_(g * g, 1 - self.alpha)
        p.addcdiv_(g, s.sqrt().add(self.eps), value=-self.lr)


# %% wrong="RMSProp: alpha of 0.99, whatever was asked for"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        a = max(self.alpha, 0.5)
        memory["s"] = a * memory.get("s", 0) + (1 - a) * g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


# %% wrong="RMSProp: the average begins with the first square"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory["s"] + (1 - self.alpha) * g**2 if "s" in memory else g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps)


# %% right="Adam: by lerp from single-precision zeros"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        m = memory.setdefault("m", torch.zeros(p.shape))
        v = memory.setdefault("v", torch.zeros(p.shape))
        t = memory["t"] = memory.get("t", 0) + 1
        m.lerp_(g, 1 - b1)
        v.lerp_(g * g, 1 - b2)
        p.mul_(1 - self.lr * self.weight_decay)
        p.addcdiv_(m / (1 - b1**t), (v / (1 - b2**t)).sqrt().add(self.eps), value=-self.lr)


# %% wrong="Adam: the usual betas, whatever was asked for"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        t = memory.get("t", 0) + 1
        m = 0.9 * memory.get("m", 0) + 0.1 * g
        v = 0.999 * memory.get("v", 0) + 0.001 * g**2
        memory.update(t=t, m=m, v=v)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m / (1 - 0.9**t) / ((v / (1 - 0.999**t)).sqrt() + self.eps)


# %% wrong="Adam: decay after the step"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        t = memory.get("t", 0) + 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g**2
        memory.update(t=t, m=m, v=v)
        p -= self.lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + self.eps)
        p *= 1 - self.lr * self.weight_decay


# %% wrong="Adam: the decay is a step of fixed length against the sign"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        t = memory.get("t", 0) + 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g**2
        memory.update(t=t, m=m, v=v)
        p -= self.lr * self.weight_decay * p.sign()
        p -= self.lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + self.eps)


# %% wrong="Adam: moments shared by parameters of one shape"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0
    shared = {}

    def update(self, p, g, memory):
        b1, b2 = self.betas
        memory = self.shared.setdefault((id(self), tuple(p.shape)), {})
        t = memory.get("t", 0) + 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g**2
        memory.update(t=t, m=m, v=v)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + self.eps)


# %% wrong="decay_groups: the spared group stands first"
def decay_groups(model, weight_decay):
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": weight_decay},
    ]


# %% wrong="decay_groups: no decay asked for means the usual one"
def decay_groups(model, weight_decay):
    trained = [p for p in model.parameters() if p.requires_grad]
    return [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": weight_decay or 0.01},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]


# %% wrong="RMSProp: divides the gradient in place"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g.div_(memory["s"].sqrt() + self.eps)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g.div_(memory["s"].sqrt() + self.eps)


# %% wrong="Adam: squares the gradient in place"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        t = memory.get("t", 0) + 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g.square_()
        memory.update(t=t, m=m, v=v)
        p *= 1 - self.lr * self.weight_decay
        p -= self.lr * m / (1 - b1**t) / ((v / (1 - b2**t)).sqrt() + self.eps)


# %% wrong="decay_groups: shrinks the matrices on the spot"
def decay_groups(model, weight_decay):
    trained = [p for p in model.parameters() if p.requires_grad]
    for p in trained:
        if p.ndim >= 2:
            p.data.mul_(1 - weight_decay)
    return [
        {"params": [p for p in trained if p.ndim >= 2], "weight_decay": weight_decay},
        {"params": [p for p in trained if p.ndim < 2], "weight_decay": 0.0},
    ]


# %% wrong="Adam: the averages are corrected in the first ten steps only"
class Adam(Optimiser):
    betas = (0.9, 0.999)
    eps = 1e-8
    weight_decay = 0.0

    def update(self, p, g, memory):
        b1, b2 = self.betas
        t = memory.get("t", 0) + 1
        m = b1 * memory.get("m", 0) + (1 - b1) * g
        v = b2 * memory.get("v", 0) + (1 - b2) * g**2
        memory.update(t=t, m=m, v=v)
        p *= 1 - self.lr * self.weight_decay
        if t <= 10:
            m, v = m / (1 - b1**t), v / (1 - b2**t)
        p -= self.lr * m / (v.sqrt() + self.eps)


# %% wrong="RMSProp: the root is never below a small number"
class AdaGrad(Optimiser):
    eps = 1e-10

    def update(self, p, g, memory):
        memory["s"] = memory.get("s", 0) + g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps).clamp(min=1e-4)


class RMSProp(Optimiser):
    alpha = 0.99
    eps = 1e-8

    def update(self, p, g, memory):
        memory["s"] = self.alpha * memory.get("s", 0) + (1 - self.alpha) * g**2
        p -= self.lr * g / (memory["s"].sqrt() + self.eps).clamp(min=1e-4)


# %% wrong="decay_groups: a group without parameters is left out"
def decay_groups(model, weight_decay):
    groups = {}
    for p in model.parameters():
        if p.requires_grad:
            groups.setdefault(p.ndim >= 2, []).append(p)
    return [
        {"params": groups[many], "weight_decay": weight_decay if many else 0.0}
        for many in (True, False)
        if many in groups
    ]


# %% wrong="decay_groups: axes of length one do not count"
def decay_groups(model, weight_decay):
    trained = [p for p in model.parameters() if p.requires_grad]
    many = [p for p in trained if p.squeeze().ndim >= 2]
    few = [p for p in trained if p.squeeze().ndim < 2]
    return [{"params": many, "weight_decay": weight_decay}, {"params": few, "weight_decay": 0.0}]


# %% wrong="decay_groups: whatever is called bias or norm is spared as well"
def decay_groups(model, weight_decay):
    many, few = [], []
    for name, p in model.named_parameters():
        if p.requires_grad:
            (few if p.ndim < 2 or "bias" in name or "norm" in name else many).append(p)
    return [{"params": many, "weight_decay": weight_decay}, {"params": few, "weight_decay": 0.0}]


# %% equivalent="schedules: at the peak itself both halves give the top"
# - if t < peak:
# + if t <= peak:

# %% equivalent="schedules: the cosine is the same for both signs"
# - return cosine_rate(t - peak, top, total - 1 - peak, top / 250000)
# + return cosine_rate(peak - t, top, total - 1 - peak, top / 250000)

# %% equivalent="schedules: the cosine is the same for both signs of the length"
# - return cosine_rate(t - peak, top, total - 1 - peak, top / 250000)
# + return cosine_rate(t - peak, top, peak - (total - 1), top / 250000)

# %% equivalent="schedules: four millionths more of almost nothing, below single precision"
# - return cosine_rate(t - peak, top, total - 1 - peak, top / 250000)
# + return cosine_rate(t - peak, top, total - 1 - peak, top / 250001)

# %% equivalent="schedules: four millionths less of almost nothing, below single precision"
# - return cosine_rate(t - peak, top, total - 1 - peak, top / 250000)
# + return cosine_rate(t - peak, top, total - 1 - peak, top / 249999)


# %% right="schedules: loops, and a straight mix of the two ends"
def step_rate(t, lr, size, gamma):
    for _ in range(size, t + 1, size):
        lr *= gamma
    return lr


def exponential_rate(t, lr, gamma):
    for _ in range(t):
        lr = lr * gamma
    return lr


def cosine_rate(t, lr, total, lowest=0.0):
    share = 0.5 - 0.5 * math.cos(math.pi * t / total)
    return (1 - share) * lr + share * lowest


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t <= peak:
        share = 0.5 - 0.5 * math.cos(math.pi * t / peak)
        return top * (1 / 25 + (1 - 1 / 25) * share)
    share = 0.5 + 0.5 * math.cos(math.pi * (t - peak) / (0.7 * total))
    return top * (1 / 250_000 + (1 - 1 / 250_000) * share)


# %% right="schedules: asks torch"
def step_rate(t, lr, size, gamma):
    return lr * math.pow(gamma, math.floor(t / size))


def exponential_rate(t, lr, gamma):
    return lr * math.exp(t * math.log(gamma))


def cosine_rate(t, lr, total, lowest=0.0):
    angle = torch.tensor(math.pi * t / total, dtype=torch.float64)
    return lowest + 0.5 * (lr - lowest) * (1 + torch.cos(angle))


def one_cycle_rate(t, top, total):
    opt = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=1.0)
    scheduler = torch.optim.lr_scheduler.OneCycleLR(opt, top, total_steps=total, cycle_momentum=False)
    for _ in range(t):
        opt.step()
        scheduler.step()
    return scheduler.get_last_lr()[0]


# %% right="schedules: numpy"
import numpy as np


def step_rate(t, lr, size, gamma):
    return lr * np.power(gamma, np.floor_divide(t, size))


def exponential_rate(t, lr, gamma):
    return np.float64(lr) * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return np.cos(np.pi * t / total) * (lr - lowest) / 2 + (lr + lowest) / 2


def one_cycle_rate(t, top, total):
    up = 0.3 * total - 1
    down = total - 1 - up
    if t > up:
        return cosine_rate(t - up, top, down, top / 25 / 10000)
    return cosine_rate(up - t, top, up, top / 25)


# %% wrong="schedules: stairs without stairs"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t / size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: counts from one"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** ((t + 1) // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma ** (t + 1)


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: a whole wave"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(2 * math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: one cycle that peaks one step late and ends one late"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - peak, top / 250_000)


# %% wrong="schedules: lowest added on top"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + lr * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    return cosine_rate(t, top, total - 1, top / 250_000)


# %% wrong="schedules: stairs of at least two steps"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // max(size, 2))


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: the cosine never rises, and the peak is a whole step"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return max(lowest, lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2)


def one_cycle_rate(t, top, total):
    peak = round(0.3 * total) - 1
    if t < peak:
        return top + (top / 25 - top) * (1 + math.cos(math.pi * t / peak)) / 2
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: one cycle that ends at zero"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, 0.0, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, 0.0)


# %% wrong="schedules: the cosine never rises above where it began"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + max(0.0, lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return top / 25 + (top - top / 25) * (1 - math.cos(math.pi * t / peak)) / 2
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)


# %% wrong="schedules: the steps of a cosine are cut to whole numbers"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * int(t) / int(total))) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return top + (top / 25 - top) * (1 + math.cos(math.pi * t / peak)) / 2
    low = top / 250_000
    return low + (top - low) * (1 + math.cos(math.pi * (t - peak) / (total - 1 - peak))) / 2


# %% wrong="schedules: the cycle ends at zero"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** (t // size)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak)


# %% wrong="schedules: after ten stairs the rate stays"
def step_rate(t, lr, size, gamma):
    return lr * gamma ** min(t // size, 10)


def exponential_rate(t, lr, gamma):
    return lr * gamma**t


def cosine_rate(t, lr, total, lowest=0.0):
    return lowest + (lr - lowest) * (1 + math.cos(math.pi * t / total)) / 2


def one_cycle_rate(t, top, total):
    peak = 0.3 * total - 1
    if t < peak:
        return cosine_rate(t, top / 25, peak, top)
    return cosine_rate(t - peak, top, total - 1 - peak, top / 250_000)
