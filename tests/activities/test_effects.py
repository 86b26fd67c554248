"""What steps do beside mailing: attributes set, webhooks and mails to the owner laid out."""

import pytest
from pydantic import JsonValue
from sqlalchemy import select

from schemas.activities import EffectRequest
from schemas.conditions import Comparison, Constant, Fact
from schemas.contact import Contact
from schemas.content import Mailbox
from schemas.outcomes import Enrolled
from schemas.policies import ExitRule
from schemas.sequence import Sequence
from schemas.steps import NotifyStep, SetStep, WebhookStep
from storage.notices import listing
from storage.people import contacts
from storage.schema.outgoing_tables import deliveries, notices
from tests.activities.world import LATER, OLGA, WELCOME, World
from tests.builders import a_sequence

SET = SetStep(id="set", values={"engaged": False, "company": "Acme", "plan": None})
HOOK = WebhookStep(id="hook", url="https://hooks.customer.example/postroad")
TELL = NotifyStep(id="tell", text="{{ contact.first_name }} looks at {{ data.page }}")
ACTS = a_sequence(SET, HOOK, TELL, re_enroll="always")
BIANCA = Mailbox(email="bianca@acme.example", name="Bianca")
IS_OUT = Comparison(by="eq", left=Fact(of="contact", path="engaged"), right=Constant(value=False))
WATCHING = a_sequence(
    SET,
    name="watching",
    exit_on=(ExitRule(name="out", when=IS_OUT),),
    contact_facts=("engaged",),
)


def carry_out(world: World, row: Enrolled, step: str, **fields: object) -> None:
    given = {"row": row.row, "step": step, "occurrence": 1, "now": LATER, **fields}
    world.live.carry_out(EffectRequest.model_validate(given))


def an_enrolled(
    world: World, sequence: Sequence = ACTS, **contact: object
) -> tuple[Contact, Enrolled]:
    world.publish(sequence)
    ada = world.contact(**contact)
    return ada, world.enrolled(ada, sequence.name)


def told(world: World) -> list[tuple[str, dict[str, JsonValue]]]:
    with world.engine.connect() as connection:
        rows = connection.execute(
            select(deliveries.c.workflow_id, deliveries.c.payload).order_by(deliveries.c.id)
        )
        return [(row.workflow_id, row.payload) for row in rows]


def payload(world: World) -> dict[str, JsonValue]:
    with world.engine.connect() as connection:
        found: dict[str, JsonValue] = connection.scalars(select(notices.c.payload)).one()
        return found


def laid_out(world: World) -> list[str]:
    with world.engine.connect() as connection:
        return [one.natural_key for one in listing(connection)]


def the_contact(world: World, contact: Contact) -> Contact:
    with world.engine.connect() as connection:
        found = contacts.get(connection, contact.id)
    assert found is not None
    return found


def test_set_gives_attributes_new_values(world: World) -> None:
    ada, row = an_enrolled(world, attributes={"plan": "pro"})

    carry_out(world, row, "set")

    after = the_contact(world, ada)
    assert (after.attributes, after.company) == ({"engaged": False}, "Acme")


def test_other_enrollments_hear_of_what_a_step_set(world: World) -> None:
    ada, row = an_enrolled(world)
    world.publish(WATCHING)
    world.enrolled(ada, "watching")

    carry_out(world, row, "set")

    [(workflow, event)] = told(world)
    assert workflow == f"watching.{ada.id}"
    assert (event["id"], event["facts"]) == (f"set.{row.row}.set.1", {"engaged": False})


def test_its_own_enrollment_hears_of_a_new_time_zone_only(world: World) -> None:
    step = SetStep(id="set", values={"engaged": False})
    moves = SetStep(id="move", values={"timezone": "Asia/Kathmandu"})
    own = a_sequence(step, moves, contact_facts=("engaged",))
    _, row = an_enrolled(world, own, timezone="Europe/Berlin")

    carry_out(world, row, "set")
    carry_out(world, row, "move")

    [(_, event)] = told(world)
    assert event["id"] == f"set.{row.row}.move.1.zone"
    assert event["zone"] is not None


def test_a_repeat_sets_nothing_again(world: World) -> None:
    ada, row = an_enrolled(world)
    world.publish(WATCHING)
    world.enrolled(ada, "watching")
    carry_out(world, row, "set")
    world.contact(attributes={"engaged": True})

    carry_out(world, row, "set")

    assert the_contact(world, ada).attributes["engaged"] is True
    assert len(told(world)) == 1


def test_the_same_step_at_another_time_sets_again(world: World) -> None:
    ada, row = an_enrolled(world)
    carry_out(world, row, "set")
    world.contact(attributes={"engaged": True})

    carry_out(world, row, "set", occurrence=2)

    assert the_contact(world, ada).attributes["engaged"] is False


def test_a_webhook_is_laid_out_once_with_all_that_it_says(world: World) -> None:
    ada, row = an_enrolled(world)

    for _ in range(2):
        carry_out(world, row, "hook", key="o-1", data={"total": 12})

    said = payload(world)
    body = said["body"]
    assert said["url"] == HOOK.url
    assert isinstance(body, dict)
    assert str(body.pop("id")).startswith("msg_")
    assert body == {
        "type": "postroad.step",
        "at": "2026-03-05T15:00:00Z",
        "sequence": "welcome",
        "version": row.version,
        "step": "hook",
        "occurrence": 1,
        "enrollment": f"welcome.{ada.id}",
        "contact": ada.id,
        "key": "o-1",
        "data": {"total": 12},
    }


def test_the_owner_is_told_in_words_filled_in(world: World) -> None:
    _, row = an_enrolled(world, owner=BIANCA, last_name="Lovelace", company="A & B")

    carry_out(world, row, "tell", data={"page": "prices"})

    said = payload(world)
    assert said["to"] == BIANCA.model_dump()
    assert said["subject"] == "Ada looks at prices"
    assert "Ada Lovelace, A & B <ada@customer.example>" in str(said["text"])
    assert "Ada Lovelace, A &amp; B &lt;ada@customer.example&gt;" in str(said["html"])


def test_words_that_cannot_be_filled_in_are_told_as_written(world: World) -> None:
    _, row = an_enrolled(world)

    carry_out(world, row, "tell")

    said = payload(world)
    assert said["subject"] == f"{TELL.text} (Ada)"
    assert "These are the words as written" in str(said["text"])


@pytest.mark.parametrize(
    ("owner", "fallback", "expected"),
    [(BIANCA, OLGA, BIANCA), (None, BIANCA, BIANCA), (None, None, OLGA)],
)
def test_the_owner_is_told_else_the_fallback_else_the_sender(
    world: World, owner: Mailbox | None, fallback: Mailbox | None, expected: Mailbox
) -> None:
    world.publish(ACTS, sender_fallback=fallback)
    ada = world.contact(owner=owner)
    row = world.enrolled(ada)

    carry_out(world, row, "tell", data={"page": "prices"})

    assert payload(world)["to"] == expected.model_dump()


@pytest.mark.parametrize("step", ["set", "hook", "tell"])
def test_nothing_is_carried_out_after_the_ending(world: World, step: str) -> None:
    ada, row = an_enrolled(world)
    world.ended(row)

    carry_out(world, row, step)

    assert laid_out(world) == []
    assert the_contact(world, ada) == ada


def test_a_step_of_another_kind_is_a_bug(world: World) -> None:
    _, row = an_enrolled(world, WELCOME)

    with pytest.raises(LookupError, match="no effect intro"):
        carry_out(world, row, "intro")
