"""What the emulator's log of accepted mails says: how many a second, whom twice, who overtook."""

from bisect import bisect_left, bisect_right, insort
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from devstack.emulator.client import EmulatorClient
from devstack.emulator.selection import Selection
from devstack.emulator.views import SEND_ID, MailSummary

_PAGE = 1_000


class Accepted(NamedTuple):
    """A mail that was accepted: of which send, to whom, and when by the wall clock."""

    send: UUID
    to: str
    at: datetime


async def accepted(emulator: EmulatorClient) -> list[Accepted]:
    """Read the whole log, in the order of acceptance."""
    found: list[MailSummary] = []
    while True:
        after = found[-1].number if found else 0
        page = await emulator.mails(Selection(after=after, limit=_PAGE))
        if not page:
            return [
                Accepted(UUID(mail.custom_args[SEND_ID]), mail.recipient.email, mail.accepted_at)
                for mail in found
            ]
        found += page


def most_in_a_second(mails: Sequence[Accepted]) -> int:
    """Give how many were accepted in the second of the clock in which most were."""
    seconds = Counter(mail.at.replace(microsecond=0) for mail in mails)
    return max(seconds.values(), default=0)


def mailed_twice(mails: Sequence[Accepted]) -> int:
    """Count those who got more than one mail."""
    return sum(count > 1 for count in Counter(mail.to for mail in mails).values())


def most_within(moments: Sequence[datetime], long: timedelta) -> int:
    """Give how many of the moments lie within a time at most, whenever it begins."""
    ordered = sorted(moments)
    return max(
        (bisect_left(ordered, one + long) - place for place, one in enumerate(ordered)), default=0
    )


def most_overtaken(mails: Sequence[Accepted], turns: Mapping[UUID, float]) -> int:
    """Give by how many whose turn was later one was overtaken at most; the rest has no turn."""
    gone: list[float] = []
    most = 0
    for mail in mails:
        if mail.send not in turns:
            continue
        turn = turns[mail.send]
        most = max(most, len(gone) - bisect_right(gone, turn))
        insort(gone, turn)
    return most
