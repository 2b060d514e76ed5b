# Answers to the exercises of 4_restraint.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="gain"
# An expectation over a normal number is an integral with its density as weight, and far beyond 10 the density is
# nothing. For ReLU it is half of the integral of $z^2$, 1/2, hence $g = \sqrt2$, and $g^2/\text{fan}_\text{in}$ is
# Kaiming's variance. Each matrix divides by the root of its own first size.

# %% [markdown] explains="norms"
# The formula is the same for both; only the axes of the mean differ, and layer norm keeps them (`keepdim`) so that each
# row is compared with its own mean. Both variances divide by n, hence `correction=0`. For `fold`, write scale = γ/√(var
# + ε): scale (xWᵀ + b − mean) + β = x (scale W)ᵀ + scale (b − mean) + β; each scale belongs to a *row* of W.

# %% [markdown] explains="dropout"
# `torch.rand(x.shape) >= p` is true with probability 1 − p for each entry by itself. At p = 1 the factor would be 1/0,
# so that end is a case of its own. An entry survives several dropouts if it survives each: the chances 1 − p multiply,
# and so do the scales. The variance of a sum of independent terms is the sum of theirs, each with w².

# %% [markdown] explains="penalties"
# The slope of λ/2 w² is λw, of λ|w| it is λ sign(w). The soft threshold keeps the sign and shrinks the size, down to 0
# at the most. For bias and variance, add and subtract the mean model inside the square: the mixed term is 0, because
# the models' deviations from their own mean add up to 0. That only works with the variance that divides by the number
# of models.
