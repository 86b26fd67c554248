"""Days with the name of their month or of the day of the week, and those told in relation."""

from collections.abc import Iterator
from datetime import date, timedelta

from inbound.classifying.dating.atoms import Atom, Said
from inbound.classifying.dating.days import (
    day_of,
    is_day,
    is_year,
    monday_of,
    next_monday,
    solar_day_of,
)
from inbound.classifying.wording.phrases import Hit

_FEW = 3


def with_names(said: Said, now: date) -> Iterator[Atom]:
    """Give the days whose month is named."""
    end = 0
    for hit in [*_best(said, "month "), *_best(said, "solar month ")]:
        if hit.start < end:
            continue
        found = _around(said, hit, now)
        if found is not None:
            end = found.end
            yield found


def _around(said: Said, hit: Hit, now: date) -> Atom | None:
    month = int(hit.means.split()[-1])
    made = solar_day_of if hit.means.startswith("solar") else day_of
    before = _number_before(said, hit.start)
    if before is not None:
        start, day = before
        end, year = _year_after(said, hit.end)
        return Atom(start, end, made(year, month, day, now), "named", hit.language)
    after = _number_after(said, hit.end)
    if after is None:
        return None
    end, day = after
    start, year = _year_before(said, hit.start)
    if year is None:
        end, year = _year_after(said, end)
    return Atom(start, end, made(year, month, day, now), "named", hit.language)


def _number_before(said: Said, at: int) -> tuple[int, int] | None:
    for back in range(1, _FEW + 1):
        number = said.number(at - back)
        if number is not None:
            return (at - back, number) if is_day(number) else None
        if (
            not _is_joint(said, at - back)
            or said.words[at - back].sentence != said.words[at].sentence
        ):
            return None
    return None


def _number_after(said: Said, at: int) -> tuple[int, int] | None:
    for step in (0, 1):
        number = said.number(at + step)
        if number is not None and is_day(number) and said.before(at + step + 1)[:1] != ":":
            end = at + step + 1
            return end + (end < len(said.words) and _is_ordinal(said, end)), number
        if number is not None or not _is_joint(said, at + step):
            return None
    return None


def _is_joint(said: Said, at: int) -> bool:
    return any(hit.start <= at < hit.end for hit in said.meaning("joint"))


def _is_ordinal(said: Said, at: int) -> bool:
    word = said.words[at]
    return word.before == "" and word.number is None and len(word.text) <= _FEW


def _year_after(said: Said, at: int) -> tuple[int, int | None]:
    for step in range(_FEW):
        number = said.number(at + step)
        if number is not None:
            return (at + step + 1, number) if is_year(number) else (at, None)
        if not said.text(at + step) or len(said.text(at + step)) > _FEW:
            break
    return at, None


def _year_before(said: Said, at: int) -> tuple[int, int | None]:
    for back in (1, 2):
        number = said.number(at - back)
        if number is not None:
            return (at - back, number) if is_year(number) else (at, None)
        if len(said.text(at - back)) > 1:
            break
    return at, None


def weekdays(said: Said) -> Iterator[Atom]:
    """Give the days of the week that are named."""
    for hit in _best(said, "weekday "):
        number = int(hit.means.split()[1])
        yield Atom(hit.start, hit.end, None, "weekday", hit.language, weekday=number)


def in_relation(said: Said, now: date) -> Iterator[Atom]:
    """Give the days that are told in relation to today, or by the number of their week."""
    days = {"today": 0, "tomorrow": 1, "overmorrow": 2}
    for hit in said.meaning(*days):
        day = now + timedelta(days=days[hit.means])
        yield Atom(hit.start, hit.end, day, "relative", hit.language)
    for hit in said.meaning("next_week"):
        yield Atom(hit.start, hit.end, next_monday(now), "week", hit.language)
    for hit in said.meaning("this_week"):
        last = next_monday(now) - timedelta(days=1)
        yield Atom(hit.start, hit.end, last, "relative", hit.language, is_span=True)
    yield from _numbered(said, now)


def _numbered(said: Said, now: date) -> Iterator[Atom]:
    counted = {"in_days": 1, "in_weeks": 7}
    for hit in said.meaning(*counted):
        count = _count(said, hit)
        if count is not None:
            day = now + timedelta(days=count * counted[hit.means])
            yield Atom(hit.start, hit.end, day, "relative", hit.language)
    for hit in said.meaning("week"):
        count = _count(said, hit)
        monday = None if count is None else monday_of(count, now)
        if monday is not None:
            yield Atom(hit.start, hit.end, monday, "week", hit.language)


def _count(said: Said, hit: Hit) -> int | None:
    inside = range(hit.start, hit.end)
    numbers = [number for at in inside if (number := said.number(at)) is not None]
    if numbers:
        return numbers[0]
    named = (
        int(one.means.split()[1])
        for one in said.hits
        if one.means.startswith("number ") and hit.start <= one.start and one.end <= hit.end
    )
    return next(named, None)


def _best(said: Said, means: str) -> Iterator[Hit]:
    """Give one hit a place: of the likeliest language, and the longest."""
    rank = {language: place for place, language in enumerate(said.languages)}
    found = [hit for hit in said.hits if hit.means.startswith(means) and hit.language in rank]
    taken: set[int] = set()
    for hit in sorted(found, key=lambda one: (one.start, -one.end, rank[one.language])):
        if hit.start not in taken:
            taken.update(range(hit.start, hit.end))
            yield hit
