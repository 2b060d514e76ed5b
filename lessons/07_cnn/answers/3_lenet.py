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
