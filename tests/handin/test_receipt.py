"""A receipt: it outlives what editors and platforms do to a notebook, and no change of an answer."""

import copy
import json
from collections.abc import Callable
from dataclasses import asdict
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest

from course.handin import receipt

Notebook = dict[str, Any]


def notebook() -> Notebook:
    answer = {"cell_type": "code", "id": "a", "source": ["x = 1\n", "y = 'é'"], "metadata": {"nbgrader": {}}}
    picture = {"p.png": {"image/png": "aGk="}}
    written = {"cell_type": "markdown", "id": "b", "source": "Why? ![](attachment:p.png)", "attachments": picture}
    return {"cells": [answer, written], "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4}


def raw(node: Notebook) -> bytes:
    return json.dumps(node).encode()


def with_receipt(node: Notebook) -> Notebook:
    return receipt.put(node, receipt.make(node, answers=2, blanks=1))


def run(node: Notebook) -> None:
    node["cells"][0] |= {"outputs": [{"output_type": "stream", "text": "1"}], "execution_count": 7}


def as_colab_saves(node: Notebook) -> None:
    for cell in node["cells"]:
        cell["metadata"] = {"id": cell.pop("id"), "colab": {"base_uri": "https://localhost:8080/"}}
    node["metadata"] |= {"colab": {"provenance": []}, "kernelspec": {"name": "python3", "display_name": "Python 3"}}
    node["nbformat_minor"] = 0


def with_lines_in_one(node: Notebook) -> None:
    node["cells"][0]["source"] = "".join(node["cells"][0]["source"]).replace("\n", "\r\n")


def with_keys_in_another_order(node: Notebook) -> None:
    node["cells"] = [dict(reversed(list(cell.items()))) for cell in node["cells"]]


@pytest.mark.parametrize("change", [run, as_colab_saves, with_lines_in_one, with_keys_in_another_order])
def test_a_receipt_outlives_what_tools_do_to_a_notebook(change: Callable[[Notebook], None]) -> None:
    node = with_receipt(notebook())
    change(node)
    assert receipt.check(raw(node)) == "verified"
    assert receipt.check(json.dumps(node, ensure_ascii=False, indent=4).encode("utf-8-sig")) == "verified"


def with_another_answer(node: Notebook) -> None:
    node["cells"][0]["source"] = "x = 2"


def with_a_cell_lost(node: Notebook) -> None:
    del node["cells"][0]


def with_cells_swapped(node: Notebook) -> None:
    node["cells"].reverse()


def with_the_picture_lost(node: Notebook) -> None:
    del node["cells"][1]["attachments"]


def with_another_type(node: Notebook) -> None:
    node["cells"][0]["cell_type"] = "raw"


def with_no_cells_left(node: Notebook) -> None:
    node["cells"] = None


CHANGES = [with_another_answer, with_a_cell_lost, with_cells_swapped, with_the_picture_lost, with_another_type]


@pytest.mark.parametrize("change", [*CHANGES, with_no_cells_left])
def test_a_changed_notebook_does_not_match_its_receipt(change: Callable[[Notebook], None]) -> None:
    node = with_receipt(notebook())
    change(node)
    assert receipt.check(raw(node)) == "does not match"


def test_a_receipt_lies_in_the_metadata_as_agreed_and_keeps_what_else_is_there() -> None:
    node = notebook()
    node["metadata"]["clozegrad"] = {"kept": True}
    before = copy.deepcopy(node)
    noon = datetime(2026, 1, 2, 12, tzinfo=timezone(timedelta(hours=1)))
    made = receipt.make(node, answers=2, blanks=1, time=noon)
    found = receipt.put(node, made)
    assert node == before
    assert found["metadata"]["kernelspec"] == {"name": "python3"}
    sha256 = receipt.digest(before)
    about = {"sha256": sha256, "time": "2026-01-02T11:00:00+00:00", "answers": 2, "blanks": 1}
    assert found["metadata"]["clozegrad"] == {"kept": True, "receipt": about}
    assert receipt.inside(found) == made


def test_without_a_time_a_receipt_has_the_one_of_its_making() -> None:
    before = datetime.now(UTC).replace(microsecond=0)
    made = datetime.fromisoformat(receipt.make(notebook(), answers=0, blanks=0).time)
    assert before <= made <= datetime.now(UTC)


def test_a_receipt_beside_the_notebook_counts_whatever_the_notebook_is_called(tmp_path: Path) -> None:
    node = notebook()
    path = receipt.beside(tmp_path / "ps1.ipynb")
    assert path == tmp_path / "ps1.receipt.json"
    path.write_text(receipt.text_of(receipt.make(node, answers=2, blanks=1)))
    assert receipt.check(raw(node), [b"no JSON", path.read_bytes()]) == "verified"
    with_another_answer(node)
    assert receipt.check(raw(node), [path.read_bytes()]) == "does not match"
    assert receipt.check(b"cut off {", [path.read_bytes()]) == "does not match"


def test_of_two_receipts_one_that_matches_is_enough() -> None:
    """Whoever hands in again may leave the older receipt beside the notebook."""
    old = receipt.text_of(receipt.make({"cells": []}, answers=0, blanks=3)).encode()
    assert receipt.check(raw(with_receipt(notebook())), [old]) == "verified"


NONSENSE = [None, 7, [], {}, {"sha256": 1, "time": "now"}, {"sha256": "ab"}]


@pytest.mark.parametrize("found", NONSENSE)
def test_what_is_no_receipt_is_none(found: object) -> None:
    node = {**notebook(), "metadata": {"clozegrad": {"receipt": found}}}
    assert receipt.check(raw(node)) == "none"
    assert receipt.check(raw({**node, "metadata": {"clozegrad": found}})) == "none"
    assert receipt.check(raw({**node, "metadata": found}), [json.dumps(found).encode()]) == "none"


@pytest.mark.parametrize("data", [b"", b"[]", b"7", b"\xff\xfe\x00", b"[" * 100_000, b'{"cells": [1, "x"]}'])
def test_no_bytes_break_the_check(data: bytes) -> None:
    assert receipt.check(data, [data]) == "none"


@pytest.mark.parametrize("count", ["many", None, float("nan"), float("inf")])
def test_a_count_that_is_no_number_does_not_break_a_receipt(count: object) -> None:
    made = {**asdict(receipt.make(notebook(), answers=2, blanks=1)), "answers": count, "sha256": "AB"}
    found = receipt.inside({"metadata": {"clozegrad": {"receipt": made}}})
    assert found == receipt.Receipt("ab", made["time"], 0, 1)


def test_a_notebook_without_cells_gets_no_receipt() -> None:
    with pytest.raises(ValueError, match="no list of cells"):
        receipt.make({"metadata": {}}, answers=0, blanks=0)
