"""Days in figures: 14.08.2026, 14/8, 2026-08-14, 8月14日."""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from inbound.classifying.dating.atoms import Atom, Said
from inbound.classifying.dating.days import (
    day_of,
    is_day,
    is_jalali,
    is_month,
    is_year,
    of_minguo,
    of_reiwa,
)
from inbound.classifying.wording.tables import Order

_MARKS = {"-", "/", "."}
_YEAR, _MONTH, _DAY = {"年", "년"}, {"月", "월"}, {"日", "号", "號", "일"}
_ERAS = {"和": of_reiwa, "國": of_minguo, "国": of_minguo}
_CENTURY = 100


class _Figures(NamedTuple):
    start: int
    end: int
    year: int | None
    pair: tuple[int, int]
    order: Order
    mark: str


def in_figures(said: Said, order: Order, now: date) -> Iterator[Atom]:
    """Give the days in figures; in `order` where they do not tell it themselves."""
    at = 0
    while at < len(said.words):
        found = _numbered(said, at) or _figures(said, at)
        if found is None:
            at += 1
            continue
        atom = _atom(found, order, now)
        if atom is not None:
            yield atom
        at = found.end


def _atom(found: _Figures, order: Order, now: date) -> Atom | None:
    one, two = found.pair
    readings = {
        "dmy": (two, one) if is_month(two) and is_day(one) else None,
        "mdy": (one, two) if is_month(one) and is_day(two) else None,
    }
    known = found.order or ("dmy" if found.mark == "." and order != "ymd" else order)
    first = readings["mdy" if known in ("mdy", "ymd") else "dmy"]
    other = None if known else readings["mdy"]
    chosen = first or readings["dmy"] or readings["mdy"]
    if chosen is None:
        return None
    day = day_of(found.year, *chosen, now)
    second = day_of(found.year, *other, now) if other and first else None
    return Atom(found.start, found.end, day, "figures", other=second, dotted=found.mark == ".")


def _figures(said: Said, at: int) -> _Figures | None:
    one, two, three = said.number(at), said.number(at + 1), said.number(at + 2)
    mark = said.before(at + 1)
    if one is None or two is None or mark not in _MARKS or said.before(at) in {":", "+"}:
        return None
    if three is not None and said.before(at + 2) == mark:
        return _with_year(at, (one, two, three), mark)
    if mark == "-" or not _is_pair(said, at, mark):
        return None
    return _Figures(at, at + 2, None, (one, two), "", mark)


def _is_pair(said: Said, at: int, mark: str) -> bool:
    one, two = said.number(at), said.number(at + 1)
    if not (is_day(one) and is_day(two)) or not (is_month(one) or is_month(two)):
        return False
    after = said.words[at + 2].before if at + 2 < len(said.words) else ""
    if after[:1] in {":", "/", "%"} or said.text(at + 2) in _NO_DAYS:
        return False
    # 9.30 is a time of day more often than a day: a day has its second dot, or two figures a month.
    return (
        mark == "/" or after.startswith(".") or len(said.text(at + 1)) == len("08") or _ends(after)
    )


def _ends(after: str) -> bool:
    return not after or after[:1] in " ,)\n"


_NO_DAYS = {"uhr", "h", "am", "pm", "uur", "kl", "hrs", "hours", "%", "eur", "kb", "mb", "x"}


def _with_year(at: int, three: tuple[int, int, int], mark: str) -> _Figures | None:
    one, two, last = three
    if is_year(one) or is_jalali(one):
        return _Figures(at, at + 3, one, (two, last), "ymd", mark)
    if is_year(last) or is_jalali(last) or (last < _CENTURY and mark in ("/", ".")):
        return _Figures(at, at + 3, last, (one, two), "", mark)
    return None


def _numbered(said: Said, at: int) -> _Figures | None:
    year, start = None, at
    if said.text(at + 1) in _YEAR and said.number(at) is not None:
        year = _in_era(said, at)
        at += 2
    month, day = said.number(at), said.number(at + 2)
    if said.text(at + 1) not in _MONTH or not is_month(month) or not is_day(day):
        return None
    if month is None or day is None:
        return None
    end = at + 4 if said.text(at + 3) in _DAY else at + 3
    return _Figures(start, end, year, (month, day), "mdy", "月")


def _in_era(said: Said, at: int) -> int | None:
    year = said.number(at)
    era = _ERAS.get(said.text(at - 1))
    return era(year) if era and year is not None and year < _CENTURY * 2 else year
