# %% [markdown]
# # Warm-up
# Two exercises, small enough for a browser to work through.
#
# ## Rows

# %% setup
import torch

from course import checks

rows = torch.arange(6.0).reshape(3, 2)

# %%
print(rows)

# %% [markdown]
# ### Exercise: the mean of each row
# difficulty 1/5 · 1 minute · cards: row-mean
#
# One number a row.

# %% solution="means"
means = rows.mean(dim=1)  # ? dim=1

# %% tests="means" points=2
with checks.check("one mean a row", hint="Which axis disappears?"):
    checks.close(means, torch.tensor([0.5, 2.5, 4.5]))
### BEGIN HIDDEN TESTS
with checks.check("the total is kept", hint="Take each row on its own."):
    checks.close(means.sum() * 2, rows.sum())
### END HIDDEN TESTS

# %% [markdown]
# ### Exercise: double
# difficulty 1/5 · 1 minute · cards: double
#
# Twice as much, for a tensor of any shape.


# %% solution="double"
def double(x: torch.Tensor) -> torch.Tensor:
    """Twice x."""
    ### BEGIN SOLUTION
    return 2 * x
    ### END SOLUTION


# %% tests="double" points=3
with checks.check("three becomes six", points=1):
    checks.close(double(torch.tensor(3.0)), 6.0)
### BEGIN HIDDEN TESTS
rng = checks.rng()
with checks.check("any matrix", points=2, hint="Element by element."):
    x = rng.tensor(2, 3)
    checks.close(double(x), x + x)
### END HIDDEN TESTS


# %% wrong="double: squares"
def double(x):
    return x * x
