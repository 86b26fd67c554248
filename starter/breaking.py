"""Breakers at work: opened where a bounce or complaint comes in, tried and closed afterwards."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import Connection

from schemas.brakes import BREAKER, Brake, Concern
from schemas.breakers import Breaker, Breakers, Counts
from starter.braking import PER_SECOND, let_all_go
from starter.outgoing.operators import News, tell_operators
from storage.sending import brakes, breakers, kept_back, rules
from storage.sending.brakes import BrakeRow
from storage.sending.breakers import BreakerRow
from workflows.sharing.breaking import PROBES, Trial, pause_of, trip, verdict

LOOK_AGAIN = timedelta(seconds=30)
"""How often a breaker that is being tried is looked at."""

FRESH = timedelta(minutes=15)
"""After which time a mail that was to try a breaker and did not go leaves its place to another."""

Whose = tuple[Concern, str]
"""What a breaker concerns: a sequence, or a sender's address in small letters."""


def judge(connection: Connection, concerned: Iterable[Whose], at: datetime) -> list[BrakeRow]:
    """Open the breakers of those of whose mails too many came to grief, and give them.

    In one order everywhere, so that two never wait for each other.
    """
    wanted = sorted(set(concerned))
    if not wanted:
        return []
    project = rules.breakers(connection)
    opened = [_judge(connection, project, whose, at) for whose in wanted]
    return [one for one in opened if one is not None]


def look(connection: Connection, breaker: BreakerRow, at: datetime) -> str:
    """Look at a breaker that is due, let mails try it, and open it again or close it; say which."""
    project = rules.breakers(connection)
    own = project.of(breaker.of, breaker.target)
    if own is None:
        _close(connection, breaker, Counts(), at, why="it was switched off")
        return "closed"
    if breaker.state == "open":
        breakers.record(connection, breaker.id, "probing", Counts(), _TRIED)
        return _let_try(connection, breaker, PROBES, at)
    return _go_on(connection, breaker, own, at)


def _judge(
    connection: Connection, project: Breakers, whose: Whose, at: datetime
) -> BrakeRow | None:
    of, target = whose
    own = project.of(of, target)
    if own is None or breakers.stands(connection, of, target):
        return None
    counts = breakers.counts_of(connection, of, target, own.window)
    why = trip(own, counts)
    if why is None:
        return None
    brake = Brake(of=of, target=target, who=BREAKER, why=why, at=at, breaker=True)
    opened = breakers.open_up(connection, brake, counts, own.pause)
    if opened is not None:
        tell_operators(connection, project.notify, _opened(opened, counts, own))
    return opened


def _go_on(connection: Connection, breaker: BreakerRow, own: Breaker, at: datetime) -> str:
    tried = breakers.tried(connection, breaker.id, breaker.rounds, FRESH)
    watched = tried.seconds >= own.pause.total_seconds()
    trial = Trial(tried.counts, watched, kept_back.any_waits(connection, breaker.id))
    match verdict(own, trial):
        case "opens":
            again = breaker.rounds + 1
            breakers.record(connection, breaker.id, "opened_again", tried.counts, _IN_VAIN)
            breakers.move(connection, breaker.id, "open", again, pause_of(own, again))
            return "opened_again"
        case "closes":
            _close(connection, breaker, tried.counts, at, why=_WELL)
            return "closed"
    missing = PROBES - tried.counts.sent - tried.pending
    return _let_try(connection, breaker, missing, at)


def _let_try(connection: Connection, breaker: BreakerRow, most: int, at: datetime) -> str:
    named = kept_back.let_try(connection, breaker.id, most, at) if most > 0 else []
    breakers.name_probes(connection, breaker.id, named, breaker.rounds)
    breakers.move(connection, breaker.id, "probing", breaker.rounds, LOOK_AGAIN)
    return "probing"


def _close(
    connection: Connection, breaker: BreakerRow, counts: Counts, at: datetime, *, why: str
) -> None:
    brake = brakes.release(connection, breaker.of, breaker.target, BREAKER, breaker=True)
    breakers.over(connection, breaker.id)
    if brake is None:
        return
    breakers.record(connection, brake.id, "closed", counts, why)
    let_all_go(connection, brake, at, PER_SECOND)
    project = rules.breakers(connection)
    tell_operators(connection, project.notify, _closed(brake, why, at))


def _opened(brake: BrakeRow, counts: Counts, own: Breaker) -> News:
    name = f"{brake.of}:{brake.target}"
    more = (
        f"Mails of {name} wait from now on, and nothing is lost. After {own.probe_after.words} "
        f"{PROBES} of them go; if none of these come to grief, all others follow, slowly at "
        f"first. Look at whom it writes to, and mend that first: `postroad brakes` shows how it "
        f"stands, and `postroad resume {name}` lets all go on at once."
    )
    return News(
        mark=f"breaker.{brake.id}.opened",
        at=brake.at,
        what=f"Mails are kept back: {name}, {brake.why}",
        more=more,
        fields={"change": "opened", "of": brake.of, "target": brake.target, **counts.model_dump()},
    )


def _closed(brake: BrakeRow, why: str, at: datetime) -> News:
    name = f"{brake.of}:{brake.target}"
    return News(
        mark=f"breaker.{brake.id}.closed",
        at=at,
        what=f"Mails go on: {name}, {why}",
        more="Those that waited go in the order in which they were due, slowly at first.",
        fields={"change": "closed", "of": brake.of, "target": brake.target},
    )


_TRIED = "a few mails try it"
_IN_VAIN = "of the mails that tried it too many came to grief"
_WELL = "the mails that tried it came to no grief"
