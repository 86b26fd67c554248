"""Enrollments that are held for a cause that is mended: released together, at a pace."""

from datetime import datetime, timedelta
from uuid import uuid4

from sqlalchemy import Engine

from schemas.brakes import ramp
from schemas.events import Control
from schemas.outcomes import Refused
from schemas.values import Value, cut
from storage import controls, deliveries
from storage.sending import holds
from storage.sending.holds import Held, HeldMail


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


def held(engine: Engine) -> list[Held]:
    """Give for what enrollments are held at a mail, the most frequent cause first."""
    with engine.connect() as connection:
        return holds.by_cause(connection)


def release(engine: Engine, mended: Mended) -> Released | Refused:
    """Resume all who are held for a cause: whose mail was due first first, slowly at first.

    Each tries its own mail again, once; a mail whose `valid_for` is over is skipped.
    """
    with engine.begin() as connection:
        found = {one.row: one for one in reversed(holds.held_for(connection, mended.cause))}
        in_order = list(reversed(found.values()))
        if not in_order:
            message = f"nobody is held for {mended.cause!r}: `postroad holds` shows the causes"
            return Refused(reason="not_held", message=message)
        told = [_resume(mended, one) for one in in_order]
        for one, (_, control) in zip(in_order, told, strict=True):
            controls.record(connection, one.row, control, cut(mended.at))
        after = [ramp(place, mended.per_second) for place in range(len(told))]
        paced = [(*one, timedelta(seconds=wait)) for one, wait in zip(told, after, strict=True)]
        deliveries.enqueue_paced(connection, paced)
    return Released(released=len(told), seconds=round(after[-1]))


def _resume(mended: Mended, one: HeldMail) -> tuple[str, Control]:
    control = Control(
        id=uuid4().hex, at=cut(mended.at), action="resume", who=mended.who, why=mended.why
    )
    return one.workflow_id, control
