# Answers to the exercises of 3_lenet.py, right and wrong: what `course audit` grades. No student sees them.

# %% wrong="conv_transpose2d: spreads the pixels, and lets the library convolve"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    n, c, height, width = x.shape
    kh, kw = kernels.shape[2:]
    spread = torch.zeros(n, c, (height - 1) * stride + 1, (width - 1) * stride + 1)
    spread[:, :, ::stride, ::stride] = x
    y = F.conv2d(F.pad(spread, (kw - 1, kw - 1, kh - 1, kh - 1)), kernels.flip(2, 3).transpose(0, 1))
    return y[:, :, padding : y.shape[2] - padding, padding : y.shape[3] - padding]


# %% right="conv_transpose2d: columns and fold"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    height, width = x.shape[2:]
    kh, kw = kernels.shape[2:]
    size = ((height - 1) * stride + kh - 2 * padding, (width - 1) * stride + kw - 2 * padding)
    columns = kernels.flatten(1).T @ x.flatten(2)
    return F.fold(columns, size, (kh, kw), padding=padding, stride=stride)


# %% wrong="conv_transpose2d: the gradient of a convolution of the library"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    h, w = ((s - 1) * stride + k - 2 * padding for s, k in zip(x.shape[2:], kernels.shape[2:], strict=True))
    return torch.nn.grad.conv2d_input((len(x), kernels.shape[1], h, w), kernels, x, stride, padding)


# %% wrong="conv_transpose2d: later stamps overwrite earlier ones"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    height, width = x.shape[2:]
    out, kh, kw = kernels.shape[1:]
    rows, columns = (height - 1) * stride + kh, (width - 1) * stride + kw
    canvas = x.new_zeros(len(x), out, rows, columns)
    for i in range(height):
        for j in range(width):
            stamp = torch.einsum("bc,cokl->bokl", x[:, :, i, j], kernels)
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] = stamp
    return canvas[:, :, padding : rows - padding, padding : columns - padding]


# %% wrong="conv_transpose2d: forgets to cut"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    return F.conv_transpose2d(x, kernels, stride=stride)


# %% wrong="conv_transpose2d: stamps are not moved by the stride"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    return F.conv_transpose2d(x, kernels, padding=padding)


# %% wrong="conv_transpose2d: cuts only the left and the top"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    return F.conv_transpose2d(x, kernels, stride=stride)[:, :, padding:, padding:]


# %% wrong="conv_transpose2d: stamps that are turned round"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    return F.conv_transpose2d(x, kernels.flip(2, 3), stride=stride, padding=padding)


# %% equivalent="BatchNorm: a mean over three axes is the same in any order of them"
# - axes = (0, 2, 3)
# + axes = (2, 0, 3)


# %% right="BatchNorm: keepdim, and the correction by hand"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        if self.training:
            mean = x.mean((0, 2, 3), keepdim=True)
            var = ((x - mean) ** 2).mean((0, 2, 3), keepdim=True)
            n = x.numel() / x.shape[1]
            m = self.momentum
            self.running_mean = (1 - m) * self.running_mean + m * mean.detach().flatten()
            self.running_var = (1 - m) * self.running_var + m * var.detach().flatten() * n / (n - 1)
        else:
            mean, var = self.running_mean.view(1, -1, 1, 1), self.running_var.view(1, -1, 1, 1)
        y = (x - mean) / torch.sqrt(var + self.eps)
        return y * self.weight.view(1, -1, 1, 1) + self.bias.view(1, -1, 1, 1)


# %% wrong="BatchNorm: the functional one of the library"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        return F.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, self.training, self.momentum, self.eps
        )


# %% wrong="BatchNorm: the built-in one, inherited"
class BatchNorm(nn.BatchNorm2d):
    pass


# %% right="BatchNorm: channels as rows, averages by .data"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        rows = x.transpose(0, 1).flatten(1)
        m, v = self.running_mean, self.running_var
        if self.training:
            m, v = rows.mean(1), rows.var(1, unbiased=False)
            a = self.momentum
            self.running_mean.data = (1 - a) * self.running_mean + a * m.data
            self.running_var.data = (1 - a) * self.running_var + a * rows.data.var(1)
        rows = (rows - m[:, None]) / (v[:, None] + self.eps) ** 0.5 * self.weight[:, None] + self.bias[:, None]
        return rows.reshape(x.shape[1], x.shape[0], *x.shape[2:]).transpose(0, 1)


# %% wrong="BatchNorm: the batch's own numbers in evaluation too"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        return F.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, True, self.momentum, self.eps
        )


# %% wrong="BatchNorm: momentum the wrong way round"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        return F.batch_norm(
            x, self.running_mean, self.running_var, self.weight, self.bias, self.training, 1 - self.momentum, self.eps
        )


# %% wrong="BatchNorm: the same variance for both"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(var, self.momentum)
        scale = self.weight / (var + self.eps).sqrt()
        return (x - mean[:, None, None]) * scale[:, None, None] + self.bias[:, None, None]


# %% wrong="BatchNorm: averages as parameters"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.running_mean = nn.Parameter(torch.zeros(channels))
        self.running_var = nn.Parameter(torch.ones(channels))

    def forward(self, x):
        return F.batch_norm(
            x,
            self.running_mean.data,
            self.running_var.data,
            self.weight,
            self.bias,
            self.training,
            self.momentum,
            self.eps,
        )


# %% wrong="BatchNorm: one mean for each picture"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight = nn.Parameter(torch.ones(channels))
        self.bias = nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        y = F.instance_norm(x, eps=self.eps)
        if self.training:
            with torch.no_grad():
                self.running_mean.lerp_(x.mean(dim=(0, 2, 3)), self.momentum)
                self.running_var.lerp_(x.var(dim=(0, 2, 3)), self.momentum)
        return y * self.weight[:, None, None] + self.bias[:, None, None]


# %% right="LeNet: functional pooling, reshape"
class LeNet(nn.Module):
    def __init__(self, look=False):
        nn.Module.__init__(self)
        self.look = look
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, 1, 2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(torch.relu(self.conv1(x)), 2)
        x = F.max_pool2d(torch.relu(self.conv2(x)), 2)
        if self.look:
            breakpoint()
        x = x.reshape(x.shape[0], -1)
        return self.fc3(torch.relu(self.fc2(torch.relu(self.fc1(x)))))


# %% right="LeNet: pooling before the ReLU"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.look = look
        self.conv1 = nn.Conv2d(1, 6, kernel_size=5, padding="same")
        self.conv2 = nn.Conv2d(6, 16, kernel_size=5)
        self.fc1 = nn.Linear(16 * 5 * 5, 120)
        self.fc2 = nn.Linear(120, 84)
        self.fc3 = nn.Linear(84, 10)

    def forward(self, x):
        for layer in (self.conv1, self.conv2):
            x = layer(x)
            x = F.relu(F.max_pool2d(x, 2))
        if self.look:
            breakpoint()
        x = torch.flatten(x, start_dim=1)
        for layer in (self.fc1, self.fc2):
            x = layer(x).clamp(min=0)
        return self.fc3(x)


# %% wrong="LeNet: a ReLU on the scores"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.look = look
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        if self.look:
            breakpoint()
        return F.relu(self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1)))))))


# %% wrong="LeNet: average pooling"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.look = look
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.avg_pool2d(F.relu(self.conv1(x)), 2)
        x = F.avg_pool2d(F.relu(self.conv2(x)), 2)
        if self.look:
            breakpoint()
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))


# %% wrong="LeNet: no padding, so the dense layer is smaller"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.look = look
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(256, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        if self.look:
            breakpoint()
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))


# %% wrong="LeNet: always stops"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        breakpoint()
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))


# %% wrong="LeNet: forgets the second activation"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.look = look
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(self.conv2(x), 2)
        if self.look:
            breakpoint()
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x.flatten(1))))))


# %% right="Lambda: Unflatten and a loop"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.f = function

    def forward(self, *args):
        return self.f(*args)


def layers():
    yield "shape", nn.Unflatten(1, (1, 28, 28))
    yield "conv1", conv(1, 8, (3, 3), (2, 2), (1, 1))
    yield "relu1", nn.ReLU(inplace=True)
    yield "conv2", conv(8, 16, (3, 3), (2, 2), (1, 1))
    yield "relu2", nn.ReLU(inplace=True)
    yield "pool", pool(7)
    yield "flat", nn.Flatten()
    yield "dense", linear(16, 10)


def one_by_one():
    net = nn.Sequential()
    for name, layer in layers():
        net.add_module(name, layer)
    return net


def all_at_once():
    return nn.Sequential(OrderedDict(layers()))


# %% right="Lambda: register_module, reshape, one from the other"
conv = torch.nn.Conv2d
pool = torch.nn.AvgPool2d
linear = torch.nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function.__call__(x)


def all_at_once():
    parts = OrderedDict()
    parts["shape"] = Lambda(lambda x: x.reshape(x.shape[0], 1, 28, 28))
    parts["conv1"] = conv(1, 8, 3, stride=2, padding=1)
    parts["relu1"] = Lambda(F.relu)
    parts["conv2"] = conv(8, 16, 3, stride=2, padding=1)
    parts["relu2"] = Lambda(torch.relu)
    parts["pool"] = nn.AdaptiveAvgPool2d(1)
    parts["flat"] = Lambda(lambda x: x.flatten(1))
    parts["dense"] = linear(16, 10)
    return nn.Sequential(parts)


def one_by_one():
    net = nn.Sequential()
    for name, layer in all_at_once().named_children():
        net.register_module(name, layer)
    return net


# %% wrong="Lambda: layers without names"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def one_by_one():
    layers = (
        Lambda(lambda x: x.view(-1, 1, 28, 28)),
        conv(1, 8, 3, stride=2, padding=1),
        nn.ReLU(),
        conv(8, 16, 3, stride=2, padding=1),
        nn.ReLU(),
        pool(7),
        nn.Flatten(),
        linear(16, 10),
    )
    return nn.Sequential(*layers)


all_at_once = one_by_one

# %% wrong="Lambda: max pooling"
conv, pool, linear = nn.Conv2d, nn.MaxPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def layers():
    first = [("shape", Lambda(lambda x: x.view(-1, 1, 28, 28))), ("conv1", conv(1, 8, 3, stride=2, padding=1))]
    middle = [("relu1", nn.ReLU()), ("conv2", conv(8, 16, 3, stride=2, padding=1)), ("relu2", nn.ReLU())]
    return OrderedDict([*first, *middle, ("pool", pool(7)), ("flat", nn.Flatten()), ("dense", linear(16, 10))])


def one_by_one():
    return nn.Sequential(layers())


def all_at_once():
    return nn.Sequential(layers())


# %% wrong="Lambda: gives the function back instead of calling it"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function


def layers():
    first = [("shape", nn.Unflatten(1, (1, 28, 28))), ("conv1", conv(1, 8, 3, stride=2, padding=1))]
    middle = [("relu1", nn.ReLU()), ("conv2", conv(8, 16, 3, stride=2, padding=1)), ("relu2", nn.ReLU())]
    return OrderedDict([*first, *middle, ("pool", pool(7)), ("flat", nn.Flatten()), ("dense", linear(16, 10))])


def one_by_one():
    return nn.Sequential(layers())


def all_at_once():
    return nn.Sequential(layers())


# %% wrong="Lambda: forgets the stride of the second convolution"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def layers():
    first = [("shape", nn.Unflatten(1, (1, 28, 28))), ("conv1", conv(1, 8, 3, stride=2, padding=1))]
    middle = [("relu1", nn.ReLU()), ("conv2", conv(8, 16, 3, padding=1)), ("relu2", nn.ReLU())]
    return OrderedDict([*first, *middle, ("pool", pool(14)), ("flat", nn.Flatten()), ("dense", linear(16, 10))])


def one_by_one():
    return nn.Sequential(layers())


def all_at_once():
    return nn.Sequential(layers())


# %% wrong="Lambda: the second network has no activations"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def layers(activation):
    first = [("shape", nn.Unflatten(1, (1, 28, 28))), ("conv1", conv(1, 8, 3, stride=2, padding=1))]
    middle = [("relu1", activation()), ("conv2", conv(8, 16, 3, stride=2, padding=1)), ("relu2", activation())]
    return OrderedDict([*first, *middle, ("pool", pool(7)), ("flat", nn.Flatten()), ("dense", linear(16, 10))])


def one_by_one():
    return nn.Sequential(layers(nn.ReLU))


def all_at_once():
    return nn.Sequential(layers(nn.Identity))


# %% right="conv_transpose2d: stamps by broadcasting"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    height, width = x.shape[2:]
    kh, kw = kernels.shape[2:]
    canvas = torch.zeros(len(x), kernels.shape[1], (height - 1) * stride + kh, (width - 1) * stride + kw)
    for i in range(height):
        for j in range(width):
            pixel = x[:, :, i, j, None, None, None]
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += (pixel * kernels).sum(dim=1)
    return canvas[:, :, padding : canvas.shape[2] - padding, padding : canvas.shape[3] - padding]


# %% right="conv_transpose2d: one pixel of the kernel after the other"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    height, width = x.shape[2:]
    _, out, kh, kw = kernels.shape
    rows, columns = (height - 1) * stride + kh, (width - 1) * stride + kw
    canvas = torch.zeros(len(x), out, rows, columns)
    for i in range(kh):
        for j in range(kw):
            part = torch.einsum("bchw,co->bohw", x, kernels[:, :, i, j])
            bottom, right = i + (height - 1) * stride + 1, j + (width - 1) * stride + 1
            canvas[:, :, i:bottom:stride, j:right:stride] += part
    return canvas[:, :, padding : rows - padding, padding : columns - padding]


# %% wrong="conv_transpose2d: the library's"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    return F.conv_transpose2d(x, kernels, stride=stride, padding=padding)


# %% wrong="conv_transpose2d: detached"
def conv_transpose2d(x, kernels, stride=1, padding=0):
    height, width = x.shape[2:]
    kh, kw = kernels.shape[2:]
    canvas = torch.zeros(len(x), kernels.shape[1], (height - 1) * stride + kh, (width - 1) * stride + kw)
    for i in range(height):
        for j in range(width):
            pixel = x.detach()[:, :, i, j, None, None, None]
            canvas[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw] += (pixel * kernels).sum(dim=1)
    return canvas[:, :, padding : canvas.shape[2] - padding, padding : canvas.shape[3] - padding]


# %% wrong="BatchNorm: the functional one while training"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(x.var(dim=(0, 2, 3)), self.momentum)
            return F.batch_norm(x, None, None, self.weight, self.bias, True, 0.0, self.eps)
        y = (x - mean[:, None, None]) / (var + self.eps).sqrt()[:, None, None]
        return y * self.weight[:, None, None] + self.bias[:, None, None]


# %% wrong="BatchNorm: mean and variance cut off from the graph"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(x.var(dim=(0, 2, 3)), self.momentum)
            mean, var = mean.detach(), var.detach()
        y = (x - mean[:, None, None]) / (var + self.eps).sqrt()[:, None, None]
        return y * self.weight[:, None, None] + self.bias[:, None, None]


# %% wrong="BatchNorm: changes its input in place"
class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(x.var(dim=(0, 2, 3)), self.momentum)
        with torch.no_grad():
            x += 1e-3
        y = (x - mean[:, None, None]) / (var + self.eps).sqrt()[:, None, None]
        return y * self.weight[:, None, None] + self.bias[:, None, None]


# %% right="BatchNorm: helpers of its own"
def shaped(numbers):
    return numbers[None, :, None, None]


class BatchNorm(nn.Module):
    def __init__(self, channels, eps=1e-5, momentum=0.1):
        super().__init__()
        self.eps, self.momentum = eps, momentum
        self.weight, self.bias = nn.Parameter(torch.ones(channels)), nn.Parameter(torch.zeros(channels))
        self.register_buffer("running_mean", torch.zeros(channels))
        self.register_buffer("running_var", torch.ones(channels))

    def forward(self, x):
        mean, var = self.running_mean, self.running_var
        if self.training:
            mean, var = x.mean(dim=(0, 2, 3)), x.var(dim=(0, 2, 3), correction=0)
            with torch.no_grad():
                self.running_mean.lerp_(mean, self.momentum)
                self.running_var.lerp_(x.var(dim=(0, 2, 3)), self.momentum)
        y = (x - shaped(mean)) * torch.rsqrt(shaped(var) + self.eps)
        return y * shaped(self.weight) + shaped(self.bias)


# %% right="LeNet: pdb, under other names"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.look = look
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, pictures):
        out = F.max_pool2d(F.relu(self.conv1(pictures)), 2)
        out = F.max_pool2d(F.relu(self.conv2(out)), 2)
        if self.look:
            import pdb

            pdb.set_trace()
        out = torch.flatten(out, 1)
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(out)))))


# %% wrong="LeNet: stops after flatten"
class LeNet(nn.Module):
    def __init__(self, look=False):
        super().__init__()
        self.look = look
        self.conv1, self.conv2 = nn.Conv2d(1, 6, 5, padding=2), nn.Conv2d(6, 16, 5)
        self.fc1, self.fc2, self.fc3 = nn.Linear(400, 120), nn.Linear(120, 84), nn.Linear(84, 10)

    def forward(self, x):
        x = F.max_pool2d(F.relu(self.conv1(x)), 2)
        x = F.max_pool2d(F.relu(self.conv2(x)), 2)
        x = x.flatten(1)
        if self.look:
            breakpoint()
        return self.fc3(F.relu(self.fc2(F.relu(self.fc1(x)))))


# %% wrong="Lambda: one function for both"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        self.function = function

    def forward(self, x):
        return self.function(x)


def one_by_one():
    net = nn.Sequential()
    net.add_module("shape", Lambda(lambda x: x.view(-1, 1, 28, 28)))
    net.add_module("conv1", conv(1, 8, 3, stride=2, padding=1))
    net.add_module("relu1", nn.ReLU())
    net.add_module("conv2", conv(8, 16, 3, stride=2, padding=1))
    net.add_module("relu2", nn.ReLU())
    net.add_module("pool", pool(7))
    net.add_module("flat", nn.Flatten())
    net.add_module("dense", linear(16, 10))
    return net


all_at_once = one_by_one


# %% wrong="Lambda: all layers share one function"
conv, pool, linear = nn.Conv2d, nn.AvgPool2d, nn.Linear


class Lambda(nn.Module):
    def __init__(self, function):
        super().__init__()
        type(self).function = staticmethod(function)

    def forward(self, x):
        return self.function(x)


def one_by_one() -> nn.Sequential:
    net = nn.Sequential()
    net.add_module("shape", Lambda(lambda x: x.view(-1, 1, 28, 28)))
    net.add_module("conv1", conv(1, 8, 3, stride=2, padding=1))
    net.add_module("relu1", nn.ReLU())
    net.add_module("conv2", conv(8, 16, 3, stride=2, padding=1))
    net.add_module("relu2", nn.ReLU())
    net.add_module("pool", pool(7))
    net.add_module("flat", nn.Flatten())
    net.add_module("dense", linear(16, 10))
    return net


def all_at_once() -> nn.Sequential:
    return nn.Sequential(OrderedDict(one_by_one().named_children()))
