"""A deck of our own that shows every edge of reading, written as each kind of file; and a big one.

``EDGES`` says, note by note, what the deck holds and what must be read from it. ``write_notes`` and ``write_cards`` make text
exports of it, ``write_package`` the three layouts of .apkg, ``big_deck`` 1,100 notes with 150 code notes and 650 blanks.
"""

import csv
import io
import json
import sqlite3
import tempfile
import zipfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import zstandard

from course.cards.deck import Code, Part, Prose
from course.cloze.blanks import Blank

PICTURE = b"\x89PNG\r\n\x1a\n a picture of ours"
SOUND = b"ID3 a sound of ours"
MEDIA = {"loss curve.png": PICTURE, "glocke_ä.mp3": SOUND}
LAYOUTS = ("collection.anki2", "collection.anki21", "collection.anki21b")
BIG_NOTES, BIG_CODE_NOTES, BIG_BLANKS = 1100, 150, 650


@dataclass(frozen=True)
class Edge:
    """One note of the deck, as HTML, and the parts that must be read from it."""

    name: str
    html: str
    front: tuple[Part, ...]
    back_html: str = ""
    back: tuple[Part, ...] = ()
    cloze: bool = False
    tags: tuple[str, ...] = ()
    deck: str = "Deep learning"

    @property
    def notetype(self) -> str:
        return "Fill in" if self.cloze else "Ask"


def code(*pieces: str | Blank) -> Code:
    return Code(pieces)


def prose(*pieces: str | Blank) -> Prose:
    return Prose(pieces)


def blank(answer: str, hint: str = "", *groups: int) -> Blank:
    return Blank(answer, hint, groups=groups or (1,))


ASKED = (
    Edge("a question and an answer", "What is SGD?", (prose("What is SGD?"),), "A descent", (prose("A descent"),)),
    Edge("tags and a deck below another", "Rank?", (prose("Rank?"),), tags=("maths", "deep::rank"), deck="Maths::Rank"),
    Edge("several lines", "one<br>two\nmore", (prose("one  \ntwo more"),), "a<div>b</div>", (prose("a\n\nb"),)),
    Edge("doubled quotes", 'Say "mean"', (prose('Say "mean"'),)),
    Edge("a first sign that would be a comment", "#include", (prose("\\#include"),)),
    Edge("separators inside", "a\tb; c, d", (prose("a b; c, d"),)),
    Edge("entities", "a &lt; b &amp;&nbsp; c&eacute;", (prose("a &lt; b & cé"),)),
    Edge("signs of Markdown", "x_1 * y_ `z` $5 [a](b)", (prose("x_1 \\* y\\_ \\`z\\` \\$5 [a\\](b)"),)),
    Edge("a list", "Kinds:<ul><li>SGD</li><li>Adam</li></ul>", (prose("Kinds:\n\n- SGD\n- Adam"),)),
    Edge("bold and italic", "a <b>big</b> <i>step</i>", (prose("a **big** *step*"),)),
    Edge("a table", "<table><tr><td>a</td><td>b</td></tr></table>", (prose("| a | b |\n| --- | --- |"),)),
    Edge("inline code", "Call <code>x.sum(-1)</code> twice", (prose("Call `x.sum(-1)` twice"),)),
    Edge("powers", "x<sup>2</sup> and H<sub>n+1</sub>", (prose("x^2 and H\\_(n+1)"),)),
    Edge("maths", r"\(x^2\) and \[\sum_i x_i\]", (prose(r"$x^2$ and $$\sum_i x_i$$"),)),
    Edge("old maths", "[$]a_1[/$] [$$]b[/$$] [latex]$c$[/latex]", (prose("$a_1$ $$b$$ $c$"),)),
    Edge("maths with signs of HTML", r"\(a &lt;b &amp; c\)", (prose("$a < b & c$"),)),
    Edge("a script", "a<script>alert(1)</script>b", (prose("ab"),)),
    Edge("a style and a handler", '<style>b{}</style><p onclick="x()">c</p>', (prose("c"),)),
    Edge("a tag left as text", "&lt;script&gt;x", (prose("&lt;script&gt;x"),)),
    Edge("a link that runs code", '<a href="javascript:x()">here</a>', (prose("here"),)),
    Edge("a picture", '<img src="loss%20curve.png" onerror="x()">', (prose("![](loss%20curve.png)"),)),
    Edge("a sound", "listen [sound:glocke_ä.mp3]", (prose("listen [sound:glocke_ä.mp3]"),)),
    Edge("a code block", "Run<pre>a &lt; b\n\tc</pre>", (prose("Run"), code("a < b\n\tc"))),
)
TYPED = (
    Edge(
        "code with a blank",
        "<pre>from torch import <input maxlength='5' name='optim_02570727' style='width: 5ch'></pre>",
        (code("from torch import ", blank("optim")),),
        "the optimisers",
        (prose("the optimisers"),),
    ),
    Edge(
        "three kinds of quotes",
        '<pre><input name="a"> <input name="a_12345678"> <input name=\'b_12345678\'> <input name=c_12345678></pre>',
        (code(" ", blank("a"), " ", blank("b"), " ", blank("c")),),
    ),
    Edge(
        "a sign that closes inside an attribute",
        "<pre><input style='x>y' name='a>b_12345678'>!</pre>",
        (code(blank("a>b"), "!"),),
    ),
    Edge("entities in an answer", "<pre><input name='x&lt;&quot;&amp;_00000000'></pre>", (code(blank('x<"&')),)),
    Edge(
        "spaces and leading spaces",
        "<pre>f(x,<input name=' dim = 1_12345678'>)</pre>",
        (code("f(x,", blank(" dim = 1"), ")"),),
    ),
    Edge("underscores", "<pre><input name='__init___12345678'></pre>", (code(blank("__init__")),)),
    Edge("double quotes", "<pre>m = <input name='\"r\"_12345678'></pre>", (code("m = ", blank('"r"')),)),
    Edge(
        "its own quotes", "<pre>p(<input name='x['a']_12345678' size='3'>)</pre>", (code("p(", blank("x['a']"), ")"),)
    ),
    Edge("punctuation only", "<pre>x<input name='[:,_12345678'>0]</pre>", (code("x", blank("[:,"), "0]"),)),
    Edge("other alphabets", "<pre>'<input name='größe_梯度_12345678'>'</pre>", (code("'", blank("größe_梯度"), "'"),)),
    Edge(
        "the same name twice",
        "<pre><input name='x_12345678'> + <input name='x_12345678'></pre>",
        (code(blank("x"), " + ", blank("x")),),
    ),
    Edge(
        "several blocks",
        "<pre>a = <input name='1_12345678'></pre>then<pre><code>b = <input name='2_12345678'></code></pre>"
        "and <code>c(<input name='3_12345678'>)</code>",
        (
            code("a = ", blank("1")),
            prose("then"),
            code("b = ", blank("2")),
            prose("and"),
            code("c(", blank("3"), ")"),
        ),
    ),
    Edge(
        "blanks in a string, a comment and an output",
        "<pre>&gt;&gt;&gt; f('<input name='a b_12345678'>')  # the <input name='mean_12345678'>\n"
        "tensor(<input name='2._12345678'>)</pre>",
        (code(">>> f('", blank("a b"), "')  # the ", blank("mean"), "\ntensor(", blank("2."), ")"),),
    ),
    Edge("part of a name", "<pre>nn.Conv<input name='2d_12345678'>(3)</pre>", (code("nn.Conv", blank("2d"), "(3)"),)),
    Edge("no blank", "<pre>a<input name='b_1234567'><input type='checkbox'></pre>", (code("a"),)),
    Edge(
        "lines by tags",
        "<pre>for x in y:<br>&nbsp;&nbsp;<input name='f_12345678'>(x)<div><br></div><div>g()</div><pre>h()</pre></pre>",
        (code("for x in y:\n  ", blank("f"), "(x)\n\ng()\nh()"),),
    ),
    Edge(
        "colours of a highlighter",
        '<div class="highlight"><table><tr><td class="linenos"><pre>1\n2</pre></td><td><pre><span class="k">def</span> '
        "<span>f</span>(<input name='x_12345678'>):\n  <span>pass</span></pre></td></tr></table></div>",
        (code("def f(", blank("x"), "):\n  pass"),),
    ),
    Edge("a blank in prose", "Its name is <input name='Adam_12345678'>.", (prose("Its name is ", blank("Adam"), "."),)),
    Edge(
        "a blank with a hint",
        "<pre><input name='a_12345678' placeholder='first letter'></pre>",
        (code(blank("a", "first letter")),),
    ),
    Edge(
        "an answer side that repeats its question",
        "<pre>a.<input name='b_12345678'></pre>",
        (code("a.", blank("b")),),
        "<pre>a.<input name='b_12345678'></pre><hr id=answer>because",
        (prose("because"),),
    ),
    Edge(
        "an answer side that repeats its code below other words",
        "<pre>a.<input name='b_12345678'></pre>",
        (code("a.", blank("b")),),
        "that is<pre>a.<input name='b_12345678'></pre>",
        (prose("that is"), code("a.b")),
    ),
    Edge(
        "a rendered cloze",
        'The <span class="cloze" data-cloze="learning&#x20;rate" data-ordinal="2">[how fast]</span> matters',
        (prose("The ", blank("learning rate", "how fast", 2), " matters"),),
        'The <span class="cloze" data-ordinal="2">learning rate</span> matters<br>much',
        (prose("much"),),
    ),
)
OLD = (
    Edge(
        "a rendered cloze of an older Anki",
        "The <span class=cloze>[how fast]</span> &lt; <span class=cloze>[...]</span>",
        (prose("The ", blank("rate", "how fast"), " &lt; ", blank("**1**")),),
        "The <span class=cloze>rate</span> &lt; <span class=cloze><b>1</b></span><br>so",
        (prose("so"),),
    ),
    Edge(
        "an old cloze whose answer is not told",
        "The <span class=cloze>[...]</span> of A",
        (prose("The [...] of A"),),
        "rank",
        (prose("rank"),),
    ),
)
FILLED = (
    Edge(
        "a cloze",
        "The {{c1::rank}} of A",
        (prose("The ", blank("rank"), " of A"),),
        "of a matrix",
        (prose("of a matrix"),),
    ),
    Edge(
        "hints and numbers",
        "{{c2::SGD::an optimiser}} with {{c1,3::momentum}}",
        (prose(blank("SGD", "an optimiser", 2), " with ", blank("momentum", "", 1, 3)),),
    ),
    Edge(
        "one cloze in another",
        "{{c1::a {{c2::b::inner}} c::outer}}!",
        (prose(blank("a ", "outer"), blank("b", "inner", 1, 2), blank(" c"), "!"),),
    ),
    Edge(
        "escaped colons and braces",
        "<pre>{{c1::torch&#58;&#58;ops}} {{c1::{0:<!-- -->:{1&#125;&#125;}}</pre>",
        (code(blank("torch::ops"), " ", blank("{0::{1}}")),),
    ),
    Edge("a cloze in code", "<pre>x.{{c1::add_}}(1)</pre>", (code("x.", blank("add_"), "(1)"),)),
    Edge("a cloze around code", "{{c1::<pre>x &lt; 1</pre>}}", (code(blank("x < 1")),)),
    Edge("a cloze in maths", r"\(x = {{c1::y^2}}\)", (prose("$x = ", blank("y^2"), "$"),)),
    Edge("maths in a cloze", r"{{c1::\(y^2\)}} it is", (prose(blank("$y^2$"), " it is"),)),
    Edge("tags in a cloze", "a {{c1::<b>b</b>&lt;i&gt;}}", (prose("a ", blank("**b**&lt;i&gt;")),)),
    Edge("a cloze of inline code", "call {{c1::<code>x_</code>}}", (prose("call ", blank("`x_`")),)),
)
FILLED_EDGES = tuple(Edge(e.name, e.html, e.front, e.back_html, e.back, True, e.tags, e.deck) for e in FILLED)
EDGES: tuple[Edge, ...] = (*ASKED, *TYPED, *OLD, *FILLED_EDGES)


def guid(number: int) -> str:
    return f"guid;{number:03}"


def write_notes(
    path: Path,
    edges: Sequence[Edge] = EDGES,
    *,
    separator: str = "\t",
    newline: str = "\n",
    bom: bool = False,
) -> Path:
    """A text export of notes with every column that Anki writes, and a row of comment before each third note."""
    named = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "pipe"}[separator]
    lines = [
        f"#separator:{named}",
        "#html:true",
        "#guid column:1",
        "#notetype column:2",
        "#deck column:3",
        "#tags column:6",
    ]
    for number, edge in enumerate(edges, start=1):
        if number % 3 == 0:
            lines.append(f'# a comment with a "quote{separator}before note {number}')
        fields = (guid(number), edge.notetype, edge.deck, edge.html, edge.back_html, " ".join(edge.tags))
        lines.append(row(fields, separator))
    text = newline.join(line.replace("\n", newline) for line in lines) + newline
    path.write_bytes((b"\xef\xbb\xbf" if bom else b"") + text.encode())
    return path


def write_cards(path: Path, edges: Sequence[Edge] = EDGES) -> Path:
    """A text export of cards: two columns, question and answer."""
    rows = [row((edge.html, edge.back_html), "\t") for edge in edges]
    path.write_text("\n".join(["#separator:tab", "#html:true", *rows, ""]), "utf-8", newline="")
    return path


def row(fields: Iterable[str], separator: str) -> str:
    """One row of a text export, quoted as Anki does it."""
    out = io.StringIO()
    csv.writer(out, delimiter=separator, lineterminator="\n").writerow(fields)
    line = out.getvalue().removesuffix("\n")
    first = next(iter(fields))
    return f'"{first}"{line[len(first) :]}' if line.startswith("#") else line


def write_package(
    path: Path,
    layout: str = "collection.anki21b",
    edges: Sequence[Edge] = EDGES,
    media: dict[str, bytes] | None = None,
    dummy: bool = True,
) -> Path:
    """An .apkg in one of the three layouts; the newer two beside the dummy collection that Anki puts there."""
    media = MEDIA if media is None else media
    newest = layout == "collection.anki21b"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        if dummy and layout != "collection.anki2":
            package.writestr("collection.anki2", collection([DUMMY], newest=False))
        raw = collection(edges, newest=newest)
        package.writestr(layout, squeezed(raw) if newest else raw)
        entries = b"".join(
            _field(1, _field(1, name.encode("utf-8", "surrogatepass")) + b"\x10" + _varint(len(data)))
            for name, data in media.items()
        )
        names = json.dumps({str(number): name for number, name in enumerate(media)})
        package.writestr("media", squeezed(entries) if newest else names)
        for number, data in enumerate(media.values()):
            package.writestr(str(number), squeezed(data) if newest else data)
        if newest:
            package.writestr("meta", b"\x08\x03")
    return path


DUMMY = Edge("the note that old programs show", "Please update to the latest Anki version, then import it again.", ())


def squeezed(data: bytes) -> bytes:
    return zstandard.ZstdCompressor().compress(data)


def collection(edges: Sequence[Edge], *, newest: bool) -> bytes:
    """The bytes of a collection that holds the notes, in the older schema or the newest."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "collection"
        database = sqlite3.connect(path)
        database.create_collation("unicase", lambda a, b: (a > b) - (a < b))
        database.execute("PRAGMA synchronous = OFF")  # quicker: nobody pulls the plug on a test
        decks = {name: 10 + number for number, name in enumerate(sorted({edge.deck for edge in edges}))}
        database.executescript(NOTES_AND_CARDS + (NEWEST if newest else ""))
        (_newest_kinds if newest else _older_kinds)(database, decks)
        for number, edge in enumerate(edges, start=1):
            kind, fields = 2 if edge.cloze else 1, f"{edge.html}\x1f{edge.back_html}"
            tags = f" {' '.join(edge.tags)} " if edge.tags else ""
            database.execute("INSERT INTO notes VALUES (?, ?, ?, ?, ?)", (number, guid(number), kind, tags, fields))
            database.execute("INSERT INTO cards VALUES (?, ?, ?, 0, 0)", (number, number, decks[edge.deck]))
        database.commit()
        database.close()
        return path.read_bytes()


NOTES_AND_CARDS = """
    CREATE TABLE col (id integer PRIMARY KEY, ver integer, models text, decks text);
    CREATE TABLE notes (id integer PRIMARY KEY, guid text, mid integer, tags text, flds text);
    CREATE TABLE cards (id integer PRIMARY KEY, nid integer, did integer, odid integer, ord integer);
"""
NEWEST = """
    CREATE TABLE notetypes (id integer PRIMARY KEY, name text NOT NULL COLLATE unicase, config blob);
    CREATE UNIQUE INDEX idx_notetypes_name ON notetypes (name);
    CREATE TABLE fields (ntid integer, ord integer, name text COLLATE unicase, config blob, PRIMARY KEY (ntid, ord))
        WITHOUT ROWID;
    CREATE TABLE decks (id integer PRIMARY KEY, name text NOT NULL COLLATE unicase);
    CREATE UNIQUE INDEX idx_decks_name ON decks (name);
"""
KINDS = ((1, "Ask", 0, ("Front", "Back")), (2, "Fill in", 1, ("Text", "Extra")))


def _older_kinds(database: sqlite3.Connection, decks: dict[str, int]) -> None:
    models = {
        str(key): {"id": key, "name": name, "type": kind, "flds": [{"name": f, "ord": n} for n, f in enumerate(fields)]}
        for key, name, kind, fields in KINDS
    }
    named = {str(key): {"id": key, "name": name} for name, key in decks.items()}
    database.execute("INSERT INTO col VALUES (1, 11, ?, ?)", (json.dumps(models), json.dumps(named)))


def _newest_kinds(database: sqlite3.Connection, decks: dict[str, int]) -> None:
    database.execute("INSERT INTO col VALUES (1, 18, '', '')")
    for key, name, kind, fields in KINDS:
        database.execute("INSERT INTO notetypes VALUES (?, ?, ?)", (key, name, b"\x08\x01" if kind else b""))
        rows = [(key, number, field, b"") for number, field in enumerate(fields)]
        database.executemany("INSERT INTO fields VALUES (?, ?, ?, ?)", rows)
    database.executemany(
        "INSERT INTO decks VALUES (?, ?)", [(key, name.replace("::", "\x1f")) for name, key in decks.items()]
    )


def _varint(number: int) -> bytes:
    out = b""
    while number > 127:
        out, number = out + bytes([number & 127 | 128]), number >> 7
    return out + bytes([number])


def _field(number: int, value: bytes) -> bytes:
    """A protobuf field that holds bytes."""
    return _varint(number << 3 | 2) + _varint(len(value)) + value


def typed(answer: str, salt: int = 0, quote: str = "'") -> str:
    """A code blank as the deck writes it, escaped so that any answer comes back whole."""
    signs = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&quot;", "'": "&#39;", "\r": "&#13;", "\n": "&#10;"}
    name = "".join(signs.get(sign, sign) for sign in answer)
    return f"<input maxlength='{len(answer)}' name={quote}{name}_{salt:08}{quote} style='width: {len(answer)}ch'>"


_LINES = (  # code of four or five lines with the tokens to blank in ‹ ›; four blanks each
    "layer = nn.‹Linear›(‹{n}›, 10)\nlogits = layer(x.‹flatten›(1))\nloss = F.‹cross_entropy›(logits, y)",
    "optimiser = torch.optim.‹SGD›(model.‹parameters›(), lr=‹1e-{n}›)\nloss.backward()\noptimiser.‹step›()",
    "with torch.‹no_grad›():\n    guess = model(x).‹argmax›(dim=‹1›)\nprint(f'{n}: {(guess == y).‹float›().mean()}')",
    "x = torch.‹arange›({n})\ny = x.‹view›(-1, 1) ‹*› x\nassert y.‹shape› == ({n}, {n})  # an outer product",
    ">>> torch.‹zeros›({n}, ‹3›).‹sum›()\ntensor(‹0.›)",
)


def big_deck(path: Path) -> Path:
    """1,100 notes: 150 with code of 650 blanks in all, 300 native clozes and 650 questions; .apkg or text by the name."""
    edges = [_code_note(number) for number in range(BIG_CODE_NOTES)]
    edges += [_cloze_note(number) for number in range(300)]
    edges += [_question(number) for number in range(BIG_NOTES - len(edges))]
    return write_package(path, edges=edges, media={}) if path.suffix == ".apkg" else write_notes(path, edges)


def _code_note(number: int) -> Edge:
    source = _LINES[number % len(_LINES)].replace("{n}", str(number + 2))
    if number % 3 == 0:  # 50 of them have a fifth blank
        source += f"\nprint(‹result_{number}›)"
    texts = [piece for part in source.split("‹") for piece in part.split("›")]
    pieces = tuple(Blank(piece) if index % 2 else piece for index, piece in enumerate(texts) if piece)
    shown = "".join(typed(p.answer, number) if isinstance(p, Blank) else _escaped(p) for p in pieces)
    title = f"Complete step {number}."
    answer = f"Step {number} is done."
    front: tuple[Part, ...] = (prose(title), Code(pieces))
    return Edge("big", f"{title}<br><pre><code>{shown}</code></pre>", front, answer, (prose(answer),), tags=("code",))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _cloze_note(number: int) -> Edge:
    html = f"Rule {number}: a {{{{c1::learning rate::of training}}}} that is <b>too high</b> {{{{c2::diverges}}}}."
    pieces = (
        f"Rule {number}: a ",
        blank("learning rate", "of training"),
        " that is **too high** ",
        blank("diverges", "", 2),
        ".",
    )
    return Edge("big", html, (prose(*pieces),), cloze=True, tags=("rules",))


def _question(number: int) -> Edge:
    question, answer = f"What is {number} plus {number}?", rf"\({number} + {number} = {2 * number}\)"
    read = f"${number} + {number} = {2 * number}$"
    return Edge("big", question, (prose(question),), answer, (prose(read),), tags=("sums", f"sums::{number % 7}"))
