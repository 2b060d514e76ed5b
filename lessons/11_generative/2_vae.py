# %% [markdown]
# ## 4 · A cloud in place of a point
#
# **In this part you will** turn the autoencoder into a machine that invents digits: codes become clouds, gradients pass
# through a draw, and a closed formula keeps all the clouds together. You will derive its loss from the probability of a
# picture, and measure that probability.
#
# Two ideas turn an autoencoder into a **variational autoencoder** (VAE). First, the encoder does not name a point. It
# names a *cloud*: a normal distribution with a mean and a standard deviation for each number of the code, and the
# decoder is given a draw from it. Codes nearby now have to mean nearly the same, because the decoder never knows
# which of them it will be given. That fills the space around each picture.
#
# Second, all the clouds are pulled towards one known distribution, the standard normal distribution, mean 0 and
# standard deviation 1 in every direction. That fills the space between the pictures, and it answers the question of
# the last chapter: to invent a digit, draw a code from the standard normal distribution.
#
# A standard deviation $\sigma$ must be positive, and a network's output is any number. So the encoder gives out the
# logarithm of the variance, `logvar` $= \log\sigma^2$, and $\sigma = e^{\text{logvar}/2}$.
#
# Here is the difficulty. A draw is a matter of chance; what is the *slope* of a random number with respect to the mean
# of its distribution? `torch.normal(mean, std)` has no answer. **Predict** what the gradient of the mean is.

# %%
mean = torch.zeros(3, requires_grad=True)
torch.normal(mean, torch.ones(3)).sum().backward()
print("gradient of the mean, through torch.normal:", mean.grad)

# %% [markdown]
# Zero: as if the mean did not matter. The way out is called the **reparameterisation trick**. Draw something that does
# not depend on the network, $\varepsilon$ from the *standard* normal distribution, and *compute* the code from it:
#
# $$z = \mu + \sigma\,\varepsilon$$
#
# The distribution of $z$ is just what we wanted. But now $z$ is an ordinary function of $\mu$ and $\sigma$, with slopes 1
# and $\varepsilon$, and the chance has become an input, like the pictures.
#
# ### Exercise: a draw with a slope
# difficulty 2/5 · 8 minutes · cards: reparameterisation, log-variance
#
# Write `draw_code`, one draw for each entry. And write `draw_many`: `k` independent draws of a whole batch. Through both,
# gradients flow back to `mean` and `logvar`. These two tensors have the same shape, (batch, codes) or any other, and
# the draws have their type.
#
# hint: `torch.randn_like(mean)` draws as many standard normal numbers as `mean` has, of its type.


# %% solution="draw_code" promises="leaves-inputs, tensor, random"
def draw_code(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """A draw from the normal distributions with these means and log-variances, in their shape."""
    ### BEGIN SOLUTION
    return mean + torch.exp(logvar / 2) * torch.randn_like(mean)
    ### END SOLUTION


def draw_many(mean: torch.Tensor, logvar: torch.Tensor, k: int) -> torch.Tensor:
    """k draws (k, ...), each in the shape of mean."""
    ### BEGIN SOLUTION
    noise = torch.randn(k, *mean.shape, dtype=mean.dtype)
    return mean + torch.exp(logvar / 2) * noise
    ### END SOLUTION


# %% tests="draw_code" points=4
def slopes_of_draw(draw, mean, logvar, *more):
    """A draw, and the slopes of half the sum of its squares, which are the draw itself times those of its entries."""
    import torch

    mean, logvar = (one.clone().requires_grad_() for one in (mean, logvar))
    z = draw(mean, logvar, *more)
    found = torch.autograd.grad((z**2).sum() / 2, (mean, logvar), allow_unused=True)
    return z.detach(), *(torch.zeros_like(mean) if one is None else one for one in found)


def examples(rng):
    given = {"mean": torch.full((40,), 2.0), "logvar": torch.full((40,), math.log(0.25))}
    yield checks.example(draw_code, given)
    yield checks.example(lambda mean, logvar: draw_many(mean, logvar, 2), given)


with checks.check("a cloud without any width is its mean", hint="exp(-60 / 2) is nearly nothing"):
    mean, logvar = torch.tensor([[1.0, -2.0]]), torch.full((1, 2), -60.0)
    checks.close(draw_code(mean, logvar), mean, atol=1e-5)
    checks.close(draw_many(mean, logvar, 3), mean.expand(3, 1, 2), atol=1e-5)
with checks.check("the slope of a draw by the mean is 1", hint="compute the code from the mean; do not draw it"):
    _, by_mean, _ = checks.on_student_side(slopes_of_draw, draw_code, torch.ones(4), torch.full((4,), -60.0))
    checks.close(by_mean, torch.ones(4), atol=1e-5)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check(
    "slopes for mean and log-variance, of one draw and of many", hint="z = mean + exp(logvar / 2) · noise"
):
    for shape in ((3, 2), (5,), (1, 4)):
        mean, logvar = rng.tensor(*shape, low=-2, high=2), rng.tensor(*shape, low=-3, high=2)
        for draw, more in ((draw_code, ()), (draw_many, (6,))):
            z, by_mean, by_logvar = checks.on_student_side(slopes_of_draw, draw, mean, logvar, *more)
            checks.shape(z, *((6, *shape) if more else shape))
            every = z if more else z[None]
            checks.close(by_mean, every.sum(0), rtol=1e-3, atol=1e-4, what="slope for the mean")
            right = (every * (every - mean) / 2).sum(0)
            checks.close(by_logvar, right, rtol=1e-3, atol=1e-3, what="slope for the log-variance")
with checks.check("the law of many draws", hint="a standard deviation is the root of a variance"):
    mean = torch.tensor([[-3.0, 0.0], [1.0, 5.0]], dtype=torch.float64)
    logvar = torch.tensor([[0.0, -2.0], [3.0, 1.0]], dtype=torch.float64)
    some, most = ([part.expand(rows, 2, 2) for part in (mean, logvar)] for rows in (100, 20000))
    for z in (draw_many(*some, 200), draw_code(*most)):  # 200, for those who draw one after the other
        checks.dtype(z, torch.float64)
        scaled = ((checks.doubles(z) - mean) / torch.exp(logvar / 2)).reshape(-1, 2, 2)
        # Of 20,000 draws the mean has a standard error of 0.007, the variance one of 0.01, a correlation one of 0.007.
        checks.close(scaled.mean(0), torch.zeros(2, 2), atol=0.05, what="means, in standard deviations")
        checks.close(scaled.square().mean(0), torch.ones(2, 2), atol=0.07, what="variances, as shares")
        checks.close((scaled**4).mean(0), torch.full((2, 2), 3.0), atol=0.5, what="fourth powers, 3 for a normal law")
        flat = scaled.reshape(-1, 4)
        checks.close(flat.T @ flat / len(flat), torch.eye(4), atol=0.07, what="correlations between entries")
        for apart in (1, 100):  # neighbours in the batch, and the same row in the next draw
            lagged = (scaled[apart:] * scaled[:-apart]).mean(0)
            checks.close(lagged, torch.zeros(2, 2), atol=0.05, what="correlations between draws")
### END HIDDEN TESTS

# %% [markdown]
# *Further reading:* Kingma and Welling, "Auto-Encoding Variational Bayes" (2013), arXiv 1312.6114, section 2.4, on the
# trick; Mohamed and others, "Monte Carlo Gradient Estimation in Machine Learning" (2019), arXiv 1906.10652, on others.
#
# ## 5 · A pull towards the middle
#
# Left alone, such a network would cheat. It would make each cloud tiny and put it far from all the others: points
# again. So the loss gets a second term, which measures how far a cloud $q$ is from the standard normal distribution
# $p$. It is the **Kullback–Leibler divergence**, the mean of $\log q(z) - \log p(z)$ over draws from $q$:
#
# $$\mathrm{KL}(q \,\|\, p) = \mathbb{E}_{z \sim q}\bigl[\log q(z) - \log p(z)\bigr] \qquad\qquad
# \log \mathcal{N}(z; \mu, \sigma^2) = -\tfrac12\Bigl(\log 2\pi + \log\sigma^2 + \frac{(z-\mu)^2}{\sigma^2}\Bigr)$$
#
# It is never negative, and zero only where the two are the same. One could estimate it from draws. For two normal
# distributions one can also work it out. Under $q$ the mean of $(z-\mu)^2$ is $\sigma^2$, and the mean of $z^2$ is
# $\mu^2 + \sigma^2$. Put both in, and each number of the code, independent of the others, adds
#
# $$\tfrac12\bigl(\mu^2 + \sigma^2 - \log\sigma^2 - 1\bigr)$$
#
# ### Exercise: how far from the middle
# difficulty 3/5 · 12 minutes · cards: kl-standard-normal, kl-by-draws
#
# Write both: the closed formula, and the estimate from draws, the mean of $\log q - \log p$ over the $k$ draws that you
# are given. Each gives one number for each row of the batch; numbers of the code are added up.
#
# hint: How would you get from $\log q - \log p$ for single numbers to that of a whole code, whose numbers are
# independent?


# %% solution="kl" promises="leaves-inputs, differentiable(mean, logvar), tensor, any-float, any-size(one number)"
def kl_to_normal(mean: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The divergence (batch,) of normal distributions (batch, codes) from the standard normal one."""
    ### BEGIN SOLUTION
    return 0.5 * (mean**2 + logvar.exp() - logvar - 1).sum(dim=1)
    ### END SOLUTION


def kl_by_draws(mean: torch.Tensor, logvar: torch.Tensor, codes: torch.Tensor) -> torch.Tensor:
    """The same (batch,), estimated from codes (k, batch, codes) that were drawn from the distributions."""
    ### BEGIN SOLUTION
    log_q = -0.5 * (math.log(2 * math.pi) + logvar + (codes - mean) ** 2 / logvar.exp())
    log_p = -0.5 * (math.log(2 * math.pi) + codes**2)
    return (log_q - log_p).sum(dim=2).mean(dim=0)
    ### END SOLUTION


# %% tests="kl" points=5
def examples(rng):
    given = {"mean": rng.tensor(3, 2), "logvar": rng.tensor(3, 2)}
    yield checks.example(kl_to_normal, given)
    yield checks.example(kl_by_draws, given | {"codes": rng.tensor(4, 3, 2)})
    one = {"mean": torch.full((1, 1), 2.0), "logvar": torch.full((1, 1), math.log(4))}
    yield checks.example(kl_to_normal, one, size="one number", right=[(7 - math.log(4)) / 2])


with checks.check("standard normal clouds are at no distance", hint="mean 0 and variance 1, whose logarithm is 0"):
    checks.close(kl_to_normal(torch.zeros(3, 2), torch.zeros(3, 2)), [0.0, 0.0, 0.0], atol=1e-6)
with checks.check("a mean of 3 and of 4, with one draw at (1, 1)", hint="log q − log p for both numbers, added up"):
    mean, logvar = torch.tensor([[3.0, 4.0]]), torch.zeros(1, 2)
    checks.close(kl_to_normal(mean, logvar), [12.5], what="closed")
    checks.close(kl_by_draws(mean, logvar, torch.ones(1, 1, 2)), [-5.5], what="by draws")
### BEGIN HIDDEN TESTS
rng = checks.rng()
normal = torch.distributions.Normal
with checks.check("the closed formula beside torch's", hint="each row on its own; which sign has the log-variance?"):
    for shape in ((1, 1), (4, 3), (7, 2), (2, 9)):
        mean, logvar = rng.tensor(*shape, low=-3, high=3), rng.tensor(*shape, low=-4, high=3)
        right = torch.distributions.kl_divergence(normal(mean, torch.exp(logvar / 2)), normal(0.0, 1.0)).sum(1)
        checks.close(kl_to_normal(mean, logvar), right, rtol=1e-3, atol=1e-4, what=f"shape {shape}")
with checks.check("estimates from any draws", points=2, hint="a mean over the draws, a sum over the numbers"):
    for k, shape in ((1, (2, 3)), (5, (4, 1)), (12, (1, 2)), (3, (3, 3))):
        mean, logvar = rng.tensor(*shape, low=-2, high=2), rng.tensor(*shape, low=-2, high=2)
        codes = 2 * rng.tensor(k, *shape)
        difference = normal(mean, torch.exp(logvar / 2)).log_prob(codes) - normal(0.0, 1.0).log_prob(codes)
        right = difference.sum(dim=2).mean(dim=0)
        checks.close(kl_by_draws(mean, logvar, codes), right, rtol=1e-3, atol=1e-3, what=f"{k} draws of {shape}")
### END HIDDEN TESTS

# %% [markdown]
# Draws and formula, for one cloud and more and more draws. **Predict** how the error falls.

# %%
torch.manual_seed(0)
mean, logvar = torch.tensor([[1.0, -0.5]]), torch.tensor([[-2.0, 0.3]])
print(f"closed formula: {kl_to_normal(mean, logvar).item():.4f}")
for k in (10, 1000, 100000):
    print(f"{k:7,} draws:   {kl_by_draws(mean, logvar, draw_many(mean, logvar, k)).item():.4f}")

# %% [markdown]
# On average a hundred times as many draws leave a tenth of the error; a single run, as here, has more luck or less.
# Where there is a formula, take it.
#
# ## 6 · Both together
#
# The loss of a VAE is the ink of the drawing, plus the divergence, averaged over the pictures:
#
# $$L = \frac1n \sum_i \Bigl( -\log p(x_i \mid z_i) + \beta\, \mathrm{KL}\bigl(q(z \mid x_i) \,\|\, \mathcal{N}(0, 1)\bigr)
# \Bigr)$$
#
# A larger $\beta$ pulls harder: useful when the codes still scatter, and paid for with drawings that are less like
# the originals. If it pulls too hard, every cloud *is* the standard normal distribution, the code says nothing, and
# the decoder draws the same fog for all (**posterior collapse**).
#
# ### Exercise: a variational autoencoder
# difficulty 2/5 · 8 minutes · cards: vae-components, vae-loss, kl-weight
#
# Fill the blanks. The encoder gives out means and log-variances in one tensor, means first. `draw` is a function like
# your `draw_code`, called once, in evaluation mode too; gradients flow from the drawing back through it to the first
# layer. `kl` holds the divergence of each picture.
#
# hint: `a.chunk(2, dim=1)` cuts a tensor in two halves along axis 1.


# %% solution="VAE" promises="leaves-inputs, differentiable(logits, kl), tensors, any-size(one picture)"
class VAE(nn.Module):
    """Pictures (batch, pixels) to clouds and drawings of codes that are drawn from them."""

    def __init__(self, pixels: int, hidden: int, codes: int):
        super().__init__()
        self.encoder = nn.Sequential(nn.Linear(pixels, hidden), nn.ReLU(), nn.Linear(hidden, 2 * codes))  # ? 2 * codes
        self.decoder = nn.Sequential(nn.Linear(codes, hidden), nn.ReLU(), nn.Linear(hidden, pixels))  # ? codes

    def forward(self, x: torch.Tensor, draw) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
        """Means and log-variances (batch, codes), and the logits of the drawings (batch, pixels)."""
        mean, logvar = self.encoder(x).chunk(2, dim=1)  # ? mean, logvar | chunk(2, dim=1)
        z = draw(mean, logvar)  # ? draw(mean, logvar)
        return mean, logvar, self.decoder(z)  # ? z


def vae_loss(x: torch.Tensor, logits: torch.Tensor, kl: torch.Tensor, beta: float = 1.0) -> torch.Tensor:
    """The loss of drawings (batch, pixels) with divergences kl (batch,), averaged over the pictures."""
    ink = F.binary_cross_entropy_with_logits(logits, x, reduction="none").sum(dim=1)  # ? sum(dim=1)
    return (ink + beta * kl).mean()  # ? ink + beta * kl | mean()


# %% tests="VAE" points=4
def examples(rng):
    net = VAE(5, 4, 2)
    outputs = lambda x: net(x, lambda mean, logvar: mean + logvar)
    yield checks.example(outputs, {"x": rng.tensor(3, 5)})
    given = {"x": rng.tensor(3, 5), "logits": rng.tensor(3, 5), "kl": rng.tensor(3), "beta": 2.0}
    yield checks.example(vae_loss, given)
    one = {"x": torch.ones(1, 3), "logits": torch.zeros(1, 3), "kl": torch.tensor([2.0])}
    yield checks.example(vae_loss, one, size="one picture", right=3 * math.log(2) + 2)


def run_vae(net_class, sizes, weights, x, training=True):
    """Shapes of all parameters, what comes out with these weights, draws, the first layer's slope of half the squares."""
    import torch

    net, calls = net_class(*sizes).train(training), []

    def draw(mean, logvar):
        calls.append(1)
        return mean - 3 * logvar

    with torch.no_grad():
        for p, value in zip(net.parameters(), weights, strict=False):
            if p.shape == value.shape:
                p.copy_(value)
    shapes, parts = [tuple(p.shape) for p in net.parameters()], list(net(x, draw))
    slope = torch.autograd.grad((parts[2] ** 2).sum() / 2, next(net.parameters()), allow_unused=True)[0]
    return shapes, [part.detach().clone() for part in parts], len(calls), torch.zeros(1) if slope is None else slope


with checks.check("a code of 3 numbers needs 6 from the encoder", hint="a mean and a log-variance for each"):
    shapes, parts, *_ = checks.on_student_side(run_vae, VAE, (5, 4, 3), [], torch.ones(2, 5))
    checks.equal(shapes, [(4, 5), (4,), (6, 4), (6,), (4, 3), (4,), (5, 4), (5,)], what="parameters")
    for part, size, name in zip(parts, (3, 3, 5), ("mean", "log-variance", "drawing"), strict=True):
        checks.shape(part, 2, size, what=name)
with checks.check("the loss of a coin for each of 4 pixels, at a distance of 1 and 3", hint="means over two pictures"):
    got = vae_loss(torch.ones(2, 4), torch.zeros(2, 4), torch.tensor([1.0, 3.0]))
    checks.close(got, 4 * math.log(2) + 2)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("means first, and the drawing from the draw", hint="what goes into the decoder?"):
    for sizes, training in (((6, 5, 2), True), ((4, 3, 1), False), ((5, 8, 4), False)):
        pixels, hidden, codes = sizes
        ends = [(hidden, pixels), (2 * codes, hidden), (hidden, codes), (pixels, hidden)]
        w = [rng.tensor(*size) for end in ends for size in (end, end[:1])]
        x = 2 * rng.tensor(rng.integer(1, 3), pixels)
        shapes, parts, draws, slope = checks.on_student_side(run_vae, VAE, sizes, w, x, training)
        checks.equal(shapes, [tuple(value.shape) for value in w], what="parameters")
        first = w[0].clone().requires_grad_()
        both = (x @ first.T + w[1]).clamp(min=0) @ w[2].T + w[3]
        mean, logvar = both[:, :codes], both[:, codes:]
        logits = ((mean - 3 * logvar) @ w[4].T + w[5]).clamp(min=0) @ w[6].T + w[7]
        checks.equal(draws, 1, what="how often it draws")
        for got, right, name in zip(parts, (mean, logvar, logits), ("mean", "log-variance", "drawing"), strict=True):
            checks.close(got, right.detach(), rtol=1e-3, atol=1e-4, what=name)
        (right_slope,) = torch.autograd.grad(logits.square().sum() / 2, first)
        checks.close(slope, right_slope, rtol=1e-3, atol=1e-3, what="slope that comes back to the first layer")
with checks.check("losses with any weight of the divergence", hint="beta weighs the divergence, and only that"):
    for n, pixels, beta in ((1, 3, 1.0), (4, 2, 0.0), (6, 5, 3.5), (3, 7, 0.25)):
        logits, kl = 3 * rng.tensor(n, pixels), rng.tensor(n, low=0, high=4)
        x = rng.integers(n, pixels, low=0, high=1).float()
        p = torch.sigmoid(logits.double())
        ink = -(x * p.log() + (1 - x) * (1 - p).log()).sum(1)
        checks.close(vae_loss(x, logits, kl, beta), (ink + beta * kl).mean(), rtol=1e-4, atol=1e-4, what=f"β = {beta}")
### END HIDDEN TESTS

# %%
torch.manual_seed(0)
vae = VAE(784, 128, 2)


def loss_of(net, x, draw, beta):
    mean, logvar, logits = net(x, draw)
    return vae_loss(x, logits, kl_to_normal(mean, logvar), beta)


losses = train(vae, lambda net, x: loss_of(net, x, draw_code, 1.0), device.budget(40, 20))
with torch.no_grad():
    mean, logvar, _ = vae(valid_x, draw_code)
print(f"loss: {sum(losses[:5]) / 5:.0f} at first, {sum(losses[-40:]) / 40:.0f} at the end")
print(f"all codes: mean {mean.mean():.2f}, spread {mean.std():.2f}; a cloud's σ {torch.exp(logvar / 2).mean():.2f}")
map_of(vae, mean, -2.5, 2.5)

# %% [markdown]
# Compare this map with the last chapter's. The codes gather around zero, at about the scale of the standard normal
# distribution, with far fewer holes (the ones, unlike everything else, keep some distance). On the right lies one
# continuous landscape of handwriting, in which each digit bends into its neighbours. This is *your* latent plane.
#
# Now the inventor's question has an answer. Twenty codes from the standard normal distribution. **Predict** how they
# compare with the twenty of the last chapter.

# %%
torch.manual_seed(0)
with torch.no_grad():
    drawn["VAE, standard normal codes"] = torch.sigmoid(vae.decoder(torch.randn(500, 2)))
show(drawn["VAE, standard normal codes"][:20])

# %% [markdown]
# Nothing is torn any more. But in two numbers the classes are crowded, and many of the drawings blend two digits.
#
# And what does each of the two ideas do? Here are three more networks, beside a short run of yours: one without any
# pull ($\beta = 0$), one with twenty times the pull, and one whose draw is cut off from the gradient, as
# `torch.normal` would cut it. **Predict** for each what happens to the clouds' width σ, and to the drawings.

# %%
trials = {"β = 1": (draw_code, 1.0), "β = 0, no pull": (draw_code, 0.0), "β = 20": (draw_code, 20.0)}
trials["β = 1, no slope through the draw"] = (lambda mean, logvar: draw_code(mean, logvar).detach(), 1.0)
samples = []
for name, (draw, beta) in trials.items():
    torch.manual_seed(0)
    net, invented = VAE(784, 128, 2), torch.randn(10, 2, generator=torch.Generator().manual_seed(1))
    train(net, lambda net, x: loss_of(net, x, draw, beta), device.budget(12, 20))
    with torch.no_grad():
        mean, logvar, logits = net(valid_x, draw_code)
        samples += [*torch.sigmoid(net.decoder(invented))]
    widths = f"spread of the means {mean.std():6.2f}, width of a cloud {torch.exp(logvar / 2).mean():5.2f}"
    print(f"{name:34} {widths}, ink {ink_loss(logits, valid_x).item():4.0f}")
show(samples)

# %% [markdown]
# (Rows in the order of the lines. They were trained for a short time only, hence the grainy paper.) Without the pull
# the means fly apart, and normal codes hit only the middle of the plane. With too much of it, every cloud is nearly
# the standard normal distribution, and every drawing nearly the mean digit. And without a slope through the draw the
# encoder learns nothing from the ink: only the pull reaches it, and it obeys, until the code says nothing at all.
# That is what is lost without the reparameterisation trick.
#
# ## 7 · How probable is a picture?
#
# The model is a story: draw a code $z$ from the standard normal distribution, then draw each pixel with the decoder's
# probability. In this story every picture $x$ has a probability, its **evidence**
# $p(x) = \int p(x \mid z)\, p(z)\, dz$. It is the fair measure of a model of pictures: no other model can give more to
# all of them, since probabilities add up to one. The integral has no formula, but it is a mean, so draws can estimate
# it, and the encoder says where to look. Draw $z_1, …, z_k$ from the cloud $q(z \mid x)$, and correct for having drawn
# from there (**importance sampling**):
#
# $$p(x) \approx \frac1k \sum_{j=1}^k \frac{p(x \mid z_j)\, p(z_j)}{q(z_j \mid x)}$$
#
# The mean of the *logarithms* of the same fractions is what the VAE's loss is with $\beta = 1$, up to its sign. As the
# logarithm of a mean is at least the mean of the logarithms (Jensen), it lies below $\log p(x)$: the **evidence lower
# bound**, or ELBO. A VAE is trained by pushing this bound up.
#
# ### Exercise: the evidence
# difficulty 4/5 · 15 minutes · cards: elbo, importance-evidence, vae-likelihood
#
# Write both, from the draws alone: codes (k, batch, codes), and `log_likelihood` (k, batch), which holds
# $\log p(x \mid z)$. The closed formula of section 5 is another number. Pictures are improbable:
# log-likelihoods here are around −160, and in the tests down to −5,000. $e^{-5000}$ is 0 in every floating-point type, and
# the result must be right all the same.
#
# hint: `torch.logsumexp(a, dim=0)` is $\log \sum e^a$, computed in a way that survives. What does dividing by $k$
# become, in logarithms?


# %% solution="evidence" promises="leaves-inputs, differentiable(log_likelihood), tensor, any-float, any-size(one draw)"
def elbo(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The mean over the draws (batch,) of log p(x|z) + log p(z) − log q(z|x)."""
    ### BEGIN SOLUTION
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return (log_likelihood + log_p - log_q).mean(dim=0)
    ### END SOLUTION


def log_evidence(log_likelihood, mean, logvar, codes) -> torch.Tensor:
    """The logarithm (batch,) of the estimate of p(x) by importance sampling."""
    ### BEGIN SOLUTION
    log_q = -0.5 * (logvar + (codes - mean) ** 2 / logvar.exp()).sum(dim=2)
    log_p = -0.5 * (codes**2).sum(dim=2)
    return torch.logsumexp(log_likelihood + log_p - log_q, dim=0) - math.log(len(codes))
    ### END SOLUTION


# %% tests="evidence" points=5
def examples(rng):
    given = {"log_likelihood": rng.tensor(3, 2), "mean": rng.tensor(2, 2), "logvar": rng.tensor(2, 2)}
    for function in (elbo, log_evidence):
        yield checks.example(function, given | {"codes": rng.tensor(3, 2, 2)})
        one = {"log_likelihood": torch.tensor([[-3.0]]), "mean": torch.zeros(1, 1), "logvar": torch.zeros(1, 1)}
        yield checks.example(function, one | {"codes": torch.ones(1, 1, 1)}, size="one draw", right=[-3.0])


def fractions(log_likelihood, mean, logvar, codes):
    """The logarithms (k, batch) of p(x|z) p(z) / q(z|x)."""
    normal = torch.distributions.Normal
    mean, deviation, codes = mean.double(), torch.exp(logvar.double() / 2), codes.double()
    ratio = normal(0.0, 1.0).log_prob(codes) - normal(mean, deviation).log_prob(codes)
    return log_likelihood.double() + ratio.sum(dim=2)


likely = torch.tensor([[math.log(0.2)], [math.log(0.4)]])
plain = (torch.zeros(1, 1), torch.zeros(1, 1), torch.tensor([[[0.5]], [[-1.0]]]))
with checks.check("two draws from the standard normal cloud, 0.2 and 0.4", hint="here p(z) and q(z|x) are the same"):
    checks.close(log_evidence(likely, *plain), [math.log(0.3)], what="log evidence")
    checks.close(elbo(likely, *plain), [(math.log(0.2) + math.log(0.4)) / 2], what="bound")
### BEGIN HIDDEN TESTS
rng = checks.rng()
cases = []
for k, n, size in ((1, 3, 2), (6, 1, 1), (20, 4, 3), (3, 2, 5)):
    one_each = torch.linspace(-200, -5000, n), torch.linspace(-5000, -200, k)[:, None]  # picture; draw
    for depth in (-3.0, -5000.0, *one_each):
        cloud = [rng.tensor(n, size, low=-2, high=2), rng.tensor(n, size, low=-2, high=1)]
        cases.append((depth + 3 * rng.tensor(k, n), *cloud, 2 * rng.tensor(k, n, size)))
with checks.check("bounds of any clouds and draws", hint="one mean over draws; sums over the numbers of a code"):
    for case in cases:
        checks.close(elbo(*case), fractions(*case).mean(0), rtol=1e-4, atol=1e-3)
with checks.check("evidence, of improbable pictures too", points=2, hint="logsumexp, minus the logarithm of k"):
    for case in cases:
        right = torch.logsumexp(fractions(*case), dim=0) - math.log(len(case[0]))
        checks.close(log_evidence(*case), right, rtol=1e-4, atol=1e-3)
with checks.check("exact where the cloud is exact, from any draws", hint="all fractions are then the same: p(x)"):
    # x = w z + noise of deviation s: everything about it is known.
    w, s = rng.uniform(0.5, 2), rng.uniform(0.3, 1)
    x, codes = rng.tensor(5, low=-2, high=2), rng.tensor(4, 5, 1, low=-2, high=2)
    normal, precision = torch.distributions.Normal, 1 + w**2 / s**2
    mean, logvar = (w / s**2 * x / precision)[:, None], torch.full((5, 1), -math.log(precision))
    likelihood = normal(w * codes[..., 0], s).log_prob(x)
    right = normal(0.0, math.sqrt(w**2 + s**2)).log_prob(x)
    for function in (elbo, log_evidence):
        checks.close(function(likelihood, mean, logvar, codes), right, rtol=1e-3, atol=1e-3)
### END HIDDEN TESTS

# %%
torch.manual_seed(0)
few, k = valid_x[: device.budget(200, 20)], 200
with torch.no_grad():
    mean, logvar, _ = vae(few, draw_code)
    z = draw_many(mean, logvar, k)
    logits = vae.decoder(z)
    likelihood = -F.binary_cross_entropy_with_logits(logits, few.expand(k, -1, -1), reduction="none").sum(dim=2)
    bound, evidence = (f(likelihood, mean, logvar, z).mean().item() for f in (elbo, log_evidence))
alone = (few * often.clamp(1e-3).log() + (1 - few) * (1 - often.clamp(1e-3)).log()).sum(dim=1).mean().item()
print("log-probability of a validation picture, in nats (higher is better)")
for who, nats in {"each pixel on its own": alone, "your VAE, its bound": bound, "your VAE, evidence": evidence}.items():
    print(f"  {who:21} {nats:8.1f}")
print("  published            about -87: VAE with a code of 50 numbers, 60,000 pictures (Burda and others, 2015)")

# %% [markdown]
# (Not the same data: they draw each pixel's ink at random by its grey, we cut at one half, and we keep a code of two
# numbers, because that can be looked at. In two numbers much is lost, and what is lost costs nats.)
#
# *Further reading:* Burda, Grosse and Salakhutdinov, "Importance Weighted Autoencoders" (2015), arXiv 1509.00519, which
# *trains* on this estimate; Higgins and others, "beta-VAE" (ICLR 2017), on larger β; Doersch, "Tutorial on Variational
# Autoencoders" (2016), arXiv 1606.05908.
#
# **Now you can** send slopes through a draw, measure how far a cloud is from the middle, build a variational
# autoencoder and look at its plane, and say how probable it finds a picture.
