"""The plan of a chaos run: who does what, and what goes wrong when, from the seed alone."""

from enum import StrEnum
from random import Random
from typing import TypeVar

from pydantic import Field

from schemas.values import Value

Choice = TypeVar("Choice")


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
    """Everything that will be done: the same seed and size give the same plan."""

    seed: int
    size: Size
    people: tuple[Person, ...]
    posts: dict[int, PostFault]
    events: dict[int, EventFault]
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


def plan_of(seed: int, size: Size) -> Plan:
    """Draw everything by lots of their own, so that more of one thing changes no other."""
    return Plan(
        seed=seed,
        size=size,
        people=tuple(_person(_lots(seed, "person", n), n, size) for n in range(size.enrollments)),
        posts=_posts(_lots(seed, "posts"), size),
        events=_events(_lots(seed, "events"), size),
        blows=_blows(_lots(seed, "blows"), size),
    )


def _lots(seed: int, *names: object) -> Random:
    return Random(":".join(map(str, (seed, *names))))  # noqa: S311 - a plan's dice, not a secret's


def _person(lots: Random, number: int, size: Size) -> Person:
    deed, acts_on = _weighed(lots, _SHARE_BY_DEED), lots.choice(("first", "second", "third"))
    return Person(
        number=number,
        deed=deed,
        acts_on="first" if deed is Deed.BOUNCES else acts_on,
        delay=round(lots.uniform(0, 4), 2),
        nudged=tuple(wait for wait in ("onward", "further") if lots.random() >= size.patient),
        twice=lots.random() < _TWICE,
        direct=lots.random() < _DIRECT,
    )


def _posts(lots: Random, size: Size) -> dict[int, PostFault]:
    posts = int(size.enrollments * _MAILS_EACH)
    drawn = {
        number: _weighed(lots, _SHARE_BY_POST_FAULT)
        for number in range(1, posts)
        if lots.random() < _POST_FAULTS
    }
    # Those that end a worker are few, early enough to be struck, and each kind comes.
    chosen = lots.sample(range(2, max(posts * 2 // 3, size.kills + 4)), size.kills + size.stops)
    ends = [_KILLS[n % len(_KILLS)] for n in range(size.kills)] + [PostFault.STOPPED] * size.stops
    return dict(sorted((drawn | dict(zip(chosen, ends, strict=True))).items()))


def _events(lots: Random, size: Size) -> dict[int, EventFault]:
    posts = size.enrollments
    drawn = {
        number: _weighed(lots, _SHARE_BY_EVENT_FAULT)
        for number in range(1, posts)
        if lots.random() < _EVENT_FAULTS
    }
    ends = (EventFault.KILLED_BEFORE, EventFault.KILLED_AFTER)
    kills = max(size.kills // 2, 1) if size.kills else 0
    chosen = lots.sample(range(2, max(posts // 2, kills + 4)), kills)
    return dict(sorted((drawn | {n: ends[i % 2 - 1] for i, n in enumerate(chosen)}).items()))


def _blows(lots: Random, size: Size) -> tuple[Blow, ...]:
    mails = int(size.enrollments * _MAILS_EACH * 0.7)
    kinds = [*Strike] * (size.blows // len(Strike) + 1)
    lots.shuffle(kinds)
    drawn = [_blow(lots, strike, mails, size) for strike in kinds[: size.blows]]
    return tuple(sorted(drawn, key=lambda blow: blow.after))


def _blow(lots: Random, strike: Strike, mails: int, size: Size) -> Blow:
    workers = [f"worker-{number}" for number in range(1, size.workers + 1)]
    wires = [f"{one}:{to}" for one in (*workers, "webhooks") for to in ("postgres", "temporal")]
    targets = {Strike.KILL_WORKER: workers, **dict.fromkeys(_ON_WIRES, wires)}
    return Blow(
        strike=strike,
        after=lots.randrange(mails),
        target=lots.choice(targets.get(strike, [""])),
        seconds=round(lots.uniform(0.3, 4), 2),
    )


def _weighed(lots: Random, shares: dict[Choice, int]) -> Choice:
    return lots.choices(list(shares), weights=list(shares.values()))[0]


_SMALL = 100
_TWICE, _DIRECT = 0.25, 0.3
_POST_FAULTS, _EVENT_FAULTS = 0.05, 0.08
_MAILS_EACH = 2.6
_KILLS = (PostFault.KILLED_AFTER, PostFault.KILLED_BEFORE)
_ON_WIRES = (Strike.CUT, Strike.DEAF, Strike.MUTE)
_SHARE_BY_DEED = {
    Deed.COMPLETES: 30,
    Deed.BOOKS: 16,
    Deed.REPLIES: 12,
    Deed.UNSUBSCRIBES: 10,
    Deed.COMPLAINS: 6,
    Deed.CLICKS: 12,
    Deed.BOUNCES: 6,
    Deed.IS_TAKEN_OUT: 8,
}
_SHARE_BY_POST_FAULT = {
    PostFault.DROPPED: 3,
    PostFault.TOO_MANY: 4,
    PostFault.UNAVAILABLE: 3,
    PostFault.ERROR_AFTER: 3,
    PostFault.SILENT: 1,
    PostFault.SILENT_AFTER: 2,
    PostFault.LATE: 1,
    PostFault.CUT_AFTER: 3,
}
_SHARE_BY_EVENT_FAULT = {
    EventFault.NEVER: 3,
    EventFault.LATE: 3,
    EventFault.TWICE: 3,
    EventFault.UNANSWERED: 2,
}
