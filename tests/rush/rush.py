"""People, sequences, and everybody who is in or at the door of one, while much happens at once."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import count
from pathlib import Path

from pydantic import TypeAdapter
from sqlalchemy import Engine

from activities.live import LiveActivities
from schemas.contact import NewContact
from schemas.events import Event, Turn
from starter.authored.publishing import publish
from storage.people import contacts
from storage.people.contacts import Saved
from storage.schema.tables import contacts as contact_tables
from tests.activities.world import ADDRESSES
from tests.builders import MONDAY
from tests.rush.folders import SEQUENCES
from tests.rush.looking import Records
from tests.rush.posting import FakeSendGrid
from tests.rush.rounds import Act, Wish
from tests.rush.runs import Run

_EVENT: TypeAdapter[Event] = TypeAdapter(Event)
_AGAIN = 5
_AUTHORED = ("versions", "publications")


class Ground:
    """Where it all happens, life after life: a database, what can be published, a SendGrid."""

    def __init__(self, engine: Engine, folders: dict[str, Path]) -> None:
        self.engine, self.folders = engine, folders
        self.sendgrid = FakeSendGrid()
        self.live = LiveActivities(engine, self.sendgrid, ADDRESSES)
        self.publish(*(f"{name} 1" for name in SEQUENCES))

    def publish(self, *names: str, at: datetime = MONDAY) -> object:
        """Publish folders by their names."""
        folders = tuple(self.folders[name] for name in names)
        return publish(self.engine, folders, by="sam", at=at)

    def clear(self) -> None:
        """Leave nobody there, and what was published first."""
        with self.engine.begin() as connection:
            for table in reversed(contact_tables.metadata.sorted_tables):
                if table.name not in _AUTHORED:
                    connection.execute(table.delete())
        self.sendgrid.taken.clear()
        self.publish("paced 1 1")


@dataclass
class Rush:
    """What is going on; `ended` has by which tick an ending was acknowledged."""

    ground: Ground
    now: datetime = MONDAY
    runs: list[Run] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    paces: list[int | None] = field(default_factory=lambda: [1])
    ended: dict[str, int] = field(default_factory=dict)
    late: list[str] = field(default_factory=list)
    gone: list[Turn] = field(default_factory=list)
    _busy: set[str] = field(default_factory=set)
    _heard: int = 0

    def __post_init__(self) -> None:
        self.engine, self.live = self.ground.engine, self.ground.live
        self.ids, self._ticks = count(1), count(1)
        self.ground.clear()
        with self.engine.begin() as connection:
            for name in ("ada", "bob", "cyd", "dot"):
                saved = contacts.save(connection, NewContact(email=f"{name}@customer.example"))
                assert isinstance(saved, Saved)
                self.people.append(saved.contact.id)

    @property
    def most_a_day(self) -> int | None:
        """How many a pace may have let in a day, if all that were in force had a limit."""
        limits = [one for one in self.paces if one is not None]
        return max(limits) if len(limits) == len(self.paces) else None

    def tick(self) -> int:
        """Give a number that tells what was before what."""
        return next(self._ticks)

    def new_round(self) -> None:
        self._busy.clear()

    def own(
        self, run: Run, wish: Wish, do: Callable[[], object], learn: Callable[[object], None]
    ) -> list[Act]:
        """Let a run's workflow do something, and its worker be given up and do it twice."""
        if not self._is_first(f"own {run.run_id}"):
            return []
        last = Act(run.workflow_id, do, learn)
        return [Act(run.workflow_id, do), last] if wish.second == _AGAIN else [last]

    def ordered(self, run: Run, do: Callable[[], object]) -> list[Act]:
        """Let somebody else do something to a run."""
        first = self._is_first(f"order {run.run_id}")
        return [Act(run.workflow_id, do)] if first else []

    def _is_first(self, what: str) -> bool:
        is_first = what not in self._busy
        self._busy.add(what)
        return is_first

    def of(self, *states: str) -> list[Run]:
        """Give the runs that are so."""
        return [one for one in self.runs if one.state in states]

    def hear(self, records: Records) -> None:
        """Bring everybody what is laid out for them, as the relay does."""
        new = [one for one in records["deliveries"] if one["id"] > self._heard]
        self._heard = max((one["id"] for one in new), default=self._heard)
        for one in new:
            event = _EVENT.validate_python(one["payload"])
            there = [run for run in self.runs if run.workflow_id == one["workflow_id"]]
            running = [run for run in there if run.state != "over"]
            for run in running:
                run.told([event])
            if not running and isinstance(event, Turn):
                self.gone.append(event)
