"""From a deck to a lesson: code with blanks becomes cloze exercises, the rest cards to recall or written questions.

A deck comes from anywhere. Whatever its notes hold, they add no cell, no header, no marker of nbgrader's, no tag and no
link that runs code to the lesson, and nothing of them is run: not here, not at a build, not at grading.
"""

from course.cards.importing.choosing import Wanted
from course.cards.importing.items import Item, items_of
from course.cards.importing.writing import Imported, import_deck

__all__ = ["Imported", "Item", "Wanted", "import_deck", "items_of"]
