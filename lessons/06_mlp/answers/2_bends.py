# Answers to the exercises of 2_bends.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="bends"
# `x * (x > 0)` multiplies by 0 or 1 and so keeps x or drops it. Its slope is the very same table of 0 and 1, as
# numbers. For the others the derivative is written in terms of the value, $y$, which saves a second exponential. The
# layer uses `torch.maximum` with a tensor of a single 0, which broadcasts.

# %% [markdown] explains="smooth"
# `torch.where` chooses entry by entry, so alpha may be anything; `max(x, αx)` would be right for α ≤ 1 only. PReLU's
# weight gets the shape (channels, 1, …), which lines it up with axis 1. Both smooth slopes are a product rule: the
# factor's own share, plus x times the slope of that factor.

# %% [markdown] explains="broken_line"
# Unit $j$ wakes at knot $j$, where $x - \text{knot}_j$ becomes positive, and from there on adds its weight to the
# slope. So its weight is the *change* of slope at that knot; the first one brings the first slope, and the first value
# is the bias. One unit fewer than knots.

# %% [markdown] explains="starts"
# `apply` walks through all modules inside, in any container, and calls the function on each. Which fan matters follows
# from the sum that a unit adds up: fan in for signals, fan out for slopes. The function of `nn.init` counts a
# convolution's kernel for you.

