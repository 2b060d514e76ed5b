"""The one exception that a person is meant to read."""


class CourseError(Exception):
    """Bad input or a missing part: one sentence that names the file, lesson or cell and the way out.

    The command line prints it as `error: MESSAGE` and exits with status 1, without a traceback.
    """
