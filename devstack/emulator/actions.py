"""What a recipient, or a mail server, does with a mail on demand."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from pydantic import AwareDatetime

from devstack.emulator.events import Happening
from devstack.emulator.records import Address, Record


class ActionKind(StrEnum):
    """The things that can be done with a mail."""

    OPEN = "open"
    MACHINE_OPEN = "machine_open"
    CLICK = "click"
    REPLY = "reply"
    OUT_OF_OFFICE = "out_of_office"
    LATE_REPORT = "late_report"
    UNSUBSCRIBE = "unsubscribe"
    GROUP_UNSUBSCRIBE = "group_unsubscribe"
    ONE_CLICK_UNSUBSCRIBE = "one_click_unsubscribe"
    BOUNCE = "bounce"
    MAILBOX_FULL = "mailbox_full"
    LATE_BOUNCE = "late_bounce"
    BLOCKED = "blocked"
    DEFERRED = "deferred"
    SPAM_REPORT = "spam_report"


class Action(Record):
    """One of them, at the virtual moment `at` (None: as much later as real time has passed).

    `url` is the link that is clicked (None: the first one); `text` is what a reply says;
    `sender` answers in place of the recipient; `charset` is what a reply is written in.
    """

    kind: ActionKind
    at: AwareDatetime | None = None
    url: str | None = None
    text: str | None = None
    return_date: date | None = None
    sender: Address | None = None
    charset: str = "utf-8"


class Done(Record):
    """What an action set off; the numbers lead to its events, the post to its answer."""

    event_numbers: tuple[int, ...] = ()
    post_number: int | None = None


class ActionRefusedError(Exception):
    """The mail does not allow this action; the message says why."""


HAPPENING_BY_ACTION: Mapping[ActionKind, Happening] = {
    kind: Happening(kind.value) for kind in ActionKind if kind.value in set(Happening)
}
"""The actions that SendGrid tells of by an event."""

NEEDS_DELIVERY = frozenset(ActionKind) - {
    ActionKind.BOUNCE,
    ActionKind.MAILBOX_FULL,
    ActionKind.BLOCKED,
    ActionKind.DEFERRED,
}
"""The actions that only somebody can take who has got the mail."""
