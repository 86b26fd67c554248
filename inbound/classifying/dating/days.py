"""Days as people write them: with and without a year, in four calendars, in a week's number."""

from datetime import date, timedelta

_STALE = timedelta(days=45)
_OURS = range(2000, 2100)
_CENTURY, _FULL_YEAR = 100, 1000
_BUDDHIST, _BUDDHIST_AHEAD = 2400, 543
_JALALI, _JALALI_ENDS = 1300, 1500
_MINGUO_AHEAD, _REIWA_AHEAD = 1911, 2018
_MOST_DAYS, _MONTHS, _WEEKS = 31, 12, 53


def is_day(number: int | None) -> bool:
    """Tell whether this may be the day of a month."""
    return number is not None and 1 <= number <= _MOST_DAYS


def is_month(number: int | None) -> bool:
    """Tell whether this may be the number of a month."""
    return number is not None and 1 <= number <= _MONTHS


def is_year(number: int | None) -> bool:
    """Tell whether this is a year in full, of our calendar, the Buddhist or the Persian one."""
    if number is None:
        return False
    return number in _OURS or number - _BUDDHIST_AHEAD in _OURS or is_jalali(number)


def is_jalali(year: int) -> bool:
    """Tell whether this is a year of the Persian calendar."""
    return _JALALI < year < _JALALI_ENDS


def day_of(year: int | None, month: int, day: int, now: date) -> date | None:
    """Give the day; without a year the one that is next, or was lately."""
    if year is None:
        near = (_made(now.year + more, month, day) for more in (-1, 0, 1))
        return next((one for one in near if one and one >= now - _STALE), None)
    if is_jalali(year):
        return _of_jalali(year, month, day)
    if year >= _BUDDHIST:
        year -= _BUDDHIST_AHEAD
    return _made(year if year >= _FULL_YEAR else now.year // _CENTURY * _CENTURY + year, month, day)


def solar_day_of(year: int | None, month: int, day: int, now: date) -> date | None:
    """Give a day with the name of a month of the Persian calendar; without a year as `day_of`."""
    if year is not None:
        return _of_jalali(year, month, day)
    this = now.year - 622
    near = (_of_jalali(this + more, month, day) for more in (0, 1, 2))
    return next((one for one in near if one and one >= now - _STALE), None)


def of_minguo(year: int) -> int:
    """Give the year of our calendar of one since the Republic of China's founding."""
    return year + _MINGUO_AHEAD


def of_reiwa(year: int) -> int:
    """Give the year of our calendar of one of the Japanese era that began in 2019."""
    return year + _REIWA_AHEAD


def coming(weekday: int, now: date) -> date:
    """Give the next day, after today, that is this day of the week (1 is Monday)."""
    return now + timedelta(days=(weekday - now.isoweekday() - 1) % 7 + 1)


def next_monday(now: date) -> date:
    """Give the Monday with which the next week begins."""
    return coming(1, now)


def monday_of(week: int, now: date) -> date | None:
    """Give the Monday of the week with this number, the next or one lately."""
    if not 1 <= week <= _WEEKS:
        return None
    for year in (now.year - 1, now.year, now.year + 1):
        try:
            monday = date.fromisocalendar(year, week, 1)
        except ValueError:
            continue
        if monday >= now - _STALE:
            return monday
    return None


def _made(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


# The Persian year begins on the day of the March equinox; this holds from 1925 to 2088, by the
# cycle of 33 years in which eight are leap years.
_NOWRUZ = date(2021, 3, 21)
_NOWRUZ_YEAR = 1400
_LEAPS = (1, 5, 9, 13, 17, 22, 26, 30)
_FIRST_HALF = 6


def _of_jalali(year: int, month: int, day: int) -> date | None:
    if not is_month(month) or not is_day(day):
        return None
    gone = month - 1
    in_year = gone * 31 if gone <= _FIRST_HALF else _FIRST_HALF * 31 + (gone - _FIRST_HALF) * 30
    years = range(min(year, _NOWRUZ_YEAR), max(year, _NOWRUZ_YEAR))
    days = sum(366 if one % 33 in _LEAPS else 365 for one in years)
    start = _NOWRUZ + timedelta(days=days if year >= _NOWRUZ_YEAR else -days)
    return start + timedelta(days=in_year + day - 1)
