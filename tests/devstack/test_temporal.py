import socket
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import IndexedValueType
from temporalio.api.operatorservice.v1 import ListSearchAttributesRequest
from temporalio.client import Client

from devstack.ports import LOOPBACK, PortTakenError, is_free
from devstack.temporal import EmbeddedTemporal
from schemas.names import SEARCH_ATTRIBUTES
from tests.devstack.parents import parent_that_runs
from tests.devstack.waiting import eventually, is_gone


async def test_search_attributes_are_known_when_the_server_is_ready(
    temporal: EmbeddedTemporal,
) -> None:
    client = await Client.connect(temporal.address, namespace=temporal.namespace)

    known = await client.operator_service.list_search_attributes(
        ListSearchAttributesRequest(namespace=temporal.namespace)
    )

    keywords = {
        name
        for name, kind in known.custom_attributes.items()
        if kind is IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD
    }
    assert keywords >= SEARCH_ATTRIBUTES.keys()


async def test_restart_on_the_same_file_keeps_the_workflows(tmp_path: Path) -> None:
    attributes = {"Colour": "Keyword"}
    with EmbeddedTemporal(tmp_path, search_attributes=attributes) as first:
        client = await Client.connect(first.address)
        await client.start_workflow("anything", id="kept", task_queue="nobody")

    with EmbeddedTemporal(tmp_path, port=first.port, search_attributes=attributes) as second:
        client = await Client.connect(second.address)
        assert (await client.get_workflow_handle("kept").describe()).id == "kept"


async def test_ui_answers(temporal: EmbeddedTemporal) -> None:
    assert not is_free(temporal.ui_port)


def test_server_in_memory_leaves_no_files() -> None:
    with EmbeddedTemporal() as server:
        folder = server.running.command.folder

    assert not folder.exists()


def test_taken_port_of_the_ui_is_told() -> None:
    with (
        socket.create_server((LOOPBACK, 0)) as other,
        pytest.raises(PortTakenError, match="The Temporal UI cannot listen"),
    ):
        EmbeddedTemporal(ui_port=other.getsockname()[1]).start()


def test_server_and_files_are_gone_when_the_parent_was_killed() -> None:
    script = """
from devstack.temporal import EmbeddedTemporal
server = EmbeddedTemporal()
server.start()
print(server.running.pid)
print(server.running.command.folder)
"""
    with parent_that_runs(script) as (parent, said):
        parent.kill()

        assert eventually(lambda: is_gone(int(said[0])))
        assert eventually(lambda: not Path(said[1]).exists())
