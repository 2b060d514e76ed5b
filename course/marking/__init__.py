"""Marking written answers by hand: a page on this machine, by the items of the mark scheme, into nbgrader's tables."""
