"""From hand-written lessons to nbgrader's source and release notebooks."""
