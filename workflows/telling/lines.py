"""A line of the timeline, or of the one to come, as it is told."""

from typing import NamedTuple

from schemas.calendar import ZoneTable
from schemas.progress import Entry, What
from workflows.moments.calendar import shown_in
from workflows.telling.words import clauses


class Line(NamedTuple):
    """An entry, whether it lies ahead, its zone, and its step's entries `before` and `after` it.

    `is_again` tells of a mail that was in doubt before, and was sent again for that.
    """

    entry: Entry
    ahead: bool
    zone: ZoneTable
    before: tuple[Entry, ...] = ()
    after: tuple[Entry, ...] = ()
    is_again: bool = False

    @property
    def at(self) -> str:
        """Give its moment, as people are shown it."""
        return shown_in(self.entry.at, self.zone)

    def earlier(self, what: What) -> Entry | None:
        """Give the last entry of a kind before it."""
        return next((one for one in reversed(self.before) if one.what is what), None)

    def tensed(self, past: str, to_come: str) -> str:
        """Choose between what is said of the past and of what is to come."""
        return to_come if self.ahead else past

    @property
    def reason(self) -> str:
        """Say in full why it was done or decided."""
        return came(self.entry, self.zone)


def came(entry: Entry, zone: ZoneTable) -> str:
    """Say in full why something was done or decided."""
    if entry.grounds:
        return "; ".join(clauses(list(entry.grounds), zone))
    return entry.why


def sentence(told: str) -> str:
    """Make a sentence of it."""
    return f"{told[:1].upper()}{told[1:]}."
