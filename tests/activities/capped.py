"""A contact in several sequences under a cap, and who was told of room."""

from datetime import datetime, timedelta

from sqlalchemy import select

from schemas.activities import ControlRequest
from schemas.contact import Contact
from schemas.events import Control, Room
from schemas.outcomes import Enrolled, SendOutcome
from schemas.policies import Caps, Turns
from storage.schema.outgoing_tables import deliveries
from storage.sending import caps
from tests.activities.world import World
from tests.builders import MONDAY, a_sequence, an_email

DAY, HOUR = timedelta(days=1), timedelta(hours=1)
ONE_A_DAY = Caps(per_day=1)


def capped(world: World, rules: Caps | None = ONE_A_DAY, at: datetime = MONDAY) -> None:
    with world.engine.begin() as connection:
        caps.put(connection, rules, by="test", at=at)


def in_sequences(world: World, contact: Contact, **priorities: int) -> list[Enrolled]:
    for name, priority in priorities.items():
        turns = Turns(priority=priority)
        receipt = an_email("receipt", transactional=True)
        sequence = a_sequence(an_email("intro"), receipt, name=name, turns=turns)
        world.publish(sequence, files=FILES)
    return [world.enrolled(contact, name) for name in priorities]


TEXT = "---\nsubject: Hello\n---\nHi.\n"
FILES = {"intro.md": TEXT, "receipt.md": TEXT}


def paused(world: World, row: Enrolled) -> None:
    command = Control(id="c1", at=MONDAY, action="pause", who="olga")
    world.live.record_control(ControlRequest(row=row.row, control=command))


async def at(
    world: World, row: Enrolled, moment: datetime, step: str = "intro", **fields: object
) -> SendOutcome:
    return await world.send(row, step, now=moment, **fields)


def told(world: World, row: Enrolled) -> list[Room]:
    with world.engine.connect() as connection:
        workflow = f"{row.sequence.name}.{row.contact_id}"
        found = select(deliveries.c.payload).where(
            deliveries.c.workflow_id == workflow, deliveries.c.signal == "room"
        )
        return [Room.model_validate(one) for one in connection.scalars(found)]
