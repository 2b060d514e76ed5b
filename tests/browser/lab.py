"""What a person does in JupyterLab, through the page: open, type into a cell, run, save, validate."""

import json
from pathlib import Path

from playwright.sync_api import ConsoleMessage, Locator, Page, Request, Route, expect

from tests.browser.server import TOKEN

# Where a text stands on the screen: the middle of its rectangle, within one line of an editor.
_SPOT = """(editor, text) => {
    const walk = document.createTreeWalker(editor, NodeFilter.SHOW_TEXT);
    for (let node = walk.nextNode(); node; node = walk.nextNode()) {
        const at = node.data.indexOf(text);
        if (at < 0) continue;
        const range = document.createRange();
        range.setStart(node, at);
        range.setEnd(node, at + text.length);
        const box = range.getBoundingClientRect();
        return [box.x + box.width / 2, box.y + box.height / 2];
    }
    return null;
}"""


class Visit:
    """One page of the browser; it notes errors, and asks for nothing outside this machine."""

    def __init__(self, page: Page, address: str) -> None:
        self.page = page
        self.errors: list[str] = []
        self.outside: list[str] = []
        self._address = address
        page.context.route(lambda url: not url.startswith((address, "data:", "blob:")), self._refuse)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._note)
        page.on("requestfinished", self._note_status)

    def go(self, path: str) -> None:
        """Open a page of the server, as someone who has its token."""
        joint = "&" if "?" in path else "?"
        self.page.goto(f"{self._address}/{path}{joint}token={TOKEN}")

    def open(self, course: Path, notebook: Path) -> "Notebook":
        """Open a notebook in JupyterLab and wait until its kernel is ready."""
        self.go(f"lab/tree/{notebook.relative_to(course).as_posix()}?reset")
        opened = Notebook(self.page, notebook)
        opened.wait_for("Idle")
        return opened

    def said(self) -> str:
        """Errors of the page, and what it wanted from elsewhere."""
        return "\n".join([*self.errors, *(f"refused: {url}" for url in self.outside)])

    def _refuse(self, route: Route) -> None:
        self.outside.append(route.request.url)
        route.abort()

    def _note(self, message: ConsoleMessage) -> None:
        if message.type == "error" and "ERR_FAILED" not in message.text:  # what we refuse is in `outside`
            self.errors.append(message.text)

    def _note_status(self, request: Request) -> None:
        response = request.response()
        if response and response.status >= 400:
            self.errors.append(f"{response.status} {request.url}")


class Notebook:
    """The notebook that is open in JupyterLab; cells go by their ids in the file."""

    def __init__(self, page: Page, path: Path) -> None:
        self.page = page
        self.path = path
        self._order = [cell["id"] for cell in self.on_disk()["cells"]]

    def on_disk(self) -> dict:
        """The file as it is saved."""
        return json.loads(self.path.read_text("utf-8"))

    def source_on_disk(self, cell_id: str) -> str:
        """What the file holds in a cell."""
        return next("".join(cell["source"]) for cell in self.on_disk()["cells"] if cell["id"] == cell_id)

    def cell(self, cell_id: str) -> Locator:
        """The cell on the page, scrolled to."""
        place = self._order.index(cell_id)
        cell = self.page.locator(f'.jp-Notebook .jp-Cell[data-windowed-list-index="{place}"]')
        cell.scroll_into_view_if_needed()
        return cell

    def editor(self, cell_id: str) -> Locator:
        """The part of a cell that one types into."""
        return self.cell(cell_id).locator(".jp-InputArea-editor .cm-content")

    def output(self, cell_id: str) -> Locator:
        """What stands below a cell."""
        return self.cell(cell_id).locator(".jp-Cell-outputArea")

    def fill_blank(self, cell_id: str, answer: str) -> None:
        """Double-click the first ____ of a cell, and type the answer over it."""
        self.page.mouse.dblclick(*self._spot(cell_id, "____"))
        self.page.keyboard.type(answer)

    def replace_line(self, cell_id: str, words: str, answer: str) -> None:
        """Click into the line that holds the words, select it up to its indentation, and type over it."""
        self.page.mouse.click(*self._spot(cell_id, words))
        self.page.keyboard.press("End")
        self.page.keyboard.press("Shift+Home")
        self.page.keyboard.type(answer)

    def menu(self, *names: str) -> None:
        """Choose from the menus, such as Run, Run All Cells."""
        for name in names:
            self.page.get_by_role("menuitem", name=name, exact=True).click()

    def run_through(self, cell_id: str) -> None:
        """Run all cells up to this one and this one."""
        self.cell(cell_id).locator(".jp-InputPrompt").click()
        self.menu("Run", "Run All Above Selected Cell")
        self.cell(cell_id).locator(".jp-InputPrompt").click()
        self.page.keyboard.press("Control+Enter")

    def wait_for(self, status: str) -> None:
        """Wait until the status bar says that of the kernel."""
        expect(self.page.locator(".jp-StatusBar-TextItem", has_text=f"| {status}")).to_be_visible()

    def save(self) -> None:
        """Save, and wait until the tab says so."""
        self.page.keyboard.press("Control+s")
        expect(self.page.locator(".jp-mod-current.lm-TabBar-tab.jp-mod-dirty")).to_have_count(0)

    def validate(self) -> str:
        """Press Validate; what the dialog says, which is then closed."""
        self.page.get_by_role("button", name="Validate").click()
        message = self.dialogs.locator("#validation-message")
        message.wait_for()
        said = message.inner_text()
        self.dialogs.get_by_role("button", name="Ok").click()
        expect(self.dialogs).to_have_count(0)
        return said

    @property
    def pictures(self) -> Locator:
        """The pictures that cells have drawn."""
        return self.page.locator(".jp-Notebook .jp-OutputArea-output img")

    @property
    def complaints(self) -> Locator:
        """Tracebacks and whatever else cells wrote to stderr."""
        kinds = ("application/vnd.jupyter.stderr", "application/vnd.jupyter.error")
        return self.page.locator(", ".join(f'.jp-OutputArea-output[data-mime-type="{kind}"]' for kind in kinds))

    @property
    def dialogs(self) -> Locator:
        """The dialogs that are open."""
        return self.page.locator(".jp-Dialog")

    def _spot(self, cell_id: str, text: str) -> tuple[float, float]:
        editor = self.editor(cell_id)
        expect(editor).to_contain_text(text)
        x, y = editor.evaluate(_SPOT, text)
        return x, y
