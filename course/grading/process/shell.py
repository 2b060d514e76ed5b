"""An IPython shell without a kernel: it runs cells and returns their outputs as plain data.

The fork server makes one before it forks, so a fork has a ready shell. It opens no socket, no database and no thread.
"""

import fnmatch
import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from IPython.core.displaypub import DisplayPublisher
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell
from traitlets import Instance, Type
from traitlets.config import Config

from course.grading.outputs import MESSAGE_CAP, OUTPUT_CAP, OUTPUT_COUNT_CAP
from course.grading.process import asis
from course.grading.protocol import Output
from course.grading.system import clock, signals
from course.grading.verdict.points import Reading, read

_SOON_S = 0.01
NAG_S = 1.0  # code that swallows the time limit is told again, this often


class TimeLimit(KeyboardInterrupt):
    """Raised inside code that has used up its time; like an interrupt, it passes `except Exception`."""


@dataclass
class Outputs:
    """The outputs of the cell that runs now, text runs merged, capped."""

    items: list[Output] = field(default_factory=list)
    size: int = 0
    dropped: int = 0

    def text(self, name: str, text: str) -> None:
        """Add stream text; what is past the cap is only counted."""
        room = max(0, OUTPUT_CAP - self.size)
        kept = text[:room]
        self.dropped += len(text) - len(kept)
        self.size += len(kept)
        if not kept:
            return
        last = self.items[-1] if self.items else {}
        if last.get("output_type") == "stream" and last.get("name") == name:
            last["parts"].append(kept)
        else:
            self.items.append({"output_type": "stream", "name": name, "parts": [kept]})

    def add(self, output: Output) -> None:
        """Add one output that is not a stream; pictures count for their size."""
        size = sum(len(value) for value in output.get("data", {}).values() if isinstance(value, str))
        if len(self.items) >= OUTPUT_COUNT_CAP or self.size + size > 8 * OUTPUT_CAP:
            self.dropped += size
            return
        self.size += size
        self.items.append(output)

    def take(self) -> list[Output]:
        """All outputs so far, closed with a note when some were dropped."""
        if self.dropped:
            self.items.append(
                {"output_type": "stream", "name": "stdout", "parts": [f"\n[{self.dropped} more characters not kept]\n"]}
            )
        for item in self.items:
            if "parts" in item:
                item["text"] = "".join(item.pop("parts"))
        taken, self.items, self.size, self.dropped = self.items, [], 0, 0
        return taken


@dataclass(frozen=True)
class CellRun:
    """What running one cell gave."""

    outputs: list[Output]
    error: str | None  # the exception's type name
    message: str
    value: Reading  # what the last expression's value says of points


class _Stream:
    """A text stream that writes into the cell's outputs."""

    encoding = "utf-8"
    errors = "replace"
    closed = False

    def __init__(self, name: str, number: int, outputs: Outputs) -> None:
        self.name, self._number, self._outputs = f"<{name}>", number, outputs
        self._stream = name

    def write(self, text: str) -> int:
        if not isinstance(text, str):
            raise TypeError(f"write() argument must be str, not {type(text).__name__}")
        self._outputs.text(self._stream, text)
        return len(text)

    def writelines(self, lines: Any) -> None:
        for line in lines:
            self.write(line)

    def flush(self) -> None: ...

    def isatty(self) -> bool:
        return False

    def readable(self) -> bool:
        return False

    def writable(self) -> bool:
        return True

    def fileno(self) -> int:
        return self._number


class _Publisher(DisplayPublisher):
    def publish(
        self, data: Any, metadata: Any = None, *, transient: Any = None, update: bool = False, **_: Any
    ) -> None:
        if isinstance(data, dict) and not update:
            self.shell.outputs.add({"output_type": "display_data", "data": _mime(data), "metadata": {}})

    def clear_output(self, wait: bool = False) -> None:
        self.shell.outputs.items.clear()


class _Hook(asis.Hook):
    def write_output_prompt(self) -> None: ...

    def write_format_data(self, format_dict: Any, md_dict: Any = None) -> None:
        self.shell.outputs.add(
            {"output_type": "execute_result", "execution_count": None, "data": _mime(format_dict), "metadata": {}}
        )

    def finish_displayhook(self) -> None: ...


class _Formatter(DisplayFormatter):
    """What cannot be drawn is shown as an error, which is not the cell's: the value is there."""

    def format(self, *args: Any, **how: Any) -> Any:
        with self.parent.drawing():
            return super().format(*args, **how)


class _Notes(dict[str, Any]):
    """What `%cd`, `%bookmark` and `%store` note down, for as long as this process lives."""

    def keys(self, pattern: str = "*") -> Any:
        return [key for key in self if fnmatch.fnmatch(key, pattern)]


class Shell(InteractiveShell):
    """The shell that cells run in; outputs are gathered in `outputs`."""

    display_pub_class = Type(_Publisher)
    displayhook_class = Type(_Hook)
    input_transformer_manager = Instance(asis.Transformer, ())
    compiler_class = Type(asis.Compiler)

    def __init__(self, **kwargs: Any) -> None:
        self.outputs = Outputs()
        self._shown: tuple[str, str] | None = None  # name and message of the first error that the cell has shown
        self._draws = False
        super().__init__(**kwargs)
        self.db = _Notes()  # IPython's own lies in a folder that nobody may write
        if "matplotlib" in sys.modules:  # without it, the backend in the environment does the same at its first import
            self.enable_matplotlib("inline")

    @classmethod
    def make(cls) -> "Shell":
        """The process's one shell, without history, colours or threads."""
        config = Config()
        config.HistoryManager.enabled = False
        config.InteractiveShell.colors = "nocolor"
        config.InteractiveShell.xmode = "Context"
        shell = cls.instance(config=config)
        shell.extension_manager.load_extension("storemagic")  # as every kernel does
        return shell

    def should_run_async(self, raw_cell: str, *, transformed_cell: str | None = None, **how: Any) -> bool:
        """Whether a cell awaits something; that IPython finds out by compiling it once more."""
        text = raw_cell if transformed_cell is None else transformed_cell
        if "await" not in text and "async" not in text:
            return False
        return bool(super().should_run_async(raw_cell, transformed_cell=transformed_cell, **how))

    def ask_exit(self) -> None:
        """`exit()` and `quit()` end their cell, not the notebook."""
        raise SystemExit(0)

    def enable_gui(self, gui: Any = None) -> None: ...

    def init_display_formatter(self) -> None:
        self.display_formatter = _Formatter(parent=self)
        self.configurables.append(self.display_formatter)

    @contextmanager
    def drawing(self) -> Iterator[None]:
        """Errors that are shown in here do not fail the cell."""
        before, self._draws = self._draws, True
        try:
            yield
        finally:
            self._draws = before

    def init_virtualenv(self) -> None: ...

    def system_piped(self, cmd: str) -> None:
        """Run a shell line; its output becomes the cell's."""
        done = subprocess.run(
            self.var_expand(cmd, depth=1), shell=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        print(done.stdout.decode(errors="replace"), end="")
        self.user_ns["_exit_code"] = done.returncode

    system = system_piped

    def _showtraceback(self, etype: Any, evalue: Any, stb: list[str]) -> None:
        name, message = str(getattr(etype, "__name__", "Error"))[:200], _text_of(evalue)[:MESSAGE_CAP]
        if not self._draws:
            self._shown = self._shown or (name, message)
        traceback = [str(line)[:20_000] for line in stb][:200]
        self.outputs.add({"output_type": "error", "ename": name, "evalue": message, "traceback": traceback})

    def ready(self) -> None:
        """Take over this process's streams; call once in a fork, before the first cell."""
        self._spool = tempfile.TemporaryFile(buffering=0)  # noqa: SIM115  it lives as long as the process
        for number in (1, 2):
            os.dup2(self._spool.fileno(), number)
        null = os.open(os.devnull, os.O_RDONLY)
        os.dup2(null, 0)
        os.close(null)
        self._streams = {name: _Stream(name, number, self.outputs) for name, number in (("stdout", 1), ("stderr", 2))}
        sys.stdout, sys.stderr = self._streams.values()

    def run(self, source: str, deadline_s: float | None = None, made: bytes = b"") -> CellRun:
        """Run one cell like a kernel does; never raises but for a second interrupt in its own bookkeeping.

        What was `made` of it beforehand (course.grading.ready) need not be compiled here. An error that was
        shown is the cell's, also where a magic that runs code (`%%capture`, `%run`) went on after it.
        """
        self.take()
        self._restore_streams()
        self._shown, value = None, None
        asis.expect(source, made)
        try:
            with time_limit(deadline_s):
                result = self.run_cell(source, store_history=True)
                value = read(result.result)
        except BaseException as error:
            failure: BaseException | None = error
        else:
            failure = result.error_before_exec or result.error_in_exec
        name, message = (None, "") if failure is None else (type(failure).__name__, _text_of(failure)[:MESSAGE_CAP])
        if name is None and self._shown:
            name, message = self._shown
        return CellRun(self.take(), name, message, value)

    def _restore_streams(self) -> None:
        """Put a stream back where a cell has left none, or one that is closed: IPython itself writes to both."""
        for name in ("stdout", "stderr"):
            stream = getattr(sys, name, None)
            if stream is None or getattr(stream, "closed", False):
                setattr(sys, name, self._streams[name])

    def take(self) -> list[Output]:
        """The outputs since the last time; what subprocesses and C code wrote to the real descriptors comes last."""
        number = self._spool.fileno()
        if size := os.lseek(number, 0, os.SEEK_END):
            self.outputs.text("stdout", os.pread(number, min(size, OUTPUT_CAP), 0).decode(errors="replace"))
            os.ftruncate(number, 0)
            os.lseek(number, 0, os.SEEK_SET)
        return self.outputs.take()


@contextmanager
def time_limit(seconds: float | None) -> Iterator[None]:
    """Raise TimeLimit in the code inside once `seconds` have passed, and again while it goes on."""
    if not seconds:
        yield
        return

    end = clock.now() + seconds

    def ring(*_: object) -> None:
        if (left := end - clock.now()) > _SOON_S:  # it had to wait for its core meanwhile
            signal.setitimer(signal.ITIMER_REAL, left, NAG_S)
            return
        raise TimeLimit(f"stopped after {seconds:g} s")

    before = signals.signal(signal.SIGALRM, ring)
    signal.setitimer(signal.ITIMER_REAL, seconds, NAG_S)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signals.signal(signal.SIGALRM, signals.SIG_DFL if before is None else before)


def _mime(data: dict[Any, Any]) -> dict[str, object]:
    """A mime bundle of plain data: bytes as base64, the rest as it is when JSON knows it, else as text."""
    import base64

    bundle: dict[str, object] = {}
    for kind, value in data.items():
        if isinstance(value, bytes):
            bundle[str(kind)] = base64.b64encode(value).decode()
        elif type(value) in (str, int, float, bool, list, dict, type(None)):
            bundle[str(kind)] = value
        else:
            bundle[str(kind)] = str(value)
    return bundle


def _text_of(error: object) -> str:
    try:
        return str(error)
    except BaseException:
        return "(its message could not be read)"
