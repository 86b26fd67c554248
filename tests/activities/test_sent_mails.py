from email.message import EmailMessage
from email.parser import Parser
from email.policy import default
from uuid import UUID

import pytest

from devstack.emulator.views import MailView
from inbound.tokens import read
from schemas.content import Mailbox
from schemas.outcomes import Held, Sent
from tests.activities.world import INTRO, KEYS, LATER, NOTE, OLGA, ORDER, WELCOME, World
from tests.builders import MONDAY, a_sequence, an_email


def parsed(mail: MailView) -> EmailMessage:
    return Parser(policy=default).parsestr(mail.raw)


async def sent_mail(world: World) -> MailView:
    world.publish()
    await world.send(world.enrolled(world.contact(company="Smith & Sons")))
    return await world.only_mail()


async def test_a_mail_goes_from_its_templates_to_the_contact(world: World) -> None:
    mail = await sent_mail(world)

    assert mail.recipient.email == "ada@customer.example"
    assert mail.sender.email == "olga@acme.example"
    assert mail.subject == "Freight at Smith & Sons"
    assert mail.text is not None
    assert mail.text.startswith("Hi Ada,\n\n1 Main St\nUnsubscribe (https://mail.acme.example/u")


async def test_a_sent_mail_is_on_record_with_both_ids(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())

    outcome = await world.send(row)

    (send,) = world.sends_of(row)
    mail = await world.only_mail()
    assert outcome == Sent(send=str(send.id), at=MONDAY)
    assert send.state == "accepted"
    assert send.provider_id == mail.message_id
    assert send.subject == "Freight at your place"
    assert parsed(mail)["Message-ID"] == send.message_id == f"<{send.id}@acme.example>"


async def test_a_mail_carries_only_ids_that_nobody_can_read(world: World) -> None:
    mail = await sent_mail(world)

    assert mail.custom_args == {
        "seq_send_id": mail.custom_args["seq_send_id"],
        "seq_sequence": "welcome",
        "seq_step": "intro",
        "seq_at": str(int(MONDAY.timestamp())),
    }
    assert mail.categories == ("welcome", "welcome/intro")


async def test_an_answer_comes_back_by_its_token(world: World) -> None:
    mail = await sent_mail(world)

    local, _, domain = mail.answers_to.email.partition("@")
    assert domain == "in.acme.example"
    assert read(local.removeprefix("r-"), "reply", KEYS) == UUID(mail.custom_args["seq_send_id"])
    assert mail.answers_to.name == "Olga Smith"


async def test_an_answer_may_go_to_the_sender(world: World) -> None:
    world.publish(reply_to="sender")

    await world.send(world.enrolled(world.contact()))

    assert (await world.only_mail()).answers_to.email == "olga@acme.example"


async def test_a_marketing_mail_can_be_unsubscribed_from_by_one_click(world: World) -> None:
    headers = parsed(await sent_mail(world))

    page = str(headers["List-Unsubscribe"])
    token = page.rpartition("/")[2].strip(">")
    assert page.startswith("<https://mail.acme.example/u/")
    assert read(token, "unsubscribe", KEYS) is not None
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"


async def test_a_transactional_mail_offers_no_unsubscribing(world: World) -> None:
    world.publish(a_sequence(an_email("intro", transactional=True)))

    await world.send(world.enrolled(world.contact()))

    mail = await world.only_mail()
    assert parsed(mail)["List-Unsubscribe"] is None
    assert mail.text == "Hi Ada,\n\n1 Main St\n"


async def test_a_mail_goes_on_in_the_thread_of_an_earlier_one(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    await world.send(row)

    await world.send(row, "note", now=LATER)

    first, second = world.sends_of(row)
    mail = (await world.mails())[1]
    headers = parsed(mail)
    assert mail.subject == "Re: Freight at your place"
    assert headers["In-Reply-To"] == first.message_id
    assert headers["References"] == f"{first.message_id} <{second.id}@thread.acme.example>"


async def test_the_third_mail_of_a_thread_answers_the_second(world: World) -> None:
    world.publish(
        a_sequence(
            an_email("intro"), an_email("note", thread="intro"), an_email("bye", thread="intro")
        ),
        files={"intro.md": INTRO, "note.md": NOTE, "bye.md": "Bye"},
    )
    row = world.enrolled(world.contact())
    for step in ("intro", "note", "bye"):
        await world.send(row, step)

    mail = (await world.mails())[2]
    sent = [send.message_id for send in world.sends_of(row)]
    assert mail.subject == "Re: Freight at your place"
    assert parsed(mail)["In-Reply-To"] in sent[:2]
    assert set(sent[:2]) < set(parsed(mail)["References"].split())


async def test_a_thread_whose_first_mail_did_not_go_begins_with_this_one(world: World) -> None:
    world.publish()

    await world.send(world.enrolled(world.contact()), "note")

    mail = await world.only_mail()
    assert mail.subject == "One more thing"
    assert parsed(mail)["In-Reply-To"] is None


async def test_a_mail_without_a_subject_borrows_that_of_its_thread(world: World) -> None:
    world.publish(files={"intro.md": INTRO, "note.md": "Still there?"})

    await world.send(world.enrolled(world.contact()), "note")

    assert (await world.only_mail()).subject == "Freight at your place"


async def test_the_step_names_a_subject_of_its_own(world: World) -> None:
    world.publish(a_sequence(an_email("intro", subject="Hello {{ contact.first_name }}")))

    await world.send(world.enrolled(world.contact()))

    assert (await world.only_mail()).subject == "Hello Ada"


async def test_a_mail_is_from_the_contacts_owner(world: World) -> None:
    world.publish(sender="owner")
    contact = world.contact(owner=Mailbox(email="ben@acme.example", name="Ben Jones"))

    await world.send(world.enrolled(contact))

    assert (await world.only_mail()).sender.email == "ben@acme.example"


async def test_a_contact_without_an_owner_gets_mail_from_the_fallback(world: World) -> None:
    world.publish(sender="owner", sender_fallback=OLGA)

    await world.send(world.enrolled(world.contact()))

    assert (await world.only_mail()).sender.email == "olga@acme.example"


async def test_a_mail_without_a_sender_is_held(world: World) -> None:
    world.publish(sender="owner")

    outcome = await world.send(world.enrolled(world.contact()))

    assert outcome == Held(
        reason="sequence.yaml: the contact has no owner to write as; "
        "give it one, or name `from_fallback`"
    )


async def test_front_matter_names_another_sender_for_the_whole_thread(world: World) -> None:
    signed = INTRO.replace("---\nHi", "from: {name: Eve, email: eve@acme.example}\n---\nHi")
    world.publish(files={"intro.md": signed, "note.md": NOTE})
    row = world.enrolled(world.contact())

    await world.send(row)
    await world.send(row, "note")

    assert [mail.sender.email for mail in await world.mails()] == ["eve@acme.example"] * 2


@pytest.mark.parametrize("name", ["data", "key"])
async def test_a_mail_names_what_the_enrollment_knows(world: World, name: str) -> None:
    body = {"data": "{{ data.order }}", "key": "{{ key }}"}[name]
    per_order = WELCOME.model_copy(update={"key": ORDER})
    world.publish(per_order, files={"intro.md": f"---\nsubject: S\n---\n{body}"})
    row = world.enrolled(world.contact(), key="order-7", data={"order": "order-7"})

    await world.send(row, key="order-7", data={"order": "order-7"})

    assert ((await world.only_mail()).text or "").startswith("order-7\n")
