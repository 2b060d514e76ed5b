"""In-line blanks: a trailing `#? pow | dim=1` names the tokens of its line that become `____` in release/."""

import io
import re
import tokenize
from dataclasses import dataclass

BLANK = "____"
# A formatter writes `#? pow` as `# ? pow`, so both are the marker.
MARK = re.compile(r"#\s?\?(?:\s|$)")

_FSTRING_ENDS = {"FSTRING_START": 1, "FSTRING_END": -1, "TSTRING_START": 1, "TSTRING_END": -1}
_LAYOUT = (tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT, tokenize.ENDMARKER)


class BlankError(ValueError):
    """A `#?` marker that does not say clearly which tokens to blank."""


@dataclass(frozen=True, order=True)
class Blank:
    """One blank: the row (from 0) and the columns that it takes away."""

    row: int
    start: int
    stop: int


@dataclass(frozen=True)
class _Token:
    text: str
    row: int
    start: int
    last_row: int
    stop: int


def marked(source: str) -> bool:
    """Whether a cell holds a `#?` marker."""
    return bool(MARK.search(source)) and any(MARK.match(comment.text) for comment in _tokens(source)[1])


def apply(source: str) -> str:
    """The source with its blanks made and the markers gone; BlankError when a marker is not clear."""
    _, comments = _tokens(source)
    found, problems = find(source)
    if problems:
        raise BlankError(f"line {problems[0][0] + 1}: {problems[0][1]}")
    rows = source.split("\n")
    for comment in comments:
        if MARK.match(comment.text):
            rows[comment.row] = rows[comment.row][: comment.start].rstrip()
    for blank in sorted(found, reverse=True):
        row = rows[blank.row]
        rows[blank.row] = row[: blank.start] + BLANK + row[blank.stop :]
    return "\n".join(rows)


def find(source: str) -> tuple[list[Blank], list[tuple[int, str]]]:
    """The blanks of a cell, and what is wrong with its markers as (row from 0, text)."""
    code, comments = _tokens(source)
    found: list[Blank] = []
    problems: list[tuple[int, str]] = []
    for comment in comments:
        if not MARK.match(comment.text):
            continue
        line = [token for token in code if token.row == token.last_row == comment.row]
        blanks, wrong = _on_line(comment, line)
        found += blanks
        problems += [(comment.row, text) for text in wrong]
    return found, problems


def _on_line(comment: _Token, line: list[_Token]) -> tuple[list[Blank], list[str]]:
    """The blanks that one marker names on its line."""
    if not line:
        return [], ["a `#?` marker belongs at the end of a line of code, not on a line of its own"]
    items = [item.strip() for item in re.split(r"(?<!\\)\|", MARK.sub("", comment.text, count=1))]
    found: list[Blank] = []
    problems: list[str] = []
    for item in items:
        try:
            found.append(_blank(item.replace(r"\|", "|"), line))
        except BlankError as error:
            problems.append(str(error))
    for before, after in zip(sorted(found), sorted(found)[1:], strict=False):
        if after.start < before.stop:
            problems.append("two blanks of this line overlap: name each token once")
    return found, problems


def _blank(item: str, line: list[_Token]) -> Blank:
    """The one place on the line that an item such as `pow` or `x@2` means; BlankError when there is not one."""
    match = re.fullmatch(r"(?P<text>.*\S)@(?P<which>\d+)", item)
    text, which = (match["text"], int(match["which"])) if match else (item, 0)
    wanted = [token.text for token in _tokens(text)[0]]
    if not wanted:
        raise BlankError("an empty item in `#?`: name the tokens to blank, separated by ` | `")
    places = _places(wanted, [token.text for token in line])
    if not places:
        shown = " ".join(token.text for token in line)
        raise BlankError(f"`#?` names `{text}`, which is not a token of this line ({shown})")
    if match and not 0 < which <= len(places):
        raise BlankError(f"`#?` names `{item}`, but `{text}` is on this line {len(places)} time(s)")
    if not which and len(places) > 1:
        names = " or ".join(f"{text}@{k + 1}" for k in range(len(places)))
        raise BlankError(f"`#?` names `{text}`, which is on this line {len(places)} times: write {names}")
    start = places[max(which, 1) - 1]
    return Blank(line[start].row, line[start].start, line[start + len(wanted) - 1].stop)


def _places(wanted: list[str], line: list[str]) -> list[int]:
    """Where the run of tokens starts, without overlaps."""
    places, index = [], 0
    while index <= len(line) - len(wanted):
        if line[index : index + len(wanted)] == wanted:
            places.append(index)
            index += len(wanted)
        else:
            index += 1
    return places


def _tokens(source: str) -> tuple[list[_Token], list[_Token]]:
    """The code tokens and the comments, as far as the source can be tokenized; an f-string is one token."""
    code: list[_Token] = []
    comments: list[_Token] = []
    depth, opened = 0, (0, 0)
    rows = source.split("\n")
    try:
        for token in tokenize.generate_tokens(io.StringIO(source + "\n").readline):
            step = _FSTRING_ENDS.get(tokenize.tok_name[token.type], 0)
            if step == 1 and depth == 0:
                opened = token.start
            depth += step
            if step == -1 and depth == 0:
                text = _slice(rows, opened, token.end)
                code.append(_Token(text, opened[0] - 1, opened[1], token.end[0] - 1, token.end[1]))
            elif step or depth:
                continue
            else:
                kept = _Token(token.string, token.start[0] - 1, token.start[1], token.end[0] - 1, token.end[1])
                if token.type == tokenize.COMMENT:
                    comments.append(kept)
                elif token.type not in _LAYOUT:
                    code.append(kept)
    except (tokenize.TokenError, SyntaxError):
        pass  # the rest cannot be tokenized; that the cell is not Python is reported by who compiles it
    return code, comments


def _slice(rows: list[str], start: tuple[int, int], stop: tuple[int, int]) -> str:
    if start[0] == stop[0]:
        return rows[start[0] - 1][start[1] : stop[1]]
    middle = rows[start[0] : stop[0] - 1]
    return "\n".join([rows[start[0] - 1][start[1] :], *middle, rows[stop[0] - 1][: stop[1]]])
