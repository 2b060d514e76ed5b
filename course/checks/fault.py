"""The two exceptions of this package, and errors of the student's code put into words."""

from __future__ import annotations

BLANK = "____"
NOT_FILLED_IN = "not filled in yet"
_OF_A_BLANK = ("NameError", "AttributeError", "TypeError", "ImportError")  # read, after a dot, as a keyword, imported


class CheckFailed(AssertionError):
    """A comparison does not hold; the text says what was expected, what came, and where to look.

    `told` is what may be said of it when the check is hidden: a kind of fault, and no value that an input left.
    """

    def __init__(self, message: object = "", told: str = "") -> None:
        super().__init__(message)
        self.told = told


class ChecksFailed(AssertionError):
    """Some checks of a test cell failed; the text lists each with its label, message and hint."""

    def _render_traceback_(self) -> list[str]:
        """What Jupyter shows instead of a traceback, which would only show the test cell's own lines."""
        return str(self).splitlines()


def is_unfilled(error: BaseException) -> bool:
    """Whether the error comes from an answer that was left as it was released.

    The stub raises NotImplementedError without a word; torch raises it with words, of what a dtype cannot do.
    """
    return is_unfilled_text(error_name(error), _text(error))


def is_unfilled_text(name: str, text: str) -> bool:
    """The same, of an error's class and message."""
    if name == "NotImplementedError":
        return not text.removeprefix(name).strip(": ")
    return name in _OF_A_BLANK and f"'{BLANK}'" in text


def error_name(error: BaseException) -> str:
    """The name of the error's class, the student's own one when it crossed from the engine."""
    return student_class(error)[0] or type(error).__name__


def error_text(error: BaseException) -> str:
    """The error in the words a failed check shows."""
    text, name = _text(error), error_name(error)
    if isinstance(error, CheckFailed) or (name == "AssertionError" and text not in ("", name)):
        return text.removeprefix("AssertionError: ")
    if is_unfilled(error):
        return f"{NOT_FILLED_IN} ({name})"
    if name == "BdbQuit":
        return "your code stops in the debugger: take out set_trace() or breakpoint()"
    if name == "KeyError":
        text = f"there is no key {text.removeprefix('KeyError: ')}"
    if not text.startswith(name):
        text = f"{name}: {text}" if text else name
    if name == "NameError":
        text += "\nIs the name spelt right, and did the cell that makes it run without an error?"
    return text


def is_error(error: BaseException, wanted: tuple[type[BaseException], ...]) -> bool:
    """Whether the error is of one of these classes; one that crossed from the engine is known by its class names."""
    name, bases = student_class(error)
    if not name:
        return isinstance(error, wanted)
    return any(cls.__name__ in (name, *bases) for cls in wanted)


def student_class(error: BaseException) -> tuple[str, tuple[str, ...]]:
    """The class name and base names that an error brought from the student's process; empty for one of this process."""
    try:
        name, bases = getattr(error, "student_type", ""), getattr(error, "student_bases", ())
        return (name, tuple(bases)) if type(name) is str else ("", ())
    except Exception:
        return "", ()


def _text(error: BaseException) -> str:
    try:
        return str.__str__(str(error))
    except BaseException as problem:
        return f"(its message cannot be shown: {type(problem).__name__})"
