"""The environment of a process that will hold student code."""

import os
import sys
from pathlib import Path

_HARMLESS = ("TZ", "LD_LIBRARY_PATH", "OMP_NUM_THREADS", "CUDA_VISIBLE_DEVICES", "CLOZEGRAD_DATA")


def clean_environment(**more: str) -> dict[str, str]:
    """The environment to start a fork server with: nothing of the instructor's but where libraries and the GPU are.

    It must be there from exec on: what a process was started with stays readable in its memory and its forks'.
    """
    kept = {name: os.environ[name] for name in _HARMLESS if name in os.environ}
    path = os.pathsep.join([str(Path(sys.prefix, "bin")), "/usr/local/bin", "/usr/bin", "/bin"])
    return {"PATH": path, "LANG": "C.UTF-8", "HOME": "/tmp", "PYTHONDONTWRITEBYTECODE": "1", **kept, **more}
