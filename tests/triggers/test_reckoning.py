"""Whatever happens, late, repeated, in any order: who enters is what a slow reckoning gives."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some
from sqlalchemy import Engine, text

from schemas.conditions import Comparison, Constant, Fact
from schemas.policies import Trigger
from storage.schema.tables import contacts
from tests.builders import MONDAY, days
from tests.triggers.app import PER_ORDER, App, becoming, near, on_event, silent, triggered

DAY = timedelta(days=1)
PEOPLE = ("ada@example.com", "bob@example.com", "cyd@example.com")
DEAR = Comparison(by="gt", left=Fact(of="event", path="total"), right=Constant(value=50))
PER_CONTRACT = Fact(of="data", path="contract_id")
QUIET, BEFORE = 30 * DAY, 20 * DAY

Entry = tuple[str, str, str | None, datetime]
"""A sequence, a person, a key, and the enrollment's own moment."""


class Cause(NamedTuple):
    """What lets somebody in, once."""

    sequence: str
    who: int
    key: str | None
    by: object


class Ordered(NamedTuple):
    """An order that is told so many days after it was placed; the same number is the same one."""

    who: int
    number: int
    late: int
    total: int


class Staged(NamedTuple):
    """A contact's stage is saved."""

    who: int
    stage: str


class Contracted(NamedTuple):
    """A contract's end is kept, so many days ahead, or what is no date."""

    who: int
    contract: str
    ahead: int | None


class Forgotten(NamedTuple):
    """A contract is forgotten."""

    who: int
    contract: str


class Swept(NamedTuple):
    """The servers are there, and look who is due; between two of these they were away."""


WHO, CONTRACT = some.integers(0, 2), some.sampled_from("xy")
Deed = Ordered | Staged | Contracted | Forgotten | Swept
DEEDS: some.SearchStrategy[Deed] = some.one_of(
    some.builds(
        Ordered, WHO, some.integers(0, 7), some.integers(0, 60), some.sampled_from([20, 80])
    ),
    some.builds(Staged, WHO, some.sampled_from(["lead", "customer"])),
    some.builds(Contracted, WHO, CONTRACT, some.none() | some.integers(-10, 60)),
    some.builds(Forgotten, WHO, CONTRACT),
    some.builds(Swept),
)
STORY = some.lists(some.tuples(some.integers(0, 12), DEEDS), max_size=30)


def sequences_of(backfill: str) -> list[tuple[Trigger, dict[str, object]]]:
    return [
        (on_event(where=DEAR, backfill=backfill), {"name": "dear", "key": PER_ORDER}),
        (becoming("stage", "customer", backfill=backfill), {"name": "stage"}),
        (silent(days(30), backfill=backfill), {"name": "quiet"}),
        (near(days(20), backfill=backfill), {"name": "renewal", "key": PER_CONTRACT}),
    ]


@dataclass
class Reckoning:
    """Asks everybody about everything, each time: slow, and without an appointment."""

    backfill: str
    since: datetime | None = None
    orders: dict[tuple[int, int], tuple[datetime, int]] = field(default_factory=dict)
    stages: dict[int, str] = field(default_factory=dict)
    ends: dict[tuple[int, str], tuple[str | None, datetime]] = field(default_factory=dict)
    asked: set[Cause] = field(default_factory=set)
    entered: list[Entry] = field(default_factory=list)

    def publish(self, now: datetime) -> None:
        self.since = now
        if self.backfill == "all":
            for (who, number), (at, total) in self.orders.items():
                self._order(who, number, max(at, now), total)
            for who, stage in self.stages.items():
                if stage == "customer":
                    self._enter(Cause("stage", who, None, "at once"), now)

    def hear(self, deed: Deed, now: datetime) -> None:
        if isinstance(deed, Ordered):
            self._hear_order(deed, now)
        elif isinstance(deed, Staged):
            before = self.stages.get(deed.who)
            self.stages[deed.who] = deed.stage
            if self.since and deed.stage == "customer" and before != "customer":
                self._enter(Cause("stage", deed.who, None, now), now)
        elif isinstance(deed, Contracted):
            self._hear_end(deed, now)
        elif isinstance(deed, Forgotten):
            self.ends.pop((deed.who, deed.contract), None)
        else:
            self.look(now)

    def look(self, now: datetime) -> None:
        if self.since is None:
            return
        for who in range(len(PEOPLE)):
            told = [at for (whose, _), (at, _) in self.orders.items() if whose == who]
            if told and max(told) + QUIET <= now:
                self._late(Cause("quiet", who, None, max(told)), max(told) + QUIET, self.since)
        for (who, contract), (end, known_at) in self.ends.items():
            cause = Cause("renewal", who, contract, (contract, end))
            day = self._day_ahead(end, max(known_at, self.since))
            if day is not None and day - BEFORE <= now:
                self._near(cause, day - BEFORE, known_at)

    def _day_ahead(self, end: str | None, known_at: datetime) -> datetime | None:
        day = None if end is None else datetime.fromisoformat(end).replace(tzinfo=UTC)
        # A date that had passed when it became known enrolls nobody.
        return None if day is None or day.date() < known_at.date() else day

    def _near(self, cause: Cause, due: datetime, known_at: datetime) -> None:
        if self.since is not None and known_at < self.since:
            self._late(cause, due, self.since)
        else:
            self._enter(cause, max(due, known_at))

    def _hear_order(self, deed: Ordered, now: datetime) -> None:
        if (deed.who, deed.number) in self.orders:
            return
        at = now - deed.late * DAY
        self.orders[deed.who, deed.number] = at, deed.total
        if self.since and (at >= self.since or self.backfill == "all"):
            self._order(deed.who, deed.number, max(at, self.since), deed.total)

    def _hear_end(self, deed: Contracted, now: datetime) -> None:
        end = None if deed.ahead is None else f"{now + deed.ahead * DAY:%Y-%m-%d}"
        if self.ends.get((deed.who, deed.contract), ("", now))[0] != end:
            self.ends[deed.who, deed.contract] = end, now

    def _order(self, who: int, number: int, at: datetime, total: int) -> None:
        if total > 50:
            self._enter(Cause("dear", who, f"order-{number}", number), at)

    def _late(self, cause: Cause, due: datetime, since: datetime) -> None:
        if due >= since or self.backfill == "all":
            self._enter(cause, max(due, since))

    def _enter(self, cause: Cause, at: datetime) -> None:
        if cause not in self.asked:
            self.asked.add(cause)
            self.entered.append((cause.sequence, PEOPLE[cause.who], cause.key, at))


def do(app: App, deed: Deed, now: datetime, ids: list[str]) -> None:
    """Let it happen to the real ones."""
    if isinstance(deed, Ordered):
        app.report(
            of=PEOPLE[deed.who],
            at=now - deed.late * DAY,
            mark=f"order-{deed.number}",
            fields={"total": deed.total, "order_id": f"order-{deed.number}"},
        )
    elif isinstance(deed, Staged):
        app.contact(PEOPLE[deed.who], at=now, attributes={"stage": deed.stage})
    elif isinstance(deed, Contracted):
        end = None if deed.ahead is None else f"{now + deed.ahead * DAY:%Y-%m-%d}"
        app.record(deed.contract, {"contract_end": end or "soon"}, now, of=ids[deed.who])
    elif isinstance(deed, Forgotten):
        app.forget(deed.contract, now, of=ids[deed.who])
    else:
        app.sweep(now)


def emptied(engine: Engine) -> App:
    with engine.begin() as connection:
        connection.execute(text("TRUNCATE contacts, versions, trigger_days CASCADE"))
    return App(engine)


def lived(app: App, backfill: str, story: list[tuple[int, Deed]], published: int) -> Reckoning:
    """Live a story both ways; before the deed that is numbered so the sequences are published."""
    now, reckoning = MONDAY, Reckoning(backfill)
    ids = [app.contact(person, at=now).id for person in PEOPLE]
    for number, (later, deed) in enumerate([*story, (0, Swept()), (90, Swept())]):
        now += later * DAY
        if number == min(published, len(story)):
            for trigger, fields in sequences_of(backfill):
                app.publish(triggered(trigger, **fields), at=now)
            reckoning.publish(now)
        do(app, deed, now, ids)
        reckoning.hear(deed, now)
    return reckoning


def entered(app: App) -> list[Entry]:
    with app.engine.connect() as connection:
        rows = connection.execute(contacts.select())
        people = {row.id: row.email for row in rows}
    return [
        (start.sequence, people[start.contact_id], start.key, start.at)
        for start in app.starts()
        if start.refused is None
    ]


@given(
    story=STORY,
    published=some.integers(0, 20),
    backfill=some.sampled_from(["none", "all"]),
)
@settings(
    max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_who_enters_is_what_a_slow_reckoning_gives(
    engine: Engine, story: list[tuple[int, Deed]], published: int, backfill: str
) -> None:
    app = emptied(engine)

    reckoning = lived(app, backfill, story, published)

    assert sorted(entered(app), key=str) == sorted(reckoning.entered, key=str)
