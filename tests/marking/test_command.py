"""`course mark` from end to end: a class is graded, marked over HTTP, graded again, and reads its feedback."""

import json
import os
import signal
import socket
import subprocess
import sys
from http.client import HTTPConnection
from urllib.parse import urlsplit

import nbformat
import pytest

from course.errors import CourseError
from course.folder import CourseFolder
from course.marking.serving import serve
from tests.conftest import TINY, hand_in
from tests.marking.classroom import in_gradebook, scheme

pytestmark = pytest.mark.slow


def course(folder: CourseFolder, *words: str) -> None:
    done = subprocess.run([sys.executable, "-m", "course", *words], cwd=folder.root, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_a_port_that_is_taken_is_said(tiny_course: CourseFolder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(CourseError, match=f"port {port} cannot be used: .*--port"):
            serve(tiny_course, TINY, port, print, browser=False)


def test_marks_survive_a_regrade_and_stand_on_the_feedback_page(tiny_course: CourseFolder) -> None:
    scheme(tiny_course)
    release = nbformat.read(tiny_course.release / TINY / f"{TINY}.ipynb", as_version=4)
    hand_in(tiny_course, "ada", release, why="Two is positive.")
    hand_in(tiny_course, "kurt", release)
    course(tiny_course, "grade", TINY)

    command = [sys.executable, "-m", "course", "mark", TINY, "--no-browser"]
    environment = {**os.environ, "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(command, cwd=tiny_course.root, stdout=subprocess.PIPE, text=True, env=environment) as server:
        assert server.stdout is not None
        address = urlsplit(server.stdout.readline().strip())
        assert address.hostname == "127.0.0.1"
        token = {"Cookie": ""}
        connection = HTTPConnection("127.0.0.1", int(address.port or 0), timeout=60)
        connection.request("GET", f"/?{address.query}")
        opened = connection.getresponse()
        opened.read()
        token["Cookie"] = str(opened.headers["Set-Cookie"]).partition(";")[0]
        connection.request("GET", "/questions/why", headers=token)
        question = json.loads(connection.getresponse().read())
        assert question["blank"] == 1
        (answer,) = question["answers"]
        mark = {"mark": {"ticked": [0], "own": None, "comment": "Why *two*?"}}
        connection.request(
            "PUT", f"/questions/why/{answer['id']}", json.dumps(mark), {**token, "Content-Type": "application/json"}
        )
        assert connection.getresponse().status == 200
        connection.close()
        server.send_signal(signal.SIGINT)
        assert "every mark is in the gradebook" in server.stdout.read()
    assert server.returncode == 0

    course(tiny_course, "grade", TINY)
    score, _, comment = in_gradebook(tiny_course, "ada")
    assert score == 1.0
    assert str(comment).endswith("\n\nWhy *two*?")
    course(tiny_course, "feedback", TINY)
    page = (tiny_course.feedback / "ada" / TINY / f"{TINY}.html").read_text("utf-8")
    assert "Why <em>two</em>?" in page
    assert "✓ two is positive" in page
    assert "an example such as" not in page
