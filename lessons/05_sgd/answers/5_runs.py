# Answers to the exercises of 5_runs.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="logged_run: keywords, open files"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    config = {"epochs": epochs, "lr": lr}
    wandb.init(config=config, project="digits")
    wandb.watch(models=model, criterion=loss_func, log_freq=10, log="all")
    opt = torch.optim.SGD(model.parameters(), lr=config["lr"])
    for epoch in range(epochs):
        for batch in loader:
            opt.zero_grad()
            loss = loss_func(model(batch[0]), batch[1])
            wandb.log({"loss": float(loss.detach()), "epoch": epoch})
            loss.backward()
            opt.step()
    wandb.finish()


def save_weights(model, path):
    with open(path, "wb") as file:
        torch.save({name: value.detach() for name, value in model.state_dict().items()}, file)


def load_weights(model, path):
    with open(path, "rb") as file:
        state = torch.load(file, weights_only=True)
    model.load_state_dict(state)
    return model.eval()


# %% right="logged_run: steps by hand, copies tensor by tensor"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init("digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, "all", 10)
    for epoch in range(epochs):
        for xb, yb in loader:
            model.zero_grad()
            loss = loss_func(model(xb), yb)
            loss.backward()
            with torch.no_grad():
                for p in model.parameters():
                    p -= lr * p.grad
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model, path):
    torch.save(obj=model.state_dict(), f=path)


def load_weights(model, path):
    model.train(False)
    for name, value in torch.load(path, map_location="cpu").items():
        model.state_dict()[name].copy_(value)
    return model


# %% right="logged_run: more in the configuration and in the rows"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", name="first", config={"lr": lr, "epochs": epochs, "optimiser": "SGD"})
    wandb.watch(model, criterion=loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr)
    for epoch in range(epochs):
        for i, (xb, yb) in enumerate(loader):
            opt.zero_grad()
            loss = loss_func(model(xb), yb)
            loss.backward()
            opt.step()
            wandb.log({"loss": loss.item(), "epoch": epoch, "batch": i})
    wandb.finish()


def save_weights(model, path):
    torch.save(dict(model.state_dict()), path)


def load_weights(model, path):
    model.load_state_dict(torch.load(path, map_location="cpu", weights_only=True), strict=True)
    model.eval()
    return model


# %% wrong="logged_run: one row an epoch, weights of the parameters only"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
        wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model, path):
    torch.save(dict(model.named_parameters()), path)


def load_weights(model, path):
    model.load_state_dict(torch.load(path), strict=False)
    return model.eval()


# %% wrong="logged_run: saves the whole model"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model, path):
    torch.save(model, path)


def load_weights(model, path):
    return torch.load(path, weights_only=False).eval()


# %% wrong="logged_run: reads the file and throws it away"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model, path):
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    torch.load(path)
    return model.eval()


# %% wrong="logged_run: forgets evaluation mode, watches gradients only"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model, path):
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    model.load_state_dict(torch.load(path))
    return model


# %% equivalent="clip_gradients: at the limit itself the factor is 1"
# - if norm > limit:
# + if norm >= limit:


# %% right="clip_gradients: torch's own"
def clip_gradients(params, limit):
    return float(torch.nn.utils.clip_grad_norm_(params, limit))


# %% wrong="clip_gradients: puts other tensors in place of the gradients"
def clip_gradients(params, limit):
    params = list(params)
    norm = torch.cat([p.grad.reshape(-1) for p in params]).norm()
    factor = min(1.0, limit / float(norm))
    for p in params:
        p.grad = p.grad * factor
    return norm.item()


# %% right="clip_gradients: get_total_norm, foreach"
def clip_gradients(params, limit):
    grads = [p.grad for p in params]
    total = torch.linalg.vector_norm(torch.stack([g.norm() for g in grads]))
    scale = torch.clamp(limit / (total + 1e-6), max=1.0)
    torch._foreach_mul_(grads, scale)
    return total


# %% wrong="clip_gradients: as it was"
def clip_gradients(params, limit):
    squares = 0.0
    for p in params:
        norm = p.grad.norm().item()
        squares += norm**2
        if norm > limit:
            p.grad.mul_(limit / norm)
    return squares**0.5


# %% wrong="clip_gradients: clips each number"
def clip_gradients(params, limit):
    params = list(params)
    norm = sum(p.grad.square().sum() for p in params).sqrt().item()
    for p in params:
        p.grad.clamp_(-limit, limit)
    return norm


# %% wrong="clip_gradients: stretches short ones too"
def clip_gradients(params, limit):
    params = list(params)
    norm = sum(p.grad.square().sum() for p in params).sqrt().item()
    for p in params:
        p.grad.mul_(limit / norm)
    return norm


# %% wrong="clip_gradients: adds up the norms"
def clip_gradients(params, limit):
    params = list(params)
    norm = sum(p.grad.norm().item() for p in params)
    if norm > limit:
        for p in params:
            p.grad.mul_(limit / norm)
    return norm


# %% wrong="clip_gradients: makes a copy"
def clip_gradients(params, limit):
    gradients = [p.grad for p in params]
    norm = sum(g.square().sum() for g in gradients).sqrt().item()
    if norm > limit:
        gradients = [g * limit / norm for g in gradients]
    return norm


# %% right="clip_gradients: one long vector, a factor of at most one"
def clip_gradients(params, limit):
    gradients = [p.grad for p in params]
    norm = torch.cat([g.reshape(-1) for g in gradients]).norm()
    factor = (limit / norm).clamp(max=1.0)
    for g in gradients:
        g *= factor
    return norm.item()


# %% wrong="clip_gradients: walks twice through what may be a generator"
def clip_gradients(params, limit):
    norm = sum(p.grad.square().sum() for p in params).sqrt().item()
    if norm > limit:
        for p in params:
            p.grad.mul_(limit / norm)
    return norm


# %% wrong="clip_gradients: never below one tenth"
def clip_gradients(params, limit):
    params = list(params)
    norm = torch.cat([p.grad.flatten() for p in params]).norm().item()
    if norm > limit:
        for p in params:
            p.grad.mul_(max(limit / norm, 0.1))
    return norm


# %% right="logged_run: by the run that init returns, with steps"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    run = wandb.init(project="digits", config=dict(lr=lr, epochs=epochs))
    run.watch(model, criterion=loss_func, log="all", log_freq=10)
    opt, i = torch.optim.SGD(model.parameters(), lr=lr), 0
    for epoch in range(run.config["epochs"]):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            loss.backward()
            opt.step()
            opt.zero_grad()
            run.log({"epoch": epoch, "loss": loss.item()}, step=i)
            i += 1
    run.finish()


def save_weights(model, path):
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    model.load_state_dict(torch.load(path, weights_only=True))
    return model.eval()


# %% right="logged_run: the run as a context"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    with wandb.init(project="digits", config={"lr": lr, "epochs": epochs}) as run:
        run.watch(model, loss_func, log="all", log_freq=10)
        opt = torch.optim.SGD(model.parameters(), lr=lr)
        for epoch in range(epochs):
            for xb, yb in loader:
                opt.zero_grad()
                loss = loss_func(model(xb), yb)
                loss.backward()
                opt.step()
                run.log({"epoch": epoch, "loss": loss.item()})


def save_weights(model, path):
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    model.load_state_dict(torch.load(path))
    model.eval()
    return model


# %% wrong="logged_run: counts epochs from one and never finishes"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(1, epochs + 1):
        for xb, yb in loader:
            opt.zero_grad()
            loss = loss_func(model(xb), yb)
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})


def save_weights(model, path):
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    model.load_state_dict(torch.load(path))
    model.eval()
    return model


# %% wrong="logged_run: logs tensors"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.detach()})
    wandb.finish()


def save_weights(model, path):
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    model.load_state_dict(torch.load(path))
    model.eval()
    return model


# %% wrong="logged_run: always the squared error"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = F.mse_loss(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model, path):
    torch.save(model.state_dict(), path)


def load_weights(model, path):
    model.load_state_dict(torch.load(path))
    return model.eval()


# %% wrong="logged_run: saving switches to evaluation mode"
def logged_run(wandb, model, loader, loss_func, lr, epochs):
    wandb.init(project="digits", config={"lr": lr, "epochs": epochs})
    wandb.watch(model, loss_func, log="all", log_freq=10)
    opt = torch.optim.SGD(model.parameters(), lr=lr)
    for epoch in range(epochs):
        for xb, yb in loader:
            loss = loss_func(model(xb), yb)
            opt.zero_grad()
            loss.backward()
            opt.step()
            wandb.log({"epoch": epoch, "loss": loss.item()})
    wandb.finish()


def save_weights(model, path):
    torch.save(model.eval().state_dict(), path)


def load_weights(model, path):
    model.load_state_dict(torch.load(path))
    return model.eval()


# %% wrong="clip_gradients: divides by a norm of zero"
def clip_gradients(params, limit):
    gradients = [p.grad for p in params]
    norm = sum(g.square().sum() for g in gradients).sqrt().item()
    share = min(1.0, limit / norm)
    for g in gradients:
        g.mul_(share)
    return norm


# %% wrong="clip_gradients: within the limit a trace of rounding is left"
def clip_gradients(params, limit):
    gradients = [p.grad for p in params]
    norm = sum(g.square().sum() for g in gradients).sqrt().item()
    for g in gradients:
        g.mul_(min(limit, norm) / (norm + 1e-5))
    return norm


# %% [markdown] explains="logged_run"
# The loss that is logged is the one from before the step, of the batch it belongs to, as a number: `loss` itself would
# keep the graph of every batch alive as long as the log. Settings go into `config` once, so that two runs can be
# compared by what was different between them. `finish` stands behind both loops.
#
# `state_dict()` holds parameters *and* buffers, such as the running averages of batch norm. A dictionary of the
# parameters alone lacks them: loading it is refused, and with `strict=False` the model would be another one in
# evaluation mode. `load_state_dict` fills the model that it is called on and returns only a report of the keys, so
# return `model`, and put it into evaluation mode: a loaded model that keeps its dropout on gives another answer every
# time you ask. `torch.load` alone reads the file and changes nothing.

# %% [markdown] explains="clip_gradients"
# She measures each gradient by itself. Take the hint: gradients 3 and 4, limit 3.5. The 3 is within the limit and
# stays; the 4 becomes 3.5. The step pointed towards (3, 4) and now points towards (3, 3.5), and its length is 4.6,
# still above the limit. So neither half of the promise holds.
#
# The gradient is *one* arrow, of which every parameter holds some entries. Its length is the root of the sum of all
# squares, here 5, and one factor for all, 3.5/5, shortens it without turning it. That needs two walks, one to measure
# and one to scale, so the gradients are put into a list first: a generator would be empty at the second walk, and
# nothing would be clipped. Clipping each *number* (`clip_grad_value_`) turns the step as well. And a limit is not a
# target: within it, nothing may change.
