# Answers by a panel that read only the released notebook: what `course audit` grades and counts apart. No student sees them.

# %% wrong="fit_on_schedule: scores and labels in each other's place; breaks: loss_func takes what the model makes first, seen with a loss that is not the same both ways round"
def fit_on_schedule(model, loader, loss_func, lr: float, epochs: int) -> list[float]:
    opt = torch.optim.SGD(model.parameters(), lr=lr, momentum=0.9)
    scheduler = torch.optim.lr_scheduler.StepLR(opt, 3, 0.5)
    rates = []
    for _ in range(epochs):
        rates.append(scheduler.get_last_lr()[0])
        for xb, yb in loader:
            opt.zero_grad()
            loss_func(yb, model(xb)).backward()
            opt.step()
        scheduler.step()
    return rates
