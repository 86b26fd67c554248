"""What people do in the demo, as values: recipients, the rep, an operator."""

from datetime import timedelta
from enum import StrEnum

from devstack.emulator.actions import ActionKind
from schemas.values import Value


class Beside(StrEnum):
    """What is done without a mail server: on our pages, in the app, at the rep's desk."""

    UNSUBSCRIBE_PAGE = "unsubscribe_page"
    MEETING = "meeting_booked"
    TASK = "task_done"
    PAUSE = "pause"
    RESUME = "resume"
    EXIT = "exit"


class Deed(Value):
    """Something that `who` (an address up to its @) brings about `after` the mail of a step came.

    `to` is another, earlier step whose mail is acted on, `words` what is said (a reply's text, an
    operator's why, a task's name), `days_away` how long an automatic answer says they are away,
    `by` who answers in place of the recipient.
    """

    who: str
    mail: str
    after: timedelta
    does: ActionKind | Beside
    words: str = ""
    to: str | None = None
    days_away: int | None = None
    by: str | None = None
    charset: str = "utf-8"


QUIET = frozenset({ActionKind.OPEN, ActionKind.MACHINE_OPEN})
"""What nobody is told of: it changes no enrollment here."""

TOLD_BY_DOES: dict[ActionKind | Beside, str] = {
    ActionKind.CLICK: "clicks in",
    ActionKind.REPLY: "replies to",
    ActionKind.OUT_OF_OFFICE: "is away: an automatic answer to",
    ActionKind.ONE_CLICK_UNSUBSCRIBE: "unsubscribes by one click in",
    ActionKind.SPAM_REPORT: "reports as spam",
    ActionKind.LATE_BOUNCE: "bounces late, by a report on",
    ActionKind.LATE_REPORT: "sends back a non-delivery report on",
    ActionKind.MAILBOX_FULL: "has a full mailbox for",
    Beside.UNSUBSCRIBE_PAGE: "unsubscribes on the page of",
    Beside.MEETING: "books a meeting after",
    Beside.TASK: "is helped by the rep's task",
    Beside.PAUSE: "is paused by an operator after",
    Beside.RESUME: "is resumed by an operator after",
    Beside.EXIT: "is taken out by an operator after",
}
"""How the live table tells of a deed; the step's name follows."""
