"""The two note types of our decks. Their ids, names and fields never change: by them Anki knows the cards again."""

from functools import cache
from importlib.resources import files

import genanki

BASIC_ID = 1_731_604_001
CLOZE_ID = 1_731_604_002
_SOURCE = '<div class="source">{{Source}}</div>'


@cache
def basic() -> genanki.Model:
    """A question and its answer."""
    question = '<div class="side">{{Front}}</div>'
    answer = f'{{{{FrontSide}}}}\n<hr id="answer">\n<div class="side">{{{{Back}}}}</div>\n{_SOURCE}'
    return genanki.Model(
        BASIC_ID,
        "clozegrad",
        fields=[{"name": "Front"}, {"name": "Back"}, {"name": "Source"}],
        templates=[{"name": "Card", "qfmt": question, "afmt": answer}],
        css=css(),
    )


@cache
def cloze() -> genanki.Model:
    """A text with parts to fill in, a card for each number."""
    side = '<div class="side">{{cloze:Text}}</div>'
    return genanki.Model(
        CLOZE_ID,
        "clozegrad cloze",
        fields=[{"name": "Text"}, {"name": "Source"}],
        templates=[{"name": "Cloze", "qfmt": side, "afmt": f"{side}\n{_SOURCE}"}],
        css=css(),
        model_type=genanki.Model.CLOZE,
    )


def css() -> str:
    """How cards look, by day and by night."""
    return files("course.cards").joinpath("templates/card.css").read_text("utf-8")
