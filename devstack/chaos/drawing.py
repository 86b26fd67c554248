"""Drawing a plan by lots: from a seed and a size alone."""

from random import Random
from typing import TypeVar

from devstack.chaos.plan import Blow, Deed, EventFault, Person, Plan, PostFault, Size, Strike

Choice = TypeVar("Choice")


def plan_of(seed: int, size: Size) -> Plan:
    """Draw everything by lots of their own, so that more of one thing changes no other."""
    return Plan(
        seed=seed,
        size=size,
        people=tuple(_person(_lots(seed, "person", n), n, size) for n in range(size.enrollments)),
        posts=_posts(_lots(seed, "posts"), size),
        events=_events(_lots(seed, "events"), size),
        skews=_skews(_lots(seed, "skews"), size),
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


def _skews(lots: Random, size: Size) -> dict[str, int]:
    # The first one's clock is right.
    return {name: lots.randint(-900, 900) for name in _workers(size)[1:]}


def _workers(size: Size) -> list[str]:
    return [f"worker-{number}" for number in range(1, size.workers + 1)]


def _blows(lots: Random, size: Size) -> tuple[Blow, ...]:
    mails = int(size.enrollments * _MAILS_EACH * 0.7)
    usual = [strike for strike in Strike if strike is not Strike.STOP_WORKER]
    many = usual * (size.blows // len(usual) + 1)
    lots.shuffle(many)
    kinds: list[Strike] = [*many[: size.blows], *[Strike.STOP_WORKER] * size.stops]
    drawn = [_blow(lots, strike, mails, size) for strike in kinds]
    return tuple(sorted(drawn, key=lambda blow: blow.after))


def _blow(lots: Random, strike: Strike, mails: int, size: Size) -> Blow:
    workers = _workers(size)
    wires = [f"{one}:{to}" for one in (*workers, "webhooks") for to in ("postgres", "temporal")]
    targets = {**dict.fromkeys(_ON_WORKERS, workers), **dict.fromkeys(_ON_WIRES, wires)}
    return Blow(
        strike=strike,
        after=lots.randrange(mails),
        target=lots.choice(targets.get(strike, [""])),
        seconds=round(lots.uniform(0.3, 4), 2),
    )


def _weighed(lots: Random, shares: dict[Choice, int]) -> Choice:
    return lots.choices(list(shares), weights=list(shares.values()))[0]


_TWICE, _DIRECT = 0.25, 0.3
_POST_FAULTS, _EVENT_FAULTS = 0.05, 0.08
_MAILS_EACH = 2.6
_KILLS = (PostFault.KILLED_AFTER, PostFault.KILLED_BEFORE)
_ON_WORKERS = (Strike.KILL_WORKER, Strike.STOP_WORKER)
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
