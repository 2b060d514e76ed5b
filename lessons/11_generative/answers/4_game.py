# Answers to the exercises of 4_game.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="generator_step: slopes asked for by name"
def fooling_losses(logits):
    return F.logsigmoid(-logits).mean(), -F.logsigmoid(logits).mean()


def generator_step(discriminator, generator, noise, optimiser):
    loss = fooling_losses(discriminator(generator(noise)).squeeze(1))[1]
    parameters = list(generator.parameters())
    for p, slope in zip(parameters, torch.autograd.grad(loss, parameters)):
        p.grad = slope
    optimiser.step()
    return float(loss)


# %% right="generator_step: binary cross-entropy for both"
def fooling_losses(logits):
    bce = nn.BCEWithLogitsLoss()
    return -bce(logits, torch.zeros_like(logits)), bce(logits, torch.ones_like(logits))


def generator_step(discriminator, generator, noise, optimiser):
    generator.zero_grad()
    discriminator.requires_grad_(False)
    scores = discriminator(generator(noise))
    loss = nn.BCEWithLogitsLoss()(scores, torch.ones_like(scores))
    loss.backward()
    discriminator.requires_grad_(True)
    optimiser.step()
    optimiser.zero_grad()
    return loss.item()


# %% wrong="generator_step: labels of fakes"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.zeros(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: the saturating loss"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = -F.softplus(scores).mean()
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: fakes detached"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise).detach().requires_grad_()).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: never cleared"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: the discriminator is cleared, the generator is not"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    discriminator.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: logarithms of sigmoids"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return torch.log(1 - torch.sigmoid(logits)).mean(), -torch.log(torch.sigmoid(logits)).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: a small number in the logarithm"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return torch.log(1 - torch.sigmoid(logits) + 1e-8).mean(), -torch.log(torch.sigmoid(logits) + 1e-8).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: sums over the batch"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).sum(), F.softplus(-logits).sum()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: swapped"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return F.softplus(-logits).mean(), -F.softplus(logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: the loss stays a tensor"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.detach()


# %% wrong="generator_step: the discriminator stays frozen"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    discriminator.requires_grad_(False)
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    return loss.item()


# %% wrong="generator_step: the discriminator learns too"
def fooling_losses(logits: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The means of log(1 − D) and of −log D over the logits (batch,) of fakes."""
    return -F.softplus(logits).mean(), F.softplus(-logits).mean()


def generator_step(discriminator, generator, noise, optimiser) -> float:
    """One step of the generator: its non-saturating loss."""
    optimiser.zero_grad()
    scores = discriminator(generator(noise)).view(-1)
    loss = F.binary_cross_entropy_with_logits(scores, torch.ones(len(scores)))
    loss.backward()
    optimiser.step()
    torch.optim.SGD(discriminator.parameters(), 0.1).step()
    return loss.item()


# %% right="train_gan: a bar, a list of noise"
def train_gan(generator, discriminator, loader, epochs, noise_size, lr, steps):
    def adam(net):
        return torch.optim.Adam(net.parameters(), lr=lr, betas=(0.5, 0.999))

    opt_d, opt_g = adam(discriminator), adam(generator)
    rows = []
    for epoch in range(epochs):
        for batch in loader:
            real = batch[0]
            n = real.shape[0]
            noise = torch.randn(n, noise_size)[:, :, None, None]
            loss_d, on_real, on_fake = steps[0](discriminator, generator, real, noise, opt_d)
            rows.append((loss_d, steps[1](discriminator, generator, noise, opt_g), on_real, on_fake))
    return rows


# %% right="train_gan: fresh noise for the generator"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, torch.randn_like(noise), optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: one optimiser for both"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_d)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: both optimisers hold the generator"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: noise drawn once"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    fixed = torch.randn(len(next(iter(loader))[0]), noise_size, 1, 1)
    for _ in range(epochs):
        for real, _ in loader:
            noise = fixed[: len(real)]
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: uniform noise"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.rand(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: always as many fakes as in the first batch"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    size = len(next(iter(loader))[0])
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(size, noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: the forger first"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: Adam's usual memory"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr)
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: uniform noise for the forger"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, torch.rand_like(noise), optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: weights decay"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999), weight_decay=0.01)
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: new optimisers in every epoch"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: networks swapped for the forger"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(generator, discriminator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: answers in another order"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, on_real, on_fake, loss_g))
    return history


# %% wrong="train_gan: the last batch of each epoch alone"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size, 1, 1)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
        history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% wrong="train_gan: flat noise"
def train_gan(generator, discriminator, loader, epochs: int, noise_size: int, lr: float, steps) -> list[tuple]:
    """Trains both; for each batch (loss of D, loss of G, answer of D to real ones, to fakes)."""
    turn_d, turn_g = steps
    optimiser_d = torch.optim.Adam(discriminator.parameters(), lr, betas=(0.5, 0.999))
    optimiser_g = torch.optim.Adam(generator.parameters(), lr, betas=(0.5, 0.999))
    history = []
    for _ in range(epochs):
        for real, _ in loader:
            noise = torch.randn(len(real), noise_size)
            told = turn_d(discriminator, generator, real, noise, optimiser_d)
            loss_g = turn_g(discriminator, generator, noise, optimiser_g)
            loss_d, on_real, on_fake = told
            history.append((loss_d, loss_g, on_real, on_fake))
    return history


# %% right="gram: matrices"
def gram(maps):
    batch, channels, height, width = maps.shape
    flat = maps.reshape(batch, channels, height * width)
    return flat @ flat.transpose(1, 2) / (height * width)


def transfer_cost(maps, content, style, weight):
    cost = F.mse_loss(maps[-1], content)
    for ours, theirs in zip(maps, style):
        cost = cost + weight * F.mse_loss(gram(ours), theirs)
    return cost


# %% right="gram: products and means"
def gram(maps):
    return (maps[:, :, None] * maps[:, None]).mean(dim=(-2, -1))


def transfer_cost(maps, content, style, weight):
    distances = [(gram(ours) - theirs).pow(2).mean() for ours, theirs in zip(maps, style)]
    return (maps[-1] - content).pow(2).mean() + weight * torch.stack(distances).sum()


# %% wrong="gram: not divided by the places"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bdhw->bcd", maps, maps)


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost


# %% wrong="gram: divided by the channels too"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[1] * maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost


# %% wrong="gram: one table for the whole batch"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bdhw->cd", maps, maps)[None].expand(len(maps), -1, -1) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost


# %% wrong="gram: places by places"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bcij->bhi", maps, maps) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost


# %% wrong="gram: means taken away"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    maps = maps - maps.mean(dim=(2, 3), keepdim=True)
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost


# %% wrong="gram: content by the first layer"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[0] - content) ** 2).mean() + weight * style_cost


# %% wrong="gram: the weight on the content"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() * weight + style_cost


# %% wrong="gram: the last layer's style alone"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams[-1:], style[-1:], strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost


# %% wrong="gram: sums of squares"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).sum() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost


# %% wrong="gram: a mean over the layers"
def gram(maps: torch.Tensor) -> torch.Tensor:
    """The Gram matrices (batch, channels, channels) of maps (batch, channels, height, width)."""
    return torch.einsum("bchw,bdhw->bcd", maps, maps) / (maps.shape[2] * maps.shape[3])


def transfer_cost(maps: list, content: torch.Tensor, style: list, weight: float) -> torch.Tensor:
    """Content plus weight times style, for the maps of a picture at each layer."""
    places = [one.shape[2] * one.shape[3] for one in maps]
    grams = [torch.einsum("bchw,bdhw->bcd", one, one) / n for one, n in zip(maps, places, strict=True)]
    style_cost = sum(((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True))
    return ((maps[-1] - content) ** 2).mean() + weight * style_cost / len(maps)


# %% equivalent="train_gan: its two steps are the first and the last"
# spoiler: train_gan keeps first and last


# %% equivalent="gram: both are equally long"
# - grams = [torch.einsum('bchw,bdhw->bcd', one, one) / n for one, n in zip(maps, places, strict=True)]
# + grams = [torch.einsum('bchw,bdhw->bcd', one, one) / n for one, n in zip(maps, places)]


# %% equivalent="gram: both are equally long, once more"
# - grams = [torch.einsum('bchw,bdhw->bcd', one, one) / n for one, n in zip(maps, places, strict=True)]
# + grams = [torch.einsum('bchw,bdhw->bcd', one, one) / n for one, n in zip(maps, places, strict=False)]


# %% equivalent="gram: both are equally long, a third time"
# - style_cost = sum((((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True)))
# + style_cost = sum((((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style)))


# %% equivalent="gram: both are equally long, a fourth time"
# - style_cost = sum((((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True)))
# + style_cost = sum((((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=False)))


# %% equivalent="gram: a square has no sign"
# - style_cost = sum((((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True)))
# + style_cost = sum((((ours - theirs) ** 2).mean() for ours, theirs in zip(style, grams, strict=True)))


# %% equivalent="gram: a square has no sign, once more"
# - style_cost = sum((((ours - theirs) ** 2).mean() for ours, theirs in zip(grams, style, strict=True)))
# + style_cost = sum((((theirs - ours) ** 2).mean() for ours, theirs in zip(grams, style, strict=True)))


# %% equivalent="gram: a square has no sign, a third time"
# - return ((maps[-1] - content) ** 2).mean() + weight * style_cost
# + return ((content - maps[-1]) ** 2).mean() + weight * style_cost


# %% [markdown] explains="generator_step"
# With labels 1 binary cross-entropy *is* $-\log D$. Nothing is detached: the slope travels from the loss through the
# discriminator into the fakes and into the generator. On its way it leaves gradients in the discriminator too; they do no
# harm, because only the generator's optimiser takes a step, and the detective clears its own before it learns.
# `softplus(x)` is $\log(1 + e^x)$: $-\log\sigma(s) = $ `softplus(-s)`, and $\log(1 - \sigma(s)) = $ `-softplus(s)`.


# %% [markdown] explains="train_gan"
# Each optimiser holds the parameters of one network: that, and nothing else, decides who learns in which step. Both are
# made once, before the loop, since Adam's memory has to last. Noise is drawn inside the loop, `len(real)` rows of it.


# %% [markdown] explains="gram"
# With places in one axis, a picture's maps are a matrix (channels, places), and its Gram matrix is this matrix times its
# transpose. Which places were which is gone: shuffle them, and nothing changes. Divided by their number, pictures of
# different sizes can be compared.
