"""What comes back is obeyed by what it says, whatever its headers: wishes, absences, departures."""

from datetime import date

import httpx
import pytest

from inbound.tokens import mint
from schemas.events import AutoReply
from schemas.suppression import Reason
from storage.rows import EnrollmentRow
from tests.unit.inbound.mails import a_mail, an_envelope
from tests.webhooks.conftest import KEYS
from tests.webhooks.given import World
from tests.webhooks.posting import post_mail


async def _comes(
    client: httpx.AsyncClient, world: World, row: EnrollmentRow, text: str, *headers: str
) -> None:
    token = mint("reply", world.send(row).id, KEYS)
    mail = a_mail(*headers).replace(b"Yes, let us talk.", text.encode())
    envelope = an_envelope(f"r-{token}@in.example.org")

    answer = await post_mail(client, {"email": mail, "envelope": envelope})

    assert answer.status_code == httpx.codes.NO_CONTENT


@pytest.mark.parametrize(
    "wish",
    ["Please take me off your list.", "Bitte keine weiteren Mails.", "配信停止をお願いします"],
)
async def test_a_wish_in_words_unsubscribes_everywhere(
    client: httpx.AsyncClient, world: World, wish: str
) -> None:
    row = world.enrollment()

    await _comes(client, world, row, wish)

    assert world.ending(row) == "unsubscribed"
    assert world.reasons() == [Reason.UNSUBSCRIBED]
    assert world.kinds() == ["unsubscribe"]


async def test_an_absence_without_any_header_is_told_with_the_first_day_back(
    client: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment()

    await _comes(
        client, world, row, "I am on annual leave, back on 20 March 2026. If urgent, call Tom."
    )

    (told,) = world.told(row)
    assert isinstance(told, AutoReply)
    assert told.until is not None
    assert told.until.date() == date(2026, 3, 20)
    assert world.kinds() == ["auto_reply"]


async def test_who_has_left_is_never_mailed_again(client: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment()
    words = "Ada no longer works at this company. Please contact Tom."

    await _comes(client, world, row, words, "Auto-Submitted: auto-replied")

    assert world.ending(row) == "left_company"
    assert world.reasons() == [Reason.LEFT_COMPANY]


async def test_a_ticket_receipt_stops_nothing(client: httpx.AsyncClient, world: World) -> None:
    row = world.enrollment()
    words = "We have received your request. Ticket #48211 has been created."

    await _comes(client, world, row, words, "Auto-Submitted: auto-generated")

    assert world.told(row) == []
    assert world.kinds() == ["auto_ack"]


async def test_an_answer_through_a_help_desk_is_a_reply(
    client: httpx.AsyncClient, world: World
) -> None:
    row = world.enrollment()
    desk = ("Auto-Submitted: auto-generated", "X-Mailer: Zendesk Mailer")

    await _comes(client, world, row, "We'd like a demo. Who do we talk to?", *desk)

    assert world.ending(row) == "replied"
