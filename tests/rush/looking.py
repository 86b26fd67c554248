"""All that is on record, read row by row, so that what is true of it can be reckoned slowly."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Engine, Table, select

from storage.schema.cap_tables import caps, deferrals
from storage.schema.outgoing_tables import deliveries
from storage.schema.pace_tables import paces, place_days, places
from storage.schema.tables import enrollments, sends
from storage.schema.turn_tables import turns

Row = dict[str, Any]

_READ: dict[str, Table] = {
    "enrollments": enrollments,
    "sends": sends,
    "turns": turns,
    "places": places,
    "place_days": place_days,
    "paces": paces,
    "deferrals": deferrals,
    "deliveries": deliveries,
    "caps": caps,
}


@dataclass(frozen=True)
class Records:
    """The rows of each table at one moment between two rounds."""

    at: datetime
    rows: dict[str, list[Row]]

    def __getitem__(self, table: str) -> list[Row]:
        return self.rows[table]

    def live(self) -> list[Row]:
        return [one for one in self["enrollments"] if one["ended_at"] is None]

    def told(self, workflow_id: str, signal: str) -> list[Row]:
        """Give what was laid out for a workflow under a signal."""
        return [
            one["payload"]
            for one in self["deliveries"]
            if one["workflow_id"] == workflow_id and one["signal"] == signal
        ]

    def by_id(self, table: str) -> dict[object, Row]:
        return {one["id"]: one for one in self[table]}

    def cap(self) -> int:
        """Give how many mails a day one contact may get now."""
        rules = max(self["caps"], key=lambda one: int(one["id"]))["rules"]
        return int(rules["per_day"])


def look(engine: Engine, at: datetime) -> Records:
    with engine.connect() as connection:
        found = {
            name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for name, table in _READ.items()
        }
    return Records(at, found)


def grouped(rows: Iterable[Row], *names: str) -> dict[tuple[object, ...], list[Row]]:
    """Sort rows by what they have in common."""
    groups: dict[tuple[object, ...], list[Row]] = {}
    for row in rows:
        groups.setdefault(tuple(row[name] for name in names), []).append(row)
    return groups
