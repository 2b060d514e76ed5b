"""What is missing in an answer: elements that numpy masks, and those that pandas marks as not there.

Comparisons and sums of numpy and pandas pass over such places, so an answer that has nothing else would agree with any
expected value. A course whose own code deals in masks or tables means that. In any other, what is missing arrives as
nan, which agrees with nothing.
"""

from __future__ import annotations

import importlib
from typing import Any

import numpy as np


def without_mask(value: Any) -> Any:
    """A masked array, or numpy's mark for one element, as a plain array in which what is masked is nan."""
    missing = np.ma.getmaskarray(value)
    return _with_nan(np.ma.getdata(value), missing) if missing.any() else value


def without_gaps(table: Any) -> Any:
    """An object of pandas' as it is; where something is missing in it, as a plain array in which that is nan."""
    pandas: Any = importlib.import_module("pandas")
    if type(table).__module__.partition(".")[0] != "pandas" or issubclass(type(table), pandas.MultiIndex):
        return table
    missing = np.asarray(pandas.isna(table), bool)
    return _with_nan(np.asarray(table, object), missing) if missing.any() else table


def _with_nan(values: Any, missing: Any) -> Any:
    """A copy with nan in the places that are missing: of floats where all others are numbers, else of objects."""
    filled = np.array(values, object)
    filled[missing] = np.nan
    numbers = all(issubclass(type(item), int | float | np.number) for item in filled.reshape(-1).tolist())
    return filled.astype(float) if numbers else filled
