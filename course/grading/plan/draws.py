"""Which random draws of the course's cells both sides can make alike, and what has to run for that.

The engine sets the generators before a cell of the course's that draws, to the same state on both sides. So neither
takes drawn values from the other: the examiner runs the course's own statements, and what a student binds anew, patches
or claims never reaches a test. A cell begins afresh, unless the course has set a seed in a cell before: then it goes on
where the course's last drawing cell ended.

- Within a cell, a draw rests on every draw above it; from a generator of the notebook's, on every draw from that one.
- What the machine draws (`os.urandom`, `secrets`) cannot be had again, nor what stands below a draw of student code's.
- The clock is no draw: it tells each side its own time.
"""

from collections.abc import Iterable, Iterator

from course.grading.plan.history import History
from course.grading.plan.steps import Step, Steps


class Draws:
    """The course's steps that draw random numbers or set a seed, in order."""

    def __init__(self, steps: Steps, history: History) -> None:
        self._history = history
        self._drawing = [step for step in steps.all if step.effects.chance.draws or step.effects.chance.seeds]
        self._in_cell: dict[int, list[Step]] = {}
        for step in self._drawing:
            if step.owner == "course":
                self._in_cell.setdefault(step.cell, []).append(step)
        self.follows = self._following()

    def __contains__(self, step: Step) -> bool:
        """Whether the step is one of them."""
        return step in self._in_cell.get(step.cell, ())

    def with_draws(self, steps: Iterable[Step]) -> set[Step]:
        """The steps, and all that has to run for them to draw what they draw in the whole notebook."""
        found, todo = set[Step](), [*steps]
        while todo:
            step = todo.pop()
            if step in found:
                continue
            found.add(step)
            for earlier in filter(self._is_own, self._before(step)):
                todo.append(earlier)
                for name in (*earlier.reads, *earlier.names.later):
                    todo.extend(self._history.behind(name, earlier.place).steps)
        return found

    def is_repeatable(self, step: Step) -> bool:
        """Whether the examiner can draw what the student's side draws in this step of the course's."""
        before = list(self._before(step))
        sources = [step, *(other for other in before if other.effects.chance.seeds)]
        return all(map(self._is_own, before)) and not any(one.effects.chance.unrepeatable for one in sources)

    def _following(self) -> frozenset[int]:
        """The cells that go on where the drawing cell before them ended, since the course has set a seed by then."""
        found: set[int] = set()
        before: int | None = None
        for cell, steps in self._in_cell.items():
            first = steps[0].effects.chance
            if before is not None and self._is_seeded(before, found) and not (first.seeds and not first.draws):
                found.add(cell)
            before = cell
        return frozenset(found)

    def _is_seeded(self, cell: int, following: set[int]) -> bool:
        steps = self._in_cell[cell]
        return (cell in following or any(step.effects.chance.seeds for step in steps)) and all(map(self._is_own, steps))

    def _before(self, step: Step) -> Iterator[Step]:
        """The draws on which those of the step rest."""
        if not step.effects.chance.draws:
            return
        cells = [*self._in_cell]
        place = cells.index(step.cell) if step.cell in cells else 0
        while cells[place : place + 1] and cells[place] in self.follows:
            place -= 1
            yield from self._in_cell[cells[place]]
        yield from (other for other in self._in_cell.get(step.cell, ()) if other.place < step.place)
        for name in step.effects.chance.generators:
            made = min((one.place for one in self._history.made_by(name, step.place)), default=step.place)
            for other in self._drawing:
                if (
                    made < other.place < step.place
                    and name in other.effects.chance.generators
                    and other.owner != "test"
                ):
                    yield other

    def _is_own(self, step: Step) -> bool:
        """Whether no student's code takes part in a step."""
        return step.owner == "course" and not self._history.is_students_step(step)
