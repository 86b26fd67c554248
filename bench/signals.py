"""How soon an enrollment is over, from the webhook's answer to the closed workflow."""

import asyncio
import time
from statistics import median

from httpx import AsyncClient
from temporalio.client import Client, WorkflowHandle

from bench.figures import Figure, Report, Say, Size, percentile
from bench.runs import enrollment_of, new_contacts, sleeper_of, started
from bench.sequences import mails_with_waits, version_of
from bench.servers import Servers, running
from devstack.emulator.client import plain_client
from schemas.events import Reply
from schemas.names import ATTRIBUTE_STEP

_POLL = 0.2

_ABOUT = """Sleeping enrollments (their first mail sent, the next one due in two days) on the SQLite
store. One after the other: a reply is posted to /v1/events, and the time from the 202, when
PostgreSQL has it and has ended the enrollment, to the workflow's end as a waiting client learns it.
Beside it the floor: a bare workflow that a client signals, from the server's acknowledgement to the
end, with one activity that does nothing; in turn, on the same server."""


async def measure(size: Size, say: Say) -> Report:
    """Wake sleeping enrollments and bare sleepers in turn."""
    with running("emulator", "worker", "bare", "webhooks", store="sqlite") as servers:
        client = await servers.client()
        say(f"putting {size.sleepers} enrollments to sleep")
        contacts, enrollments, sleepers = await _asleep(servers, client, size)
        say("waking them one after the other")
        waits, floors = [], []
        deadline = time.monotonic() + size.patience.total_seconds()
        async with plain_client(servers.record.public_url) as webhooks:
            for contact, enrollment, sleeper in zip(contacts, enrollments, sleepers, strict=True):
                waits.append(await _exit(servers, webhooks, contact, enrollment))
                floors.append(await _end(sleeper))
                if time.monotonic() > deadline:
                    break
    say(f"median {median(waits):.0f} ms beside {median(floors):.0f} ms bare")
    return Report(about=_ABOUT, figures=_figures(waits, floors))


async def _asleep(
    servers: Servers, client: Client, size: Size
) -> tuple[list[str], list[WorkflowHandle[object, object]], list[WorkflowHandle[object, object]]]:
    sequence = mails_with_waits(2)
    servers.publish(version_of(sequence))
    contacts = new_contacts(servers.engine, size.sleepers)
    enrollments = await started([enrollment_of(client, sequence.name, who) for who in contacts])
    sleepers = await started([sleeper_of(client)] * size.sleepers)
    query = f"{ATTRIBUTE_STEP} = 'wait-1'"
    while (await client.count_workflows(query)).count < size.sleepers:  # noqa: ASYNC110  (the server only answers)
        await asyncio.sleep(_POLL)
    return contacts, enrollments, sleepers


async def _exit(
    servers: Servers,
    webhooks: AsyncClient,
    contact: str,
    enrollment: WorkflowHandle[object, object],
) -> float:
    end = asyncio.create_task(enrollment.result())
    body = {"event": "reply", "contact": contact}
    headers = {"Authorization": f"Bearer {servers.record.api_key}"}
    answer = await webhooks.post("/v1/events", json=body, headers=headers)
    accepted = time.perf_counter()
    if answer.raise_for_status().json()["enrollments"] != 1:
        raise RuntimeError("The reply reached no enrollment: this run measured something else.")
    await end
    return (time.perf_counter() - accepted) * 1_000


async def _end(sleeper: WorkflowHandle[object, object]) -> float:
    end = asyncio.create_task(sleeper.result())
    await sleeper.signal("end", Reply(id="end"))
    accepted = time.perf_counter()
    await end
    return (time.perf_counter() - accepted) * 1_000


def _figures(waits: list[float], floors: list[float]) -> tuple[Figure, ...]:
    count = f"of {len(waits)}"
    named = {
        f"webhook accepted to enrollment closed {count}": waits,
        f"bare signal to end {count}": floors,
    }
    return tuple(
        Figure(what=f"{what}, p{share:.0f}", measured=percentile(times, share / 100), unit="ms")
        for what, times in named.items()
        for share in (50, 99)
    )
