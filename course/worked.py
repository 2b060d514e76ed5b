"""Worked solutions: the code, why it is right, and the seal under which a notebook for self-study carries them.

The seal is against temptation, not against attack: nobody reads a solution in passing, and anybody who sets out to
read it can. What must stay secret, such as hidden tests, is never sealed; it is left out.
"""

import base64
import binascii
import json
import re
import zlib
from dataclasses import asdict, dataclass

PREFIX = "sealed:"
SEALED = re.compile(rf"{PREFIX}[A-Za-z0-9+/=]*")


@dataclass(frozen=True)
class Worked:
    """One exercise's solution with its reasoning, which is Markdown and may be empty.

    `released` is the answer's cell as students get it: an answer that is still like it is no try.
    """

    exercise: str
    title: str
    code: str
    reasoning: str = ""
    released: str = ""

    @property
    def markdown(self) -> str:
        """What a student reads."""
        fence = "`" * max(3, 1 + max(map(len, re.findall("`+", self.code)), default=0))
        parts = [f"**A worked solution: {self.title}**", f"{fence}python\n{self.code}\n{fence}", self.reasoning]
        return "\n\n".join(part for part in parts if part)


def seal(worked: Worked) -> str:
    """The solution as one word of a notebook."""
    text = json.dumps(asdict(worked), ensure_ascii=False).encode()
    return PREFIX + base64.b64encode(zlib.compress(text, 9)).decode()


def opened(text: str) -> Worked:
    """What is under a seal; ValueError when it is broken."""
    try:
        data = zlib.decompress(base64.b64decode(text.removeprefix(PREFIX), validate=True))
        return Worked(**json.loads(data))
    except (binascii.Error, zlib.error, TypeError, ValueError):
        raise ValueError("this solution cannot be opened: its text was changed or cut") from None
