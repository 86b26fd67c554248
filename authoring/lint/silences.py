"""Comments that silence a rule: `# lint: ignore no-exit - why`, `{# lint: ignore no-job #}`."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from authoring.lint.remarks import Remark
from authoring.text.faults import Spot, did_you_mean


@dataclass(frozen=True)
class Silence:
    """A comment that silences `rule` in `lines` of a file (None: in all of it)."""

    at: Spot
    rule: str
    lines: frozenset[int] | None

    def covers(self, remark: Remark) -> bool:
        """Tell whether it silences a remark."""
        here = remark.rule == self.rule and remark.at.file == self.at.file
        return here and (self.lines is None or remark.at.line in self.lines)


def silences_in(texts: Mapping[str, str]) -> tuple[Silence, ...]:
    """Find every silence in files, by their names."""
    return tuple(one for file, text in texts.items() for one in _in_file(file, text))


def silenced(
    remarks: Iterable[Remark], silences: tuple[Silence, ...], known: Iterable[str], rule: str
) -> tuple[Remark, ...]:
    """Leave out what is silenced; what silences nothing is a remark of `rule` itself."""
    found, used = list[Remark](), set[Silence]()
    for remark in remarks:
        by = [silence for silence in silences if silence.covers(remark)]
        used.update(by)
        found.extend([] if by else [remark])
    names = tuple(known)
    idle = (_idle(one, names, rule) for one in silences if one not in used)
    return (*found, *idle)


def _in_file(file: str, text: str) -> Iterator[Silence]:
    lines = text.splitlines()
    top = _top(lines)
    for number, line in enumerate(lines, 1):
        for found in _COMMENT.finditer(line):
            alone = _is_alone(line)
            covered = frozenset((number, number + 1) if alone else (number,))
            for name in _NAME.finditer(found["names"]):
                column = found.start("names") + name.start() + 1
                at = Spot(file=file, line=number, column=column)
                yield Silence(at, name[0], None if number <= top and alone else covered)


def _top(lines: list[str]) -> int:
    """Give the last line of a file's top: its first comments, or its front matter and those."""
    begun = lines[0].strip() == "---" if lines else False
    ends = (number for number, line in enumerate(lines[1:], 2) if line.strip() == "---")
    top = next(ends, 0) if begun else 0
    while top < len(lines) and (not lines[top].strip() or _is_alone(lines[top])):
        top += 1
    return top


def _is_alone(line: str) -> bool:
    return line.lstrip().startswith(("#", "{#")) and not _AFTER.search(line)


def _idle(silence: Silence, known: tuple[str, ...], rule: str) -> Remark:
    if silence.rule in known:
        problem, mend = f"nothing of `{silence.rule}` is silenced here", "remove the comment"
    else:
        problem, mend = f"there is no rule `{silence.rule}`", did_you_mean(silence.rule, known)
    return Remark(
        rule=rule, level="warning", at=silence.at, text=silence.rule, problem=problem, mend=mend
    )


_COMMENT = re.compile(
    r"(?:^|(?<=\s)|(?<=\{))#\s*lint:\s*ignore\s+(?P<names>[a-z][a-z-]*(?:\s*,\s*[a-z][a-z-]*)*)"
)
_NAME = re.compile(r"[a-z]+(?:-[a-z]+)*")
_AFTER = re.compile(r"#\}\s*\S")
