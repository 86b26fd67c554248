"""A pace counts from the publishing on, for those who wait too (language rule 39)."""

from datetime import timedelta
from functools import partial
from pathlib import Path

from sqlalchemy import Connection, Engine, select

from schemas.policies import Pace
from starter.authored.publishing import Published, publish
from storage.entering import paces, places
from storage.entering.places import NewPlace, Place
from storage.schema.outgoing_tables import deliveries
from storage.schema.pace_tables import places as all_places
from tests.storage.given import MONDAY
from tests.storage.rivals import Rivals
from tests.unit.authoring.written import HEAD, Folder

TODAY = MONDAY.date()
ONE = Pace(per_day=1)


def published(engine: Engine, root: Path, pace: str) -> None:
    folder = Folder(root / "welcome")
    folder.write("sequence.yaml", f"{HEAD}{pace}\nsteps: [{{email: intro}}]\n")
    (answer,) = publish(engine, (folder.path,), by="sam", at=MONDAY)
    assert isinstance(answer, Published), answer


def take(connection: Connection, number: int) -> Place:
    pace = paces.hold(connection, "welcome")
    assert pace is not None
    free = paces.first_free(connection, "welcome", "", TODAY)
    new = NewPlace(
        workflow_id=f"welcome.c{number}",
        run_id=f"run-{number}",
        sequence="welcome",
        contact_id=f"c{number}",
        source="test",
        owner="",
        day=free.day,
        asked_at=MONDAY,
        why="a test",
    )
    return places.take(connection, new)


def waiting(engine: Engine) -> list[int]:
    with engine.connect() as connection:
        ids = connection.execute(select(all_places.c.id)).scalars().all()
        found = places.waiting(connection, ids)
    return [(one.day - TODAY).days for one in sorted(found, key=lambda one: one.id)]


def test_a_higher_pace_moves_up_those_who_wait(engine: Engine, tmp_path: Path) -> None:
    published(engine, tmp_path, "pace: 1 per day")
    with engine.begin() as connection:
        for number in range(5):
            take(connection, number)

    published(engine, tmp_path, "pace: 3 per day")

    assert waiting(engine) == [0, 0, 0, 1, 1]
    with engine.connect() as connection:
        assert len(connection.execute(select(deliveries)).all()) == 4


def test_a_sequence_that_had_a_pace_and_has_none_keeps_nobody_waiting(
    engine: Engine, tmp_path: Path
) -> None:
    published(engine, tmp_path, "pace: 1 per day")
    with engine.begin() as connection:
        for number in range(3):
            take(connection, number)

    published(engine, tmp_path, "")

    assert waiting(engine) == [0, 0, 0]


def test_whoever_asks_while_a_pace_is_published_waits_for_it(
    engine: Engine, rivals: Rivals, tmp_path: Path
) -> None:
    published(engine, tmp_path, "pace: 1 per day")
    with engine.begin() as connection:
        take(connection, 0)
        paces.lock(connection, "welcome", Pace(per_day=2))
        rival = rivals.start_blocked(partial(take, number=1))

    assert rival.result().day == TODAY + timedelta(days=0)
