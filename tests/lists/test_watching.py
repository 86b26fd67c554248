"""Watching a list: until its rows are answered, whatever else is still to be done."""

import asyncio
from datetime import timedelta
from pathlib import Path

from sqlalchemy import Engine
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter

from devstack.temporal import EmbeddedTemporal
from starter.lists.running import watched_to_the_end
from tests.lists.given import publish, uploaded

HANGS = 60


async def test_a_list_without_waiting_rows_is_over_though_its_workflow_is_not(
    engine: Engine, temporal: EmbeddedTemporal, tmp_path: Path
) -> None:
    path = tmp_path / "people.csv"
    path.write_text("Record ID,Email\n1,\n2,\n", encoding="utf-8")
    kept = await uploaded(engine, path, publish(engine))
    client = await Client.connect(temporal.address, data_converter=pydantic_data_converter)

    async with asyncio.timeout(HANGS):
        standing = await watched_to_the_end(client, engine, kept, patience=timedelta(days=1))

    assert (standing.refused, standing.waiting) == ({"no_address": 2}, 0)
    described = await client.get_workflow_handle(f"list.{kept.id}").describe()
    assert described.close_time is None
    assert described.raw_description.workflow_execution_info.priority.priority_key == 1
