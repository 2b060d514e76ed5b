# Answers to the exercises of 3_adam.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="Momentum: a buffer that is changed in place"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        if "v" not in memory:
            memory["v"] = torch.zeros_like(p)
        v = memory["v"]
        v.mul_(self.momentum).add_(g)
        if self.nesterov:
            p.add_(g + self.momentum * v, alpha=-self.lr)
        else:
            p.add_(v, alpha=-self.lr)


# %% right="Momentum: the learning rate at the end, through .data"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        v = g.clone() if memory.get("v") is None else memory["v"] * self.momentum + g
        memory["v"] = v
        step = v if not self.nesterov else v * self.momentum + g
        p.data = p.data - step * self.lr


# %% right="Momentum: single precision buffer"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        v = memory.setdefault("v", torch.zeros(p.shape))
        v *= self.momentum
        v += g
        p.sub_(self.lr * (g + self.momentum * v) if self.nesterov else self.lr * v)


# %% wrong="Momentum: a running average"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        velocity = self.momentum * memory.get("velocity", 0) + (1 - self.momentum) * g
        memory["velocity"] = velocity
        p -= self.lr * (g + self.momentum * velocity if self.nesterov else velocity)


# %% wrong="Momentum: Nesterov with the old velocity"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        old = memory.get("velocity", 0)
        velocity = self.momentum * old + g
        memory["velocity"] = velocity
        p -= self.lr * (g + self.momentum * old if self.nesterov else velocity)


# %% wrong="Momentum: one velocity for all"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False
    velocity = 0

    def update(self, p, g, memory):
        self.velocity = self.momentum * self.velocity + g.mean()
        p -= self.lr * (g + self.momentum * self.velocity if self.nesterov else self.velocity)


# %% wrong="Momentum: remembers nothing"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        velocity = self.momentum * memory.get("velocity", 0) + g
        p -= self.lr * (g + self.momentum * velocity if self.nesterov else velocity)


# %% wrong="Momentum: Nesterov forgotten"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        memory["velocity"] = self.momentum * memory.get("velocity", 0) + g
        p -= self.lr * memory["velocity"]


# %% wrong="Momentum: a new tensor instead of in place"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        velocity = self.momentum * memory.get("velocity", 0) + g
        memory["velocity"] = velocity
        p = p - self.lr * (g + self.momentum * velocity if self.nesterov else velocity)


# %% wrong="Momentum: one velocity for all parameters of one shape"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False
    shared = {}

    def update(self, p, g, memory):
        key = (id(self), tuple(p.shape))
        v = self.momentum * self.shared.get(key, 0) + g
        self.shared[key] = v
        p -= self.lr * (g + self.momentum * v if self.nesterov else v)


# %% wrong="Momentum: the velocity holds the learning rate, and the look ahead is by nine tenths"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        v = self.momentum * memory.get("v", 0) + g
        memory["v"] = v
        p -= self.lr * (g + 0.9 * v if self.nesterov else v)


# %% wrong="Momentum: at most nine tenths of the velocity are kept"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        mu = min(self.momentum, 0.9)
        v = mu * memory.get("v", 0) + g
        memory["v"] = v
        p -= self.lr * (g + mu * v if self.nesterov else v)


# %% right="Momentum: an instance attribute for each parameter"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        if "v" not in memory:
            memory["v"] = torch.zeros(p.shape)
        memory["v"].mul_(self.momentum).add_(g)
        step = g.add(memory["v"], alpha=self.momentum) if self.nesterov else memory["v"]
        p.add_(step, alpha=-self.lr)


# %% wrong="Momentum: the gradient becomes the velocity"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        first = g.clone()
        g += self.momentum * memory.get("velocity", 0)
        memory["velocity"] = g.clone()
        p -= self.lr * (first + self.momentum * g if self.nesterov else g)


# %% wrong="Momentum: the velocity is the first gradient's own tensor"
class Momentum(Optimiser):
    momentum = 0.9
    nesterov = False

    def update(self, p, g, memory):
        v = memory.setdefault("velocity", g)
        if v is not g:
            v.mul_(self.momentum).add_(g)
        elif memory.setdefault("steps", 0):
            v.mul_(1 + self.momentum)
        memory["steps"] = memory.get("steps", 0) + 1
        p -= self.lr * (g + self.momentum * v if self.nesterov else v)


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


# %% [markdown] explains="Momentum"
# Write down two steps with $g = 1$ and $\mu = 0.5$: the velocity is 1, then 1.5, so the places are −0.1 and −0.25 with
# a rate of 0.1. An average, $\mu v + (1-\mu) g$, would give 0.5 and 0.75: the same direction, and steps that are half
# as long.
#
# The rate multiplies the velocity at the moment of the step and does not go *into* it. As long as the rate is constant
# nobody sees the difference; under a schedule old gradients would keep the rates of their time. Nesterov uses the *new*
# velocity, $g + \mu v$, so the velocity is updated first. And it is stored as a new tensor: with
# `memory["velocity"] = g` at the first step and `mul_` later, your velocity would *be* `p.grad`, and whoever clears or
# refills that gradient changes your memory.

# %% [markdown] explains="RMSProp"
# One line measures, the other one divides. `s` is kept for each element: the square of a whole tensor, or one mean for
# all, would give a large and a small weight of the same layer the same pace, which is what we wanted to get rid of.
# AdaGrad adds up, so its steps fall like $1/\sqrt t$; RMSProp's two shares add up to one, as they must in an average.
# Swap them, and the newest square counts 99 %: every step has almost the length $\eta$.
#
# `eps` stands outside the root. Inside, with $10^{-8}$, it would act like $10^{-4}$, which is not small beside small
# gradients. Without any, a gradient that has always been 0 makes 0/0, and one dead pixel fills its weight with `nan`.
# Check the first step by hand: $g = 3$ and $\alpha = 0.75$ give $s = 0.25 \cdot 9$, its root is 1.5, and $3/1.5 = 2$.
# That is twice the rate, since the average starts at 0.

# %% [markdown] explains="Adam"
# Why divide by $1 - \beta^t$? If the gradient is always $g$, then $m = (1 - \beta_1^t)\, g$ after $t$ steps, because
# the average started at 0. The division gives back $g$ exactly, and likewise $g^2$. So the first step is
# $\eta\, g/|g|$: as long as the learning rate, whatever the gradient. Without the hats it would be
# $0.1/\sqrt{0.001} = 3.16$ times as long; *longer*, since the second average is under the root.
#
# Keep `m` and `v` uncorrected in the memory. If the hats were stored, the next step would correct what has been
# corrected. `t` belongs to the parameter and not to the optimiser: a layer that is frozen for a while, or gets no
# gradient, starts its count when it starts moving. The decay multiplies `p` by $1 - \eta\lambda$ and never touches `g`,
# so both averages know nothing of it. Put $\lambda p$ into the gradient and it would be divided by $\sqrt{\hat v}$ as
# well: that is L2, and the demonstration below the exercise shows what it does.

# %% [markdown] explains="decay_groups"
# Decay pulls a weight towards 0. For a matrix that keeps the function smooth; a bias or the scale of a norm layer is
# one number a channel, and a scale has no reason to be near 0. The number of axes tells them apart, for every
# architecture. Names do not: the scales of a `LayerNorm` are called `weight`, like a matrix, and a table of position
# biases may be called `bias` and have two axes. `ndim == 2` would spare the filters of convolutions, which have four
# axes; `ndim == 1` in the second group would lose a single number, which has none.
#
# Say `0.0` in the second group, rather than nothing. Where a group is silent, the optimiser's own default counts, and
# for PyTorch's AdamW that is 0.01. Frozen parameters stay out, and the groups keep their places even when empty, so
# that other code may rely on `groups[0]`.
