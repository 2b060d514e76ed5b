"""The one exception that a person is meant to read."""


class CourseError(Exception):
    """Bad input or a missing part: one sentence that names the file, lesson or cell and the way out.

    The command line prints it as `error: MESSAGE` and exits with status 1, without a traceback.
    """

    def _render_traceback_(self) -> list[str]:
        """What a notebook shows in place of a traceback."""
        return str(self).splitlines()
