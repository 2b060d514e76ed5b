"""One comment for everybody who made the same mistake, where formgrader and the feedback pages show it."""

from collections.abc import Iterator

from nbgrader.api import Gradebook, MissingEntry

from course.errors import CourseError
from course.folder import CourseFolder
from course.report.classpage.handins import hand_ins
from course.report.classpage.mistakes import Cluster, clusters


def comment(folder: CourseFolder, lesson: str, name: str, text: str) -> tuple[str, ...]:
    """Put a comment under the answers of a cluster's students; whose they are.

    What a person has written there stays, and the comment stands below it, once. CourseError, and nothing written, for
    an empty comment, a cluster that is not there, or an answer that the gradebook does not know.
    """
    if not (text := text.strip()):
        raise CourseError("the comment is empty: say something")
    cluster = _cluster(clusters(hand_ins(folder, lesson)), lesson, name)
    with Gradebook(folder.db_url, str(folder.coursedir().course_id)) as gradebook:
        for student, notebook, answer in _answers(cluster):
            try:
                found = gradebook.find_comment(answer, notebook, lesson, student)
            except MissingEntry as error:
                gradebook.db.rollback()
                raise CourseError(f"{error}: run `course grade {lesson}` again") from error
            said = found.manual_comment or ""
            if text not in said.split("\n\n"):
                found.manual_comment = f"{said}\n\n{text}".strip()
        gradebook.db.commit()
    return cluster.students


def _answers(cluster: Cluster) -> Iterator[tuple[str, str, str]]:
    """Where the comments go: student, notebook and the last answer cell that the test judges."""
    for member in cluster.members:
        if not member.answered.answer_ids:
            raise CourseError(f"{cluster.exercise} has no answer cell of its own that could bear a comment")
        yield member.student, member.answered.notebook, member.answered.answer_ids[-1]


def _cluster(found: tuple[Cluster, ...], lesson: str, name: str) -> Cluster:
    for cluster in found:
        if cluster.id == name:
            return cluster
    alike = [cluster.id for cluster in found if name.rpartition("-")[0] in ("", cluster.exercise)]
    known = ", ".join(alike[:8]) or "none of that exercise"
    raise CourseError(
        f"{lesson} has no cluster {name!r}; there are: {known}. `course report {lesson}` shows them as they are now"
    )
