"""What is under way for a contact in a sequence: starts, places, turns, appointments."""

from collections.abc import Iterator
from typing import NamedTuple

from sqlalchemy import Connection

from schemas.calendar import ZoneTable
from schemas.sequence import Sequence
from starter.explaining.sharing import waits_for_turn
from storage.entering import appointments, places, starts, turns
from storage.entering.places import Place
from storage.entering.starts import Start
from workflows.moments.calendar import shown_in
from workflows.telling.triggers import trigger_words


class Whose(NamedTuple):
    """Whose beginning in which sequence; without a `key` all that there are count."""

    contact_id: str
    sequence: str
    key: str | None = None

    def has(self, key: str | None) -> bool:
        """Tell whether something per this key is meant."""
        return self.key is None or key == self.key


def queued(connection: Connection, whose: Whose, zone: ZoneTable) -> Iterator[str]:
    """Say what waits to begin, until when and why."""
    contact_id, sequence, _ = whose
    asked = starts.of_contact(connection, contact_id, sequence)
    yield from (_start(one, zone) for one in asked if not one.refused and whose.has(one.key))
    held = places.listing(connection, sequence, contact_id=contact_id)
    yield from (_place(one, zone) for one in held if whose.has(one.key))
    line = turns.waiting_to_begin(connection, contact_id, sequence)
    yield from (waits_for_turn(connection, one, zone) for one in line if whose.has(one.key))


def appointed(
    connection: Connection, contact_id: str, sequence: Sequence, zone: ZoneTable
) -> Iterator[str]:
    """Say when a trigger by time enrolls this contact, if nothing changes."""
    words = {one.mark: trigger_words(one) for one in sequence.triggers}
    for one in appointments.waiting_of(connection, contact_id, sequence.name):
        of = f" (record {one.record})" if one.record else ""
        trigger = words.get(one.trigger, "a trigger of an earlier version")
        at = shown_in(one.fires_at, zone)
        yield f"as things stand, on {at} by the trigger {trigger}, counted from {one.basis}{of}"


def _start(start: Start, zone: ZoneTable) -> str:
    tried = f", tried {start.attempts} times so far" if start.attempts else ""
    at = shown_in(start.at, zone)
    return (
        f"It was asked for by {start.source} on {at}, and is on its way to Temporal{tried}: "
        "a worker or the webhooks app brings it."
    )


def _place(place: Place, zone: ZoneTable) -> str:
    asked = shown_in(place.asked_at, zone)
    if place.opens_at is None:
        return f"It was asked for by {place.source} on {asked}, and has a place for that day."
    opens = shown_in(place.opens_at, zone)
    return (
        f"It was asked for by {place.source} on {asked} and begins on {opens}: {place.why}. "
        f"Nobody need do anything; postroad exit {place.workflow_id} calls it off."
    )
