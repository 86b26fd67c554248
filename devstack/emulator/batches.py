"""Events on their way into posts: duplicated, shuffled and batched as the switches say."""

import json
from collections.abc import Iterable
from random import Random

from devstack.emulator.config import Duplicates
from devstack.emulator.events import new_event_id
from devstack.emulator.records import Event, JsonObject


def duplicate_body(event: Event, duplicates: Duplicates) -> JsonObject:
    """Give the body of an event's second coming."""
    if duplicates is Duplicates.NEW_ID:
        return event.body | {"sg_event_id": new_event_id()}
    return event.body


def batch_body(events: Iterable[Event]) -> bytes:
    """Write a batch as SendGrid does: compact JSON that ends in CRLF, which is signed with it."""
    batch = json.dumps([event.body for event in events], separators=(",", ":"))
    return batch.encode() + b"\r\n"


class WaitingEvents:
    """The events that wait for a post."""

    def __init__(self, dice: Random) -> None:
        self._dice = dice
        self._events: list[Event] = []

    def add(self, events: Iterable[Event]) -> None:
        """Let these wait as well."""
        self._events.extend(events)

    def take(self, most: int, *, reorder: bool) -> list[Event]:
        """Take the next batch; empty if none waits."""
        if reorder:
            self._dice.shuffle(self._events)
        batch, self._events = self._events[:most], self._events[most:]
        return batch
