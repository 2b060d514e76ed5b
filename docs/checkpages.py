"""Look over the built website: links inside lead somewhere, nothing comes from elsewhere, nothing private shows."""

import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

from bs4 import BeautifulSoup

from course.authoring import leaks
from course.authoring.lesson import read
from course.folder import CourseFolder

LOADS = {"script": "src", "img": "src", "link": "href", "iframe": "src", "source": "src", "video": "src"}
NO_LOAD = ("canonical", "next", "prev", "search", "index", "genindex", "author", "help", "copyright", "top")


def main(site: Path) -> int:
    """Print what is wrong; the exit status is 1 when anything is."""
    root = Path(__file__).resolve().parent.parent
    folder = CourseFolder(root)
    lessons = {name: read(folder.lessons / name) for name in folder.lesson_names()}
    found = [*problems(site), *map(str, leaks.scan_pages(site, lessons))]
    print(
        "\n".join(found)
        or f"{len(list(site.rglob('*.html')))} pages: links lead somewhere, nothing is loaded from elsewhere"
    )
    return int(bool(found))


def problems(site: Path) -> Iterator[str]:
    """Links that lead nowhere and things loaded from elsewhere, each with its page."""
    pages = {path: BeautifulSoup(path.read_text("utf-8"), "html.parser") for path in sorted(site.rglob("*.html"))}
    anchors = {path: {tag["id"] for tag in page.find_all(id=True)} for path, page in pages.items()}
    for path, page in pages.items():
        here = path.relative_to(site)
        for name, attribute in LOADS.items():
            for tag in page.find_all(name, attrs={attribute: True}):
                rel = tag.get("rel") or []
                if urlsplit(str(tag[attribute])).netloc and not set(rel) & set(NO_LOAD):
                    yield f"{here}: loads {tag[attribute]}"
        for tag in page.find_all("a", href=True):
            yield from _lost(site, path, str(tag["href"]), anchors)


def _lost(site: Path, path: Path, href: str, anchors: dict[Path, set[str]]) -> Iterator[str]:
    parts = urlsplit(href)
    if parts.scheme or parts.netloc:
        return
    target = (path.parent / unquote(parts.path)).resolve() if parts.path else path
    here = path.relative_to(site)
    if not target.exists() or not target.is_relative_to(site.resolve()):
        yield f"{here}: the link {href} leads nowhere"
    elif parts.fragment and target in anchors and unquote(parts.fragment) not in anchors[target]:
        yield f"{here}: the link {href} leads to a place that the page does not have"


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]).resolve()))
