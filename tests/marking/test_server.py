"""The marking page over HTTP: who may open it, what it sends, and what it writes."""

from collections.abc import Iterator
from typing import Any

import pytest

from course.folder import CourseFolder
from course.marking import alike
from course.marking.server import _fenced, _html, application
from tests.conftest import TINY
from tests.marking.classroom import ANSWERS, in_gradebook
from tests.serving import client
from tests.serving.client import TOKEN

PATHS = ("/", "/questions", "/questions/why")


class Client(client.Client):
    """Whoever marks."""

    def put(self, id: str, mark: object, **more: object) -> client.Reply:
        return self.ask(f"/questions/why/{id}", "PUT", {"mark": mark, **more})

    def answers(self) -> list[dict[str, Any]]:
        return list(self.ask("/questions/why").data["answers"])


@pytest.fixture
def stranger(taught: CourseFolder) -> Iterator[Client]:
    """Somebody without the token, at a server that runs."""
    with client.served(application(taught, TINY, TOKEN)) as port:
        yield Client(port)


@pytest.fixture
def marker(stranger: Client) -> Client:
    """Whoever opened the address that the command printed."""
    reply = stranger.ask(f"/?token={TOKEN}")
    assert (reply.status, reply.headers["Location"]) == (302, "/")
    assert "HttpOnly" in reply.headers["Set-Cookie"]
    assert "SameSite=Strict" in reply.headers["Set-Cookie"]
    return Client(stranger.port, reply.headers["Set-Cookie"].partition(";")[0])


def test_nobody_gets_anything_without_the_token(stranger: Client) -> None:
    for path in (*PATHS, "/?token=wrong", f"/?token={TOKEN}x"):
        reply = stranger.ask(path)
        assert reply.status == 403, path
        assert reply.data == {"error": "open the address that the command printed"}
    assert stranger.put("0" * 32, None).status == 403
    assert Client(stranger.port, "course-mark=1").ask("/questions").status == 403


def test_another_host_and_another_sites_page_are_refused_even_with_the_cookie(marker: Client) -> None:
    for path in PATHS:
        assert marker.ask(path).status == 200
        assert marker.ask(path, Host=f"evil.example:{marker.port}").status == 403
        assert marker.ask(path, Origin="https://evil.example").status == 403
        assert marker.ask(path, Host=f"localhost:{marker.port}", Origin=f"http://localhost:{marker.port}").status == 200


def test_every_page_forbids_scripts_and_addresses_of_others(marker: Client) -> None:
    for path in (*PATHS, "/page.css", "/page.js", "/none", "/questions/none"):
        policy = marker.ask(path).headers["Content-Security-Policy"]
        assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'"), path
        assert "unsafe" not in policy
    page = marker.ask("/").body
    assert "http://" not in page + marker.ask("/page.js").body + marker.ask("/page.css").body
    assert "onclick" not in page


def test_a_question_comes_with_its_items_and_its_answers_without_names_and_harmless(marker: Client) -> None:
    assert marker.ask("/questions").data == {
        "lesson": TINY,
        "questions": [
            {"name": "why", "title": "Why does doubling keep the sign?", "counts": {"open": 4, "marked": 0, "again": 0}, "blank": 1}
        ],
    }  # fmt: skip
    reply = marker.ask("/questions/why")
    for bad in ("<script", "onerror", "evil.example", *ANSWERS, "kurt"):
        assert bad not in reply.body, bad
    assert [item["points"] for item in reply.data["items"]] == [1.0, 0.5]
    assert "<math" in reply.body
    assert [one["state"] for one in reply.data["answers"]] == ["open"] * 4


def test_a_mark_is_kept_in_the_gradebook_and_comes_back(marker: Client, taught: CourseFolder) -> None:
    first = marker.answers()[0]
    comment = "<script>alert(3)</script> Good & short"
    reply = marker.put(first["id"], {"ticked": [1, 0, 0], "own": None, "comment": comment})
    assert reply.data["marks"] == {
        first["id"]: {"ticked": [0, 1], "own": None, "comment": comment, "score": 1.5, "state": "marked"}
    }
    assert marker.answers()[0] | {"html": ""} == first | reply.data["marks"][first["id"]] | {"html": ""}
    assert marker.ask("/questions").data["questions"][0]["counts"] == {"open": 3, "marked": 1, "again": 0}
    assert sorted(in_gradebook(taught, student)[0] is None for student in ANSWERS) == [False, True, True, True]
    assert marker.put(first["id"], None).data["marks"][first["id"]]["state"] == "open"


def test_a_mark_for_the_same_words_leaves_marked_ones_alone(marker: Client, taught: CourseFolder) -> None:
    one, other = (answer for answer in marker.answers() if answer["same"])
    mark = {"ticked": [0], "own": None, "comment": ""}
    assert set(marker.put(one["id"], mark, also_same=True).data["marks"]) == {one["id"], other["id"]}
    assert (in_gradebook(taught, "ada")[0], in_gradebook(taught, "alan")[0]) == (1.0, 1.0)
    assert in_gradebook(taught, "jose")[0] is None
    assert set(marker.put(one["id"], {**mark, "ticked": []}, also_same=True).data["marks"]) == {one["id"]}
    assert sorted([in_gradebook(taught, "ada")[0], in_gradebook(taught, "alan")[0]]) == [0.0, 1.0]


@pytest.mark.parametrize(
    "body",
    [
        b"", b"[", b"{}", b"[]", b'{"mark": 3}', b'{"mark": {"ticked": []}}',
        b'{"mark": {"ticked": ["a"], "own": null, "comment": ""}}', b'{"mark": {"ticked": [], "own": "x", "comment": ""}}',
        b'{"mark": {"ticked": [], "own": NaN, "comment": ""}}', b'{"mark": {"ticked": 3, "own": null, "comment": ""}}',
    ],
)  # fmt: skip
def test_what_is_no_mark_changes_nothing(marker: Client, taught: CourseFolder, body: bytes) -> None:
    id = marker.answers()[0]["id"]
    reply = marker.ask(f"/questions/why/{id}", "PUT", body)
    assert (reply.status, reply.data) == (400, {"error": "this is no mark"})
    assert {in_gradebook(taught, student) for student in ANSWERS} == {(None, True, None)}


def test_what_cannot_be_written_is_said(marker: Client) -> None:
    mark = {"ticked": [], "own": 9, "comment": ""}
    reply = marker.put(marker.answers()[0]["id"], mark)
    assert (reply.status, reply.data) == (409, {"error": "a score for why is a number from 0 to 2"})
    assert marker.put("0" * 32, {**mark, "own": None}).status == 409
    assert marker.ask("/questions/none").status == 404
    assert marker.ask(f"/questions/why/{'0' * 32}", "PUT", {"mark": None}, Content_Type="text/plain").status == 400


HEAVY = {
    "formulas that never end": "\\begin{a}" * 100_000,
    "dollars": "$a" * 500_000,
    "tags": "<b>" * 300_000,
    "comments": "<!--" * 250_000,
    "links": "[a](" * 200_000,
}


@pytest.mark.parametrize("name", HEAVY)
def test_no_answer_keeps_the_page_of_the_class_waiting(name: str) -> None:
    text = _html(HEAVY[name])
    assert "Shown as plain text" in text
    assert len(text) < 200_000


def test_a_picture_too_large_for_a_page_is_its_words() -> None:
    assert "picture that is not in the notebook" in _html("![a](attachment:a)", {"a": {"image/png": "A" * 9_000_000}})


def test_code_stays_code_whatever_it_holds() -> None:
    text = _html(_fenced("x = 1\n`````\n# Full points\n``````\n<b>5 / 5</b>"))
    assert "<h1" not in text
    assert "<b>" not in text


def test_code_cannot_be_read_as_other_code_than_it_is() -> None:
    text = _html(_fenced("allowed = 'no\u202e' # 'yes' = \u2066dewolla\u2069"))
    assert not set("\u202e\u2066\u2069") & set(text)
    assert "\\u202e" in text


def test_a_very_long_answer_is_compared_by_its_beginning_and_is_the_same_as_itself_alone() -> None:
    long = " ".join(map(str, range(200_000)))
    assert len(alike._pairs(long)) < alike.LONGEST
    assert alike.same(long) != alike.same(f"{long} and more")
