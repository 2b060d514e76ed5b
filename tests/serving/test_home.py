"""The pages that `course serve` shows, over HTTP: who may open them, what is on them, and what they write."""

import re
from collections.abc import Iterator

import nbformat
import pytest

from course.folder import CourseFolder
from course.grading.run import grade
from course.serving.home import home
from course.serving.lab import Lab
from tests.conftest import TINY, hand_in
from tests.marking.classroom import scheme
from tests.serving.client import TOKEN, Client, served

RIGHT = {"twice": "def twice(number):\n    return 2 * number", "area": "area = width * height", "why": "Because."}
PATHS = ("/", f"/report/{TINY}", f"/similar/{TINY}", f"/mark/{TINY}/", f"/mark/{TINY}/questions")


@pytest.fixture
def stranger(tiny_course: CourseFolder) -> Iterator[Client]:
    """Somebody without the token; two students have handed in, and nothing is graded."""
    scheme(tiny_course)
    release = nbformat.read(tiny_course.release / TINY / f"{TINY}.ipynb", as_version=4)
    hand_in(tiny_course, "ann", release, **RIGHT)
    hand_in(tiny_course, "bob", release, **RIGHT | {"why": "<script>alert(1)</script> so"})
    with served(home(tiny_course, Lab("http://127.0.0.1:1/", "lab-token"), TOKEN)) as port:
        yield Client(port)


@pytest.fixture
def instructor(stranger: Client) -> Client:
    reply = stranger.ask(f"/?token={TOKEN}")
    assert (reply.status, reply.headers["Location"]) == (302, "/")
    return Client(stranger.port, reply.headers["Set-Cookie"].partition(";")[0])


def test_nobody_gets_anything_without_the_token_or_from_another_page(stranger: Client, instructor: Client) -> None:
    for path in (*PATHS, "/none", "/mark/none/"):
        assert stranger.ask(path).status == 403, path
        assert stranger.ask(path, "POST").status == 403, path
        assert instructor.ask(path, Host="evil.example").status == 403, path
        assert instructor.ask(path, "POST", Origin="http://127.0.0.1:1").status == 403, path
    assert "open the address that the command printed" in stranger.ask("/").body


STRANGE: tuple[dict[str, str], ...] = (
    {"Host": "127.0.0.1.evil.example"},
    {"Host": "localhost@evil.example"},
    {"Host": "evil.example:80@127.0.0.1"},
    {"Host": "0.0.0.0"},
    {"Host": "[::1]"},
    {"Origin": "null"},
    {"Origin": "http://localhost"},
    {"Origin": "https://evil.example/127.0.0.1"},
    {"Origin": "file://"},
    {"Cookie": f"course-00000000={TOKEN}"},
    {"Cookie": "", "Authorization": f"token {TOKEN}"},
)


def test_whoever_comes_under_another_name_gets_nothing(instructor: Client) -> None:
    for headers in STRANGE:
        for method in ("GET", "POST", "PUT"):
            assert instructor.ask(f"/report/{TINY}", method, **headers).status in (400, 403, 405), (method, headers)
    for query in ("", "?token=", f"?token=x&token={TOKEN[:-1]}", f"?Token={TOKEN}"):
        assert instructor.ask(f"/report/{TINY}{query}", Cookie="").status == 403, query


def test_no_path_leads_out_of_the_pages(instructor: Client, tiny_course: CourseFolder) -> None:
    (tiny_course.root / "secret.html").write_text("the secret")
    for path in ("/report/..%2fsecret", "/similar/%2e%2e%2fsecret", "/home.css/../../secret.html", "/home.css%00.html",
                 "//secret.html", "/mark/..%2f..%2fsecret/", "/mark/%2e%2e/secret.html", f"/mark/{TINY}/..%2f..%2fsecret.html",
                 f"/mark/{TINY}/page.css%2f..%2f..%2fsecret.html", "/report/secret.html%00", "/report/%F0%28%8C%28"):  # fmt: skip
        reply = instructor.ask(path)
        assert reply.status in (400, 403, 404), path
        assert "the secret" not in reply.body


def test_before_anything_is_graded_the_page_offers_nothing_that_fails(instructor: Client) -> None:
    page = instructor.ask("/").body
    assert TINY in page
    assert "nothing graded" in page
    assert "<form" not in page
    assert "http://127.0.0.1:1/formgrader?token=lab-token" in page


def test_what_is_not_there_is_said_in_words(instructor: Client) -> None:
    for path, said in {
        f"/report/{TINY}": "not written yet",
        "/report/none": "no such lesson",
        "/report/..%2F..%2Fsecret": "no such lesson",
        "/mark/none/": "Not Found",
        "/none": "Not Found",
    }.items():
        reply = instructor.ask(path)
        assert (reply.status, said in reply.body) == (404, True), path
    reply = instructor.ask(f"/report/{TINY}", "POST")
    assert reply.status == 409
    assert "course grade" in reply.body


def test_a_lesson_of_any_name_has_its_pages(instructor: Client, tiny_course: CourseFolder) -> None:
    odd = "Übung 1 #?%"
    (tiny_course.source / TINY).rename(tiny_course.source / odd)
    page = instructor.ask("/").body
    (tiny_course.autograded / "ann" / odd).mkdir(parents=True)
    (tiny_course.autograded / "ann" / odd / "x.ipynb").write_text("{}")
    (path,) = re.findall('href="(/mark/[^"]+)"', instructor.ask("/").body)
    assert odd in page
    assert "questions" in instructor.ask(f"{path}questions").data
    (action, _) = re.findall('action="([^"]+)"', instructor.ask("/").body)
    assert instructor.ask(action).status == 404
    assert "not written yet" in instructor.ask(action).body


def test_a_graded_class_is_reported_compared_and_marked(instructor: Client, tiny_course: CourseFolder) -> None:
    grade(tiny_course, TINY)
    assert 'method="post"' in instructor.ask("/").body
    for kind in ("report", "similar"):
        reply = instructor.ask(f"/{kind}/{TINY}", "POST")
        assert (reply.status, reply.headers["Location"]) == (303, f"/{kind}/{TINY}")
        shown = instructor.ask(f"/{kind}/{TINY}")
        assert shown.status == 200
        assert "<script" not in shown.body
        assert shown.headers["Content-Security-Policy"].startswith("default-src 'none'; img-src data:;")
        assert (tiny_course.reports / f"{TINY}{'.similar' * (kind == 'similar')}.html").is_file()
    assert "Write again" in instructor.ask("/").body

    assert instructor.ask(f"/mark/{TINY}/").status == 200
    assert instructor.ask(f"/mark/{TINY}/page.js").status == 200
    answers = instructor.ask(f"/mark/{TINY}/questions/why").data["answers"]
    assert len(answers) == 2
    mark = {"ticked": [0], "own": None, "comment": "good"}
    reply = instructor.ask(f"/mark/{TINY}/questions/why/{answers[0]['id']}", "PUT", {"mark": mark})
    assert reply.data["marks"][answers[0]["id"]]["score"] == 1.0
