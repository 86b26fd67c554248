"""Stopping and pausing many at once by one row that every claim reads, and letting them go on."""

from datetime import datetime, timedelta
from typing import Literal

from sqlalchemy import Connection, Engine

from schemas.brakes import Brake, Concern, concern_of, ramp
from schemas.breakers import Counts
from schemas.outcomes import Refused
from schemas.values import Value
from storage import deliveries, tides, versions
from storage.people import contacts
from storage.sending import brakes, breakers, kept_back
from storage.sending.brakes import BrakeRow, Standing

PER_SECOND = 10.0
"""How many mails a second go on after a release, where nothing else is said."""

_REFS = "all, account, sender:ADDRESS, sequence:NAME, domain:NAME or contact:WHO"


class Stopped(Value):
    """The brake is on, since when; so many mails had been claimed and were being posted then."""

    ref: str
    new: bool
    at: datetime
    being_posted: int


class Released(Value):
    """The brake is off; so many mails waited, and the last of them goes in so many seconds.

    Its `breaker` may be open still, or is what was released.
    """

    ref: str
    waited: int
    seconds: int
    breaker: Literal["none", "open", "released"] = "none"


def stop(engine: Engine, ref: str, *, who: str, why: str, at: datetime) -> Stopped | Refused:
    """Keep back all mails that `ref` means, from this commit on: every claim after it sees it."""
    with engine.begin() as connection:
        concern = _concern(connection, ref)
        if isinstance(concern, Refused):
            return concern
        of, target = concern
        brake, new = brakes.put(connection, Brake(of=of, target=target, who=who, why=why, at=at))
        posted = brakes.being_posted(connection)
    return Stopped(ref=ref, new=new, at=brake.at, being_posted=posted)


def release(
    engine: Engine, ref: str, *, who: str, at: datetime, per_second: float = PER_SECOND
) -> Released | Refused:
    """Let mails go on, those due first first, slowly at first, then so many a second.

    What a person put on is released; where there is nothing such, the breaker, if it is open.
    """
    with engine.begin() as connection:
        concern = _concern(connection, ref)
        if isinstance(concern, Refused):
            return concern
        brake = (
            _not_reconciled(connection, concern)
            or brakes.release(connection, *concern, who)
            or _reset(connection, *concern, who)
        )
        if isinstance(brake, Refused):
            return brake
        if brake is None:
            message = f"{ref} is not stopped: `postroad brakes` shows what is"
            return Refused(reason="not_stopped", message=message)
        waited, last = let_all_go(connection, brake, at, per_second)
        breaker = _breaker(connection, brake)
    seconds = round(last.total_seconds())
    return Released(ref=ref, waited=waited, seconds=seconds, breaker=breaker)


def let_all_go(
    connection: Connection, brake: BrakeRow, at: datetime, per_second: float
) -> tuple[int, timedelta]:
    """Let go on who waited for a brake that was released, by a ramp; give how many, how long."""
    told = kept_back.release(connection, brake.id, at)
    after = [timedelta(seconds=ramp(place, per_second)) for place in range(len(told))]
    paced = [(*one, wait) for one, wait in zip(told, after, strict=True)]
    deliveries.enqueue_paced(connection, paced)
    return len(told), after[-1] if after else timedelta()


def _not_reconciled(connection: Connection, concern: tuple[Concern, str]) -> Refused | None:
    tide = tides.level(connection) if concern[0] == "all" else None
    if tide is None or tide.ebbed_why is None:
        return None
    message = f"{tide.ebbed_why}: run `postroad restored` first"
    return Refused(reason="not_reconciled", message=message)


def standing(engine: Engine) -> list[Standing]:
    """Give the brakes that are on, the oldest first, and how many mails wait for each."""
    with engine.connect() as connection:
        return brakes.standing(connection)


def is_brake(ref: str) -> bool:
    """Tell whether a reference means many, not one enrollment: these have no colon."""
    return ":" in ref or concern_of(ref) is not None


def _concern(connection: Connection, ref: str) -> tuple[Concern, str] | Refused:
    concern = concern_of(ref)
    if concern is None:
        return Refused(reason="unknown", message=f"{ref} is none of {_REFS}")
    of, target = concern
    if of == "contact":
        return _of_contact(connection, target)
    if of == "sequence" and versions.latest_hash(connection, target) is None:
        message = f"there is no published sequence {target}: `postroad list` shows who is in which"
        return Refused(reason="unknown_sequence", message=message)
    return of, target


def _reset(connection: Connection, of: Concern, target: str, who: str) -> BrakeRow | None:
    breakers.hold(connection, of, target)
    brake = brakes.release(connection, of, target, who, breaker=True)
    if brake is not None:
        breakers.over(connection, brake.id)
        breakers.record(connection, brake.id, "released", Counts(), f"by {who}")
    return brake


def _breaker(connection: Connection, released: BrakeRow) -> Literal["none", "open", "released"]:
    if released.breaker:
        return "released"
    return "open" if breakers.stands(connection, released.of, released.target) else "none"


def _of_contact(connection: Connection, ref: str) -> tuple[Concern, str] | Refused:
    found = contacts.find(connection, ref)
    # Locked: a merge takes along the brakes that stand before it, and no later one.
    contact = contacts.lock(connection, found.id) if found else None
    if contact is None:
        return Refused(reason="unknown_contact", message="there is no such contact")
    return "contact", contact.id
