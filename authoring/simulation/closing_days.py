"""The holidays on which one contact's send window is closed, as a version of now knows them."""

from datetime import datetime

from activities import holidays
from authoring.language.holidays import expanded, is_country
from schemas.sequence import Sequence
from schemas.values import Facts
from schemas.version import Version


def with_holidays(version: Version, contact: Facts, start: datetime) -> Sequence:
    """Give the version's sequence with the holidays that its window names for the contact.

    A version that is not published knows none yet: then it is those of the years around `start`.
    """
    sequence = version.sequence
    code = holidays.holiday_country(sequence, contact)
    if code is None:
        return sequence
    known = version.holidays
    if not known and is_country(code):
        known = expanded([code], range(start.year - 1, start.year + 4))
    return holidays.with_holidays(sequence, known, contact, start)
