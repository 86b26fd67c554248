"""What can happen to an enrollment from outside: one shape a signal, each with an id."""

from typing import Annotated, Literal

from pydantic import Field

from schemas.calendar import ZoneTable
from schemas.values import Facts, Moment, Value


class Happening(Value):
    """What every event has: an id, by which a repeat is known, and its own moment.

    Without `at`, the moment at which the workflow takes it in counts.
    """

    id: str
    at: Moment | None = None


class Reply(Happening):
    """A person answered, whichever mail (language rule 27)."""

    kind: Literal["reply"] = "reply"
    step: str | None = None


class Click(Happening):
    """A link in the step's mail was followed."""

    kind: Literal["click"] = "click"
    step: str
    url: str | None = None


class Open(Happening):
    """The step's mail was opened."""

    kind: Literal["open"] = "open"
    step: str


class Conversion(Happening):
    """The app reports the outcome that a sequence is for: `meeting_booked`, say."""

    kind: Literal["conversion"] = "conversion"
    name: str
    fields: Facts = Field(default_factory=dict)


class AppEvent(Happening):
    """Anything else that the app reports."""

    kind: Literal["event"] = "event"
    name: str
    fields: Facts = Field(default_factory=dict)


class Unsubscribe(Happening):
    """The contact wants no more marketing mail (of one topic, if named)."""

    kind: Literal["unsubscribe"] = "unsubscribe"
    topic: str | None = None


class Complaint(Happening):
    """The contact reported a mail as spam."""

    kind: Literal["complaint"] = "complaint"


class Bounce(Happening):
    """The address did not take the mail; only a hard bounce ends the enrollment (rule 24)."""

    kind: Literal["bounce"] = "bounce"
    hard: bool = True
    step: str | None = None


class Blocked(Happening):
    """The address may never be mailed again: it is on the list, or the person has left."""

    kind: Literal["blocked"] = "blocked"
    reason: Literal["blocked", "left_company"] = "blocked"


class AutoReply(Happening):
    """A machine answered that the person is away until `until` (a local midnight), if it said."""

    kind: Literal["auto_reply"] = "auto_reply"
    until: Moment | None = None


class ContactChanged(Happening):
    """Facts about the contact that conditions use have new values."""

    kind: Literal["contact_changed"] = "contact_changed"
    facts: Facts = Field(default_factory=dict)
    zone: ZoneTable | None = None


class DataChanged(Happening):
    """What the enrollment was given, `data.…`, has new values; None takes one away (rule 9)."""

    kind: Literal["data_changed"] = "data_changed"
    facts: Facts = Field(default_factory=dict)


class Colleague(Happening):
    """Somebody else of the contact's company answered, or the app reported something of them."""

    kind: Literal["colleague"] = "colleague"
    of: Literal["reply", "event"]
    name: str | None = None
    fields: Facts = Field(default_factory=dict)


class TaskDone(Happening):
    """A person did the task of the step."""

    kind: Literal["task_done"] = "task_done"
    step: str
    occurrence: int = 1


class SendSettled(Happening):
    """It is known now whether a mail in doubt was accepted."""

    kind: Literal["send_settled"] = "send_settled"
    send: str
    accepted: bool


class Control(Happening):
    """An operator's command, already committed in PostgreSQL when it gets here.

    An exit's `ending` is another name than `stopped`, if it has one. One for a certain `run`
    means no later one of its workflow.
    """

    kind: Literal["control"] = "control"
    action: Literal["pause", "resume", "exit", "skip"]
    who: str
    why: str = ""
    ending: str = ""
    run: str | None = None


class Turn(Happening):
    """The enrollment has its contact to itself in its group, or no more (language rule 28)."""

    kind: Literal["turn"] = "turn"
    held: bool
    why: str = ""


class Room(Happening):
    """A cap has room sooner than was said: the mail that it defers may ask again (rule 29).

    It answers the ask of that count; one that has asked again since heard the newer answer.
    """

    kind: Literal["room"] = "room"
    step: str
    occurrence: int = 1
    asks: int = 1


Event = Annotated[
    Reply
    | Click
    | Open
    | Conversion
    | AppEvent
    | Unsubscribe
    | Complaint
    | Bounce
    | Blocked
    | AutoReply
    | ContactChanged
    | DataChanged
    | Colleague
    | TaskDone
    | SendSettled
    | Control
    | Turn
    | Room,
    Field(discriminator="kind"),
]
"""Any event; its `kind` is also the name of the signal that carries it."""
