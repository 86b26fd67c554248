"""What a history remembers, written back: once, and in doubt where nobody knows."""

from datetime import timedelta
from uuid import uuid4

import pytest

from schemas.activities import EndRequest, SendRequest
from schemas.contact import Contact
from schemas.events import Bounce, Reply, Unsubscribe
from schemas.outcomes import Braked, Enrolled, InDoubt, Sent
from schemas.progress import Ending, Entry, What
from schemas.recollections import Recollection, Remembered
from schemas.suppression import Reason
from starter.restoring.histories import may_have_gone
from starter.restoring.remembering import remember
from storage.people import suppressions
from tests.activities.world import ADDRESSES, World, a_start
from tests.builders import MONDAY

DOMAIN = ADDRESSES.mail_domain
MARK = "0123456789abcdef" * 2
OUT = Unsubscribe(id=f"unsubscribe.{MARK}", at=MONDAY)


def a_request(row: Enrolled, step: str = "intro") -> SendRequest:
    given = {"row": row.row, "step": step, "occurrence": 1, "due": MONDAY, "now": MONDAY}
    return SendRequest.model_validate({**given, "why": "it is due"})


def recollected(contact: Contact, begun: Enrolled, **fields: object) -> Recollection:
    given = {
        "workflow_id": f"welcome.{contact.id}",
        "run_id": "run-1",
        "start": a_start(contact),
        "begun": begun,
    }
    return Recollection.model_validate({**given, **fields})


def reasons(world: World, contact: Contact) -> list[Reason]:
    with world.engine.connect() as connection:
        return [one.reason for one in suppressions.standing(connection, contact.email)]


async def test_a_mail_of_which_nobody_knows_is_in_doubt_and_not_sent(world: World) -> None:
    world.publish()
    contact = world.contact()
    row = world.enrolled(contact)
    found = recollected(contact, row, unanswered=(a_request(row),))

    first, second = (remember(world.engine, found, DOMAIN) for _ in range(2))

    assert (first["in_doubt"], second["in_doubt"]) == (1, 0)
    assert isinstance(await world.send(row), InDoubt)
    assert await world.mails() == []


async def test_a_lost_enrollment_and_its_mail_come_back_under_their_ids(world: World) -> None:
    world.publish()
    contact = world.contact()
    seen = world.enrolled(contact)
    world.ended(seen)
    lost = seen.model_copy(update={"row": str(uuid4())})
    send = str(uuid4())
    went = Remembered(request=a_request(lost), outcome=Sent(send=send, at=MONDAY))
    found = recollected(contact, lost, run_id="run-2", mails=(went,))

    first, second = (remember(world.engine, found, DOMAIN) for _ in range(2))

    (row,) = world.sends_of(lost)
    assert (first["enrollments"], first["sends"]) == (1, 1)
    assert (second["enrollments"], second["sends"]) == (0, 0)
    assert (str(row.id), row.state) == (send, "accepted")
    assert await world.send(lost) == Sent(send=send, at=MONDAY)
    assert await world.mails() == []


async def test_an_opt_out_that_only_the_workflow_heard_of_suppresses_again(world: World) -> None:
    world.publish()
    contact = world.contact()
    row = world.enrolled(contact)
    soft = Bounce(id="bounce.x", at=MONDAY, hard=False)
    found = recollected(contact, row, told=(OUT, soft))

    first, second = (remember(world.engine, found, DOMAIN) for _ in range(2))

    assert (first["opt_outs"], second["opt_outs"]) == (1, 0)
    assert reasons(world, contact) == [Reason.UNSUBSCRIBED]


async def test_a_reply_and_an_ending_come_back_once(world: World) -> None:
    world.publish()
    contact = world.contact()
    row = world.enrolled(contact)
    over = Ending(name="replied", at=MONDAY)
    entry = Entry(at=MONDAY, what=What.ENDED, why="replied")
    ended = EndRequest(row=row.row, ending=over, rank=4, timeline=(entry,))
    told = (Reply(id=f"reply.{MARK}", at=MONDAY),)
    found = recollected(contact, row, told=told, ended=ended)

    first, second = (remember(world.engine, found, DOMAIN) for _ in range(2))

    assert (first["events"], first["endings"]) == (1, 1)
    assert (second["events"], second["endings"]) == (0, 0)


async def test_whose_contact_or_version_is_lost_is_only_counted(world: World) -> None:
    world.publish()
    contact = world.contact()
    row = world.enrolled(contact)
    nobody = row.model_copy(update={"contact_id": "nobody", "row": str(uuid4())})
    unpublished = row.model_copy(update={"version": "f" * 64, "row": str(uuid4())})

    without = remember(world.engine, recollected(contact, nobody), DOMAIN)
    never = remember(world.engine, recollected(contact, unpublished), DOMAIN)

    assert (without, never) == ({"unknown_contacts": 1}, {"unknown_versions": 1})


@pytest.mark.parametrize(
    ("outcome", "attempt", "may"),
    [
        (None, 0, True),
        (Braked(since=MONDAY, until=MONDAY + timedelta(days=1), why="all is stopped"), 1, False),
        (Braked(since=MONDAY, until=MONDAY + timedelta(days=1), why="all is stopped"), 2, True),
    ],
)
def test_an_earlier_attempt_may_have_posted_what_a_later_one_found_no_claim_of(
    outcome: Braked | None, attempt: int, *, may: bool
) -> None:
    assert may_have_gone(outcome, attempt) is may
