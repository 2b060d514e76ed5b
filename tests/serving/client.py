"""A server of our pages that runs in a thread, and whoever asks it over HTTP."""

import asyncio
import http.client
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from tornado.httpserver import HTTPServer
from tornado.httputil import HTTPServerConnectionDelegate
from tornado.netutil import bind_sockets

TOKEN = "a-token-for-tests"


@dataclass(frozen=True)
class Reply:
    status: int
    headers: dict[str, str]
    body: str

    @property
    def data(self) -> Any:
        return json.loads(self.body)


@dataclass(frozen=True)
class Client:
    """Whoever opened the page with its token."""

    port: int
    cookie: str = ""

    def ask(self, path: str, method: str = "GET", data: object = None, **headers: str) -> Reply:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        sent = {
            "Cookie": self.cookie,
            "Content-Type": "application/json",
            **{k.replace("_", "-"): v for k, v in headers.items()},
        }
        body = data if isinstance(data, bytes) else None if data is None else json.dumps(data).encode()
        connection.request(method, path, body, sent)
        answer = connection.getresponse()
        reply = Reply(answer.status, dict(answer.headers), answer.read().decode())
        connection.close()
        return reply


@contextmanager
def served(app: HTTPServerConnectionDelegate) -> Iterator[int]:
    """The port of a server that runs until the block ends."""
    sockets = bind_sockets(0, "127.0.0.1")
    loop = asyncio.new_event_loop()
    started = threading.Event()

    def run() -> None:
        asyncio.set_event_loop(loop)
        server = HTTPServer(app)

        async def start() -> None:
            server.add_sockets(sockets)
            started.set()

        loop.run_until_complete(start())
        loop.run_forever()
        server.stop()
        loop.run_until_complete(server.close_all_connections())
        loop.close()

    thread = threading.Thread(target=run)
    thread.start()
    started.wait(60)
    yield sockets[0].getsockname()[1]
    loop.call_soon_threadsafe(loop.stop)
    thread.join(60)
