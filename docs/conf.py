"""The website of the course: `make docs` builds it without a network, and it needs none to be read.

Lessons become pages by `lessonpages`, the command line by `commandpage`; formulas become MathML here.
"""

import os
import sys
import tomllib
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
ROOT = HERE.parent
sys.path[:0] = [str(HERE), str(ROOT)]

import commandpage  # noqa: E402
import lessonpages  # noqa: E402

from course.report.formulas import mathml  # noqa: E402

project = "clozegrad"
author = "the clozegrad team"
copyright = "the clozegrad team"
release = str(tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["version"])

extensions = ["myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
exclude_patterns = ["_build", "README.md"]
nb_execution_mode = "off"  # lessonpages runs them, and keeps what they showed
nb_merge_streams = True
myst_enable_extensions = ["colon_fence", "deflist", "dollarmath", "attrs_inline", "html_image"]
myst_heading_anchors = 4
autodoc_typehints = "signature"
autodoc_member_order = "bysource"
autodoc_preserve_defaults = True
napoleon_google_docstring = True
default_role = "code"
suppress_warnings = ["myst.header", "mystnb.unknown_mime_type"]  # a lesson's exercises are third-level headings

html_theme = "sphinx_book_theme"
html_title = "clozegrad"
html_static_path = ["static"]
html_css_files = ["site.css"]
html_show_sourcelink = False
html_copy_source = False
html_theme_options = {
    "use_download_button": False,
    "use_fullscreen_button": False,
    "show_navbar_depth": 1,
    "navbar_persistent": [],  # the sidebar has the search already
    "home_page_in_toc": True,
}


def setup(app: Any) -> None:
    """Formulas as MathML; pages that are made from lessons and from the command line."""
    app.add_html_math_renderer("mathml", inline_renderers=(_inline, None), block_renderers=(_block, None))
    app.connect("builder-inited", _make_pages)


html_math_renderer = "mathml"


def _inline(translator: Any, node: Any) -> None:
    from docutils.nodes import SkipNode

    translator.body.append(mathml(node.astext()))
    raise SkipNode


def _block(translator: Any, node: Any) -> None:
    from docutils.nodes import SkipNode

    translator.body.append(f'<div class="math">{mathml(node.astext(), "block")}</div>')
    raise SkipNode


def _make_pages(app: Any) -> None:
    commandpage.write(HERE / "commands.md")
    if os.environ.get("SITE_LESSONS") == "none":  # for a quick look at the other pages
        (HERE / "lessons").mkdir(exist_ok=True)
        (HERE / "lessons" / "index.md").write_text("# Lessons\n", "utf-8")
    else:
        lessonpages.write(ROOT, HERE / "lessons")
