import httpx
import pytest

from schemas.events import Click, Open, SendSettled, Unsubscribe
from schemas.suppression import Reason
from tests.builders import MONDAY
from tests.webhooks.given import ADA, PROVIDER_ID, World, a_sequence, deaf
from tests.webhooks.posting import AT, Sender, an_item


async def test_a_click_is_told_to_the_enrollment_of_its_mail_alone(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row, other = world.enrollment(), world.enrollment(a_sequence("other"))

    await sender.tell(client, an_item("click", world.send(row), url="https://example.org/case"))

    (click,) = world.told(row)
    assert isinstance(click, Click)
    assert (click.step, click.at, click.url) == ("intro", AT, "https://example.org/case")
    assert world.told(other) == []


async def test_who_does_not_listen_to_clicks_is_not_woken(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment(deaf())

    await sender.tell(client, an_item("click", world.send(row)), an_item("open"))

    assert world.told(row) == []
    assert world.kinds() == ["click", "open"]


async def test_an_open_wakes_only_who_branches_on_opens(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment(a_sequence(listens_to=("open",)))

    await sender.tell(client, an_item("open", world.send(row)))

    assert [type(event) for event in world.told(row)] == [Open]


async def test_a_machines_open_is_stored_and_told_to_nobody(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment(a_sequence(listens_to=("open",)))
    send = world.send(row)

    await sender.tell(client, an_item("open", send, sg_machine_open=True))

    assert world.kinds() == ["open"]
    assert world.told(row) == []
    assert world.send_of(send.id).first_open_at is None


async def test_a_mail_is_known_by_sendgrids_own_id_too(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment()
    world.send(row)

    await sender.tell(client, an_item("click", sg_message_id=f"{PROVIDER_ID}.filter0001.16648"))

    assert len(world.told(row)) == 1


async def test_what_comes_back_is_noted_on_the_send_in_whatever_order(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    send = world.send(world.enrollment())
    earlier = int(AT.timestamp()) - 600

    await sender.tell(client, an_item("click", send), an_item("delivered", send))
    await sender.tell(client, an_item("click", send, timestamp=earlier))

    noted = world.send_of(send.id)
    assert noted.delivered_at == AT
    assert noted.first_click_at is not None
    assert noted.first_click_at.timestamp() == earlier


@pytest.mark.parametrize("kind", ["processed", "delivered", "dropped", "open", "click"])
async def test_any_event_of_a_mail_in_doubt_settles_that_sendgrid_accepted_it(
    client: httpx.AsyncClient, sender: Sender, world: World, kind: str
) -> None:
    row = world.enrollment()
    send = world.send(row, state="in_doubt")

    await sender.tell(client, an_item(kind, send, reason="Spam Content"))

    assert world.send_of(send.id).state == "accepted"
    settled = [told for told in world.told(row) if isinstance(told, SendSettled)]
    assert [(one.send, one.accepted, one.at) for one in settled] == [(str(send.id), True, AT)]


async def test_a_mail_is_settled_once(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment(deaf())
    send = world.send(row, state="in_doubt")

    await sender.tell(client, an_item("processed", send), an_item("delivered", send))

    assert [type(event) for event in world.told(row)] == [SendSettled]


async def test_an_event_that_overtakes_the_post_settles_without_a_signal(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment()
    send = world.send(row, state="claimed")

    await sender.tell(client, an_item("processed", send))

    assert world.send_of(send.id).state == "accepted"
    assert world.told(row) == []


async def test_an_event_of_before_the_enrollment_does_not_end_it(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment(at=MONDAY.replace(day=4))

    await sender.tell(client, an_item("spamreport"))

    assert world.ending(row) is None
    assert world.reasons() == [Reason.COMPLAINED]


async def test_an_ended_enrollment_is_told_nothing_more(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment()
    send = world.send(row)
    later = int(AT.timestamp()) + 60
    await sender.tell(client, an_item("unsubscribe", send))

    await sender.tell(client, an_item("click", send))
    await sender.tell(client, an_item("spamreport", send, timestamp=later))

    assert [type(event) for event in world.told(row)] == [Unsubscribe]
    assert world.ending(row) == "unsubscribed"


async def test_what_came_before_the_ending_is_told_before_it(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    row = world.enrollment()
    send = world.send(row)
    clicks = [an_item("click", send, url=f"https://example.org/{number}") for number in range(4)]

    later = int(AT.timestamp()) + 60
    await sender.tell(client, an_item("unsubscribe", send, timestamp=later), *clicks)

    assert [type(event) for event in world.told(row)] == [*[Click] * 4, Unsubscribe]


async def test_the_address_of_nobody_we_know_is_suppressed_all_the_same(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    await sender.tell(client, an_item("spamreport", email="stranger@example.com"))

    assert world.reasons("stranger@example.com") == [Reason.COMPLAINED]
    assert world.events(ADA) == []


async def test_a_send_id_that_is_not_ours_is_let_pass(
    client: httpx.AsyncClient, sender: Sender, world: World
) -> None:
    world.contact()
    unknown = "0e5b5b58-4d3b-4c19-9a2e-2f6d1d5a7c11"

    await sender.tell(client, an_item("click", seq_send_id=unknown))

    assert world.kinds() == ["click"]
