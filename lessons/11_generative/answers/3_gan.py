# Answers to the exercises of 3_gan.py, right and wrong: what `course audit` grades. No student sees them.

# %% right="best: a loop in plain Python"
def game_value(p, q, d):
    total = torch.zeros((), dtype=p.dtype)
    for a, b, x in zip(p, q, d):
        if a > 0:
            total = total + a * torch.log(x)
        if b > 0:
            total = total + b * torch.log(1 - x)
    return total


def best_discriminator(p, q):
    answers = [a / (a + b) if a + b > 0 else torch.full((), 0.5, dtype=p.dtype) for a, b in zip(p, q)]
    return torch.stack(answers)


# %% right="best: only where something happens"
def game_value(p, q, d):
    real, fake = p > 0, q > 0
    return (p[real] * d[real].log()).sum() + (q[fake] * torch.log1p(-d[fake])).sum()


def best_discriminator(p, q):
    d = torch.full_like(p, 0.5)
    shown = (p > 0) | (q > 0)
    d[shown] = p[shown] / (p + q)[shown]
    return d


# %% right="best: nan turned into one half"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    return torch.nan_to_num(p / (p + q), nan=0.5)


# %% wrong="best: nan beside a logarithm of 0"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (p * d.log() + q * (1 - d).log()).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    shown = p + q > 0
    return torch.where(shown, p / torch.where(shown, p + q, 1), 0.5)


# %% wrong="best: a mean over the pictures"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).mean()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    shown = p + q > 0
    return torch.where(shown, p / torch.where(shown, p + q, 1), 0.5)


# %% wrong="best: nan where nobody shows anything"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    return p / (p + q)


# %% wrong="best: zero where nobody shows anything"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    shown = p + q > 0
    return torch.where(shown, p / torch.where(shown, p + q, 1), 0.0)


# %% wrong="best: the share of the fakes"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    shown = p + q > 0
    return torch.where(shown, q / torch.where(shown, p + q, 1), 0.5)


# %% wrong="best: yes or no"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    shown = p + q > 0
    return torch.where(shown, (p > q).to(p.dtype), 0.5)


# %% wrong="best: a small number against division by zero"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    return p / (p + q + 1e-6)


# %% wrong="best: a loss: the sign"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return -(torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    shown = p + q > 0
    return torch.where(shown, p / torch.where(shown, p + q, 1), 0.5)


# %% wrong="best: the fakes' logarithm of d"
def game_value(p: torch.Tensor, q: torch.Tensor, d: torch.Tensor) -> torch.Tensor:
    """The value () of the game for probabilities p of the data, q of the generator, and answers d, all (n,)."""
    return (torch.xlogy(p, d) + torch.xlogy(q, d)).sum()


def best_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The answers (n,) with the largest value."""
    shown = p + q > 0
    return torch.where(shown, p / torch.where(shown, p + q, 1), 0.5)


# %% right="sizes: by counting"
def size_down(n, kernel, stride, padding):
    return len(range(0, n + 2 * padding - kernel + 1, stride))


def size_up(n, kernel, stride, padding, output_padding=0):
    last = [k * stride for k in range(n)][-1]
    return last + kernel - 2 * padding + output_padding


def output_padding_for(n, kernel, stride, padding):
    return n - size_up(size_down(n, kernel, stride, padding), kernel, stride, padding)


# %% right="sizes: by asking torch"
def size_down(n, kernel, stride, padding):
    return nn.Conv1d(1, 1, kernel, stride, padding)(torch.zeros(1, 1, n)).shape[-1]


def size_up(n, kernel, stride, padding, output_padding=0):
    return stride * (n - 1) + (kernel - padding) + (output_padding - padding)


def output_padding_for(n, kernel, stride, padding):
    steps, rest = divmod(n + 2 * padding - kernel, stride)
    return rest


# %% wrong="sizes: padding on one side"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: rounds up"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return -((kernel - n - 2 * padding) // stride) + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: one place too few"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: n stamps apart"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return n * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: padding is added"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel + 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: output padding at both ends"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + 2 * output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: output padding forgotten"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return (n + 2 * padding - kernel) % stride


# %% wrong="sizes: always the stride less one"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return stride - 1


# %% wrong="sizes: the parity of n"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return n % stride


# %% wrong="sizes: what is missing to the next stride"
def size_down(n: int, kernel: int, stride: int, padding: int) -> int:
    """The size of nn.Conv2d's output."""
    return (n + 2 * padding - kernel) // stride + 1


def size_up(n: int, kernel: int, stride: int, padding: int, output_padding: int = 0) -> int:
    """The size of nn.ConvTranspose2d's output."""
    return (n - 1) * stride + kernel - 2 * padding + output_padding


def output_padding_for(n: int, kernel: int, stride: int, padding: int) -> int:
    """The output_padding with which a transposed convolution returns to n."""
    return -(n + 2 * padding - kernel) % stride


# %% right="Generator: from lists of layers"
def up(inputs, outputs, kernel, **options):
    return [nn.ConvTranspose2d(inputs, outputs, kernel, bias=False, **options), nn.BatchNorm2d(outputs), nn.ReLU(True)]


class Generator(nn.Module):
    def __init__(self, noise, width):
        super().__init__()
        doubled = {"stride": 2, "padding": 1}
        layers = up(noise, width * 2, 7) + up(width * 2, width, 4, **doubled)
        self.net = nn.Sequential(*layers, nn.ConvTranspose2d(width, 1, 4, **doubled), nn.Tanh())

    def forward(self, noise):
        return self.net(noise)


class Discriminator(nn.Module):
    def __init__(self, width, answers=1):
        super().__init__()
        self.first = nn.Conv2d(1, width, kernel_size=4, stride=2, padding=1)
        self.second = nn.Conv2d(width, 2 * width, kernel_size=4, stride=2, padding=1, bias=False)
        self.norm = nn.BatchNorm2d(2 * width)
        self.last = nn.Conv2d(2 * width, answers, kernel_size=7)

    def forward(self, x):
        x = F.leaky_relu(self.first(x), 0.2)
        x = F.leaky_relu(self.norm(self.second(x)), 0.2)
        return self.last(x).flatten(1)


# %% right="Generator: a stride on the one pixel of noise"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, kernel_size=(7, 7), stride=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: ReLU in the discriminator"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=False),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: sigmoid for tanh"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Sigmoid(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: a slope of a hundredth"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: biases before the batch norms"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: no batch norm in the discriminator"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: leaky ReLU in the generator"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2, inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: always one answer"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, 1, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: a sigmoid at the discriminator's end"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, 2 * width, 7, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
            nn.Sigmoid(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% wrong="Generator: widths swapped"
class Generator(nn.Module):
    """Pictures (batch, 1, 28, 28) from -1 to 1, of noise (batch, noise, 1, 1)."""

    def __init__(self, noise: int, width: int):
        super().__init__()
        self.net = nn.Sequential(
            nn.ConvTranspose2d(noise, width, 7, bias=False),
            nn.BatchNorm2d(width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.ReLU(inplace=True),
            nn.ConvTranspose2d(2 * width, 1, 4, stride=2, padding=1),
            nn.Tanh(),
        )

    def forward(self, noise: torch.Tensor) -> torch.Tensor:
        return self.net(noise)


class Discriminator(nn.Module):
    """Logits (batch, answers) of pictures (batch, 1, 28, 28)."""

    def __init__(self, width: int, answers: int = 1):
        super().__init__()
        self.net = nn.Sequential(
            nn.Conv2d(1, width, 4, stride=2, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(width, 2 * width, 4, stride=2, padding=1, bias=False),
            nn.BatchNorm2d(2 * width),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * width, answers, 7),
            nn.Flatten(),
        )

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        return self.net(x)


# %% right="discriminator_step: one walk back for both"
def discriminator_step(discriminator, generator, real, noise, optimiser):
    with torch.no_grad():
        fake = generator(noise)
    on_real, on_fake = discriminator(real).flatten(), discriminator(fake).flatten()
    loss = F.softplus(-on_real).mean() + F.softplus(on_fake).mean()
    optimiser.zero_grad()
    loss.backward()
    optimiser.step()
    return float(loss), float(on_real.sigmoid().mean()), float(on_fake.sigmoid().mean())


# %% right="discriminator_step: fakes first, labels in columns"
def discriminator_step(discriminator, generator, real, noise, optimiser):
    criterion = nn.BCEWithLogitsLoss()
    fake = generator(noise).detach()
    optimiser.zero_grad(set_to_none=False)
    losses, answers = [], []
    for pictures, label in ((fake, 0.0), (real, 1.0)):
        scores = discriminator(pictures)
        loss = criterion(scores, torch.full_like(scores, label))
        loss.backward()
        losses.append(loss.item())
        answers.append(torch.sigmoid(scores).mean().item())
    optimiser.step()
    return sum(losses), answers[1], answers[0]


# %% wrong="discriminator_step: cleared between the halves"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    optimiser.zero_grad()
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: never cleared"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: fakes labelled as real"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(1.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: the labels swapped"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 0.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(1.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: not detached"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: the fakes are not walked back"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: logits returned"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = scores.mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: a step after each half"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    optimiser.step()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: the loss on real ones alone"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return loss_on_real.item(), on_real, on_fake


# %% wrong="discriminator_step: real pictures twice"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = real
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_real, on_fake


# %% wrong="discriminator_step: answers swapped"
def discriminator_step(discriminator, generator, real, noise, optimiser) -> tuple[float, float, float]:
    """One step of the discriminator on real pictures and fakes: its loss, and its mean answer to each."""
    bce = F.binary_cross_entropy_with_logits
    optimiser.zero_grad()
    labels = torch.full((len(real),), 1.0)
    scores = discriminator(real).view(-1)
    loss_on_real = bce(scores, labels)
    loss_on_real.backward()
    on_real = torch.sigmoid(scores).mean().item()

    fake = generator(noise)
    labels.fill_(0.0)
    scores = discriminator(fake.detach()).view(-1)
    loss_on_fake = bce(scores, labels)
    loss_on_fake.backward()
    on_fake = torch.sigmoid(scores).mean().item()
    optimiser.step()
    return (loss_on_real + loss_on_fake).item(), on_fake, on_real


# %% equivalent="best: what is divided by there is not looked at"
# - return torch.where(shown, p / torch.where(shown, p + q, 1), 0.5)
# + return torch.where(shown, p / torch.where(shown, p + q, 2), 0.5)


# %% equivalent="best: what is divided by there is not looked at, once more"
# - return torch.where(shown, p / torch.where(shown, p + q, 1), 0.5)
# + return torch.where(shown, p / torch.where(shown, p + q, 0), 0.5)


# %% [markdown] explains="best"
# The slope $p/d - q/(1-d)$ is zero at $d = p / (p + q)$, and the second derivative is negative there: a maximum. It is the
# share of real ones among all that look like this. `xlogy` keeps $0 \cdot \log 0$ at 0, where `0 * log(0)` would be nan.
# The division by $p + q$ needs a number other than 0 in its place *before* dividing, or nan appears on the way.


# %% [markdown] explains="sizes"
# Down: the kernel has `n + 2 * padding - kernel` pixels of room to move, in whole strides, and stands in one more place
# than it makes steps. Up: the last of n stamps begins at `(n - 1) * stride` and reaches `kernel` further; the padding is
# cut off at both ends. What a division rounds away is its remainder, and those pixels have to be put back.


# %% [markdown] explains="Generator"
# A transposed convolution of kernel 7 stamps one 7 × 7 kernel for its one pixel. Kernel 4, stride 2, padding 1 doubles:
# $(7-1)\cdot 2 + 4 - 2 = 14$, and it halves in the discriminator. Kernel 4 is a multiple of stride 2, so every pixel gets
# equally many stamps; with kernel 3 some get twice as many as their neighbours, which shows as a chequered pattern.


# %% [markdown] explains="discriminator_step"
# Two walks back, whose gradients add up to those of the sum of both losses; cleared *before* the first of them and never
# in between. `view(-1)` makes (batch,) of (batch, 1), so that each score meets its own label. `item()` takes numbers out
# of their graphs, and `detach()` keeps the generator out of this step.
