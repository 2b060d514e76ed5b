"""`course mark`: serve the page on this machine until Ctrl-C."""

import asyncio
import secrets
import webbrowser
from collections.abc import Callable

from tornado.httpserver import HTTPServer
from tornado.netutil import bind_sockets

from course.errors import CourseError
from course.folder import CourseFolder
from course.marking.server import application

ADDRESS = "127.0.0.1"


def serve(folder: CourseFolder, lesson: str, port: int, tell: Callable[[str], None], *, browser: bool) -> None:
    """Serve a lesson's marking page until Ctrl-C, and tell its address; CourseError when it cannot.

    Args:
        port: 0 for one that is free.
    """
    token = secrets.token_urlsafe(32)
    app = application(folder, lesson, token)
    try:
        sockets = bind_sockets(port, ADDRESS)
    except OSError as error:
        raise CourseError(
            f"port {port} cannot be used: {error.strerror or error}; choose another with --port"
        ) from None
    url = f"http://{ADDRESS}:{sockets[0].getsockname()[1]}/?token={token}"

    async def run() -> None:
        HTTPServer(app).add_sockets(sockets)
        tell(url)
        if browser:
            webbrowser.open(url)
        await asyncio.Event().wait()

    try:
        asyncio.run(run())
    except KeyboardInterrupt:
        tell("stopped; every mark is in the gradebook")
