"""People in one sequence whose sender has a rate, and time that passes for the line."""

from datetime import timedelta

from sqlalchemy import update

from schemas.outcomes import Braked, Enrolled, SendOutcome
from schemas.rates import Rate, Rates
from storage.schema.cap_tables import deferrals, goes, lanes
from storage.sending import rules
from tests.activities.world import OLGA, World
from tests.builders import MONDAY, a_sequence, an_email

TEXT = "---\nsubject: Hello\n---\nHi.\n"
HOUR, DAY, MINUTE = timedelta(hours=1), timedelta(days=1), timedelta(minutes=1)


def paced(world: World, **of: Rate | dict[str, Rate]) -> None:
    with world.engine.begin() as connection:
        rules.put(connection, "rates", Rates.model_validate(of), by="test", at=MONDAY)


def people(world: World, many: int, domain: str = "customer.example") -> list[Enrolled]:
    receipt = an_email("receipt", transactional=True)
    sequence = a_sequence(an_email("intro"), receipt)
    world.publish(sequence, files={"intro.md": TEXT, "receipt.md": TEXT}, sender=OLGA)
    contacts = [world.contact(email=f"p{one}@{domain}") for one in range(many)]
    return [world.enrolled(one) for one in contacts]


def later(world: World, after: timedelta) -> None:
    """Let all that was be that much longer ago."""
    columns = (goes.c.at_wall, lanes.c.first_wall, deferrals.c.lane_wall)
    with world.engine.begin() as connection:
        for column in columns:
            connection.execute(update(column.table).values({column: column - after}))


def waits(answer: SendOutcome) -> timedelta:
    """Give for how long a mail is put off; the minute may have turned since another went."""
    assert isinstance(answer, Braked), answer
    assert answer.reserved
    wait = answer.until - MONDAY
    return wait if wait % HOUR == timedelta() else wait + MINUTE
