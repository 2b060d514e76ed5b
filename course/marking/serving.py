"""`course mark`: serve the page on this machine until Ctrl-C."""

from collections.abc import Callable

from course import guarded
from course.folder import CourseFolder
from course.marking.server import application


def serve(folder: CourseFolder, lesson: str, port: int, tell: Callable[[str], None], *, browser: bool) -> None:
    """Serve a lesson's marking page until Ctrl-C, and tell its address; CourseError when it cannot.

    Args:
        port: 0 for one that is free.
    """
    token = guarded.new_token()
    try:
        guarded.serve(application(folder, lesson, token), token, port, tell, browser=browser)
    except KeyboardInterrupt:
        tell("stopped; every mark is in the gradebook")
