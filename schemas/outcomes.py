"""What came of an activity, as values: a refusal is an answer, not an error."""

from typing import Literal

from pydantic import Field

from schemas.calendar import ZoneTable
from schemas.events import Event
from schemas.progress import Ending
from schemas.sequence import Sequence
from schemas.suppression import Reason
from schemas.values import Facts, Moment, Value


class Enrolled(Value):
    """The enrollment is on record; what deciding needs from then on.

    `row` is the database's enrollment id, `at` the enrollment's own moment, `contact` only the
    facts that conditions name, `earlier` the events before it that a `since: always` wait asks
    for, `missed` those of its own time that came before it was on record, `last_marketing_at` a
    hand-off parent's last marketing mail. Who is `held_out` gets no marketing mail, so that one
    sees what the sequence brings. It begins at the main step `step`, the first if there is none.
    """

    kind: Literal["enrolled"] = "enrolled"
    row: str
    version: str
    at: Moment
    sequence: Sequence
    zone: ZoneTable
    contact: Facts = Field(default_factory=dict)
    earlier: tuple[Event, ...] = ()
    missed: tuple[Event, ...] = ()
    last_marketing_at: Moment | None = None
    contact_id: str = ""
    held_out: bool = False
    step: str | None = None


class Waiting(Value):
    """Nothing has begun yet: its turn comes with the signal `turn`, or is asked for at `until`."""

    kind: Literal["waiting"] = "waiting"
    until: Moment
    why: str


class Refused(Value):
    """Nobody was enrolled: why (`audience`, `suppressed`, `already_enrolled` …), and in words."""

    kind: Literal["refused"] = "refused"
    reason: str
    message: str


class Sent(Value):
    """SendGrid accepted the mail; `send` is the id of our claim, `arm` the variant that went."""

    kind: Literal["sent"] = "sent"
    send: str
    at: Moment
    arm: str | None = None


class Suppressed(Value):
    """The mail did not go because of a suppression."""

    kind: Literal["suppressed"] = "suppressed"
    reason: Reason


class Held(Value):
    """The mail did not go for a fault that a person can mend; `reason` says what to mend."""

    kind: Literal["held"] = "held"
    reason: str


class InDoubt(Value):
    """Nobody knows yet whether SendGrid accepted the mail that was claimed `at`.

    SendGrid's time to tell of it counts `from_now`; in histories of before, from the claim.
    """

    kind: Literal["in_doubt"] = "in_doubt"
    send: str
    at: Moment
    from_now: bool = False


class Stopped(Value):
    """PostgreSQL knows already that the enrollment has ended, or was paused at `at`."""

    kind: Literal["stopped"] = "stopped"
    at: Moment | None = None
    ending: Ending | None = None
    who: str = ""
    why: str = ""


class Behind(Value):
    """The mail did not go: PostgreSQL has these events, of which the workflow must know first."""

    kind: Literal["behind"] = "behind"
    events: tuple[Event, ...]


class Deferred(Value):
    """The mail is over a cap (language rule 29): `until` is the moment reserved for it.

    If that lies after `give_up_at`, the mail is skipped at `give_up_at`. A signal `room` that names
    the same count of `asks` says that it may ask again sooner.
    """

    kind: Literal["deferred"] = "deferred"
    since: Moment
    until: Moment
    give_up_at: Moment
    why: str
    asks: int = 1


class Braked(Value):
    """A brake keeps the mail back: it asks again when a signal `room` says so, as with a cap.

    Without one it asks again at `until`. It `shows` in the enrollment's state; in histories of
    before it did not. A mail that is over a rate is kept back likewise, but `until` is the moment
    that is `reserved` for it.
    """

    kind: Literal["braked"] = "braked"
    since: Moment
    until: Moment
    why: str
    asks: int = 1
    shows: bool = False
    reserved: bool = False


SendOutcome = Sent | Suppressed | Held | InDoubt | Stopped | Behind | Deferred | Braked


class Settled(Value):
    """A mail in doubt is settled: it went, or it counts as not sent; it may be sent `again`."""

    kind: Literal["settled"] = "settled"
    accepted: bool
    again: bool = False


class HandedOff(Value):
    """The contact's enrollment in the other sequence is reserved, per `key` if it has one."""

    kind: Literal["handed_off"] = "handed_off"
    workflow_id: str
    key: str | None = None


class Looked(Value):
    """What PostgreSQL answered, by the marks of the questions."""

    kind: Literal["looked"] = "looked"
    counts: dict[str, int]
