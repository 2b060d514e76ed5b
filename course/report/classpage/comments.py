"""One comment, or one score, for everybody who made the same mistake: in the gradebook, as if entered one by one."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from nbgrader.api import Gradebook, MissingEntry

from course.errors import CourseError
from course.folder import CourseFolder
from course.grading.submission.names import shown
from course.report.classpage.handins import hand_ins
from course.report.classpage.mistakes import Cluster, Member, clusters


@dataclass(frozen=True)
class Done:
    """For whom something was entered, and for whom it was not, since a person had entered something else before."""

    what: str
    students: tuple[str, ...]
    kept: tuple[str, ...] = ()

    def lines(self) -> Iterator[str]:
        """What to tell whoever entered it."""
        count = len(self.students)
        yield f"{self.what} {count} student{'' if count == 1 else 's'}: {', '.join(map(shown, self.students))}"
        if self.kept:
            yield f"left as a person had scored them: {', '.join(map(shown, self.kept))}"


def comment(folder: CourseFolder, lesson: str, name: str, text: str) -> Done:
    """Put a comment under the answers of a cluster's students.

    What a person has written there stays, and the comment stands below it, once. CourseError, and nothing written, for
    an empty comment, a cluster that is not there, or an answer that the gradebook does not know.
    """
    if not (text := text.strip()):
        raise CourseError("the comment is empty: say something")

    def enter(gradebook: Gradebook, member: Member) -> bool:
        if not member.answered.answer_ids:
            raise CourseError(f"{name} has no answer cell that could bear a comment")
        place = (member.answered.answer_ids[-1], member.answered.notebook, lesson, member.student)
        found = gradebook.find_comment(*place)
        said = found.manual_comment or ""
        if f"\n\n{text}\n\n" not in f"\n\n{said}\n\n":
            found.manual_comment = f"{said}\n\n{text}".strip()
        return True

    return _entered(folder, lesson, name, "commented for", enter)


def score(folder: CourseFolder, lesson: str, name: str, points: float) -> Done:
    """Give everybody in a cluster the same points by hand; whoever has points by hand keeps them.

    CourseError, and nothing written, for points that the exercise does not have, a cluster that is not there, or a cell
    that the gradebook does not know.
    """

    def enter(gradebook: Gradebook, member: Member) -> bool:
        cell = member.answered.cell
        if not 0 <= points <= cell.points:
            raise CourseError(f"{name} has between 0 and {cell.points:g} points, not {points:g}")
        found = gradebook.find_grade(cell.grade_id, member.answered.notebook, lesson, member.student)
        if found.manual_score is not None and found.manual_score != points:
            return False
        found.manual_score, found.needs_manual_grade = points, False
        return True

    return _entered(folder, lesson, name, "scored", enter)


def _entered(
    folder: CourseFolder, lesson: str, name: str, what: str, enter: Callable[[Gradebook, Member], bool]
) -> Done:
    """Enter something for each member of a cluster, for all or none of them."""
    cluster = _cluster(clusters(hand_ins(folder, lesson)), lesson, name)
    with Gradebook(folder.db_url, str(folder.coursedir().course_id)) as gradebook:
        try:
            is_new = {member.student: enter(gradebook, member) for member in cluster.members}
        except MissingEntry as error:
            gradebook.db.rollback()
            raise CourseError(f"{error}: run `course grade {lesson}` again") from error
        except CourseError:
            gradebook.db.rollback()
            raise
        gradebook.db.commit()
    return Done(
        what,
        tuple(student for student, new in is_new.items() if new),
        tuple(student for student, new in is_new.items() if not new),
    )


def _cluster(found: tuple[Cluster, ...], lesson: str, name: str) -> Cluster:
    for cluster in found:
        if cluster.id == name:
            return cluster
    alike = [cluster.id for cluster in found if name.rpartition("-")[0] in ("", cluster.exercise)]
    known = ", ".join(alike[:8]) or "none of that exercise"
    raise CourseError(
        f"{lesson} has no cluster {name!r}; there are: {known}. `course report {lesson}` shows them as they are now"
    )
