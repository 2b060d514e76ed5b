"""Verdicts in nbgrader's own gradebook: the rows that `nbgrader autograde` would write, and what stands there."""
