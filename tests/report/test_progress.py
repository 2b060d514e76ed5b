from io import StringIO

from rich.console import Console

from course.report.progress import bar


def test_the_bar_names_the_student_and_counts() -> None:
    screen = StringIO()
    with bar(2, Console(file=screen, force_terminal=True, width=100)) as advance:
        advance("ann_lee")
    assert "ann_lee" in screen.getvalue()
    assert "1/2" in screen.getvalue()


def test_a_pipe_gets_nothing() -> None:
    pipe = StringIO()
    with bar(2, Console(file=pipe)) as advance:
        advance("ann_lee")
    assert pipe.getvalue() == ""


def test_a_name_is_shown_as_it_is() -> None:
    screen = StringIO()
    with bar(1, Console(file=screen, force_terminal=True, width=100)) as advance:
        advance("[red]eve[/]")
    assert "[red]eve[/]" in screen.getvalue()
