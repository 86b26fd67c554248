"""Signals and updates that do not fit: dropped or refused, and the enrollment goes on."""

from typing import get_args
from uuid import uuid4

import pytest
from pydantic import JsonValue
from temporalio.api.enums.v1 import EventType
from temporalio.client import WorkflowUpdateFailedError

from schemas.events import Event
from schemas.names import QUERY_PROGRESS, UPDATE_EXIT, UPDATE_PAUSE, UPDATE_RESUME, UPDATE_SKIP
from schemas.steps import WaitStep
from tests.builders import a_sequence, an_email, days
from tests.stage import Handle, Stage

SEQUENCE = a_sequence(an_email("one"), WaitStep(id="w", wait=days(2)), an_email("two"))
SIGNALS = sorted(shape.model_fields["kind"].default for shape in get_args(get_args(Event)[0]))
UPDATES = (UPDATE_EXIT, UPDATE_PAUSE, UPDATE_RESUME, UPDATE_SKIP)
AT = "2026-03-03T15:00:00Z"

MISFITS: tuple[object, ...] = (
    *(None, True, 7, "text", [], {}, [[[]]], {"id": 7}, {"id": "a", "at": "soon"}),
    *({"id": None, "at": AT}, {"id": "a", "at": 10**30}, {"id": "a", "at": "0001-01-01T00:00+14"}),
    {"id": "a", "at": AT, "kind": "another", "who": [], "fields": 1, "facts": [1], "action": "x"},
)
EDGES: tuple[JsonValue, ...] = tuple(
    {
        "id": f"edge-{number}",
        "at": at,
        "until": at,
        "name": name,
        "step": name,
        "url": name,
        "facts": {name: at},
        "fields": {name: [name] * 50},
        "key": name,
        "why": name,
        "of": "event",
        "send": name,
        "accepted": True,
        "zone": {"name": name, "offsets": []},
        "who": name,
        "held": True,
        "action": "pause" if number else "resume",
    }
    for number, (at, name) in enumerate(
        [
            ("0001-01-01T00:00:00Z", ""),
            ("9999-12-31T23:59:00Z", "'; DROP TABLE contacts; --"),
            ("9999-12-31T23:59:59-14:00", "{{ 7 * 7 }}"),
            (AT, "a" * 10_000),
        ]
    )
)


async def went_on(handle: Handle) -> bool:
    """Tell whether the workflow still answers, and never failed a task of its own."""
    await handle.query(QUERY_PROGRESS)
    history = await handle.fetch_history()
    failed = EventType.EVENT_TYPE_WORKFLOW_TASK_FAILED
    return all(event.event_type != failed for event in history.events)


@pytest.mark.parametrize("kind", SIGNALS)
async def test_a_signal_that_does_not_fit_is_dropped(stage: Stage, kind: str) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")

    for payload in MISFITS:
        await handle.signal(kind, payload)
    await handle.signal(kind, args=[])
    await handle.signal(kind, args=[1, 2, 3])

    assert await went_on(handle)
    await handle.execute_update(UPDATE_EXIT, {"who": "ada"})


@pytest.mark.parametrize("kind", SIGNALS)
async def test_a_signal_that_fits_and_makes_no_sense_ends_no_task(stage: Stage, kind: str) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")

    for payload in EDGES:
        await handle.signal(kind, payload)

    assert await went_on(handle)


@pytest.mark.parametrize("name", UPDATES)
async def test_an_update_that_does_not_fit_is_refused(stage: Stage, name: str) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")

    for payload in MISFITS:
        with pytest.raises(WorkflowUpdateFailedError):
            await handle.execute_update(name, payload, id=str(uuid4()))

    assert await went_on(handle)


async def test_an_update_that_holds_nothing_is_refused_in_one_sentence(stage: Stage) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")

    with pytest.raises(WorkflowUpdateFailedError) as caught:
        await handle.execute_update(UPDATE_PAUSE, None)

    assert "send who gives this command" in str(caught.value.cause)


async def test_a_signal_that_nobody_knows_is_no_harm(stage: Stage) -> None:
    handle = await stage.start(SEQUENCE)
    await stage.until(handle, "live")

    await handle.signal("no-such-signal", {"id": "a"})

    assert await went_on(handle)
