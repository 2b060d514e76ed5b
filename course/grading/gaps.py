"""Whether a course deals in missing values: numpy's masks, pandas' tables."""

import re
from collections.abc import Iterable

MASKS, TABLES = "masks", "tables"
_MASKING = re.compile(r"\bma\.|\bmasked|MaskedArray|\.mask\b|\.filled\(|\bfrom (numpy|np) import .*\bma\b")


def meant_in(sources: Iterable[str], modules: Iterable[str]) -> frozenset[str]:
    """Which of the two the code of a course deals in, by its text and the modules that it imports."""
    masks = any(_MASKING.search(source) for source in sources)
    tables = any("pandas" in name for name in modules)
    return frozenset([MASKS] * masks + [TABLES] * tables)
