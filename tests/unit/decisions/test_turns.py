"""Language rule 28, decided: who has a contact, who loses it, who comes next."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from schemas.turns import Contender, TurnState
from tests.builders import MONDAY
from workflows.sharing.turns import Busy, Granted, answer, following

HOUR = timedelta(hours=1)


def one(
    number: int, state: TurnState, priority: int = 1, hours: int = 0, until: int | None = None
) -> Contender:
    return Contender(
        id=number,
        exclusive="sales",
        contact_id="c1",
        workflow_id=f"s{number}.c1",
        sequence=f"s{number}",
        priority=priority,
        state=state,
        asked_at=MONDAY + hours * HOUR,
        since_at=MONDAY,
        until_at=None if until is None else MONDAY + until * HOUR,
    )


def test_a_contact_that_nobody_has_is_free() -> None:
    assert answer([], 0, MONDAY) == Granted()
    assert answer([one(1, "waits", until=-1)], 0, MONDAY) == Granted()


def test_only_a_higher_priority_takes_over() -> None:
    has = one(1, "holds", priority=2)

    assert answer([has], 3, MONDAY) == Granted(loser=has)
    assert answer([has], 2, MONDAY) == answer([has], 1, MONDAY) == Busy(by=has)


def test_an_heir_has_its_parents_place_unless_somebody_higher_waits() -> None:
    parent, waits = one(1, "holds", priority=5), one(2, "waits", priority=3)

    assert answer([parent, waits], 3, MONDAY, heir_of=1) == Granted()
    assert answer([parent, waits], 2, MONDAY, heir_of=1) == Busy(by=waits)
    assert answer([parent, waits], 4, MONDAY, heir_of=2) == Busy(by=parent)


def test_the_next_is_the_highest_then_who_asked_first_then_who_came_first() -> None:
    low, late = one(1, "waits", priority=1), one(2, "waits", priority=2, hours=2)
    first, beside = one(4, "waits", priority=2, hours=1), one(3, "waits", priority=2, hours=1)

    assert following([low, late, first, beside], MONDAY) == beside
    assert following([low, late, first], MONDAY) == first
    assert following([], MONDAY) is None


def test_who_has_waited_its_time_is_passed_over_from_the_minute_after() -> None:
    waits, other = one(1, "waits", until=3), one(2, "waits", hours=1)

    assert following([waits, other], MONDAY + 3 * HOUR) == waits
    assert following([waits, other], MONDAY + 3 * HOUR + timedelta(minutes=1)) == other


@dataclass
class Group:
    """One contact in one group, where all that is decided is done at once."""

    rows: dict[int, Contender] = field(default_factory=dict)
    refused: set[int] = field(default_factory=set)
    now: datetime = MONDAY

    def ask(self, priority: int, patience: int | None) -> None:
        number = len(self.rows) + len(self.refused) + 1
        answered = answer(self.rows.values(), priority, self.now)
        if isinstance(answered, Granted):
            if answered.loser is not None:
                self._set(answered.loser, "waits")
            self.rows[number] = self._new(number, "holds", priority, None)
        elif patience is None:
            self.refused.add(number)
        else:
            self.rows[number] = self._new(number, "waits", priority, self.now + patience * HOUR)

    def end(self, chosen: int) -> None:
        standing = [row for row in self.rows.values() if row.state != "over"]
        if standing:
            gone = standing[chosen % len(standing)]
            self._set(gone, "over")
            if gone.state == "holds":
                heir = following(self.rows.values(), self.now)
                if heir is not None:
                    self._set(heir.model_copy(update={"until_at": None}), "holds")

    def give_up(self) -> None:
        for row in list(self.rows.values()):
            if row.state == "waits" and row.until_at is not None and row.until_at <= self.now:
                self._set(row, "over")

    def _new(
        self, number: int, state: TurnState, priority: int, until: datetime | None
    ) -> Contender:
        new = one(number, state, priority)
        return new.model_copy(update={"asked_at": self.now, "until_at": until})

    def _set(self, row: Contender, state: TurnState) -> None:
        self.rows[row.id] = row.model_copy(update={"state": state})


ASKS = st.tuples(st.integers(0, 3), st.one_of(st.none(), st.integers(1, 5)))
DEEDS = st.lists(st.tuples(st.integers(0, 2), st.one_of(ASKS, st.integers(0, 9))), max_size=25)


@given(DEEDS)
def test_whatever_comes_one_has_the_contact_and_nobody_higher_waits(
    deeds: list[tuple[int, tuple[int, int | None] | int]],
) -> None:
    group = Group()
    for hours, deed in deeds:
        group.now += hours * HOUR
        group.give_up()
        if isinstance(deed, int):
            group.end(deed)
        else:
            group.ask(*deed)

        has = [row for row in group.rows.values() if row.state == "holds"]
        waiting = [row for row in group.rows.values() if row.state == "waits"]
        assert len(has) <= 1
        assert has or not waiting
        assert all(row.priority <= has[0].priority for row in waiting)


@given(DEEDS)
def test_everybody_comes_to_its_turn_or_is_refused(
    deeds: list[tuple[int, tuple[int, int | None] | int]],
) -> None:
    group = Group()
    asked = [deed for _, deed in deeds if not isinstance(deed, int)]
    for deed in asked:
        group.ask(*deed)
    for _ in asked:
        group.end(0)
    for _ in asked:
        group.now += HOUR
        group.give_up()
        group.end(0)

    assert all(row.state == "over" for row in group.rows.values())
    assert len(group.rows) + len(group.refused) == len(asked)
