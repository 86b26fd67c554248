"""The plan of a chaos run, as values: who does what, and what goes wrong when."""

from enum import StrEnum

from pydantic import Field

from schemas.values import Value


class Deed(StrEnum):
    """What somebody who is enrolled does, and so how it ends."""

    COMPLETES = "completes"
    BOOKS = "books"
    REPLIES = "replies"
    UNSUBSCRIBES = "unsubscribes"
    COMPLAINS = "complains"
    CLICKS = "clicks"
    BOUNCES = "bounces"
    IS_TAKEN_OUT = "is taken out"


class Person(Value):
    """Somebody: enrolled after `starts` others, acting `delay` seconds after the mail `acts_on`.

    `nudged` names the waits that an event cuts short; `twice` is who is started and heard twice;
    `direct` is who is started by a bare Temporal client.
    """

    number: int
    deed: Deed
    acts_on: str
    delay: float
    nudged: tuple[str, ...]
    twice: bool
    direct: bool

    @property
    def name(self) -> str:
        """What stands before the @ of the address."""
        magic = "+bounce" if self.deed is Deed.BOUNCES else ""
        return f"person-{self.number:05}{magic}"


class PostFault(StrEnum):
    """What becomes of one request to SendGrid: on its way, or on the way back."""

    DROPPED = "dropped before it arrived"
    TOO_MANY = "answered 429"
    UNAVAILABLE = "answered 503, not accepted"
    ERROR_AFTER = "accepted, answered 500"
    SILENT = "never arrived, no answer"
    SILENT_AFTER = "accepted, no answer"
    LATE = "accepted after the worker gave up"
    CUT_AFTER = "accepted, the answer cut short"
    KILLED_BEFORE = "worker killed between claim and post"
    KILLED_AFTER = "worker killed between post and record"
    STOPPED = "worker stopped for longer than its activity may take"


class EventFault(StrEnum):
    """What becomes of one post of SendGrid's events, or of a mail that came back."""

    NEVER = "never brought"
    LATE = "brought late"
    TWICE = "brought twice"
    UNANSWERED = "brought, the answer lost"
    KILLED_BEFORE = "webhooks killed before it is stored"
    KILLED_AFTER = "webhooks killed between store and signal"


class Strike(StrEnum):
    """What happens to a process or a connection, whatever it is doing."""

    KILL_WORKER = "worker killed"
    KILL_WEBHOOKS = "webhooks killed"
    KILL_TEMPORAL = "Temporal killed"
    RESTART_POSTGRES = "PostgreSQL restarted, fast"
    CRASH_POSTGRES = "PostgreSQL restarted, immediate"
    STOP_WORKER = "worker stopped between claim and post, then continued"
    CUT = "connections cut"
    DEAF = "requests swallowed, then cut"
    MUTE = "answers swallowed, then cut"
    REDEPLOY = "workers redeployed, one after another"


class Blow(Value):
    """A strike when `after` mails have been accepted: on `target`, lasting `seconds`."""

    strike: Strike
    after: int
    target: str
    seconds: float


class Size(Value):
    """How much there is of everything: `kills` and `stops` of workers in the midst of a post.

    `patient` is the share of waits that no event cuts short: they last up to a minute each.
    """

    enrollments: int = Field(ge=1, le=100_000)
    workers: int = Field(default=2, ge=2, le=9)
    at_once: int = Field(ge=1)
    blows: int = Field(ge=0)
    kills: int = Field(ge=0)
    stops: int = Field(ge=0)
    patient: float = Field(ge=0, le=1)


class Plan(Value):
    """Everything that will be done: the same seed and size give the same plan.

    `skews` says by how many seconds a worker's clock is wrong.
    """

    seed: int
    size: Size
    people: tuple[Person, ...]
    posts: dict[int, PostFault]
    events: dict[int, EventFault]
    skews: dict[str, int]
    blows: tuple[Blow, ...]


def size_of(enrollments: int, workers: int = 2) -> Size:
    """Give the size of a run of so many enrollments: a small one is over in a minute or two."""
    is_small = enrollments < _SMALL
    return Size(
        enrollments=enrollments,
        workers=workers,
        at_once=min(enrollments, 100),
        blows=min(max(enrollments // 25, 3), 60),
        kills=min(max(enrollments // 80, 2), 40),
        stops=min(enrollments // 400, 4),
        patient=0.0 if is_small else 0.3,
    )


_SMALL = 100
