"""A list's rows are started, none twice and none forgotten, whoever is killed at it."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

import pytest
from sqlalchemy import Engine, select
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from devstack.temporal import EmbeddedTemporal
from schemas.lists import ListReport
from starter.enrolling.enrollments import Started, start_enrollment
from starter.lists.starting import Rows, start_of
from storage.entering import list_counts, lists
from storage.entering.list_counts import Counts
from storage.entering.lists import Item, ListRow
from storage.schema.list_tables import list_rows
from tests.lists.given import NOW, a_file, publish, uploaded


@pytest.fixture
async def client(temporal: EmbeddedTemporal) -> Client:
    return await Client.connect(temporal.address, data_converter=pydantic_data_converter)


async def a_list(engine: Engine, folder: Path, count: int) -> ListRow:
    return await uploaded(engine, a_file(folder, count), publish(engine))


async def started(client: Client, engine: Engine, kept: ListRow) -> ListReport:
    return await Rows(client, engine, kept.id, lambda: True).start(lambda _: None)


def counted(engine: Engine, kept: ListRow) -> Counts:
    with engine.connect() as connection:
        return list_counts.counts(connection, kept.id)


def runs(engine: Engine, kept: ListRow) -> list[str | None]:
    with engine.connect() as connection:
        found = select(list_rows.c.run_id).where(list_rows.c.list_id == kept.id)
        return list(connection.scalars(found.order_by(list_rows.c.line)))


def claimed(engine: Engine, kept: ListRow) -> tuple[ListRow, list[Item]]:
    with engine.begin() as connection:
        taken = lists.begin_attempt(connection, kept.id)
        assert taken is not None
        return taken, lists.claim(connection, taken, after=0, limit=10)


async def test_every_row_is_started_once(client: Client, engine: Engine, tmp_path: Path) -> None:
    kept = await a_list(engine, tmp_path, 20)

    first, again = await started(client, engine, kept), await started(client, engine, kept)

    assert first == again == ListReport(started=20, refused=0, waiting=0)
    assert len(set(runs(engine, kept))) == 20


async def test_a_row_that_was_started_and_not_marked_counts_as_started(
    client: Client, engine: Engine, tmp_path: Path
) -> None:
    kept = await a_list(engine, tmp_path, 3)
    taken, items = claimed(engine, kept)
    begun = await start_enrollment(client, engine, start_of(taken, items[1]))
    assert isinstance(begun, Started)

    report = await started(client, engine, kept)

    assert report == ListReport(started=3, refused=0, waiting=0)
    assert runs(engine, kept)[1] == begun.run_id


async def test_so_does_one_whose_enrollment_is_over_by_then(
    client: Client, engine: Engine, tmp_path: Path
) -> None:
    kept = await a_list(engine, tmp_path, 1)
    taken, (item,) = claimed(engine, kept)
    begun = await start_enrollment(client, engine, start_of(taken, item))
    assert isinstance(begun, Started)
    await client.get_workflow_handle(begun.workflow_id).terminate()

    await started(client, engine, kept)

    assert runs(engine, kept) == [begun.run_id]


async def test_who_is_enrolled_by_somebody_else_is_refused(
    client: Client, engine: Engine, tmp_path: Path
) -> None:
    kept = await a_list(engine, tmp_path, 2)
    taken, (item, _) = claimed(engine, kept)
    other = start_of(taken, item).model_copy(update={"source": "crm"})
    await start_enrollment(client, engine, other)

    await started(client, engine, kept)

    assert counted(engine, kept).reasons == {"already_enrolled": 1}


async def test_a_stopped_list_stands_still_and_goes_on_later(
    client: Client, engine: Engine, tmp_path: Path
) -> None:
    kept = await a_list(engine, tmp_path, 2)
    with engine.begin() as connection:
        lists.stop(connection, kept.id, NOW)

    assert (await started(client, engine, kept)).waiting == 2

    with engine.begin() as connection:
        lists.note(connection, kept.id, stopped_wall=None)
    assert (await started(client, engine, kept)).waiting == 0


async def test_whoever_took_a_list_over_leaves_nothing_to_the_one_before(
    engine: Engine, tmp_path: Path
) -> None:
    kept = await a_list(engine, tmp_path, 2)
    with engine.begin() as connection:
        slow = lists.begin_attempt(connection, kept.id)
        lists.begin_attempt(connection, kept.id)
        assert slow is not None

        assert lists.claim(connection, slow, after=0, limit=10) == []


async def test_whoever_is_killed_again_and_again_starts_nobody_twice_and_forgets_nobody(
    client: Client, engine: Engine, temporal: EmbeddedTemporal, tmp_path: Path
) -> None:
    kept = await a_list(engine, tmp_path, 200)
    url = engine.url.render_as_string(hide_password=False)

    for _ in range(3):
        program = await _program(url, temporal.address, str(kept.id))
        assert program.stdout is not None
        assert await program.stdout.readline()
        program.kill()
        await program.wait()
    assert counted(engine, kept).waiting

    await started(client, engine, kept)

    assert counted(engine, kept) == Counts(started=200)
    assert len(set(runs(engine, kept))) == 200


async def _program(*arguments: str) -> Process:
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.lists.starting", *arguments), stdout=PIPE
    )
