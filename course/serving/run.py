"""`course serve`: JupyterLab with formgrader, and the pages of the class, for one instructor on this machine."""

import contextlib
from collections.abc import Callable

from course import guarded
from course.folder import CourseFolder
from course.serving import lab
from course.serving.home import home


def serve(folder: CourseFolder, port: int, tell: Callable[[str], None], *, with_lab: bool, browser: bool) -> None:
    """Serve a course until Ctrl-C, and tell the address; CourseError when the port or JupyterLab cannot be had.

    Args:
        port: of the pages, 0 for one that is free; JupyterLab takes another.
    """
    token = guarded.new_token()
    with contextlib.ExitStack() as stack:
        try:
            own = stack.enter_context(lab.running(folder, guarded.new_token())) if with_lab else None
            guarded.serve(home(folder, own, token), token, port, tell, browser=browser)
        except KeyboardInterrupt:
            tell("stopped; marks and grades are in the gradebook")
