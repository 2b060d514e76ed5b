"""The fork server's own process: it has imported everything heavy, and forks a ready process in milliseconds.

It stays single-threaded and never touches CUDA. Every candidate can read what it holds, so it holds no test, no answer,
no secret, no submission, and no open file but the socket of its owner.
"""

import contextlib
import gc
import importlib
import linecache
import os
import signal
import socket
import sys
import threading
import warnings
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from course.grading.process import forking, torchless
from course.grading.process.channel import Control
from course.grading.process.torchless import TORCH
from course.grading.protocol import Failed, Prepare, Prepared
from course.grading.system import memory

ALWAYS = (
    "course.checks",
    "course.grading.process.candidate",
    "course.grading.process.examiner",
    "course.grading.process.lent",
)
LAZY = (  # what these libraries import at first use: done here once, or every fork would do it again
    "matplotlib.pyplot",
    "matplotlib_inline.backend_inline",
    "torch.fx.experimental.symbolic_shapes",
    "torch.nested._internal.nested_tensor",
    "torch._dynamo",
    "PIL.BmpImagePlugin",
    "PIL.GifImagePlugin",
    "PIL.JpegImagePlugin",
    "PIL.PngImagePlugin",
    "PIL.PpmImagePlugin",
)


def main() -> NoReturn:
    """The fork server's own process: the number of its owner's socket, then the modules to leave out, as arguments."""
    with contextlib.suppress(ConnectionError, EOFError):  # its owner has gone
        _main(int(sys.argv[1]), sys.argv[2:])
    os._exit(0)  # at an orderly end libraries write to stderr, which is the owner's


def _main(number: int, left_out: Sequence[str]) -> None:
    """The fork server's own life: import, then fork on request until the owner closes the socket."""
    owner = Control(socket.socket(fileno=number))
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the owner's to handle
    gc.disable()  # until it has settled: nothing that is imported is garbage
    imported = _tried(lambda: _import_the_engine(left_out))
    wanted = owner.expect(Prepare).modules
    ready = _tried(lambda: _settle(wanted, left_out)) if imported == Prepared() else imported
    owner.send(ready)
    if ready == Prepared():
        forking.answer_all(owner)


class _StartsThreads(Exception):
    """A module has started threads, which a fork would not have, with locks that they may hold; or is there unasked."""


def _tried(step: Callable[[], None]) -> Prepared | Failed:
    """The answer that says what went wrong, if anything did."""
    try:
        step()
    except _StartsThreads as error:
        return Prepared(starts_threads=str(error))
    except Exception as error:
        return Failed(f"{type(error).__name__}: {error}")
    return Prepared()


def _import_the_engine(left_out: Sequence[str]) -> None:
    if TORCH in left_out:
        with torchless.stand_in():
            _import(ALWAYS, left_out)
    else:
        _import((*ALWAYS, *LAZY), left_out)


def _import(modules: Iterable[str], left_out: Sequence[str]) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what libraries say of each other is no news to an instructor
        for name in modules:
            if name in left_out or _is_there(name):
                continue
            try:
                importlib.import_module(name)
            except ImportError:
                if name in ALWAYS:
                    raise
            if (threads := _threads()) != 1:
                if name in ALWAYS:
                    raise RuntimeError(
                        f"{threads} threads run after importing {name}, so a fork would not be safe; remove from this "
                        "environment what starts them, or grade with --engine nbgrader"
                    )
                raise _StartsThreads(name)


def _is_there(name: str) -> bool:
    """Whether a package has the name already: what `from package import name` then finds need not be a module."""
    package, _, last = name.rpartition(".")
    return bool(package) and hasattr(sys.modules.get(package), last)


def _threads() -> int:
    tasks = Path("/proc/self/task")
    return len(list(tasks.iterdir())) if tasks.is_dir() else threading.active_count()


def _settle(modules: Sequence[str], left_out: Sequence[str]) -> None:
    """Import the last modules and bring the memory into the form that forks best."""
    from course.grading.process.shell import Shell

    _import(modules, left_out)
    if TORCH in left_out and TORCH in sys.modules:  # then the boundary has to know it as well
        raise _StartsThreads(TORCH)
    Shell.make()
    _use_first()
    if data := sys.modules.get("course.data"):
        data.have_ready()  # no fork has to read it
    if (threads := _threads()) != 1:
        raise RuntimeError(f"{threads} threads run after the imports, so a fork would not be safe")
    gc.collect()
    gc.freeze()
    gc.enable()
    memory.give_back()
    memory.enlarge()


def _use_first() -> None:
    """What every fork uses once and is made at first use; torch, where it seeds a GPU, notes each line on its way.

    In a fork, code that runs once takes several times as long: what it touches is first copied for it, page by page.
    The seed is nothing that a fork keeps: it begins with one of its own.
    """
    from course.checks import across, capture
    from course.checks.promises import guards
    from course.grading.boundary.ends import candidate, transplant
    from course.grading.jail import seccomp
    from course.grading.process import seeds

    Control.have_ready()
    capture.have_ready()
    seccomp.have_ready()
    for function in (*across.RUN_THERE, *guards.RUN_THERE):
        name, source = transplant.source_of(function)
        candidate.compiled(source, name)
    seeds.make_fresh(bytes(32))
    for module in (forking, *(sys.modules[name] for name in ALWAYS)):
        linecache.getlines(str(module.__file__))


if __name__ == "__main__":
    main()
