"""Sequences of one group and a contact that they share, to tell how turns go."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from activities.telling import tell_all
from schemas.activities import BeginRequest, EndRequest
from schemas.contact import Contact
from schemas.enrollment import EnrollmentStart
from schemas.events import Turn, Unsubscribe
from schemas.ids import enrollment_id
from schemas.outcomes import Enrolled, Refused, Waiting
from schemas.policies import Turns
from schemas.progress import Ending
from schemas.turns import Contender
from storage import enrolled
from storage.entering import turns
from storage.rows import EnrollmentRow, shaped
from storage.schema.outgoing_tables import deliveries as laid_out
from storage.schema.turn_tables import turns as turns_table
from tests.activities.world import World
from tests.builders import MONDAY, a_sequence, an_email, days

Answer = Enrolled | Refused | Waiting
PATIENT = days(3)


def publish(world: World, name: str, priority: int = 1, **turns_of: object) -> None:
    """Publish a sequence of the group `sales` that waits three days, unless it says otherwise."""
    given = {"exclusive": "sales", "priority": priority, "if_busy": PATIENT, **turns_of}
    steps = (an_email("intro"), an_email("receipt", email="note", transactional=True))
    world.publish(
        a_sequence(*steps, name=name, turns=Turns.model_validate(given), re_enroll="always")
    )


def refuses(world: World, name: str, priority: int = 1) -> None:
    publish(world, name, priority, if_busy="refuse")


def ask(
    world: World, name: str, contact: Contact, now: datetime = MONDAY, run: str = "run-1"
) -> Answer:
    return world.live.begin_enrollment(
        BeginRequest(
            start=EnrollmentStart(sequence=name, contact=contact.id),
            workflow_id=enrollment_id(name, contact.id, None),
            run_id=run,
            now=now,
        )
    )


def enroll(world: World, name: str, contact: Contact, now: datetime = MONDAY) -> Enrolled:
    answer = ask(world, name, contact, now)
    assert isinstance(answer, Enrolled), answer
    return answer


def end(world: World, row: Enrolled, at: datetime, name: str = "completed") -> Ending:
    ending = Ending(name=name, at=at)
    return world.live.end_enrollment(EndRequest(row=row.row, ending=ending, rank=1000, timeline=()))


def told(world: World, name: str, contact: Contact) -> list[tuple[bool, datetime | None, str]]:
    """Give what the workflow of an enrollment was told of its turn, in that order."""
    found = select(laid_out.c.payload).where(
        laid_out.c.workflow_id == enrollment_id(name, contact.id, None), laid_out.c.signal == "turn"
    )
    with world.engine.connect() as connection:
        payloads = connection.scalars(found.order_by(laid_out.c.id)).all()
    events = [Turn.model_validate(one) for one in payloads]
    return [(one.held, one.at, one.why) for one in events]


def on_record(world: World, ref: str) -> EnrollmentRow:
    with world.engine.connect() as connection:
        return enrolled.get(connection, UUID(ref))


def contenders(world: World) -> list[Contender]:
    with world.engine.connect() as connection:
        rows = connection.execute(select(turns_table).order_by(turns_table.c.id)).mappings()
        return [shaped(Contender, row) for row in rows]


def standing(world: World, contact: Contact) -> list[tuple[str, str]]:
    with world.engine.connect() as connection:
        found = turns.standing(connection, "sales", contact.id)
    return [(one.sequence, one.state) for one in found]


def unsubscribe(world: World, contact: Contact, at: datetime) -> None:
    event = Unsubscribe(id="opt-out", at=at)
    with world.engine.begin() as connection:
        tell_all(connection, contact.id, at, lambda *_: event)
