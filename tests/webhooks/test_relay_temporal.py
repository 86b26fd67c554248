from collections.abc import AsyncIterator

import httpx
import pytest
from sqlalchemy import Engine

from devstack.temporal import EmbeddedTemporal
from schemas.events import Reply
from schemas.sequence import Sequence
from schemas.steps import WaitStep
from starter.outgoing.relay import deliver_pending
from storage import deliveries
from tests.builders import MONDAY, an_email, chained, days
from tests.stage import Handle, Stage, a_stage
from tests.unit.inbound.mails import PERSON, an_envelope
from tests.webhooks.given import World, a_sequence
from tests.webhooks.posting import post_mail


def sleeping() -> Sequence:
    steps = chained(an_email("intro"), WaitStep(id="wait", wait=days(900)), an_email("later"))
    return a_sequence("sleeping", steps=steps)


@pytest.fixture
async def stage(temporal: EmbeddedTemporal) -> AsyncIterator[Stage]:
    async with a_stage(temporal.address) as opened:
        yield opened


@pytest.fixture
async def enrollment(stage: Stage, world: World) -> Handle:
    row = world.enrollment(sleeping())
    handle = await stage.start(sleeping(), contact=row.contact_id, at=MONDAY)
    await stage.until(handle, "live")
    return handle


async def test_an_answer_by_mail_ends_a_sleeping_enrollment(
    client: httpx.AsyncClient, engine: Engine, stage: Stage, enrollment: Handle
) -> None:
    await post_mail(client, {"email": PERSON, "envelope": an_envelope("sales@in.example.org")})

    brought = await deliver_pending(engine, stage.client)

    assert brought == 1
    assert (await enrollment.result()).ending == "replied"


async def test_a_signal_that_comes_after_the_end_is_put_aside(
    engine: Engine, stage: Stage, enrollment: Handle
) -> None:
    await enrollment.signal("reply", Reply(id="r1", at=MONDAY))
    await enrollment.result()
    with engine.begin() as connection:
        deliveries.enqueue(connection, enrollment.id, Reply(id="r2", at=MONDAY))

    brought = await deliver_pending(engine, stage.client)

    assert brought == 0
    with engine.connect() as connection:
        assert deliveries.waiting(connection) == 0
