"""Replies that reach people: passed on to the owner by SendGrid, as they came."""

from collections.abc import AsyncIterator
from email import message_from_string, policy
from email.message import EmailMessage

import httpx
import pytest
from pydantic import JsonValue, SecretStr
from sqlalchemy import Engine, func, update

from activities.mailing.sendgrid import SendGrid
from devstack.emulator.client import EmulatorClient
from devstack.emulator.config import EmulatorConfig
from devstack.emulator.faults import Fault, FaultKind
from devstack.emulator.server import running_emulator
from devstack.emulator.views import MailView
from schemas.content import Mailbox
from starter.outgoing.noticing import Noticing
from starter.outgoing.owner_mails import MailDoor
from storage import notices
from storage.notices import NewNotice
from storage.schema.outgoing_tables import notices as table
from tests.builders import MONDAY
from tests.webhooks.given import World
from tests.webhooks.replies import PDF, a_reply, come_back, listed, to

KEY = "SG.right"
POSTROAD = Mailbox(email="postroad@mail.example.org", name="Postroad")
SAM = Mailbox(email="sam@example.org")
BIANCA = Mailbox(email="bianca@example.org", name="Bianca")


@pytest.fixture
async def emulator_url() -> AsyncIterator[str]:
    async with running_emulator(EmulatorConfig(api_key=SecretStr(KEY))) as url:
        yield url


@pytest.fixture
async def emulator(emulator_url: str) -> AsyncIterator[EmulatorClient]:
    async with EmulatorClient(emulator_url) as client:
        yield client


@pytest.fixture
def bringing(engine: Engine, emulator_url: str) -> Noticing:
    sendgrid = SendGrid(KEY, emulator_url, timeout=0.5)
    door = MailDoor(engine, sendgrid, sender=POSTROAD, mail_domain="mail.example.org")
    return Noticing(engine, {"owner_mail": door})


async def only_mail(emulator: EmulatorClient) -> MailView:
    (mail,) = await emulator.mails()
    return await emulator.mail(mail.id)


def a_word(engine: Engine, owner: Mailbox | None = BIANCA) -> None:
    payload: dict[str, JsonValue] = {
        "to": None if owner is None else owner.model_dump(),
        "subject": "Ada looks at prices",
        "text": "Ada looks",
        "html": "<p>Ada looks</p>",
    }
    new = NewNotice(natural_key="one", kind="owner_mail", at=MONDAY, payload=payload)
    with engine.begin() as connection:
        notices.lay_out(connection, new)


async def test_a_reply_reaches_the_owner_as_it_came(
    client: httpx.AsyncClient, world: World, bringing: Noticing, emulator: EmulatorClient
) -> None:
    send = world.send(world.enrollment())

    await come_back(client, a_reply(send), to(send))
    assert await bringing.once() == 1

    mail = await only_mail(emulator)
    assert mail.recipient.email == SAM.email
    assert (mail.sender.email, mail.sender.name) == (POSTROAD.email, "Ada Löwe")
    assert mail.answers_to.email == "ada@example.com"
    assert mail.subject == "Re: Grüße"
    assert (mail.text or "").strip() == "Schöne Grüße, 5 €"
    assert "Schöne Grüße" in (mail.html or "")


async def test_its_attachments_come_with_it(
    client: httpx.AsyncClient, world: World, bringing: Noticing, emulator: EmulatorClient
) -> None:
    send = world.send(world.enrollment())

    await come_back(client, a_reply(send), to(send))
    await bringing.once()

    raw = message_from_string((await only_mail(emulator)).raw, policy=policy.default)
    assert isinstance(raw, EmailMessage)
    [attachment] = raw.iter_attachments()
    assert attachment.get_filename() == "Angebot für.pdf"
    assert attachment.get_content() == PDF


async def test_mail_programs_put_it_into_its_thread_and_machines_let_it_be(
    client: httpx.AsyncClient, world: World, bringing: Noticing, emulator: EmulatorClient
) -> None:
    send = world.send(world.enrollment())

    await come_back(client, a_reply(send), to(send))
    await bringing.once()

    headers = dict((await only_mail(emulator)).headers)
    root, answered, own, ours = headers["References"].split()
    assert headers["In-Reply-To"] == send.message_id
    assert (root, answered) == ("<root@mail.example.org>", send.message_id)
    assert own == "<answer@example.com>"
    assert ours.startswith("<notice.")
    assert headers["Message-ID"].startswith("<notice.")
    assert headers["Auto-Submitted"] == "auto-generated"


async def test_a_contacts_owner_gets_it_before_anybody_else(
    client: httpx.AsyncClient, world: World, bringing: Noticing, emulator: EmulatorClient
) -> None:
    world.contact(owner=BIANCA)
    send = world.send(world.enrollment(sender_fallback=SAM))

    await come_back(client, a_reply(send), to(send))
    await bringing.once()

    assert (await only_mail(emulator)).recipient.email == BIANCA.email


@pytest.mark.usefixtures("world")
async def test_an_owner_is_told_in_text_and_html(
    engine: Engine, bringing: Noticing, emulator: EmulatorClient
) -> None:
    a_word(engine)

    await bringing.once()

    mail = await only_mail(emulator)
    assert (mail.recipient.email, mail.sender.name) == (BIANCA.email, "Postroad")
    assert (mail.text or "").strip() == "Ada looks"
    assert (mail.html or "").strip() == "<p>Ada looks</p>"
    assert "seq_send_id" not in mail.custom_args
    assert listed(engine)[0].delivered_wall is not None


@pytest.mark.usefixtures("world")
async def test_whom_nobody_looks_after_is_seen_in_the_list(
    engine: Engine, bringing: Noticing
) -> None:
    a_word(engine, owner=None)

    await bringing.once()

    [one] = listed(engine)
    assert one.gone_wall is not None
    assert "nobody to tell" in (one.last_error or "")


@pytest.mark.usefixtures("world")
async def test_what_may_have_been_taken_goes_again_under_the_same_id(
    engine: Engine, bringing: Noticing, emulator: EmulatorClient
) -> None:
    a_word(engine)
    await emulator.arm(Fault(kind=FaultKind.ERROR_AFTER_ACCEPT))
    await bringing.once()
    with engine.begin() as connection:
        connection.execute(update(table).values(due_wall=func.now()))

    await bringing.once()

    ids = [dict((await emulator.mail(mail.id)).headers) for mail in await emulator.mails()]
    assert len(ids) == 2
    assert len({headers["Message-ID"] for headers in ids}) == 1
    assert listed(engine)[0].delivered_wall is not None


@pytest.mark.usefixtures("world")
async def test_a_mail_that_sendgrid_refuses_is_given_up(
    engine: Engine, bringing: Noticing, emulator: EmulatorClient
) -> None:
    a_word(engine)
    await emulator.arm(Fault(kind=FaultKind.BAD_REQUEST))

    await bringing.once()

    [one] = listed(engine)
    assert one.gone_wall is not None
    assert (one.last_error or "").startswith("SendGrid answered 400")
