"""Merging two contacts in a test."""

from schemas.contact import Contact
from starter.incoming.merging import Merged, Merger, merge_contacts
from storage.people import contacts
from tests.webhooks.given import ADA, TUESDAY, World

BOB = "bob@example.com"


def merged(world: World, keep: str = ADA, other: str = BOB) -> Merged:
    answer = merge_contacts(world.engine, Merger(keep=keep, other=other, by="kim", at=TUESDAY))
    assert isinstance(answer, Merged), answer
    return answer


def the_kept(world: World, ref: str = ADA) -> Contact:
    with world.engine.connect() as connection:
        found = contacts.find(connection, ref)
    assert found is not None
    return found
