"""A notebook's own metadata, without what breaks nbgrader, nbconvert and those who read it after them."""

from collections.abc import Mapping
from typing import Any


def sound_metadata(metadata: Mapping[str, Any]) -> dict[str, Any]:
    """The metadata without an invalid kernel or language, and without widgets that have lost their state."""
    kept = dict(metadata)
    for key in ("kernelspec", "language_info"):
        if key in kept and not isinstance(kept[key], dict):
            del kept[key]
    states = kept.get("widgets")
    if states is not None and not (
        isinstance(states, dict) and all(isinstance(state, dict) and "state" in state for state in states.values())
    ):
        del kept["widgets"]
    return kept
