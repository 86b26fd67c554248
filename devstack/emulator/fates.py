"""What becomes of a mail: magic addresses, suppression lists, and the story they tell."""

from collections.abc import Mapping
from datetime import timedelta
from enum import StrEnum

from devstack.emulator.events import Happening

_AT_ONCE = timedelta(0)
_SOON = timedelta(seconds=1)
_LATER = timedelta(minutes=10)


class Fate(StrEnum):
    """How the mail's journey ends."""

    DELIVERED = "delivered"
    BOUNCE = "bounce"
    MAILBOX_FULL = "full"
    BLOCKED = "blocked"
    DROPPED = "drop"
    DEFERRED = "deferred"
    OUT_OF_OFFICE = "ooo"


Story = tuple[tuple[Happening, timedelta], ...]

_ARRIVES: Story = ((Happening.PROCESSED, _AT_ONCE), (Happening.DELIVERED, _SOON))

STORY_BY_FATE: Mapping[Fate, Story] = {
    Fate.DELIVERED: _ARRIVES,
    Fate.OUT_OF_OFFICE: _ARRIVES,
    Fate.BOUNCE: ((Happening.PROCESSED, _AT_ONCE), (Happening.BOUNCE, _SOON)),
    Fate.MAILBOX_FULL: ((Happening.PROCESSED, _AT_ONCE), (Happening.MAILBOX_FULL, _SOON)),
    Fate.BLOCKED: ((Happening.PROCESSED, _AT_ONCE), (Happening.BLOCKED, _SOON)),
    Fate.DROPPED: ((Happening.DROPPED, _AT_ONCE),),
    Fate.DEFERRED: (
        (Happening.PROCESSED, _AT_ONCE),
        (Happening.DEFERRED, _SOON),
        (Happening.DELIVERED, _LATER),
    ),
}


def fate_of(address: str) -> Fate:
    """Read the fate out of a magic address: `bounce@…` or `ada+bounce@…`; others arrive."""
    local = address.rpartition("@")[0].casefold()
    word = local.rpartition("+")[2]
    return Fate(word) if word in _MAGIC_WORDS else Fate.DELIVERED


_MAGIC_WORDS = frozenset(fate.value for fate in Fate) - {Fate.DELIVERED.value}
