"""The first day back, read from a notice; refused where it says none, or more than one."""

from collections.abc import Sequence
from datetime import date, timedelta

from inbound.classifying.dating.atoms import Atom, Said
from inbound.classifying.dating.cues import Told, told
from inbound.classifying.dating.days import coming
from inbound.classifying.dating.figures import in_figures
from inbound.classifying.dating.named import in_relation, weekdays, with_names
from inbound.classifying.dating.spans import joined
from inbound.classifying.wording.tables import Language, Order, tables

_DAY = timedelta(days=1)
_FAR = timedelta(days=800)
_NEAR = 2
_EXACT, _VAGUER = ("named", "figures"), ("relative", "week")


def first_day_back(said: Said, now: date) -> date | None:
    """Give the first day back, as the text tells it on the day `now`."""
    language = _language(said)
    found = joined(said, _atoms(said, language, now))
    meant = [one for one in told(said, found, language) if one.means != "unrelated"]
    if any(one.atom.sort in _EXACT for one in meant):
        meant = [one for one in meant if one.atom.sort not in _VAGUER]
    if any(one.atom.day is None for one in meant):
        return None
    backs = {one.atom.day for one in meant if one.means == "back" and one.atom.day}
    lasts = _lasts(meant)
    chosen = _chosen(backs, lasts)
    return chosen if chosen and abs(chosen - now) < _FAR else None


def _chosen(backs: set[date], lasts: set[date]) -> date | None:
    if len(backs) > 1 or (not backs and len(lasts) != 1):
        return None
    if backs:
        back = next(iter(backs))
        return None if any(last > back for last in lasts) else back
    return next(iter(lasts))


def _lasts(meant: Sequence[Told]) -> set[date]:
    """Give the first days after those that are told to be the last ones away."""
    ends = [one for one in meant if one.means in ("last", "until") and one.atom.day]
    sure = [one for one in ends if one.in_away] or ends
    return {
        one.atom.day + (_DAY if one.means == "last" else timedelta())
        for one in sure
        if one.atom.day is not None
    }


def _language(said: Said) -> Language:
    known = tables().languages
    likely = next((one for one in said.languages if one in known), "en")
    return known[likely]


def _order(said: Said, language: Language) -> Order:
    """Give the order of figures: as one of them shows, else as the language has it."""
    shown: set[Order] = set()
    for at in range(len(said.words) - 1):
        one, two = said.number(at), said.number(at + 1)
        if one and two and said.before(at + 1) == "/" and max(one, two) in range(13, 32):
            shown.add("dmy" if one > two else "mdy")
    return next(iter(shown)) if len(shown) == 1 else language.order


def _atoms(said: Said, language: Language, now: date) -> list[Atom]:
    dates = [*in_figures(said, _order(said, language), now), *with_names(said, now)]
    relative = [*in_relation(said, now)]
    taken = {at for atom in [*dates, *relative] for at in range(atom.start, atom.end)}
    names = [one for one in weekdays(said) if one.start not in taken]
    whole, left = _checked(said, _apart(dates), names)
    days = [_coming(said, one, now) for one in left]
    return sorted(_apart([*whole, *relative, *days]), key=lambda atom: atom.start)


def _apart(atoms: Sequence[Atom]) -> list[Atom]:
    """Give those that share no word, the longer before the shorter."""
    kept: list[Atom] = []
    taken: set[int] = set()
    for atom in sorted(atoms, key=lambda one: one.start - one.end):
        places = set(range(atom.start, atom.end))
        if not places & taken:
            kept.append(atom)
            taken |= places
    return kept


def _checked(
    said: Said, dates: Sequence[Atom], names: Sequence[Atom]
) -> tuple[list[Atom], list[Atom]]:
    """Give the dates, each as its day of the week settles it, and the names left over."""
    left, whole = list(names), list[Atom]()
    for atom in dates:
        name = next((one for one in left if _beside(said, one, atom)), None)
        if name is not None:
            left.remove(name)
        whole.append(_settled(atom, None if name is None else name.weekday))
    return whole, left


def _beside(said: Said, name: Atom, atom: Atom) -> bool:
    if said.words[name.start].sentence != said.words[atom.start].sentence:
        return False
    gap = atom.start - name.end if name.start < atom.start else name.start - atom.end
    between = range(min(name.end, atom.end), max(name.start, atom.start))
    return 0 <= gap <= _NEAR and not any(_parts(said, at) for at in between)


def _parts(said: Said, at: int) -> bool:
    parting = {"until", "through", "back", "from", "after"}
    return any(hit.start <= at < hit.end for hit in said.meaning(*parting))


def _settled(atom: Atom, weekday: int | None) -> Atom:
    readings = [day for day in dict.fromkeys((atom.day, atom.other)) if day is not None]
    if weekday is not None:
        readings = [day for day in readings if day.isoweekday() == weekday]
    return atom._replace(day=readings[0] if len(readings) == 1 else None, other=None)


def _coming(said: Said, name: Atom, now: date) -> Atom:
    day = coming(name.weekday or 1, now)
    nexts = [hit for hit in said.meaning("next") if _touches(hit.start, hit.end, name)]
    if nexts and day.isocalendar().week == now.isocalendar().week:
        return name._replace(day=None)
    return name._replace(day=day)


def _touches(start: int, end: int, name: Atom) -> bool:
    return 0 <= name.start - end <= 1 or 0 <= start - name.end <= 1
