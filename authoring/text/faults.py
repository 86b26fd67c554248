"""What is wrong with authored files: where, what, and how to mend it."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from typing_extensions import override

from schemas.values import Value


class Spot(Value):
    """A place in a file; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1


class Fault(Value):
    """One fault: its place, the offending text as written, what is wrong, and the mend."""

    at: Spot
    text: str
    problem: str
    mend: str = ""

    @override
    def __str__(self) -> str:
        sentence = f"{self.problem}; {self.mend}" if self.mend else self.problem
        return f"{self.at.file}:{self.at.line}:{self.at.column}: {sentence}"


class Faults(Value):
    """Everything found wrong, in order of file, line and column."""

    faults: tuple[Fault, ...]

    @override
    def __str__(self) -> str:
        return "\n".join(str(fault) for fault in self.faults)


class Slip(Value):
    """A fault within a single value, `offset` characters from its first one."""

    offset: int = 0
    text: str
    problem: str
    mend: str = ""


class Findings:
    """Collects faults while files are read, so that one look finds them all."""

    def __init__(self) -> None:
        self._found: list[Fault] = []

    def add(self, at: Spot, text: str, problem: str, mend: str = "") -> None:
        """Put a fault down."""
        curly = _CURLY.search(problem)
        mend = f'`{curly[0]}` is no quote here: write `"`' if curly else mend
        shown = text if len(text) <= _LONGEST_TEXT else f"{text[:_LONGEST_TEXT]}…"
        self._found.append(Fault(at=at, text=shown, problem=problem, mend=mend))

    def __bool__(self) -> bool:
        return bool(self._found)

    def faults(self) -> Faults:
        """Give all that was found, each once."""
        places = {(f.at.file, f.at.line, f.at.column, f.problem): f for f in self._found}
        return Faults(faults=tuple(places[place] for place in sorted(places)))


def did_you_mean(written: str, known: Iterable[str]) -> str:
    """Suggest the known word nearest to the one written, else list the known ones."""
    words = sorted(set(known))
    near = get_close_matches(written, words, n=1, cutoff=0.6)
    if near:
        return f"did you mean `{near[0]}`?"
    if not words or len(words) > _MOST_WORDS:
        return ""
    return "known here: " + ", ".join(f"`{word}`" for word in words)


# What word processors make of a straight quote.
_CURLY = re.compile("[\u201c\u201d\u201e\u00ab\u00bb\u2018\u2019]")
_LONGEST_TEXT = 80
_MOST_WORDS = 25
