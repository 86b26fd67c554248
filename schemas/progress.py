"""How far an enrollment has come: one frozen value, from which every decision follows."""

import operator
from enum import StrEnum
from typing import Literal

from pydantic import Field

from schemas.calendar import ZoneTable
from schemas.events import Event
from schemas.matchers import StepId
from schemas.values import Facts, Moment, Value

MAIN = "main"


class Ending(Value):
    """Why and when an enrollment is over; `name` as language rule 37 lists them.

    `why` says what was so where no event brought it about: what the audience asks, say.
    """

    name: str
    at: Moment
    why: str = Field(default="", exclude_if=operator.not_)


class Track(Value):
    """A place in a list of steps: the main one, or one that an entry of `on:` began.

    `at` is the step reached and not yet done (None: the list is done), `reached` since when;
    `counts` are the answers to what its step asked PostgreSQL.
    """

    name: str = MAIN
    at: StepId | None
    reached: Moment
    occurrence: int = 1
    counts: dict[str, int] | None = None


class Mail(Value):
    """A mail of this enrollment that went, or may have gone: in doubt, and so `since` when."""

    step: StepId
    occurrence: int = 1
    at: Moment
    send: str
    transactional: bool = False
    arm: str | None = None
    since: Moment | None = None


class Deferral(Value):
    """A mail that was over a cap when it was `due`: since and until when it waits for room.

    It is skipped at `give_up_at`; without that a brake keeps it back, and it waits for its release,
    which `shows` in the enrollment's state; or, over a rate, for the moment `reserved` for it.
    `asks` counts how often room was asked for.
    """

    step: StepId
    occurrence: int = 1
    due: Moment
    since: Moment
    until: Moment
    give_up_at: Moment | None = None
    why: str
    asks: int = 1
    shows: bool = Field(default=False, exclude_if=operator.not_)
    reserved: bool = Field(default=False, exclude_if=operator.not_)


class OpenTask(Value):
    """A task that was created and is not done yet."""

    step: StepId
    occurrence: int = 1
    at: Moment


class Stop(Value):
    """A time in which mails wait and clocks stand still: an operator's pause, or a hold.

    `until` is None while it lasts; `reason` says in words what a person must mend. A hold for
    the date of a step's mail names that step and its `cause`; `released` says what ended it.
    """

    kind: Literal["pause", "hold"]
    since: Moment
    until: Moment | None = None
    reason: str = ""
    who: str = ""
    step: StepId | None = None
    occurrence: int = 1
    cause: Literal["past", "missing"] | None = None
    released: Literal["resume", "skip", "value"] | None = None


class What(StrEnum):
    """What an entry of the timeline tells."""

    ENROLLED = "enrolled"
    SENT = "sent"
    SKIPPED = "skipped"
    DEFERRED = "deferred"
    IN_DOUBT = "in_doubt"
    SETTLED = "settled"
    SENT_AGAIN = "sent_again"
    WAITED = "waited"
    BRANCHED = "branched"
    REACTED = "reacted"
    TASK_OPENED = "task_opened"
    TASK_DONE = "task_done"
    TASK_TIMED_OUT = "task_timed_out"
    HANDED_OFF = "handed_off"
    HAND_OFF_REFUSED = "hand_off_refused"
    EFFECT = "effect"
    PAUSED = "paused"
    HELD = "held"
    RESUMED = "resumed"
    TURN_LOST = "turn_lost"
    TURN_BACK = "turn_back"
    EVENT = "event"
    ENDED = "ended"


class Skip(StrEnum):
    """Why a mail was skipped, or another step passed over, in a word."""

    LATE = "late"
    CAPPED = "capped"
    PAST = "past"
    MISSING = "missing"
    GIVEN_UP = "given_up"
    OPTED_OUT = "opted_out"
    HELD_OUT = "held_out"
    SUPPRESSED = "suppressed"


class Ground(Value):
    """What one rule had to do with something: in words, and the moment to which it led, if any.

    `rule` is its number on the page about the language, 0 for a brake, which is put on by hand.
    """

    rule: int
    words: str
    at: Moment | None = None


class Entry(Value):
    """One line of an enrollment's timeline: what, when, and why in words.

    `grounds` say it in full, one rule after another; `to` is the step that came then; `skip` says
    in a word why something was skipped. Timelines of before these were written have none of them.
    """

    at: Moment
    what: What
    step: StepId | None = None
    why: str = ""
    occurrence: int = 1
    grounds: tuple[Ground, ...] = ()
    to: StepId | None = None
    skip: Skip | None = Field(default=None, exclude_if=operator.not_)


class Progress(Value):
    """Everything that has happened to an enrollment.

    `events` are in order of (moment, id) whatever order they came in; `taken` are the ids of
    those that a `wait_for` used up; `started` the reactions that ran, as `<index>.<event id>`;
    `done_at` is when a step was last done; `first_zone` is the zone at the enrollment if another
    one came since. `first_step` is the one at which it began, if that is not the first of all,
    and `first_moment` then the moment of its day, `first_day` (language rule 40).
    """

    enrolled_at: Moment
    first_moment: Moment
    first_day: int = 1
    first_step: StepId | None = None
    contact_id: str = ""
    held_out: bool = False
    zone: ZoneTable
    first_zone: ZoneTable | None = None
    key: str | None = None
    contact: Facts = Field(default_factory=dict)
    values: Facts = Field(default_factory=dict)
    earlier: tuple[Event, ...] = ()
    events: tuple[Event, ...] = ()
    tracks: tuple[Track, ...]
    taken: tuple[str, ...] = ()
    started: tuple[str, ...] = ()
    mails: tuple[Mail, ...] = ()
    doubts: tuple[Mail, ...] = ()
    open_tasks: tuple[OpenTask, ...] = ()
    stops: tuple[Stop, ...] = ()
    deferrals: tuple[Deferral, ...] = ()
    last_marketing_at: Moment | None = None
    done_at: Moment | None = None
    timeline: tuple[Entry, ...] = ()
    ending: Ending | None = None
