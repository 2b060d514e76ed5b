"""Cloze exercises: code whose blanks are graded by comparing tokens, one check a blank; nothing of it ever runs.

    %%cloze sgd_step
    for p in params:
        p.data -= ____ * p.grad.data

The cell's text lands in the variable `sgd_step` as it stands, so a fragment, a transcript or what no Python can read
is as good as a program. `enable()` in a setup cell makes the magic known; the test cell below compares.
"""

from course.cloze.magic import enable
from course.cloze.marking import blank, given

__all__ = ["blank", "enable", "given"]
