# Answers to the exercises of 1_scores.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="losses"
# Smoothing is linear, so it needs no table of targets: the share $1-\varepsilon$ of the usual cost, and the share
# $\varepsilon$ of the mean cost over all classes. The binary loss in its safe form: $-z y$ is the part that the label
# decides, $\max(z, 0)$ plus the small correction $\log(1 + e^{-|z|})$ is softplus, written so that the exponential only
# ever sees numbers below zero. `log1p` keeps the correction alive where $1 + e^{-|z|}$ would be rounded to 1.

# %% [markdown] explains="softmax_regression"
# Each step computes the chances, subtracts the truth, and sends the difference back through the matrix. With zeros at
# the start, all chances are $1/k$, so the first step already points from each class's mean picture away from the
# overall mean: that is why the weights below look like digits. `argmax` of the chances equals `argmax` of the scores,
# since softmax keeps the order.

# %% [markdown] explains="hints"
# `*losses: float` hints one loss, not the tuple, because that is what a caller passes. The alias costs nothing:
# `Losses` *is* `list[float]`, and wherever it stands the reader learns what the floats mean. `Any` is honest for a
# function that takes whatever comes; used out of laziness it switches the checker off.

# %% [markdown] explains="log_softmax"
# Subtracting the largest score is the shift that cannot fail: the largest power is $e^0 = 1$, so the sum lies between 1
# and the number of classes, and neither it nor its logarithm can overflow or vanish. The logarithm of a chance is then
# a plain difference of two moderate numbers. In `log_softmax` no chance is ever formed, so none can be rounded to 0.

