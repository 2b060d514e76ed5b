"""In-line blanks: tokens, not text, become ``____``, and only when the marker says clearly which."""

import pytest

from course.authoring import blanks

LINES = {
    "one token": ("y = x.pow(2)  #? pow", "y = x.____(2)"),
    "several tokens": ("y = f(a, b)  #? a | b | f", "y = ____(____, ____)"),
    "a run of tokens": ("y = x.sum(dim=1)  #? dim=1", "y = x.sum(____)"),
    "a run spaced in another way": ("y = x.sum(dim = 1)  #? dim=1", "y = x.sum(____)"),
    "a token inside a longer name": ("pow_2 = x.pow(2)  #? pow", "pow_2 = x.____(2)"),
    "the second of two": ("y = x + x  #? x@2", "y = x + ____"),
    "both of two": ("y = x + x  #? x@1 | x@2", "y = ____ + ____"),
    "an operator": ("y = a @ b  #? @", "y = a ____ b"),
    "a keyword": ("for x in y:  #? in\n    pass", "for x ____ y:\n    pass"),
    "a string": ("f(mode='train')  #? 'train'", "f(mode=____)"),
    "an f-string": ("print(f'{x} {x}', x)  #? x", "print(f'{x} {x}', ____)"),
    "a bar": (r"y = a | b  #? \|", "y = a ____ b"),
    "a formatted marker": ("y = x.pow(2)  # ? pow", "y = x.____(2)"),
    "one line of a long call": ("y = f(\n    a,  #? a\n    a,\n)", "y = f(\n    ____,\n    a,\n)"),
    "letters of another alphabet": ("é = 'ü' + ñ  #? ñ", "é = 'ü' + ____"),
    "a marker in a string": ("y = 'x  #? y'", "y = 'x  #? y'"),
}


@pytest.mark.parametrize(("line", "blanked"), LINES.values(), ids=LINES)
def test_a_blank_takes_the_tokens_that_it_names(line: str, blanked: str) -> None:
    assert blanks.apply(line) == blanked


UNCLEAR = {
    "a token of another line": ("y = 1\nz = 2  #? y", "names `y`, which is not a token of this line"),
    "a piece of a name": ("power = 1  #? pow", "names `pow`, which is not a token"),
    "a piece of a string": ("s = 'train mode'  #? train", "names `train`, which is not a token"),
    "a token that is there twice": ("y = x + x  #? x", "on this line 2 times: write x@1 or x@2"),
    "a third of two": ("y = x + x  #? x@3", "names `x@3`, but `x` is on this line 2 time"),
    "the noughth": ("y = x + x  #? x@0", "names `x@0`"),
    "two blanks that overlap": ("y = x.sum(dim=1)  #? dim=1 | dim", "overlap"),
    "one blank twice": ("y = x.pow(2)  #? pow | pow", "overlap"),
    "no token": ("y = 1  #? ", "an empty item"),
    "an empty item": ("y = 1  #? y | ", "an empty item"),
    "a line without code": ("#? y\ny = 1", "not on a line of its own"),
}


@pytest.mark.parametrize(("line", "said"), UNCLEAR.values(), ids=UNCLEAR)
def test_an_unclear_marker_says_what_to_write(line: str, said: str) -> None:
    with pytest.raises(blanks.BlankError, match="line") as error:
        blanks.apply(line)
    assert said in str(error.value)


def test_text_without_markers_stays_as_it_is() -> None:
    text = "%matplotlib inline\ny = (1,\n"
    assert not blanks.marked(text)
    assert blanks.apply(text) == text
