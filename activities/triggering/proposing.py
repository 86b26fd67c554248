"""How many people a version's new triggers would let in at once, were it published now."""

from collections.abc import Iterator
from datetime import datetime
from typing import Literal

from sqlalchemy import Connection

from activities.admitting.keys import key_in
from activities.mailing.verdicts import known_of
from activities.triggering.filling import BATCH, Fit, fits
from activities.triggering.standing import Standing
from schemas.contact import Contact
from schemas.values import Value
from schemas.version import Version
from storage.entering import triggers
from storage.people import batches
from workflows.deciding.conditions import holds, questions
from workflows.telling.triggers import trigger_words


class Entrants(Value):
    """A trigger that is new with a version, and how many people it would enroll at once.

    `now` are those whom it fits already, who match the audience and are not in the sequence; what
    else may refuse them (suppressions, `re_enroll`, holdout) is looked at when each begins. With
    `per_day` no more than so many enter a day.
    """

    trigger: str
    backfill: Literal["none", "all"]
    now: int
    per_day: int | None = None


def entrants(connection: Connection, version: Version, at: datetime) -> tuple[Entrants, ...]:
    """Count, for each trigger that does not stand yet, whom it would enroll at `at`.

    The version's holidays must be known. Nothing is changed.
    """
    sequence = version.sequence
    known = {row.mark for row in triggers.of_sequence(connection, sequence.name)}
    new = [one for one in sequence.triggers if one.mark not in known]
    made = (Standing(triggers.entry(version, one, at), one, sequence) for one in new)
    return tuple(
        Entrants(
            trigger=trigger_words(one.trigger),
            backfill=one.trigger.backfill,
            now=_count(connection, one, version, at),
            per_day=one.trigger.per_day,
        )
        for one in made
    )


def _count(connection: Connection, one: Standing, version: Version, at: datetime) -> int:
    if one.trigger.backfill == "none":
        return 0
    count = 0
    for batch in _batches(connection):
        due = [fit for fit in fits(connection, one, batch, version.holidays) if fit.is_due(at)]
        count += len(_meant(connection, one, due))
    return count


def _batches(connection: Connection) -> Iterator[list[Contact]]:
    last = ""
    while batch := batches.contacts_after(connection, last, BATCH):
        yield batch
        last = batch[-1].id


def _meant(connection: Connection, one: Standing, found: list[Fit]) -> set[tuple[str, str | None]]:
    sequence = one.sequence
    named = {
        (fit.contact.id, key_in(sequence, fit.contact, fit.data))
        for fit in found
        if _matches(one, fit)
    }
    return named - batches.live_in(connection, sequence.name, {who for who, _ in named})


def _matches(one: Standing, fit: Fit) -> bool:
    audience = one.sequence.audience
    if audience is None or questions(audience):
        return True
    return holds(
        audience, known_of(fit.contact, fit.data, key_in(one.sequence, fit.contact, fit.data))
    )
