"""Markdown of a student's notebook as clean HTML: for the feedback page with MathML, for formgrader with its MathJax.

A picture that is attached is shown where it is named first, and by its words where it is named again; one whose
attachment is missing, as is usual after cells were copied, is its words everywhere.
"""

import html
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from jinja2 import pass_context
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from course.report.cleaning import clean
from course.report.formulas import mathml

_TOKEN = "\ue000{}\ue001"  # stands for a formula while the page is cleaned; no keyboard types it
_ATTACHED = "attachment:"
_KINDS = ("image/png", "image/jpeg", "image/gif", "image/webp", "image/svg+xml")
_KEPT = 500  # texts whose HTML is kept: most of a class's pages is the lesson, which all of them show


@pass_context
def for_feedback(context: Any, source: str) -> str:
    """Clean HTML with the formulas in MathML."""
    if _ATTACHED in source:
        return _with_formulas(_WithMathml(**_options(context)), source)
    return _alone(source)


@lru_cache(_KEPT)
def _alone(source: str) -> str:
    """The HTML of a text that shows nothing but itself."""
    return _with_formulas(_WithMathml({}, {}), source)


def _with_formulas(renderer: "_WithMathml", source: str) -> str:
    text = _rendered(renderer, source)
    for number, formula in enumerate(renderer.formulas):
        text = text.replace(_TOKEN.format(number), formula, 1)
    return text


@pass_context
def for_formgrader(context: Any, source: str) -> str:
    """Clean HTML with the formulas between dollars, for the MathJax of formgrader's page."""
    return _rendered(_Renderer(**_options(context)), source)


def _rendered(renderer: "_Renderer", source: str) -> str:
    """Clean HTML; the text as it stands where it is nested deeper than can be read."""
    try:
        return clean(MarkdownWithMath(renderer=renderer).render(source))
    except RecursionError:
        return f"<pre>{html.escape(source)}</pre>"


def _options(context: Any) -> dict[str, Any]:
    cell = context.get("cell") or {}
    shown = context["resources"].setdefault("clozegrad_shown", {}) if context.get("resources") is not None else {}
    return {"attachments": cell.get("attachments") or {}, "shown": shown}


class _Renderer(IPythonRenderer):
    """nbconvert's renderer; `shown` has the attachments that the page shows already."""

    def __init__(self, attachments: Mapping[str, Any], shown: dict[str, None]) -> None:
        super().__init__(escape=False, attachments=dict(attachments), exclude_anchor_links=True)
        self._shown = shown

    def image(self, text: str, url: str, title: str | None = None) -> str:
        """A picture; one that is attached and lost, or on the page already, is its words."""
        if not url.startswith(_ATTACHED):
            return str(super().image(text, url, title))
        name = url.removeprefix(_ATTACHED)
        words = html.escape(text or name)
        data = self._data(name)
        if not data:
            return f"<em>[picture that is not in the notebook: {words}]</em>"
        if data in self._shown:
            return f"<em>[picture, shown above: {words}]</em>"
        self._shown[data] = None
        return f'<img src="{html.escape(data)}" alt="{words}">'

    def _data(self, name: str) -> str:
        """The address that holds the attachment; empty when there is none of that name, or no picture."""
        forms = self.attachments.get(name)
        if not isinstance(forms, Mapping):
            return ""
        return next((f"data:{kind};base64,{forms[kind]}" for kind in _KINDS if isinstance(forms.get(kind), str)), "")


class _WithMathml(_Renderer):
    """Puts each formula aside and leaves a token in its place, so that cleaning cannot touch it."""

    def __init__(self, attachments: Mapping[str, Any], shown: dict[str, None]) -> None:
        super().__init__(attachments, shown)
        self.formulas: list[str] = []

    def block_math(self, body: str) -> str:
        """A formula of its own line."""
        return f'<div class="formula">{self._kept(body, "block")}</div>'

    def inline_math(self, body: str) -> str:
        """A formula within a line."""
        return self._kept(body, "inline")

    def latex_environment(self, name: str, body: str) -> str:
        """A formula given as an environment, such as align."""
        return self.block_math(rf"\begin{{{name}}}{body}\end{{{name}}}")

    def _kept(self, tex: str, display: str) -> str:
        self.formulas.append(mathml(tex.strip().strip("$"), display))
        return _TOKEN.format(len(self.formulas) - 1)
