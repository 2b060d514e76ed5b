"""What every page that a command serves has in common: bound to this machine, and opened by a token.

What it guards against: other users and web pages that send requests to this address. The token comes in the address
that the command prints and becomes a cookie that no other site's request carries; a request that names another host, or
was made by another site's page, is refused. It does not guard against whoever may read this user's processes or files.
"""

import asyncio
import hashlib
import hmac
import secrets
import webbrowser
from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import tornado.web
from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerConnectionDelegate
from tornado.netutil import bind_sockets

from course.errors import CourseError

ADDRESS = "127.0.0.1"
HOSTS = ("127.0.0.1", "localhost")
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
POLICY += "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",  # with none, a form would be sent from an unknown page
    "Cache-Control": "no-store",
}


class Guarded(tornado.web.RequestHandler):
    """Answers whoever has the token, on this machine, from a page of this server."""

    def initialize(self, token: str, **shared: Any) -> None:
        """Keep the token; what else a page needs comes by name."""
        self.token = token
        self.cookie = f"course-{hashlib.sha256(token.encode()).hexdigest()[:8]}"  # other servers have other ones

    def set_default_headers(self) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)

    def prepare(self) -> None:
        if self.request.host_name not in HOSTS:
            raise tornado.web.HTTPError(HTTPStatus.FORBIDDEN, reason="this page is for this machine alone")
        origin = self.request.headers.get("Origin")
        if origin and urlsplit(origin).netloc != self.request.host:
            raise tornado.web.HTTPError(HTTPStatus.FORBIDDEN, reason="another page may not ask for this")
        given = self.get_query_argument("token", "") or self.get_cookie(self.cookie, "") or ""
        if not hmac.compare_digest(given.encode(), self.token.encode()):
            raise tornado.web.HTTPError(HTTPStatus.FORBIDDEN, reason="open the address that the command printed")

    def keeps_token(self) -> bool:
        """Whether the token came in the address: then it becomes a cookie, and the address goes without it."""
        if not self.get_query_argument("token", ""):
            return False
        self.set_cookie(self.cookie, self.token, httponly=True, samesite="Strict")
        self.redirect(self.request.uri.partition("?")[0] if self.request.uri else "/")
        return True

    def write_error(self, status_code: int, **about: Any) -> None:
        self.finish({"error": self.said(about)})

    def said(self, about: dict[str, Any]) -> str:
        """What is wrong, in words."""
        error = about.get("exc_info", (None, None))[1]
        return str(error) if isinstance(error, CourseError) else self._reason


class Nothing(Guarded):
    """Whatever is not there."""

    def prepare(self) -> None:
        super().prepare()
        raise tornado.web.HTTPError(HTTPStatus.NOT_FOUND)


class Files(tornado.web.StaticFileHandler):
    """A page's own script and style, which hold nothing of the class."""

    def set_default_headers(self) -> None:
        for name, value in HEADERS.items():
            self.set_header(name, value)


def new_token() -> str:
    """A token that nobody guesses."""
    return secrets.token_urlsafe(32)


def serve(
    app: HTTPServerConnectionDelegate, token: str, port: int, tell: Callable[[str], None], *, browser: bool
) -> None:
    """Serve until Ctrl-C, and tell the address; CourseError when the port cannot be used.

    Args:
        port: 0 for one that is free.
    """
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

    asyncio.run(run())
