# Answers to the exercises of 3_layers.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="parts"
# PyTorch keeps a row for each unit, so that a unit's weights lie side by side in memory; hence the transpose on the
# way. `add_module` does what assigning an attribute does, for a name that is only known while running. The dictionary
# keeps the order in which names came in, and that is the order of the calls.

# %% [markdown] explains="shelf"
# What comes out of one layer is what the next takes: 784, width, width, 10. No bend after the last layer: scores may be
# negative, and softmax comes with the loss. ReLU of whole numbers stays whole; GELU needs floats.

# %% [markdown] explains="Module"
# Everything follows from one decision: a name lives in exactly one of four dictionaries. Assignment chooses the
# dictionary by the kind of the value and removes the name from the others. The rest is recursion: names get a prefix on
# the way down, modes are passed on. Hooks are called by `__call__`, which is why one calls a module and never its
# `forward`.
