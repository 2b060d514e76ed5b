"""What an import does or would do, on the screen: a row a group, the first notes, and what was skipped and why."""

from collections.abc import Sequence

from rich import box
from rich.console import Console
from rich.table import Table
from rich.text import Text

from course.cards.deck import Skipped
from course.cards.importing.items import Item
from course.cards.importing.writing import Imported
from course.cards.markdown import plain

FIRST = 20
WORDS = {"exercise": "exercise", "recall": "recall", "question": "question"}


def show(imported: Imported, console: Console, notes: bool) -> None:
    """Print the groups, with `notes` the first notes of all, and every skipped note."""
    console.print(_groups(imported.items))
    if notes:
        console.print(_notes(imported.items))
        if len(imported.items) > FIRST:
            console.print(f"and {len(imported.items) - FIRST} more")
    _skipped(imported.skipped, console)
    _doubts(imported, console)
    said = f"{_counted(len(imported.items), 'note')}, {_counted(sum(item.blanks for item in imported.items), 'blank')}"
    where = f"; wrote {imported.folder}" if imported.folder else "; nothing was written"
    console.print(Text(said + where), soft_wrap=True)


def _groups(items: Sequence[Item]) -> Table:
    table = Table("group", box=box.SIMPLE)
    for head in ("exercises", "blanks", "to recall", "questions"):
        table.add_column(head, justify="right")
    for group in dict.fromkeys(item.group for item in items):
        own = [item for item in items if item.group == group]
        counts = [sum(item.kind == kind for item in own) for kind in WORDS]
        table.add_row(Text(group), *_numbers(counts[0], sum(item.blanks for item in own), counts[1], counts[2]))
    return table


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _numbers(*counts: int) -> list[str]:
    return [str(count or "") for count in counts]


def _notes(items: Sequence[Item]) -> Table:
    table = Table(box=box.SIMPLE)
    table.add_column("note", justify="right")
    table.add_column("becomes")
    table.add_column("blanks", justify="right")
    table.add_column("title", no_wrap=True, overflow="ellipsis")
    for item in items[:FIRST]:
        row = (str(item.note.number), WORDS[item.kind], str(item.blanks or ""))
        table.add_row(*row, Text(plain(item.title)))
    return table


def _doubts(imported: Imported, console: Console) -> None:
    """What was decided in reading the file, and the notes that hardly say what their author meant."""
    for notice in imported.notices:
        console.print(Text(f"note: {notice}", style="yellow"), soft_wrap=True)
    for note in sorted((item.note for item in imported.items), key=lambda note: note.number):
        place = f" (line {note.line})" if note.line else ""
        for doubt in note.doubts:
            console.print(Text(f"warning: note {note.number}{place}: {doubt}", style="yellow"), soft_wrap=True)


def _skipped(skipped: Sequence[Skipped], console: Console) -> None:
    if skipped:
        console.print(f"{_counted(len(skipped), 'note')} skipped:")
    for note in skipped:
        line = f" (line {note.line})" if note.line else ""
        console.print(Text(f"{note.number:>5}{line}: {note.reason}"), soft_wrap=True)
