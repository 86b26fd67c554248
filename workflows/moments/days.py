"""The days of a sequence: which moment day 1 is, and when the others are due (rules 1 and 40)."""

from datetime import datetime

from schemas.outcomes import Enrolled
from schemas.progress import Progress
from schemas.sequence import Sequence
from schemas.steps import EmailStep
from workflows.moments.calendar import day_moment
from workflows.moments.windows import next_date_open, next_open


def day_of(progress: Progress, day: int, at_time: int | None) -> datetime:
    """Give when day `day` of the sequence is due in an enrollment."""
    number = day - progress.first_day + 1
    return day_moment(progress.first_moment, number, at_time, progress.zone)


def first_day(sequence: Sequence, step: str | None) -> int:
    """Give the day on which an enrollment begins that begins at `step`: its own, or that reached.

    That is the day of the last main step up to and including it that has one, else day 1.
    """
    if step is None:
        return 1
    passed = sequence.main_steps[: sequence.main_steps.index(step) + 1]
    written = (_day(sequence, one) for one in reversed(passed))
    return next((day for day in written if day is not None), 1)


def first_moment(enrolled: Enrolled) -> datetime:
    """Give the moment of the day on which an enrollment begins."""
    sequence, zone = enrolled.sequence, enrolled.zone
    opens = next_open(enrolled.at, sequence.window, zone) or enrolled.at
    at_time = _at_time(sequence, enrolled.step)
    if at_time is not None and day_moment(opens, 1, at_time, zone) < enrolled.at:
        return next_date_open(opens, sequence.window, zone) or opens
    return opens


def _at_time(sequence: Sequence, step: str | None) -> int | None:
    day, steps = first_day(sequence, step), sequence.steps
    if step is not None:
        main = sequence.main_steps
        steps = tuple(sequence.step_by_id[one] for one in main[main.index(step) :])
    fixed = (one.at_time for one in steps if isinstance(one, EmailStep) and one.day == day)
    return next(fixed, None)


def _day(sequence: Sequence, step: str) -> int | None:
    found = sequence.step_by_id[step]
    return found.day if isinstance(found, EmailStep) else None
