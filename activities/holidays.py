"""Holidays of an enrollment: those of its sequence's country, or of the contact's own (rule 14)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from schemas.calendar import Window
from schemas.sequence import Sequence
from schemas.values import Facts
from storage import versions
from storage.rows import EnrollmentRow

_BEFORE, _AHEAD = timedelta(days=400), timedelta(days=3 * 366)

CONTACT = "contact"
"""Stands in `Window.holidays_of` for the contact's own country."""


def with_kept_holidays(
    connection: Connection, row: EnrollmentRow, sequence: Sequence, contact: Facts
) -> Sequence:
    """Give an enrollment's sequence closed on the holidays that are kept with its version now."""
    code = holiday_country(sequence, contact)
    known = {} if code is None else {code: versions.holidays(connection, row.version, code)}
    return with_holidays(sequence, known, contact, row.enrolled_at)


def with_holidays(
    sequence: Sequence, known: Mapping[str, tuple[date, ...]], contact: Facts, around: datetime
) -> Sequence:
    """Give the sequence with its window closed on the holidays of some three years from `around`.

    `known` are the holidays by country as they were known at publishing. A contact without a
    country, or of one that is not known, has none.
    """
    code = holiday_country(sequence, contact)
    if sequence.window is None or code is None:
        return sequence
    first, last = (around - _BEFORE).date(), (around + _AHEAD).date()
    days = tuple(day for day in known.get(code, ()) if first <= day <= last)
    window = sequence.window
    # No model_copy: it would take along what the window has cached of its own holidays.
    closed = Window.model_validate({**window.model_dump(), "holidays": (*window.holidays, *days)})
    return sequence.model_copy(update={"window": closed})


def holiday_country(sequence: Sequence, contact: Facts) -> str | None:
    """Give whose public holidays close the window for a contact: a country's code, or none."""
    code = sequence.window.holidays_of if sequence.window else None
    country = contact.get("country") if code == CONTACT else code
    return country.strip().upper() if isinstance(country, str) else None
