"""The two calls on signals that run for every message.

Python's own `signal` wraps each answer in enums, which takes ten times as long as the call; these are its functions
without the wrapping. They take handlers as they return them: `SIG_DFL` from here, or a function.
"""

from _signal import SIG_DFL, pthread_sigmask, signal  # type: ignore[import-not-found]

__all__ = ["SIG_DFL", "pthread_sigmask", "signal"]
