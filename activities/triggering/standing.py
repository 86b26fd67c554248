"""Triggers that stand, with the sequences that they enroll in."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from sqlalchemy import Connection

from activities.sequences import sequences
from schemas.policies import Trigger
from schemas.sequence import Sequence
from storage.entering.appointments import Of
from storage.entering.triggers import TriggerRow
from workflows.telling.triggers import trigger_words


@dataclass(frozen=True)
class Standing:
    """A trigger that stands, and its sequence as it is published now."""

    row: TriggerRow
    trigger: Trigger
    sequence: Sequence

    @property
    def of(self) -> Of:
        """Name it as appointments do."""
        return Of(self.row.sequence, self.row.mark)

    @property
    def source(self) -> str:
        """Who asks for an enrollment that it causes, for the record."""
        return f"trigger: {trigger_words(self.trigger)}"

    @cached_property
    def data_names(self) -> frozenset[str]:
        """The names of all `data.…` that the sequence goes by, mails left out."""
        return frozenset(_data_names(self.sequence.model_dump(mode="json")))


def standing(connection: Connection, rows: Iterable[TriggerRow]) -> list[Standing]:
    """Give triggers what they say."""
    found: list[Standing] = []
    for row in rows:
        sequence = sequences().get(connection, row.version)
        said = () if sequence is None else sequence.triggers
        trigger = next((one for one in said if one.mark == row.mark), None)
        if sequence is not None and trigger is not None:
            found.append(Standing(row, trigger, sequence))
    return found


def _data_names(part: object) -> Iterable[str]:
    if isinstance(part, dict):
        if part.get("op") == "fact" and part.get("of") == "data":
            yield str(part["path"]).partition(".")[0]
        part = list(part.values())
    for one in part if isinstance(part, list) else ():
        yield from _data_names(one)
