"""Where downloaded data lies; apart from course.data, so that asking does not import torch."""

import os
from pathlib import Path


def root() -> Path:
    """The folder of downloaded data: CLOZEGRAD_DATA, or .cache/clozegrad in the home folder."""
    chosen = os.environ.get("CLOZEGRAD_DATA")
    return Path(chosen).expanduser() if chosen else Path.home() / ".cache" / "clozegrad"
