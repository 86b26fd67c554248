"""Enrollments that are held for a cause that a person can mend: shown, and released at a pace."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import uuid4

from sqlalchemy import Connection, Engine
from temporalio.client import Client
from temporalio.common import SearchAttributeKey

from schemas.brakes import ramp
from schemas.events import Control
from schemas.names import ATTRIBUTE_HELD, ATTRIBUTE_STATE
from schemas.outcomes import Refused
from schemas.values import Moment, Value, cut
from starter import braking
from storage import controls, deliveries
from storage.sending import holds
from storage.sending.holds import Braked, HeldMail
from workflows.deciding.mailing import NO_DATE

_HELD_RUNS = f"{ATTRIBUTE_STATE} = 'held' AND ExecutionStatus = 'Running'"
_HELD = SearchAttributeKey.for_keyword(ATTRIBUTE_HELD)

Causes = dict[str, str]
"""What Temporal lists as held: the causes, which may be cut short, by workflow ids."""


class Held(Value):
    """A cause for which enrollments are held, how many, in which sequences, and since when."""

    cause: str
    count: int
    sequences: tuple[str, ...]
    since: Moment | None


class Released(Value):
    """So many go on, the last of them in so many seconds."""

    released: int
    seconds: int


class Mended(Value):
    """The cause that is mended: who says so and why, when, and how many a second go on."""

    cause: str
    who: str
    why: str
    at: datetime
    per_second: float


class _All(NamedTuple):
    mails: list[HeldMail]
    brakes: list[Braked]


async def listed(client: Client) -> Causes:
    """Give what Temporal lists as held: for a date too, say, of which PostgreSQL does not know."""
    runs = client.list_workflows(_HELD_RUNS)
    return {run.id: run.typed_search_attributes.get(_HELD) or "" async for run in runs}


def held(engine: Engine, causes: Causes) -> list[Held]:
    """Give for what enrollments are held, the most frequent cause first."""
    with engine.connect() as connection:
        found = _all(connection, causes)
    by_cause = [*_by_cause(found.mails), *map(_of_brake, found.brakes)]
    return sorted(by_cause, key=lambda one: (-one.count, one.cause))


def release(engine: Engine, mended: Mended, causes: Causes) -> Released | Refused:
    """Let all go on who are held for a cause: whose mail was due first first, slowly at first.

    Each tries its own mail again, once; a mail whose `valid_for` is over is skipped. What SendGrid
    stopped for that cause goes on as well.
    """
    with engine.begin() as connection:
        found = _for(_all(connection, causes), mended.cause)
        dateless = [one for one in found.mails if one.cause.startswith(NO_DATE)]
        if dateless:
            return _needs_dates(dateless)
        after = _resume_all(connection, mended, found.mails)
    waited = [_let_go(engine, mended, one) for one in found.brakes]
    told = [*([_released(after)] if after else []), *waited]
    if not told:
        message = f"nobody is held for {mended.cause!r}: `postroad holds` shows the causes"
        return Refused(reason="not_held", message=message)
    return Released(
        released=sum(one.released for one in told), seconds=max(one.seconds for one in told)
    )


def _all(connection: Connection, causes: Causes) -> _All:
    mails = holds.at_mails(connection)
    known = {one.workflow_id for one in mails}
    others = {run: cause for run, cause in causes.items() if run not in known}
    return _All([*mails, *holds.live_of(connection, others)], holds.behind_brakes(connection))


def _for(found: _All, cause: str) -> _All:
    return _All(
        [one for one in found.mails if one.cause.startswith(cause)],
        [one for one in found.brakes if one.why.startswith(cause)],
    )


def _by_cause(mails: Iterable[HeldMail]) -> Iterator[Held]:
    groups: dict[str, list[HeldMail]] = defaultdict(list)
    for one in mails:
        groups[one.cause].append(one)
    for cause, of_it in groups.items():
        since = min((one.since for one in of_it if one.since), default=None)
        sequences = tuple(sorted({one.sequence for one in of_it}))
        yield Held(cause=cause, count=len(of_it), sequences=sequences, since=since)


def _of_brake(brake: Braked) -> Held:
    return Held(cause=brake.why, count=brake.count, sequences=brake.sequences, since=brake.at)


def _resume_all(connection: Connection, mended: Mended, mails: list[HeldMail]) -> list[float]:
    live = holds.keep(connection, [one.row for one in mails])
    told = [(one, _resume(mended)) for one in mails if one.row in live]
    for one, control in told:
        controls.record(connection, one.row, control, cut(mended.at))
    after = [ramp(place, mended.per_second) for place in range(len(told))]
    paced = [
        (one.workflow_id, control, timedelta(seconds=wait))
        for (one, control), wait in zip(told, after, strict=True)
    ]
    deliveries.enqueue_paced(connection, paced)
    return after


def _resume(mended: Mended) -> Control:
    mark, at = uuid4().hex, cut(mended.at)
    return Control(id=mark, at=at, action="resume", who=mended.who, why=mended.why)


def _released(after: list[float]) -> Released:
    return Released(released=len(after), seconds=round(after[-1]))


def _let_go(engine: Engine, mended: Mended, brake: Braked) -> Released:
    answer = braking.release(
        engine, brake.ref, who=mended.who, at=mended.at, per_second=mended.per_second
    )
    if isinstance(answer, Refused):
        return Released(released=0, seconds=0)
    return Released(released=answer.waited, seconds=answer.seconds)


def _needs_dates(dateless: list[HeldMail]) -> Refused:
    message = (
        f"{len(dateless)} of them have no date, and a release gives them none: "
        "give each one its date, or `postroad skip` its mail"
    )
    return Refused(reason="no_date", message=message)
