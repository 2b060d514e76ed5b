"""Draw `lessons/map.yaml` as docs/images/lessons.svg: a box a lesson, an arrow to each that builds on it."""

from html import escape
from pathlib import Path

from course.authoring.lesson import read
from course.authoring.lessonmap import LessonMap, hours, read_map, spoken

ROOT = Path(__file__).parents[1]
TARGET = ROOT / "docs/images/lessons.svg"
WIDTH, HEIGHT, GAP_X, GAP_Y, EDGE = 178, 58, 56, 22, 12
HEAD = """\
<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img">
<title>The lessons and what each builds on</title>
<style>
text {{ font: 14px system-ui, "Segoe UI", Roboto, Arial, sans-serif; fill: #1c2430; text-anchor: middle; }}
.name {{ font-weight: 600; }}
.takes {{ font-size: 12px; fill: #55606e; }}
rect {{ fill: #f5f6f8; stroke: #7b8794; }}
path {{ fill: none; stroke: #7b8794; stroke-width: 1.5; }}
.tip {{ fill: #7b8794; stroke: none; }}
@media (prefers-color-scheme: dark) {{
  text {{ fill: #e6e9ee; }}
  .takes {{ fill: #a3adba; }}
  rect {{ fill: #1d232b; stroke: #77828f; }}
  path {{ stroke: #77828f; }}
  .tip {{ fill: #77828f; }}
}}
</style>
<defs><marker id="tip" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">
<path class="tip" d="M0 0L8 4L0 8z"/></marker></defs>
"""


def drawing(found: LessonMap, takes: dict[str, str]) -> str:
    """The picture; `takes` is what stands below each lesson's name."""
    columns: dict[int, list[str]] = {}
    for name in sorted(found.needs):
        columns.setdefault(found.depths[name], []).append(name)
    tallest = max(len(names) for names in columns.values())
    height = 2 * EDGE + tallest * HEIGHT + (tallest - 1) * GAP_Y
    width = 2 * EDGE + len(columns) * WIDTH + (len(columns) - 1) * GAP_X
    at = {
        name: (
            EDGE + column * (WIDTH + GAP_X),
            (height - len(names) * HEIGHT - (len(names) - 1) * GAP_Y) // 2 + row * (HEIGHT + GAP_Y),
        )
        for column, names in columns.items()
        for row, name in enumerate(names)
    }
    arrows = "".join(_arrow(at[need], at[name]) for name, needs in sorted(found.needs.items()) for need in needs)
    boxes = "".join(_box(name, at[name], takes.get(name, "")) for name in sorted(found.needs))
    return f"{HEAD.format(width=width, height=height)}{arrows}{boxes}</svg>\n"


def _box(name: str, at: tuple[int, int], takes: str) -> str:
    x, y = at
    middle = x + WIDTH // 2
    return (
        f'<rect x="{x}" y="{y}" width="{WIDTH}" height="{HEIGHT}" rx="9"/>\n'
        f'<text class="name" x="{middle}" y="{y + 25}">{escape(spoken(name))}</text>\n'
        f'<text class="takes" x="{middle}" y="{y + 44}">{escape(takes)}</text>\n'
    )


def _arrow(start: tuple[int, int], end: tuple[int, int]) -> str:
    x, y, to_x, to_y = start[0] + WIDTH, start[1] + HEIGHT // 2, end[0], end[1] + HEIGHT // 2
    bend = GAP_X // 2
    return f'<path d="M{x} {y}C{x + bend} {y} {to_x - bend} {to_y} {to_x} {to_y}" marker-end="url(#tip)"/>\n'


def current() -> str:
    """The picture of the lessons as they are."""
    found = read_map(ROOT / "lessons")
    takes = {}
    for name in found.needs:
        lesson = read(ROOT / "lessons" / name)
        minutes = sum(exercise.minutes for exercise in lesson.exercises)
        takes[name] = f"{len(lesson.exercises)} exercises · {hours(minutes)}"
    return drawing(found, takes)


if __name__ == "__main__":
    TARGET.write_text(current(), "utf-8")
