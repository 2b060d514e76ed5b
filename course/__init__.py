"""A deep-learning course of notebooks to fill in, and the grader that marks them."""

__version__ = "0.2.0"
