"""Spans of days: "3-14 August", "from Monday to Friday", "8月3日から14日まで"."""

from calendar import monthrange
from collections.abc import Sequence
from datetime import date

from inbound.classifying.dating.atoms import Atom, Said
from inbound.classifying.dating.days import is_day

_DASHES = {"-", "--", "~", "/", ".-", ". -", "-.", ".~", ")-", ") -", ",-", "&", "+"}
_CHARACTERS = {"日", "号", "號", "일", "か", "ら", "부", "터", "至", "到"}
_MONTHS = {"月", "월", "年", "년"}
_MOST = 3


def joined(said: Said, atoms: Sequence[Atom]) -> list[Atom]:
    """Give the atoms, two that are the ends of a span as its last day, and days before a date."""
    whole: list[Atom] = []
    for atom in (_extended(said, one) if _may_extend(one) else one for one in atoms):
        before = whole[-1] if whole else None
        if before is not None and _is_span(said, before, atom):
            whole[-1] = atom._replace(start=before.start, is_span=True)
        else:
            whole.append(_stretched(said, atom, before.end if before else 0))
    return whole


def _extended(said: Said, atom: Atom) -> Atom:
    """Give a day whose month stands first with the bare day after it ("August 3-14") as a span."""
    for at in range(atom.end, atom.end + _MOST):
        number = said.number(at)
        if number is not None:
            return _until_day(said, atom, at, number)
        if not _joins(said, at):
            break
    return atom


def _may_extend(atom: Atom) -> bool:
    return atom.day is not None and atom.sort in ("named", "figures") and not atom.is_span


def _until_day(said: Said, atom: Atom, at: int, number: int) -> Atom:
    between = said.before(at).replace(" ", "")
    if (at == atom.end and between not in _DASHES) or not _is_bare(said, at):
        return atom
    if atom.day is None or not atom.day.day < number <= monthrange(*_month(atom.day))[1]:
        return atom
    end = at + 2 if said.text(at + 1) in _CHARACTERS else at + 1
    return atom._replace(end=end, day=atom.day.replace(day=number), is_span=True)


def _is_bare(said: Said, at: int) -> bool:
    timed = said.number(at + 1) is not None and said.before(at + 1) in {":", ".", "/"}
    return not (timed or said.text(at + 1) in _MONTHS or _is_month(said, at + 1))


def _is_month(said: Said, at: int) -> bool:
    months = (hit for hit in said.hits if hit.means.startswith("month "))
    return any(hit.start <= at < hit.end for hit in months)


def _month(day: date) -> tuple[int, int]:
    return day.year, day.month


def _is_span(said: Said, one: Atom, two: Atom) -> bool:
    if not 0 <= two.start - one.end <= _MOST or two.is_span:
        return False
    if said.words[one.start].sentence != said.words[two.start].sentence:
        return False
    between = [said.text(at) for at in range(one.end, two.start)]
    if not between:
        return said.before(two.start).replace(" ", "") in _DASHES
    return all(_joins(said, at) for at in range(one.end, two.start))


def _joins(said: Said, at: int) -> bool:
    if said.text(at) in _CHARACTERS:
        return True
    means = ("joiner", "until", "through", "until_after", "through_after", "from_after")
    return any(hit.start <= at < hit.end for hit in said.meaning(*means))


def _stretched(said: Said, atom: Atom, limit: int) -> Atom:
    """Give the atom with the bare day before it ("3-14 August") as a span."""
    if atom.sort not in ("named", "figures") or atom.is_span:
        return atom
    before = said.before(atom.start).replace(" ", "")
    first = atom.start - 1
    if before in _DASHES and is_day(said.number(first)) and first >= limit:
        return atom._replace(start=first, is_span=True)
    if atom.start - 2 >= limit and is_day(said.number(atom.start - 2)) and _joins(said, first):
        follows = said.words[atom.start].sentence == said.words[atom.start - 2].sentence
        return atom._replace(start=atom.start - 2, is_span=True) if follows else atom
    return atom
