"""A field of nothing but beginnings is read in a time that grows with its length, or skipped with a reason."""

import resource
import subprocess
import sys
from pathlib import Path

import pytest

from course.cards.deck import Skipped
from course.cards.reading import Limits
from course.cards.reading.notes import Row, note
from tests.cards.importing.heavy import FRAGMENTS

ROOT = Path(__file__).parents[3]
CPU_S = 240  # of all fragments together; two of them alone took longer than that before


def test_fields_as_long_as_they_may_be_become_lessons_within_their_limit() -> None:
    def limit() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (CPU_S, CPU_S))

    command = [sys.executable, "-m", "tests.cards.importing.heavy"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, preexec_fn=limit)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.splitlines() == [repr(fragment) for fragment in FRAGMENTS]


@pytest.mark.parametrize("mark", ["\\(", "\\]", "[$]", "[/latex]", "[sound:", "{{c1::", "}}", "[[type:", "[anki:play"])
def test_more_marks_than_anybody_writes_cost_their_note_only(mark: str) -> None:
    found = note(Row(3, 7, (mark * 21_000, "")), Limits())
    assert isinstance(found, Skipped)
    assert "more than 20,000 marks" in found.reason
