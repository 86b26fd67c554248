"""Why somebody is in no sequence: what is on record, and what would be said now."""

from datetime import timedelta

import pytest

from schemas.conditions import Fact
from schemas.contact import Contact, NewContact
from schemas.outcomes import Refused, Waiting
from schemas.policies import Caps, ExitRule, Pace, Trigger
from schemas.suppression import Reason
from starter.explaining.absences import Absence, Asked, explain_absence
from starter.explaining.explanations import Explanation, explain
from starter.explaining.sharing import caps_told
from starter.incoming.changes import save_contact
from storage.people.contacts import Saved
from storage.sending import caps
from tests.activities import turning
from tests.activities.world import ORDER, VP, WELCOME, World, a_start
from tests.builders import MONDAY, a_sequence, an_email, days

LATER = MONDAY + timedelta(days=10)


async def absence(world: World, contact: Contact, **fields: object) -> Absence:
    given = {"sequence": "welcome", "contact": contact.id, "now": LATER, **fields}
    told = await explain_absence(world.engine, Asked.model_validate(given))
    assert isinstance(told, Absence), told
    return told


async def test_everybody_who_may_be_let_in_is_told_how(world: World) -> None:
    world.publish()
    contact = world.contact()

    told = await absence(world, contact)

    assert (told.barriers, told.refused, told.before, told.waits) == ((), (), (), ())
    assert told.command == f"postroad enroll welcome {contact.id}"


async def test_all_that_stands_in_the_way_is_told_with_the_contacts_own_values(
    world: World,
) -> None:
    is_vp = ExitRule(name="is_vp", when=VP)
    world.publish(a_sequence(an_email("intro"), audience=VP, exit_on=(is_vp,)))
    contact = world.contact(attributes={"role": "clerk"})
    world.suppress(contact)

    told = await absence(world, contact)

    assert [(one.reason, one.values) for one in told.barriers] == [
        ("suppressed", ""),
        ("audience", 'contact.role is "clerk"'),
    ]
    assert 'which asks contact.role == "vp"' in told.barriers[1].message
    assert told.command is None


async def test_a_refusal_is_kept_in_words_that_hold_no_value_of_the_contact(world: World) -> None:
    world.publish(a_sequence(an_email("intro"), audience=VP))
    contact = world.contact(attributes={"role": "clerk"})
    world.refused(a_start(contact, source="crm-sync"))

    (refused,) = (await absence(world, contact)).refused

    assert (refused.reason, refused.source) == ("audience", "crm-sync")
    assert 'which asks contact.role == "vp"' in refused.message
    assert "clerk" not in refused.message


async def test_a_condition_of_exit_on_that_is_true_already_is_told(world: World) -> None:
    world.publish(a_sequence(an_email("intro"), exit_on=(ExitRule(name="is_vp", when=VP),)))

    (one,) = (await absence(world, world.contact(attributes={"role": "vp"}))).barriers

    assert (one.reason, one.values) == ("is_vp", 'contact.role is "vp"')


async def test_whoever_was_in_it_is_told_how_that_ended_and_when_they_may_be_again(
    world: World,
) -> None:
    world.publish(a_sequence(an_email("intro"), re_enroll=days(90)))
    contact = world.contact()
    world.ended(world.enrolled(contact))

    told = await absence(world, contact)

    assert [(one.ending, one.ended) for one in told.before] == [
        ("completed", "Mon 02 Mar 2026 15:00")
    ]
    assert [one.reason for one in told.barriers] == ["re_enroll"]
    assert "may be again from Sun 31 May 2026 15:00 UTC on" in told.barriers[0].message


async def test_per_key_the_key_may_stand_for_the_data(world: World) -> None:
    world.publish(WELCOME.model_copy(update={"key": ORDER}))
    contact = world.contact()
    row = world.enrolled(contact, key="7", data={"order": "7"})

    other, same = await absence(world, contact, key="8"), await absence(world, contact, key="7")
    none = await absence(world, contact)

    assert other.command == f"postroad enroll welcome {contact.id} --data order=8"
    assert same.live == (f"welcome.{contact.id}.7",)
    assert none.live == same.live
    assert row.row


async def test_who_waits_for_the_day_of_a_place_is_told_which(world: World) -> None:
    pace = Pace(per_day=1, zone="America/New_York")
    world.publish(WELCOME.model_copy(update={"pace": pace}))
    first, second = (world.contact(email=f"{one}@customer.example") for one in "ab")
    world.enrolled(first)
    assert isinstance(world.begin(a_start(second)), Waiting)

    (waits,) = (await absence(world, second)).waits

    assert "begins on Tue 03 Mar 2026 05:00: 1 a day may enter welcome" in waits


async def test_who_waits_for_a_turn_is_told_whose_it_is_and_why(world: World) -> None:
    turning.publish(world, "outbound", priority=5)
    turning.publish(world, "nurture", priority=1)
    contact = world.contact()
    holder = turning.enroll(world, "outbound", contact)
    assert isinstance(turning.ask(world, "nurture", contact), Waiting)

    (waits,) = (await absence(world, contact, sequence="nurture")).waits
    told = await explain(None, world.engine, holder.row)

    assert "outbound goes first for this contact: priority 5 over 1" in waits
    assert "on Thu 05 Mar 2026 15:00 it is refused" in waits
    assert isinstance(told, Explanation)
    assert told.waited_for_by == (
        "nurture waits until this enrollment is done with the contact (rule 28).",
    )


async def test_a_contact_that_another_sequence_has_is_refused_or_would_wait(world: World) -> None:
    turning.publish(world, "outbound", priority=5)
    turning.publish(world, "nurture", priority=1)
    turning.refuses(world, "drip")
    turning.publish(world, "urgent", priority=9)
    contact = world.contact()
    turning.enroll(world, "outbound", contact)

    waits = await absence(world, contact, sequence="nurture")
    refused = await absence(world, contact, sequence="drip")
    takes = await absence(world, contact, sequence="urgent")

    assert waits.notes[0].startswith("It would wait for its turn, 3 days at most: outbound goes")
    assert [one.reason for one in refused.barriers] == ["busy"]
    assert takes.notes[0].startswith("It would take over: urgent goes first")


async def test_unknown_contacts_and_sequences_are_refused(world: World) -> None:
    world.publish()
    nobody = Asked(sequence="welcome", contact="nobody", now=MONDAY)
    nowhere = Asked(sequence="nowhere", contact=world.contact().id, now=MONDAY)

    told = [await explain_absence(world.engine, one) for one in (nobody, nowhere)]

    assert [one.reason for one in told if isinstance(one, Refused)] == [
        "unknown_contact",
        "unknown_sequence",
    ]


@pytest.mark.parametrize("reason", [Reason.UNSUBSCRIBED, Reason.COMPLAINED])
async def test_who_wants_no_marketing_is_told_what_would_go(world: World, reason: Reason) -> None:
    world.publish(a_sequence(an_email("intro"), an_email("note", transactional=True)))
    contact = world.contact()
    world.suppress(contact, reason)

    told = await absence(world, contact)

    assert told.barriers == ()
    assert "only transactional mails would go" in told.notes[0]


async def test_caps_in_force_are_named_where_mails_are_to_come(world: World) -> None:
    with world.engine.begin() as connection:
        assert list(caps_told(connection)) == []
        caps.put(connection, Caps(per_day=1), by="test", at=MONDAY)
        (told,) = caps_told(connection)

    assert "1 a day" in told


async def test_a_date_that_is_waited_for_is_told_with_its_moment(world: World) -> None:
    near = Trigger(
        kind="near", anchor=Fact(of="contact", path="renewal"), by=days(30), backfill="none"
    )
    world.publish(a_sequence(an_email("intro"), triggers=(near,)))
    new = NewContact(email="cy@example.com", attributes={"renewal": "2031-03-31"})
    saved = save_contact(world.engine, new, MONDAY)
    assert isinstance(saved, Saved)

    told = await absence(world, saved.contact)

    assert "on Sat 01 Mar 2031 00:00" in told.by_itself[-1]
    assert "counted from 2031-03-31" in told.by_itself[-1]
