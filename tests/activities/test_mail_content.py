import base64
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from devstack.emulator.server import running_app
from devstack.emulator.views import MailView
from schemas.content import Mailbox
from schemas.outcomes import Held, SendOutcome
from schemas.sequence import Sequence
from schemas.steps import Arm
from tests.activities.test_handing_off import hand_off
from tests.activities.test_sent_mails import parsed
from tests.activities.world import INTRO, NOTE, OLGA, WELCOME, World
from tests.builders import a_sequence, an_email

PDF = b"%PDF-1.7 a small one"
ALLOWED = ("http://127.0.0.1:*/files/*",)
ARMS = (
    Arm(name="a", weight=0, email="intro"),
    Arm(name="b", weight=1, email="intro.b", subject="Of arm b"),
)


async def files(request: Request) -> Response:
    name = request.path_params["name"]
    answers = {
        "guide.pdf": Response(PDF),
        "gone.pdf": Response("gone", 404),
        "elsewhere.pdf": RedirectResponse("/files/guide.pdf"),
        "large.pdf": Response(b"x" * 5_000_001),
        "empty.pdf": Response(b""),
    }
    return answers[name]


@pytest.fixture(scope="module")
async def cdn() -> AsyncIterator[str]:
    async with running_app(Starlette(routes=[Route("/files/{name}", files)])) as url:
        yield f"{url}/files"


def attaching(written: str) -> dict[str, str]:
    return {"intro.md": f"---\nsubject: S\nattachments: [{written}]\n---\nHi\n"}


def attached_to(mail: MailView) -> list[tuple[str | None, str, object]]:
    parts = parsed(mail).iter_attachments()
    return [(part.get_filename(), part.get_content_type(), part.get_content()) for part in parts]


async def sent(world: World, **contact: object) -> SendOutcome:
    return await world.send(world.enrolled(world.contact(**contact)))


async def test_a_file_of_the_version_is_attached(world: World) -> None:
    held = {"guide.pdf": base64.b64encode(PDF).decode()}
    world.publish(files=attaching("{file: guide.pdf, name: Your guide.pdf}"), attachments=held)

    await sent(world)

    assert attached_to(await world.only_mail()) == [("Your guide.pdf", "application/pdf", PDF)]


async def test_a_file_is_fetched_when_its_mail_is_sent(world: World, cdn: str) -> None:
    written = f"{{url: '{cdn}/guide.pdf'}}"
    world.publish(files=attaching(written), attachment_urls=ALLOWED)

    await sent(world)

    assert attached_to(await world.only_mail()) == [("guide.pdf", "application/pdf", PDF)]


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("gone.pdf", "its server answered 404"),
        ("elsewhere.pdf", "its server answered 307"),
        ("large.pdf", "it is larger than 5 MB"),
        ("empty.pdf", "it is empty"),
    ],
)
async def test_a_file_that_cannot_be_had_holds_the_mail(
    world: World, cdn: str, name: str, words: str
) -> None:
    world.publish(files=attaching(f"{{url: '{cdn}/{name}'}}"), attachment_urls=ALLOWED)

    outcome = await sent(world)

    problem = f"the attachment {name} cannot be sent: {words}; mend that, then resume"
    assert outcome == Held(reason=f"intro.md, line 3: {problem}")


async def test_a_server_that_is_not_there_holds_the_mail(world: World) -> None:
    url = "http://127.0.0.1:9/files/guide.pdf"
    world.publish(files=attaching(f"{{url: '{url}'}}"), attachment_urls=ALLOWED)

    outcome = await sent(world)

    assert isinstance(outcome, Held)
    assert "its server did not answer (ConnectError)" in outcome.reason


async def test_an_address_that_is_not_allowed_is_not_fetched(world: World, cdn: str) -> None:
    world.publish(files=attaching(f"{{url: '{cdn}/guide.pdf'}}"))

    outcome = await sent(world)

    assert isinstance(outcome, Held)
    assert "no pattern of `attachment_urls` in postroad.yaml allows this address" in outcome.reason


async def test_a_contact_gets_the_mail_in_its_language(world: World) -> None:
    german = "---\nsubject: Fracht\n---\nHallo\n"
    world.publish(files={"intro.md": INTRO, "intro.de.md": german})

    await sent(world, attributes={"language": "de-AT"})

    assert (await world.only_mail()).subject == "Fracht"


def with_arms() -> Sequence:
    return a_sequence(an_email("intro", arms=ARMS), an_email("note", thread="intro"))


async def test_an_arm_brings_its_own_mail_and_subject(world: World) -> None:
    world.publish(with_arms(), files={"intro.md": INTRO, "intro.b.md": NOTE, "note.md": NOTE})

    await sent(world)

    mail = await world.only_mail()
    assert mail.subject == "Of arm b"
    assert (mail.text or "").startswith("Still there?")


async def test_a_thread_is_from_whom_its_first_mails_arm_names(world: World) -> None:
    signed = NOTE.replace("---\nStill", "from: {name: Eve, email: eve@acme.example}\n---\nStill")
    world.publish(with_arms(), files={"intro.md": INTRO, "intro.b.md": signed, "note.md": NOTE})
    row = world.enrolled(world.contact())

    await world.send(row)
    await world.send(row, "note")

    assert [mail.sender.email for mail in await world.mails()] == ["eve@acme.example"] * 2


async def test_an_enrollment_keeps_the_sender_that_it_began_with(world: World) -> None:
    world.publish(sender="owner", sender_fallback=OLGA)
    row = world.enrolled(world.contact(owner=Mailbox(email="ben@acme.example", name="Ben")))
    world.contact(owner=Mailbox(email="new@acme.example", name="New"))

    await world.send(row)

    assert (await world.only_mail()).sender.email == "ben@acme.example"


async def test_an_owner_who_is_found_later_mends_a_mail_without_a_sender(world: World) -> None:
    world.publish(sender="owner")
    row = world.enrolled(world.contact())
    await world.send(row)
    world.contact(owner=Mailbox(email="ben@acme.example", name="Ben"))

    await world.send(row, resumes=1)

    assert (await world.only_mail()).sender.email == "ben@acme.example"


async def test_a_steps_sender_goes_before_the_mails_and_the_enrollments(world: World) -> None:
    signed = INTRO.replace("---\nHi", "from: {name: Eve, email: eve@acme.example}\n---\nHi")
    senders = {"intro": Mailbox(email="kim@acme.example")}
    world.publish(files={"intro.md": signed, "note.md": NOTE}, senders=senders)

    await sent(world)

    assert (await world.only_mail()).sender.email == "kim@acme.example"


@pytest.mark.parametrize(
    ("named", "email"),
    [("owner", "ben@acme.example"), (OLGA, "olga@acme.example")],
    ids=["owner", "mailbox"],
)
async def test_a_hand_off_passes_the_sender_on_unless_the_other_names_one(
    world: World, named: object, email: str
) -> None:
    world.publish(sender="owner")
    world.publish(WELCOME.model_copy(update={"name": "priority"}), sender=named)
    contact = world.contact(owner=Mailbox(email="ben@acme.example", name="Ben"))
    hand_off(world, world.enrolled(contact))
    world.contact(owner=Mailbox(email="new@acme.example", name="New"))

    await world.send(world.enrolled(contact, "priority"))

    assert (await world.only_mail()).sender.email == email
