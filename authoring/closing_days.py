"""The holidays on which one contact's send window is closed, filled in from the version."""

from schemas.sequence import Sequence
from schemas.values import Facts
from schemas.version import Version


def with_holidays(version: Version, contact: Facts) -> Sequence:
    """Give the version's sequence with the holidays that its window names for the contact."""
    sequence, window = version.sequence, version.sequence.window
    if window is None or window.holidays_of is None:
        return sequence
    of = contact.get("country") if window.holidays_of == "contact" else window.holidays_of
    days = version.holidays.get(str(of), ())
    closed = window.model_copy(update={"holidays": (*window.holidays, *days)})
    return sequence.model_copy(update={"window": closed})
