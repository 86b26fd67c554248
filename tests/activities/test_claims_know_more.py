"""What PostgreSQL knows and a workflow not yet: at the beginning, and at the claim of a mail."""

from datetime import date, timedelta

import pytest
from temporalio.client import Client

from schemas.calendar import Duration, Unit, Window
from schemas.conditions import Comparison, Constant, Count, Fact
from schemas.contact import Contact
from schemas.events import AppEvent, DataChanged
from schemas.matchers import Matcher
from schemas.outcomes import Behind, Sent, Stopped
from schemas.policies import ExitRule, Suppressor
from schemas.sequence import Sequence
from schemas.steps import At
from starter.data_changes import Change, commit_change
from starter.incoming.app_events import Said, take_app_event
from storage import versions
from tests.activities.world import World, a_start
from tests.builders import MONDAY, a_sequence, an_email, days

TICKET = Suppressor(fact="ticket", opens=("opened",), closes=("closed",), id="id")
HEARD = ("event:opened", "event:closed")
SEEN_TWICE = Comparison(by="lt", left=Count(event="login", last=days(7)), right=Constant(value=2))
AT_END = At(anchor=Fact(of="data", path="end"), by=days(1), before=True, text="data.end - 1 day")


def _kept_back(**fields: object) -> Sequence:
    fact = TICKET.model_copy(update=fields)
    receipt = an_email("note", transactional=True)
    return a_sequence(an_email("intro"), receipt, suppress_while=fact, listens_to=HEARD)


async def nobody() -> Client:
    raise AssertionError("what is on record needs no word from Temporal")


def _say(world: World, contact: Contact, name: str, number: int = 7, **fields: object) -> None:
    said = Said.model_validate(
        {"name": name, "contact": contact.id, "at": MONDAY, "fields": {"id": number}, **fields}
    )
    take_app_event(world.engine, said)


async def test_a_ticket_that_only_postgresql_knows_of_keeps_the_mail_back(world: World) -> None:
    world.publish(_kept_back())
    contact = world.contact()
    row = world.enrolled(contact)
    _say(world, contact, "opened")

    answer = await world.send(row)

    assert isinstance(answer, Behind)
    assert [event.name for event in answer.events if isinstance(event, AppEvent)] == ["opened"]
    assert await world.mails() == []


async def test_a_ticket_that_was_closed_keeps_nothing_back(world: World) -> None:
    world.publish(_kept_back())
    contact = world.contact()
    row = world.enrolled(contact)
    _say(world, contact, "opened")
    _say(world, contact, "closed")

    assert isinstance(await world.send(row), Sent)


async def test_a_mail_that_was_claimed_before_the_ticket_keeps_its_outcome(world: World) -> None:
    world.publish(_kept_back())
    contact = world.contact()
    row = world.enrolled(contact)
    await world.send(row)
    _say(world, contact, "opened")

    assert isinstance(await world.send(row), Sent)
    assert len(await world.mails()) == 1


@pytest.mark.parametrize(("spares", "outcome"), [(True, Sent), (False, Behind)])
async def test_a_transactional_mail_waits_for_the_ticket_unless_it_is_spared(
    world: World, *, spares: bool, outcome: type
) -> None:
    world.publish(_kept_back(spares_transactional=spares))
    contact = world.contact()
    row = world.enrolled(contact)
    _say(world, contact, "opened")

    assert isinstance(await world.send(row, "note"), outcome)


def test_a_ticket_of_before_the_enrollment_comes_with_its_beginning(world: World) -> None:
    world.publish(_kept_back())
    contact = world.contact()
    _say(world, contact, "opened", at=MONDAY - timedelta(days=3))

    row = world.enrolled(contact)

    assert [event.kind for event in row.earlier] == ["event"]


def test_an_opt_out_of_before_is_told_where_transactional_mails_let_somebody_in(
    world: World,
) -> None:
    world.publish(_kept_back())
    contact = world.contact()
    world.suppress(contact)

    row = world.enrolled(contact)

    assert [(event.kind, event.at) for event in row.missed] == [("unsubscribe", MONDAY)]


async def test_a_date_that_has_moved_meanwhile_is_told_instead_of_sending(world: World) -> None:
    world.publish(a_sequence(an_email("intro", at=AT_END)))
    contact = world.contact()
    row = world.enrolled(contact, data={"end": "2026-03-03"})
    change = Change(facts={"end": "2026-04-30"}, at=MONDAY, wall=MONDAY)
    await commit_change(nobody, world.engine, f"welcome.{contact.id}", change)

    answer = await world.send(row, data={"end": "2026-03-03"})

    assert isinstance(answer, Behind)
    assert [one.facts for one in answer.events if isinstance(one, DataChanged)] == [
        {"end": "2026-04-30"}
    ]


async def test_counts_in_the_audience_are_asked_at_the_beginning_and_before_each_mail(
    world: World,
) -> None:
    world.publish(a_sequence(an_email("intro"), audience=SEEN_TWICE, re_enroll="always"))
    contact = world.contact()
    row = world.enrolled(contact)
    for number in (1, 2):
        _say(world, contact, "login", number, id=str(number))

    outcome = await world.send(row)
    refused = world.refused(a_start(contact), run="run-2")

    assert isinstance(outcome, Stopped)
    assert outcome.ending is not None
    assert outcome.ending.name == "left_audience"
    assert refused.reason == "audience"


def test_who_is_held_out_is_refused_unless_a_transactional_mail_is_for_them(world: World) -> None:
    world.publish(a_sequence(an_email("intro"), holdout=10_000))
    refused = world.refused(a_start(world.contact()))

    world.publish(_kept_back().model_copy(update={"holdout": 10_000}))
    enrolled = world.enrolled(world.contact(email="bo@customer.example"))

    assert refused.reason == "holdout"
    assert enrolled.held_out


@pytest.mark.parametrize(
    ("key", "data", "reason"),
    [
        ("A1", {"order": "A1"}, None),
        ("A1", {"order": "B2"}, "wrong_key"),
        (None, {"order": "A1"}, "wrong_key"),
        (None, {}, "wrong_key"),
        (None, {"order": "A 1"}, "wrong_key"),
        ("7", {"order": 7}, None),
    ],
)
def test_the_key_is_what_the_data_says(
    world: World, key: str | None, data: dict[str, object], reason: str | None
) -> None:
    world.publish(a_sequence(an_email("intro"), key=Fact(of="data", path="order")))

    answer = world.begin(a_start(world.contact(), key=key, data=data))

    assert getattr(answer, "reason", None) == reason


def test_a_sequence_that_is_per_contact_takes_no_key(world: World) -> None:
    world.publish()

    refused = world.refused(a_start(world.contact(), key="another"))

    assert refused.reason == "wrong_key"


def test_an_enrollment_gets_the_holidays_of_its_contacts_country(world: World) -> None:
    window = Window(days=(0, 1, 2, 3, 4), ranges=((540, 1020),), holidays_of="contact")
    version = world.publish(a_sequence(an_email("intro"), window=window))
    known = {"US": (date(2026, 7, 3), date(2035, 7, 4)), "DE": (date(2026, 10, 3),)}
    named = version.model_copy(update={"holidays": known, "hash": "0" * 64})
    with world.engine.begin() as connection:
        versions.publish(connection, named, by="test", at=MONDAY)

    row = world.enrolled(world.contact(attributes={"country": "us "}))

    assert row.sequence.window is not None
    assert row.sequence.window.holidays == (date(2026, 7, 3),)


def test_holidays_that_are_renewed_reach_those_who_begin_later(world: World) -> None:
    window = Window(days=(0, 1, 2, 3, 4), ranges=((540, 1020),), holidays_of="US")
    version = world.publish(a_sequence(an_email("intro"), window=window))
    first = world.enrolled(world.contact())
    known = {"US": (date(2026, 7, 3),)}
    with world.engine.begin() as connection:
        versions.renew_holidays(connection, version.model_copy(update={"holidays": known}))

    second = world.enrolled(world.contact(email="bo@customer.example"))

    found = [one.sequence.window and one.sequence.window.holidays for one in (first, second)]
    assert found == [(), (date(2026, 7, 3),)]


def test_what_a_colleague_did_before_the_record_is_told_at_the_beginning(world: World) -> None:
    wide = Matcher(kind="event", name="booked", by="account")
    rule = ExitRule(name="account_booked", on=wide)
    world.publish(
        a_sequence(an_email("intro"), exit_on=(rule,), listens_to=("account:event:booked",))
    )
    ada = world.contact(company="Acme")
    bo = world.contact(email="bo@customer.example", company=" ACME ")
    _say(world, bo, "booked")

    row = world.enrolled(ada)

    assert [event.kind for event in row.missed] == ["colleague"]


def test_a_business_day_is_a_unit_of_its_own() -> None:
    assert Duration(count=1, unit=Unit.BUSINESS_DAYS).words == "1 business day"
