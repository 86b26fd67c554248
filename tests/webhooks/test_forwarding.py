"""Which replies are passed on, and which are not."""

import httpx
import pytest
from sqlalchemy import Engine

from schemas.content import Mailbox
from tests.unit.inbound.mails import a_mail
from tests.webhooks.given import World
from tests.webhooks.posting import Sender, an_item
from tests.webhooks.replies import a_reply, come_back, listed, to

POSTROAD = Mailbox(email="postroad@mail.example.org", name="Postroad")


async def test_it_is_passed_on_once_however_often_it_comes(
    client: httpx.AsyncClient, engine: Engine, world: World
) -> None:
    send = world.send(world.enrollment())

    for _ in range(2):
        await come_back(client, a_reply(send), to(send))

    assert len(listed(engine)) == 1


async def test_a_reply_to_no_mail_we_know_goes_where_the_last_one_would(
    client: httpx.AsyncClient, engine: Engine, world: World
) -> None:
    row = world.enrollment()
    world.send(row)

    await come_back(client, a_mail(without="References"), "sales@in.example.org")

    assert [one.workflow_id for one in listed(engine)] == [row.workflow_id]


@pytest.mark.parametrize("mark", ["Auto-Submitted: auto-replied", "X-Failed-Recipients: x@y.z"])
async def test_what_machines_answer_is_not_passed_on(
    client: httpx.AsyncClient, engine: Engine, world: World, mark: str
) -> None:
    send = world.send(world.enrollment())

    await come_back(client, a_mail(mark), to(send))

    assert listed(engine) == []


async def test_where_answers_go_to_the_sender_nothing_is_passed_on(
    client: httpx.AsyncClient, engine: Engine, world: World
) -> None:
    send = world.send(world.enrollment(reply_to="sender"))

    await come_back(client, a_reply(send), to(send))

    assert listed(engine) == []


async def test_the_owners_own_words_do_not_come_back_to_them(
    client: httpx.AsyncClient, engine: Engine, world: World
) -> None:
    send = world.send(world.enrollment())

    await come_back(client, a_reply(send, From="Sam@Example.org"), to(send))

    assert listed(engine) == []


async def test_an_answer_to_what_the_owner_was_told_is_nobodys_reply(
    client: httpx.AsyncClient, world: World, engine: Engine
) -> None:
    send = world.send(world.enrollment())
    owners = world.enrollment(email="sam@example.org")
    ids = f"{send.message_id} <notice.0a1b@thread.mail.example.org>"
    answer = a_mail(f"References: {ids}", without="References").replace(b"ada@", b"sam@")

    await come_back(client, answer, POSTROAD.email)

    assert world.told(owners) == []
    assert world.send_of(send.id).replied_at is None
    assert listed(engine) == []


async def test_what_becomes_of_a_mail_to_an_owner_touches_no_contact(
    client: httpx.AsyncClient, world: World, sender: Sender
) -> None:
    row = world.enrollment()
    bounce = an_item("bounce", seq_notice="7", type="bounce", status="5.1.1")

    await sender.tell(client, bounce, an_item("spamreport", seq_notice="7"))

    assert world.told(row) == []
    assert world.reasons() == []
