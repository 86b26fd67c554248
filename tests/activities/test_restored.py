"""A database that comes back from a backup under a worker that runs: it must not mail again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from uuid import UUID

import pytest
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url

from activities.live import LiveActivities
from activities.mailing.sendgrid import SendGrid
from activities.restoring import alarm
from activities.restoring.alarm import OLDER_POSTGRES, beat, sound
from activities.restoring.gauge import Gauge
from devstack.postgres import EmbeddedPostgres
from schemas.outcomes import Braked, Enrolled, Refused, Sent, Waiting
from starter import braking
from storage import tides
from storage.locks import lock
from tests.activities.world import ADDRESSES, World, a_start
from tests.builders import MONDAY


@dataclass(frozen=True)
class Backup:
    """Takes a copy of a database, and puts it back under whoever is connected."""

    postgres: EmbeddedPostgres
    engine: Engine

    @property
    def _name(self) -> str:
        return make_url(self.engine.url).database or ""

    def take(self) -> Callable[[], None]:
        copy = f"{self._name}_backup"
        self.engine.dispose()
        self.postgres.create_database(copy, template=self._name)
        return lambda: self._restore(copy)

    def _restore(self, copy: str) -> None:
        self.postgres.drop_database(self._name)
        self.postgres.create_database(self._name, template=copy)
        self.postgres.drop_database(copy)


@pytest.fixture
def engine(database_url: str) -> Iterator[Engine]:
    made = create_engine(database_url, hide_parameters=True, pool_pre_ping=True)
    yield made
    made.dispose()


@pytest.fixture
def gauge() -> Gauge:
    return Gauge()


@pytest.fixture
def backup(postgres: EmbeddedPostgres, engine: Engine) -> Backup:
    return Backup(postgres, engine)


@pytest.fixture
def running(world: World, sendgrid: SendGrid, gauge: Gauge) -> World:
    live = LiveActivities(world.engine, sendgrid, ADDRESSES, gauge=gauge)
    return replace(world, live=live)


def stopped_by(world: World) -> list[tuple[str, str]]:
    return [(one.of, one.who) for one in braking.standing(world.engine)]


async def test_what_was_sent_after_the_backup_is_not_sent_again(
    running: World, backup: Backup
) -> None:
    running.publish()
    row = running.enrolled(running.contact())
    restore = backup.take()
    assert isinstance(await running.send(row), Sent)
    restore()

    again = await running.send(row)

    assert isinstance(again, Braked)
    assert OLDER_POSTGRES in again.why
    assert "run `postroad restored`" in again.why
    assert stopped_by(running) == [("all", "Postroad")]
    assert len(await running.mails()) == 1


async def test_an_opt_out_that_is_lost_stops_the_next_mail_of_a_worker_that_knew_the_tide(
    running: World, backup: Backup, gauge: Gauge
) -> None:
    running.publish()
    contact = running.contact()
    row = running.enrolled(contact)
    restore = backup.take()
    running.suppress(contact)
    beat(running.engine, gauge)
    restore()

    outcome = await running.send(row)

    assert isinstance(outcome, Braked)
    assert await running.mails() == []


async def test_a_worker_that_has_nothing_to_send_notices_by_the_tide(
    running: World, backup: Backup, gauge: Gauge
) -> None:
    beat(running.engine, gauge)
    restore = backup.take()
    beat(running.engine, gauge)
    seen = gauge.seen
    restore()

    beat(running.engine, gauge)

    with running.engine.connect() as connection:
        level = tides.level(connection)
    assert stopped_by(running) == [("all", "Postroad")]
    assert level is not None
    assert (level.ebbed_why, level.lived_wall) == (OLDER_POSTGRES, seen.wall)


async def test_a_database_emptied_under_a_worker_is_noticed_too(
    running: World, postgres: EmbeddedPostgres, template_database: str, gauge: Gauge
) -> None:
    beat(running.engine, gauge)
    name = make_url(running.engine.url).database or ""
    postgres.drop_database(name)
    postgres.create_database(name, template=template_database)

    beat(running.engine, gauge)

    assert stopped_by(running) == [("all", "Postroad")]


async def test_a_database_that_only_restarts_or_loses_connections_is_not_taken_for_older(
    running: World, gauge: Gauge
) -> None:
    running.publish()
    row = running.enrolled(running.contact())
    beat(running.engine, gauge)
    running.engine.dispose()

    assert isinstance(await running.send(row), Sent)
    beat(running.engine, gauge)

    assert stopped_by(running) == []


async def test_nobody_is_let_in_until_it_is_reconciled(running: World) -> None:
    running.publish()
    contact = running.contact()
    sound(running.engine, OLDER_POSTGRES, None)

    waits = running.begin(a_start(contact))
    with running.engine.begin() as connection:
        tides.lift(connection)
    let_in = running.begin(a_start(contact))

    assert isinstance(waits, Waiting)
    assert "restored from a backup" in waits.why
    assert isinstance(let_in, Enrolled)


async def test_what_one_has_seen_before_the_tide_was_lifted_alarms_nobody(
    running: World, backup: Backup, gauge: Gauge
) -> None:
    running.publish()
    row = running.enrolled(running.contact())
    beat(running.engine, gauge)
    restore = backup.take()
    for _ in range(3):
        beat(running.engine, gauge)
    restore()
    with running.engine.begin() as connection:
        tides.lift(connection)

    assert isinstance(await running.send(row), Sent)


async def test_an_alarm_is_sounded_once(running: World, caplog: pytest.LogCaptureFixture) -> None:
    first, second = (sound(running.engine, OLDER_POSTGRES, MONDAY) for _ in range(2))

    told = [one for one in caplog.records if one.name == alarm.__name__]
    assert (first, second) == (True, False)
    assert [one.levelname for one in told] == ["ERROR"]


async def test_sending_is_not_resumed_before_it_is_reconciled(running: World) -> None:
    sound(running.engine, OLDER_POSTGRES, None)

    refused = braking.release(running.engine, "all", who="olga", at=MONDAY)
    with running.engine.begin() as connection:
        tides.lift(connection)
    released = braking.release(running.engine, "all", who="olga", at=MONDAY)

    assert isinstance(refused, Refused)
    assert "run `postroad restored` first" in refused.message
    assert released == braking.Released(ref="all", waited=0, seconds=0)


async def test_what_others_committed_while_a_claim_waited_is_no_loss(
    running: World, gauge: Gauge
) -> None:
    running.publish()
    row = running.enrolled(running.contact())
    before = gauge.seen
    with running.engine.connect() as connection:
        locked = lock(connection, UUID(row.row))
    beat(running.engine, gauge)

    assert not gauge.is_lost(before, locked)
    assert gauge.is_lost(gauge.seen, locked)
