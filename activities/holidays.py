"""Holidays of an enrollment: those of its sequence's country, or of the contact's own (rule 14)."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from schemas.contact import Contact
from schemas.sequence import Sequence

_BEFORE, _AHEAD = timedelta(days=400), timedelta(days=3 * 366)

CONTACT = "contact"
"""Stands in `Window.holidays_of` for the contact's own country."""


def with_holidays(
    sequence: Sequence, known: Mapping[str, tuple[date, ...]], contact: Contact, around: datetime
) -> Sequence:
    """Give the sequence with its window closed on the holidays of some three years from `around`.

    `known` are the holidays by country as they were known at publishing. A contact without a
    country, or of one that is not known, has none.
    """
    window = sequence.window
    if window is None or window.holidays_of is None:
        return sequence
    code = window.holidays_of
    country = contact.facts().get("country") if code == CONTACT else code
    first, last = (around - _BEFORE).date(), (around + _AHEAD).date()
    named = known.get(country.strip().upper(), ()) if isinstance(country, str) else ()
    days = tuple(day for day in named if first <= day <= last)
    closed = window.model_copy(update={"holidays": (*window.holidays, *days)})
    return sequence.model_copy(update={"window": closed})
