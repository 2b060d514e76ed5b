"""JupyterLab as a part of `course serve`: what is said when it does not start."""

import socket
from pathlib import Path

import pytest
from typer.testing import CliRunner

from course.cli import app
from course.errors import CourseError
from course.folder import CourseFolder
from course.serving import lab


def test_a_jupyterlab_that_does_not_start_says_why_and_how_to_go_on(
    tiny_course: CourseFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = tmp_path / "settings"
    settings.mkdir()
    (settings / "jupyter_server_config.json").write_text('{"ServerApp": {"certfile": "none.pem"}}')
    monkeypatch.setenv("JUPYTER_CONFIG_DIR", str(settings))
    with (
        pytest.raises(CourseError, match=r"(?s)did not start; --no-lab leaves it out.*none.pem"),
        lab.running(tiny_course, "t"),
    ):
        pass


def test_a_port_that_is_taken_is_named(tiny_course: CourseFolder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = CliRunner().invoke(app, ["serve", "--no-lab", "--port", port, "--course", str(tiny_course.root)])
    assert said.exit_code == 1
    assert f"port {port} cannot be used" in str(said.exception)
    assert "--port" in str(said.exception)
