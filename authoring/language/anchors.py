"""Dates that a sequence goes by: `data.contract_end`, and moments so long before or after them."""

import re

from authoring.language.vocabulary import AppNames
from authoring.text.documents import Node
from authoring.text.durations import parse_duration
from authoring.text.faults import Findings, Slip
from authoring.text.readers import parsed
from schemas.calendar import Duration, Unit
from schemas.conditions import Fact
from schemas.steps import At


def read_at(node: Node, findings: Findings, names: AppNames) -> At | None:
    """Read `at:`: an anchor, or one with a duration added or taken off (rule 1)."""
    return parsed(node, findings, lambda text: _at(text, names))


def read_anchor(node: Node, findings: Findings, names: AppNames) -> Fact | None:
    """Read an anchor: the name of a date that the contact or the enrollment has."""
    return parsed(node, findings, lambda text: _anchor(text.strip(), names))


def _at(text: str, names: AppNames) -> At | Slip:
    match = _AT.fullmatch(text.strip())
    if match is None:
        word = text.strip()
        return Slip(text=word, problem=f"`{word}` is not a moment", mend=_AT_MEND)
    anchor = _anchor(match["anchor"], names)
    by = _by(text, match["by"])
    if isinstance(anchor, Slip):
        return anchor
    if isinstance(by, Slip):
        return by
    return At(anchor=anchor, by=by, before=match["sign"] == "-", text=" ".join(text.split()))


def _by(text: str, written: str | None) -> Duration | Slip | None:
    if written is None:
        return None
    read, offset = parse_duration(written), text.rindex(written)
    if isinstance(read, Slip):
        return read.model_copy(update={"offset": offset + read.offset})
    if read.unit is not Unit.BUSINESS_DAYS:
        return read
    problem = "an `at` does not count business days"
    return Slip(offset=offset, text=written, problem=problem, mend=f"write `{read.count} days`")


def _anchor(word: str, names: AppNames) -> Fact | Slip:
    match = _ANCHOR.fullmatch(word)
    if match is None:
        return Slip(text=word, problem=f"`{word}` names no date", mend=_mend(word))
    path = match["path"]
    wrong = names.slip_of_attribute(path) if match["of"] == "contact" else None
    if wrong:
        return Slip(text=word, problem=wrong[0], mend=wrong[1])
    return Fact(of="contact" if match["of"] == "contact" else "data", path=path)


def _mend(word: str) -> str:
    if _FIXED.fullmatch(word):
        return "give the date to each enrollment, as `data.event_date`, say, and write that name"
    return _HYPHEN_MEND if "-" in word else _ANCHOR_MEND


_ANCHOR = re.compile(r"(?P<of>contact|data)\.(?P<path>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)", re.ASCII)
_FIXED = re.compile(r"\d{4}-\d\d-\d\d(?:T\S*)?", re.ASCII)
_AT = re.compile(
    r"(?P<anchor>\d{4}-\d\d-\d\d(?:T\S*)?|[^\s+-]\S*?)(?:\s*(?P<sign>[+-])\s*(?P<by>[0-9].*))?"
)
_HYPHEN_MEND = "a name with a hyphen cannot be used; use an underscore"
_ANCHOR_MEND = "name a fact of the contact or the enrollment, for example `data.contract_end`"
_AT_MEND = "write it like `data.contract_end - 90 days`"
