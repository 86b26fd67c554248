import httpx
import pytest

from inbound.tokens import mint
from schemas.events import AutoReply, Reply
from storage.rows import SendRow
from tests.unit.inbound.mails import CONTENT_TYPE, PERSON, a_body, a_mail, an_envelope
from tests.webhooks.conftest import KEYS
from tests.webhooks.fakes import FakeRelay
from tests.webhooks.given import PROVIDER_ID, World, a_sequence, deaf
from tests.webhooks.posting import INBOUND, NOW, Sender, post_mail


def to(send: SendRow) -> bytes:
    return an_envelope(f"r-{mint('reply', send.id, KEYS)}@in.example.org")


def a_form(mail: bytes, envelope: bytes) -> dict[str, bytes]:
    return {"email": mail, "envelope": envelope}


async def test_a_persons_answer_is_stored_told_and_ends_what_it_ends(
    client: httpx.AsyncClient, world: World, relay: FakeRelay
) -> None:
    row = world.enrollment()
    send = world.send(row)

    answer = await post_mail(client, a_form(PERSON, to(send)))

    assert answer.status_code == 204
    assert world.ending(row) == "replied"
    assert [told.step for told in world.told(row) if isinstance(told, Reply)] == ["intro"]
    assert world.send_of(send.id).replied_at == NOW
    assert relay.nudges == 1


async def test_a_reply_ends_every_enrollment_that_listens_whichever_mail_it_answers(
    client: httpx.AsyncClient, world: World
) -> None:
    answered, other, silent = (
        world.enrollment(),
        world.enrollment(a_sequence("other")),
        world.enrollment(deaf()),
    )

    await post_mail(client, a_form(PERSON, to(world.send(answered))))

    assert (world.ending(answered), world.ending(other)) == ("replied", "replied")
    assert [told.step for told in world.told(other) if isinstance(told, Reply)] == [None]
    assert world.ending(silent) is None
    assert world.told(silent) == []


async def test_the_token_tells_whose_answer_it_is_whoever_wrote_it(
    client: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment(email="grace@example.com")

    await post_mail(client, a_form(PERSON, to(world.send(row))))

    assert world.ending(row) == "replied"
    assert world.kinds("grace@example.com") == ["reply"]


async def test_without_a_token_the_id_of_the_mail_answered_tells_it(
    client: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment(email="grace@example.com")
    mail = a_mail(f"References: {world.send(row).message_id}", without="References")

    await post_mail(client, a_form(mail, an_envelope("sales@in.example.org")))

    assert world.ending(row) == "replied"


async def test_an_id_that_sendgrid_put_in_place_of_ours_tells_it_too(
    client: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment(email="grace@example.com")
    world.send(row)
    mail = a_mail(f"References: <{PROVIDER_ID}@ismtpd1.sendgrid.net>", without="References")

    await post_mail(client, a_form(mail, an_envelope("sales@in.example.org")))

    assert world.ending(row) == "replied"


async def test_a_mail_that_answers_nothing_we_know_is_its_senders(
    client: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment()

    await post_mail(client, a_form(PERSON, an_envelope("sales@in.example.org")))

    assert world.ending(row) == "replied"


async def test_an_automatic_reply_is_no_reply(client: httpx.AsyncClient, world: World) -> None:
    row, silent = world.enrollment(), world.enrollment(deaf())
    send = world.send(row)

    await post_mail(client, a_form(a_mail("Auto-Submitted: auto-replied"), to(send)))

    assert world.ending(row) is None
    assert [type(event) for event in world.told(row)] == [AutoReply]
    assert [type(event) for event in world.told(silent)] == [AutoReply]
    assert world.send_of(send.id).replied_at is None
    assert world.kinds() == ["auto_reply"]


async def test_a_delivery_report_is_kept_and_told_to_nobody(
    client: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment()
    report = a_mail(
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
        without="Content-Type",
    )

    await post_mail(client, a_form(report, to(world.send(row))))

    assert world.kinds() == ["report"]
    assert world.told(row) == []


async def test_the_default_mode_is_taken_as_well(client: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment()
    form = {
        "headers": PERSON.partition(b"\r\n\r\n")[0],
        "text": b"Gr\xfc\xdfe",
        "charsets": b'{"text": "iso-8859-1"}',
        "envelope": to(world.send(row)),
    }

    await post_mail(client, form)

    assert world.ending(row) == "replied"
    assert [event.fields["text"] for event in world.events()] == ["Grüße"]


async def test_the_same_mail_again_changes_nothing(client: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment()
    form = a_form(PERSON, to(world.send(row)))

    await post_mail(client, form)
    again = await post_mail(client, {**form, "spam_score": b"0.1"})

    assert again.status_code == 204
    assert world.kinds() == ["reply"]
    assert len(world.told(row)) == 1


async def test_a_mail_from_a_stranger_is_answered_2xx(
    client: httpx.AsyncClient, world: World
) -> None:
    answer = await post_mail(client, a_form(PERSON, an_envelope("sales@in.example.org")))

    assert answer.status_code == 204
    assert world.events() == []


@pytest.mark.usefixtures("world")
@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"", CONTENT_TYPE),
        (b"not a form", CONTENT_TYPE),
        (b"not a form", "text/plain"),
        (a_body({"email": PERSON})[:-30], CONTENT_TYPE),
        (a_body({"subject": b"no mail in it"}), CONTENT_TYPE),
        (a_body({"email": b"\xff\x00\xfe", "envelope": b"{"}), CONTENT_TYPE),
    ],
    ids=["empty", "no-form", "text", "cut", "no-mail", "garbage"],
)
async def test_what_cannot_be_read_is_kept_and_answered_2xx(
    client: httpx.AsyncClient, body: bytes, content_type: str
) -> None:
    answer = await client.post(INBOUND, content=body, headers={"Content-Type": content_type})

    assert answer.status_code == 204


async def test_a_wrong_secret_is_a_certain_forgery(client: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment()
    form = a_body(a_form(PERSON, to(world.send(row))))

    answer = await client.post(
        "/webhooks/inbound/guessed", content=form, headers={"Content-Type": CONTENT_TYPE}
    )

    assert answer.status_code == 404
    assert "guessed" not in answer.text
    assert world.ending(row) is None


async def test_a_signature_that_fits_is_taken(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment()
    form = a_form(PERSON, to(world.send(row)))

    answer = await post_mail(client, form, sender.headers(a_body(form)))

    assert answer.status_code == 204
    assert world.ending(row) == "replied"


async def test_a_signature_that_does_not_fit_is_asked_for_again(
    client: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment()
    form = a_form(PERSON, to(world.send(row)))

    answer = await post_mail(client, form, Sender().headers(a_body(form)))

    assert answer.status_code == 503
    assert world.ending(row) is None


async def test_a_mail_of_30_mb_is_taken(client: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment()
    mail = PERSON + b"x" * (30 * 1024 * 1024)

    answer = await post_mail(client, a_form(mail, to(world.send(row))))

    assert answer.status_code == 204
    assert world.ending(row) == "replied"


async def test_while_postgresql_is_down_sendgrid_is_asked_to_come_again(
    client: httpx.AsyncClient,
) -> None:
    answer = await post_mail(client, a_form(PERSON, an_envelope("sales@in.example.org")))

    assert answer.status_code == 503
