"""What axe finds on a page, or in parts of it, as lines to read."""

from collections.abc import Sequence

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page


def violations(page: Page, *parts: str, leaving_out: Sequence[str] = (), without: Sequence[str] = ()) -> list[str]:
    """Every violation, by rule and element.

    Args:
        parts: selectors of what to look at (default: all of the page).
        leaving_out: selectors of what to pass over in there.
        without: rules that do not apply.
    """
    context = {"include": [[part] for part in parts], "exclude": [[part] for part in leaving_out]} if parts else None
    rules = {rule: {"enabled": False} for rule in without}
    found = Axe().run(page, context=context, options={"rules": rules}).response
    assert parts == () or found["passes"], f"{page.url} shows nothing of {parts}"
    return [
        f"{one['id']}: {node['target']} {node['html'][:120]} {node['failureSummary'][:300]}"
        for one in found["violations"]
        for node in one["nodes"]
    ]
