"""Whether sequences that are published together fit: hand-offs lead somewhere, names are unique."""

import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path

from authoring.sources import SEQUENCE_FILE
from authoring.text.faults import Faults, Findings, Spot, did_you_mean
from authoring.text.files import read_text
from schemas.sequence import Sequence
from schemas.steps import HandOffStep


def check_hand_overs(folder: Path, sequence: Sequence, known: Collection[str]) -> Faults | None:
    """Check the hand-offs of the sequence that stands in `folder` against the `known` names."""
    steps = [step for step in sequence.steps if isinstance(step, HandOffStep)]
    findings = Findings()
    for name in dict.fromkeys(step.to for step in steps if step.to not in known):
        problem = f"no sequence `{name}` is published, nor named in this command"
        mend = did_you_mean(name, known) or "publish both together"
        for spot in _spots(folder / SEQUENCE_FILE, name):
            findings.add(spot, name, problem, mend)
    return findings.faults() if findings else None


def shared_names(named: Iterable[tuple[Path, str]]) -> Faults | None:
    """Find folders whose sequence has the name of one before; `named` are folders with names."""
    first: dict[str, Path] = {}
    findings = Findings()
    for folder, name in named:
        if name in first:
            problem = (
                f"`{name}` is the sequence of {first[name]} and of {folder}, and only one of them "
                "could be its latest version"
            )
            at = Spot(file=str(folder / SEQUENCE_FILE))
            findings.add(at, name, problem, "rename one of them, or leave one out")
        first.setdefault(name, folder)
    return findings.faults() if findings else None


def _spots(file: Path, name: str) -> Iterator[Spot]:
    text = read_text(file, Findings()) or ""
    written = re.compile(rf"hand_off:\s*[\"']?(?P<name>{re.escape(name)})(?![\w.-])")
    found = [match.start("name") for match in written.finditer(text)]
    for at in found or [0]:
        before = text[:at]
        line, column = before.count("\n") + 1, at - before.rfind("\n")
        yield Spot(file=str(file), line=line, column=column)
