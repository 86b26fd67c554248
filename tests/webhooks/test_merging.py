"""Two contacts that are found to be one person."""

from datetime import timedelta

import httpx
import pytest
from sqlalchemy import insert, select, text

from schemas.events import ContactChanged, Control, Conversion, Unsubscribe
from schemas.suppression import SCOPE_BY_REASON, Reason, Suppression
from starter.incoming.app_events import Said, take_app_event
from storage import tasks
from storage.people import suppressions
from storage.people.merging import HOLDING
from storage.schema.identity_tables import merged_contacts
from storage.schema.trigger_tables import records
from storage.tasks import NewTask
from tests.builders import MONDAY
from tests.webhooks.given import ADA, TUESDAY, World, a_sequence, with_receipt
from tests.webhooks.merging import BOB, merged, the_kept


def suppressed(world: World, email: str, reason: Reason, topic: str | None = None) -> None:
    stands = Suppression(
        target=email,
        reason=reason,
        scope=SCOPE_BY_REASON[reason],
        topic=topic,
        source="test",
        at=MONDAY,
    )
    with world.engine.begin() as connection:
        suppressions.suppress(connection, stands)


def test_the_kept_ones_values_win_and_missing_ones_are_filled(world: World) -> None:
    world.contact(first_name="Ada", attributes={"role": "cto"})
    world.contact(BOB, first_name="Bob", last_name="L", attributes={"role": "vp", "seats": 3})
    world.contact(BOB, external_key="crm-2", company="Engines", owner={"email": "sam@example.org"})

    merged(world)

    ada = the_kept(world)
    assert (ada.first_name, ada.last_name, ada.company) == ("Ada", "L", "Engines")
    assert (ada.email, ada.external_key) == (ADA, "crm-2")
    assert ada.attributes == {"role": "cto", "seats": 3}
    assert ada.owner is not None


def test_all_on_record_becomes_the_kept_ones(world: World) -> None:
    ada, row = world.contact(), world.enrollment(email=BOB)
    send = world.send(row)
    with world.engine.begin() as connection:
        task = NewTask(row=row.id, step="call", task="Call", blocking=True, opened_at=MONDAY)
        tasks.open_task(connection, task)

    merged(world)

    with world.engine.connect() as connection:
        (task_row,) = tasks.listing(connection)
        assert task_row.contact_id == ada.id
    assert world.send_of(send.id).contact_id == ada.id
    assert world.row(row.id).contact_id == ada.id
    assert world.row(row.id).workflow_id == row.workflow_id


def test_of_records_of_one_id_the_kept_ones_stays(world: World) -> None:
    ada, bob = world.contact(), world.contact(BOB)
    kept = [(ada.id, "1", {"of": "ada"}), (bob.id, "1", {"of": "bob"}), (bob.id, "2", {})]
    with world.engine.begin() as connection:
        for contact, name, data in kept:
            row = insert(records).values(contact_id=contact, id=name, data=data, at=MONDAY)
            connection.execute(row)

    merged(world)

    with world.engine.connect() as connection:
        found = connection.execute(select(records.c.contact_id, records.c.id, records.c.data))
        assert sorted(tuple(row) for row in found) == [
            (ada.id, "1", {"of": "ada"}),
            (ada.id, "2", {}),
        ]


def test_no_table_that_says_whose_a_row_is_is_forgotten(world: World) -> None:
    found = text("SELECT table_name FROM information_schema.columns WHERE column_name = :name")

    with world.engine.connect() as connection:
        saying = set(connection.scalars(found, {"name": "contact_id"}))

    assert saying - {table.name for table in HOLDING} == {merged_contacts.name}


@pytest.mark.parametrize("opted_out", [ADA, BOB])
@pytest.mark.parametrize("reason", [Reason.UNSUBSCRIBED, Reason.COMPLAINED, Reason.BLOCKED])
def test_what_stands_against_either_holds_for_both(
    world: World, opted_out: str, reason: Reason
) -> None:
    world.contact()
    world.contact(BOB)
    suppressed(world, opted_out, reason)

    merged(world)

    assert world.reasons(ADA) == world.reasons(BOB) == [reason]


def test_a_dead_mailbox_of_the_other_says_nothing_of_the_kept_ones(world: World) -> None:
    world.contact()
    world.contact(BOB)
    suppressed(world, BOB, Reason.BOUNCED)

    merged(world)

    assert world.reasons(ADA) == []
    assert world.reasons(BOB) == [Reason.BOUNCED]


def test_enrollments_of_either_hear_of_the_opt_out_of_the_other(world: World) -> None:
    row, orders = world.enrollment(), world.enrollment(with_receipt(), BOB)
    suppressed(world, BOB, Reason.UNSUBSCRIBED, topic="news")

    merged(world)

    (told,) = world.told(row)
    assert isinstance(told, Unsubscribe)
    assert told.topic == "news"
    assert world.ending(row) is None
    suppressed(world, "carl@example.com", Reason.UNSUBSCRIBED)
    world.contact("carl@example.com")
    merged(world, other="carl@example.com")
    assert world.ending(row) == "unsubscribed"
    assert world.ending(orders) is None
    assert [type(event) for event in world.told(orders)] == [Unsubscribe]


def test_what_the_other_did_meanwhile_ends_what_it_ends(world: World) -> None:
    early, late = world.enrollment(), world.enrollment(a_sequence("late"), at=TUESDAY)
    world.contact(BOB)
    said = Said(name="meeting_booked", contact=BOB, at=MONDAY + timedelta(hours=1))
    take_app_event(world.engine, said)

    merged(world)

    assert (world.ending(early), world.ending(late)) == ("meeting_booked", None)
    assert [type(told) for told in world.told(early)] == [Conversion]
    assert world.told(late) == []


def test_of_two_alike_the_one_that_has_sent_more_goes_on(world: World) -> None:
    early, further = world.enrollment(), world.enrollment(email=BOB, at=TUESDAY)
    world.send(further)

    answer = merged(world)

    assert (answer.going_on, answer.ended) == (1, (early.workflow_id,))
    assert (world.ending(early), world.ending(further)) == ("merged", None)
    (told,) = world.told(early)
    assert isinstance(told, Control)
    assert (told.action, told.ending) == ("exit", "merged")
    assert world.told(further) == []
    assert world.row(further.id).contact_id == the_kept(world).id


def test_else_the_one_enrolled_earlier_goes_on(world: World) -> None:
    late, early = world.enrollment(at=TUESDAY), world.enrollment(email=BOB)

    merged(world)

    assert (world.ending(late), world.ending(early)) == ("merged", None)


def test_other_sequences_and_keys_all_go_on(world: World) -> None:
    rows = [
        world.enrollment(),
        world.enrollment(a_sequence("renewal"), BOB),
        world.enrollment(a_sequence("orders"), key="1"),
        world.enrollment(a_sequence("orders"), BOB, key="2"),
    ]

    answer = merged(world)

    assert answer.going_on == 4
    assert {world.ending(row) for row in rows} == {None}


def test_enrollments_of_the_other_hear_what_is_new_in_the_contact(world: World) -> None:
    world.contact(attributes={"role": "cto"})
    world.contact(BOB, attributes={"role": "vp"})
    row = world.enrollment(a_sequence(contact_facts=("role",)), BOB)

    merged(world)

    (told,) = world.told(row)
    assert isinstance(told, ContactChanged)
    assert told.facts == {"role": "cto"}


def test_merging_again_changes_nothing(world: World) -> None:
    world.contact()
    bob = world.contact(BOB, external_key="crm-2")
    first = merged(world)

    again = [merged(world, other=name) for name in (bob.id, "crm-2", BOB)]

    assert first.new
    assert [(one.new, one.merged) for one in again] == [(False, bob.id)] * 3


async def test_the_api_merges_by_any_name(api: httpx.AsyncClient, world: World) -> None:
    ada = world.contact(external_key="crm/ä 1")
    bob = world.contact(BOB)

    path = "/v1/contacts/crm%2F%C3%A4%201/merge"
    answer = await api.post(path, json={"other": BOB, "who": "kim"})

    assert answer.status_code == 200
    expected = {"id": ada.id, "merged": bob.id, "new": True, "enrollments": 0, "ended": []}
    assert answer.json() == expected


@pytest.mark.parametrize(
    ("keep", "other", "answer"),
    [
        ("nobody", ADA, (404, "There is no such contact.")),
        (ADA, "nobody", (422, "No contact has the second")),
        (ADA, "crm-1", (409, "name two to merge")),
        ("a%00b", ADA, (404, "There is no such contact.")),
    ],
)
async def test_what_cannot_be_merged_is_refused(
    api: httpx.AsyncClient, world: World, keep: str, other: str, answer: tuple[int, str]
) -> None:
    world.contact(external_key="crm-1")

    got = await api.post(f"/v1/contacts/{keep}/merge", json={"other": other, "who": "kim"})

    assert got.status_code == answer[0]
    assert answer[1] in got.text
    with world.engine.connect() as connection:
        assert connection.scalars(select(merged_contacts.c.id)).all() == []
