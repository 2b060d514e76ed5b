# Answers to the exercises of 5_run.py, right and wrong: what `course audit` grades. No student sees them.

# %% [markdown] explains="fetch_once"
# The only way to the final name is a rename of a complete file, so whatever lies there is whole. `raise_for_status`
# comes before anything is written: a page of an error is not data. The timeout makes sure that a server that never
# answers is an error too, and not a notebook that hangs.

# %% [markdown] explains="Trainer"
# One permutation chooses rows and labels together. The loop is that of Lesson 05; what is new is the copy. `state_dict`
# hands out the model's own tensors, so the copy needs `clone`, and the way back `copy_`, because the optimiser and
# everybody else hold the same parameters. "Without a new best" is the distance to the best epoch; an equal loss is no
# new best.

# %% [markdown] explains="Tower"
# A module registers what is assigned to it if it is a Parameter or a Module. A Python list is neither. So
# `parameters()` held the last layer only: the optimiser trained it on top of random features, and the file held nothing
# else. `nn.ModuleList` is a Module that is also a list.
