"""Merges, claims, opt-outs and events at once: nothing is lost, nobody is mailed wrongly."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from hashlib import sha256
from operator import itemgetter
from uuid import UUID

import pytest
from sqlalchemy import Engine, func, select

from schemas.contact import NewContact
from schemas.events import Unsubscribe
from schemas.outcomes import Refused
from starter.incoming.app_events import Said, take_app_event
from starter.incoming.changes import save_contact
from starter.incoming.merging import Merged, Merger, merge_contacts
from storage.people import contacts, merging, suppressions
from storage.schema.identity_tables import merged_contacts
from storage.schema.tables import contacts as people
from storage.schema.tables import events as happened
from storage.sending import claims
from storage.sending.claims import Claim, Claimed
from tests.builders import MONDAY
from tests.storage.rivals import until_they_wait
from tests.webhooks.given import World, a_sequence
from tests.webhooks.merging import the_kept
from tests.webhooks.posting import NOW

NAMES = ("ada", "bob", "eve")


def _email(name: str) -> str:
    return f"{name}@example.com"


def _merge(engine: Engine, keep: str, other: str) -> Merged | Refused:
    return _merge_ids(engine, _email(keep), _email(other))


def _merge_ids(engine: Engine, keep: str, other: str) -> Merged | Refused:
    return merge_contacts(engine, Merger(keep=keep, other=other, by="kim", at=NOW))


def _say(engine: Engine, name: str, word: str, number: int) -> bool:
    said = Said(name=word, contact=_email(name), at=NOW, id=f"{name}-{number}")
    return take_app_event(engine, said).new


def _save(engine: Engine, name: str) -> object:
    return save_contact(engine, NewContact(email=_email(name), external_key=name), NOW)


def _claim(engine: Engine, row: UUID, number: int) -> object:
    wanted = Claim(
        row=row,
        step="intro",
        occurrence=number + 1,
        due=MONDAY,
        at=NOW + timedelta(minutes=number),
        why="It is due.",
        mail_domain="mail.example.org",
    )
    with engine.begin() as connection:
        try:
            won = claims.claim(connection, wanted)
        except LookupError:
            return None  # merged just now: it is asked again
        # A mail to somebody who has opted out under any address must not be ours.
        if isinstance(won, Claimed):
            against = suppressions.standing(connection, won.contact.email)
            assert against == []
        return won


@pytest.mark.parametrize("seed", range(6))
def test_in_any_order_all_end_as_one_that_is_left_alone(
    world: World, engine: Engine, seed: int
) -> None:
    rows = [world.enrollment(a_sequence(name), _email(name)).id for name in NAMES]

    with ThreadPoolExecutor(8) as threads:
        for done in [threads.submit(act) for act in _shuffled(_acts(engine, rows), seed)]:
            done.result(timeout=60)
    _merge(engine, "ada", "bob")
    _merge(engine, "ada", "eve")

    with engine.connect() as connection:
        (kept,) = connection.scalars(select(people.c.id))
        assert len(connection.scalars(select(merged_contacts.c.id)).all()) == 2
        told = select(func.count()).where(happened.c.contact_id == kept)
        assert connection.scalar(told) == 1 + 4 * len(NAMES)
        person = contacts.get(connection, kept)
        assert person is not None
        assert suppressions.standing(connection, person.email)
        late = [claims.claim(connection, _again(row)) for row in rows]
        assert not any(isinstance(one, Claimed) for one in late)
    assert {world.ending(row) for row in map(world.row, rows)} == {"unsubscribed"}
    assert any(isinstance(one, Unsubscribe) for one in world.told(world.row(rows[0])))


def _acts(engine: Engine, rows: list[UUID]) -> list[Callable[[], object]]:
    return [
        partial(_merge, engine, "ada", "bob"),
        partial(_merge, engine, "eve", "bob"),
        partial(_merge, engine, "bob", "ada"),
        partial(_say, engine, "bob", "unsubscribe", 0),
        *(partial(_say, engine, name, "login", n) for name in NAMES for n in range(4)),
        *(partial(_claim, engine, row, n) for row in rows for n in range(4)),
        *(partial(_save, engine, name) for name in NAMES),
    ]


def _shuffled(acts: list[Callable[[], object]], seed: int) -> list[Callable[[], object]]:
    marked = [(sha256(f"{seed}.{n}".encode()).digest(), act) for n, act in enumerate(acts)]
    return [act for _, act in sorted(marked, key=itemgetter(0))]


def _again(row: UUID) -> Claim:
    return Claim(
        row=row,
        step="intro",
        occurrence=99,
        due=MONDAY,
        at=NOW,
        why="It is due.",
        mail_domain="mail.example.org",
    )


def test_what_names_the_merged_one_meanwhile_finds_the_kept_one(
    world: World, engine: Engine
) -> None:
    row = world.enrollment(email=_email("ada"))
    world.contact(_email("bob"), external_key="bob")

    with ThreadPoolExecutor(4) as threads, engine.begin() as held:
        bob = contacts.find(held, "bob")
        assert bob is not None
        contacts.lock(held, bob.id)
        merging = threads.submit(_merge, engine, "ada", "bob")
        saying = threads.submit(_say, engine, "bob", "meeting_booked", 1)
        saving = threads.submit(_save, engine, "bob")
        held.commit()

    assert isinstance(merging.result(timeout=30), Merged)
    assert saying.result(timeout=30)
    saving.result(timeout=30)
    assert world.ending(row) == "meeting_booked"
    with engine.connect() as connection:
        assert connection.scalar(select(func.count()).select_from(people)) == 1


def test_who_finds_one_of_two_merged_lets_the_other_go_before_waiting_again(
    world: World, engine: Engine
) -> None:
    three = [world.contact(_email(name)) for name in NAMES]
    first, second, third = sorted(three, key=lambda one: one.id)

    with ThreadPoolExecutor(2) as threads, engine.begin() as held:
        contacts.lock_all(held, [first.id, third.id], for_good=True)
        # It has locked the second, and waits for the third.
        one = threads.submit(_merge_ids, engine, second.id, third.id)
        until_they_wait(engine, held, [one])
        # It waits for the first, and will then want the second.
        other = threads.submit(_merge_ids, engine, first.id, second.id)
        until_they_wait(engine, held, [one, other])
        merging.move(held, third, first.id, "kim", NOW)
        held.commit()

    answers = [one.result(timeout=30), other.result(timeout=30)]
    assert not any(isinstance(answer, Refused) for answer in answers), answers
    with engine.connect() as connection:
        (kept,) = connection.scalars(select(people.c.id))
    assert {the_kept(world, _email(name)).id for name in NAMES} == {kept}
