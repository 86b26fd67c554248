"""Walking every way through a sequence with the real deciding core, on a virtual clock."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property
from itertools import islice

from authoring.lint.facts import nested
from authoring.lint.roads import Roads, Way, straight, ways
from authoring.lint.truths import truth_of
from authoring.simulation.simulate import Scenario, simulate
from authoring.simulation.simulations import SimulatedSend, Simulation
from schemas.calendar import Offset, Unit, Window, ZoneTable
from schemas.matchers import StepId
from schemas.progress import What
from schemas.sequence import Sequence
from schemas.steps import AnyStep, At, EmailStep, WhenStep
from schemas.values import Facts

MOST_WALKS = 128
"""How many ways through a sequence are walked at most, those with the most mails first."""

MONDAY = datetime(2026, 6, 1, 10, 0, tzinfo=UTC)
"""When a walk begins: a Monday at ten, local time (walks live in UTC)."""


@dataclass(frozen=True)
class Walk:
    """One way through: the choices in words, the steps passed, and what was simulated."""

    turns: tuple[str, ...]
    steps: tuple[AnyStep, ...]
    begun: datetime
    simulation: Simulation

    @property
    def mails(self) -> tuple[SimulatedSend, ...]:
        """What was sent."""
        return self.simulation.sends

    @property
    def days(self) -> int:
        """How many calendar days it takes from its first moment to its end, both counted."""
        ending = self.simulation.ending
        last = ending.at if ending else max((one.at for one in self.mails), default=self.begun)
        first = min([one.at for one in self.mails], default=self.begun)
        return (last.date() - first.date()).days + 1

    def skipped(self) -> Iterator[tuple[StepId, str]]:
        """Give the mails that were passed over, and why."""
        for entry in self.simulation.timeline:
            if entry.what == What.SKIPPED and entry.step is not None:
                yield entry.step, entry.why


class Walks:
    """The ways through a sequence.

    On hurried ones all that is awaited comes at once, on patient ones at the last moment.
    """

    def __init__(self, sequence: Sequence, roads: Roads) -> None:
        self._sequence, self._roads = sequence, roads

    @cached_property
    def hurried(self) -> tuple[Walk, ...]:
        """All ways, walked as quickly as can be."""
        return tuple(self._walked(way, MONDAY) for way in self._through(patient=False))

    @cached_property
    def patient(self) -> tuple[Walk, ...]:
        """All ways, walked as slowly as can be."""
        return tuple(self._walked(way, MONDAY) for way in self._through(patient=True))

    @cached_property
    def usual(self) -> tuple[Walk, ...]:
        """The fullest ways, hurried, the first on each day of the week; dates ahead lie far off."""
        ways = tuple(self._through(patient=False))
        mondays = (self._walked(way, MONDAY, _FAR) for way in ways[:_FULLEST])
        week = (self._walked(way, start, _FAR) for way in ways[:1] for start in _STARTS)
        return (*mondays, *week)

    def through(self, step: StepId) -> Iterator[Walk]:
        """Walk the ways that pass a step, with dates further and further ahead, on each weekday."""
        for path in self._through(patient=False):
            if any(way.step.id == step for way in path):
                yield from (self._walked(path, start) for start in _STARTS)
                for ahead in _SOME_TIME_AHEAD:
                    yield self._walked(path, MONDAY, ahead)
                    yield self._walked(path, MONDAY, ahead, step)

    def _through(self, *, patient: bool) -> Iterator[tuple[Way, ...]]:
        first = self._sequence.first
        return islice(self._paths(first, (), patient=patient), MOST_WALKS)

    def _paths(
        self, at: StepId | None, before: tuple[Way, ...], *, patient: bool
    ) -> Iterator[tuple[Way, ...]]:
        if at is None:
            yield before
            return
        step = self._sequence.step_by_id[at]
        for way in self._ways(step, before, patient=patient):
            yield from self._paths(way.to, (*before, way), patient=patient)

    def _ways(self, step: AnyStep, before: tuple[Way, ...], *, patient: bool) -> list[Way]:
        options = ways(step, patient=patient)
        if isinstance(step, WhenStep):
            options = self._decided(step, before, options)
        return sorted(options, key=lambda way: -self._mails_from(way.to))

    def _decided(
        self, step: WhenStep, before: tuple[Way, ...], options: tuple[Way, ...]
    ) -> tuple[Way, ...]:
        mails = [way.step.id for way in before if isinstance(way.step, EmailStep)]
        outcome = truth_of(step.test, [*mails, *self._roads.beside])
        earlier = {way.words for way in before}
        again = tuple(way for way in options if way.words in earlier)
        if outcome is None:
            return again or options
        return options[:1] if outcome else options[1:]

    def _mails_from(self, step: StepId | None) -> int:
        if step is None:
            return 0
        if step not in self._most_mails:
            found = self._sequence.step_by_id[step]
            ahead = [self._mails_from(way.to) for way in ways(found, patient=False)]
            self._most_mails[step] = max(ahead) + isinstance(found, EmailStep)
        return self._most_mails[step]

    @cached_property
    def _most_mails(self) -> dict[StepId, int]:
        return {}

    def _walked(
        self, path: tuple[Way, ...], start: datetime, ahead: int = 1, only: StepId | None = None
    ) -> Walk:
        steps = tuple(way.step for way in path)
        contact, values = _dated(_anchored(steps, ahead, only), start)
        scenario = Scenario(start=start, zone=_UTC, contact=contact, values=values)
        simulation = simulate(_certain(self._sequence, steps), scenario)
        turns = tuple(way.words for way in path if way.words)
        return Walk(turns, steps, start, simulation)


def _certain(sequence: Sequence, steps: tuple[AnyStep, ...]) -> Sequence:
    """Give the sequence with nothing but these steps: no audience, no exits, no reactions."""
    window = sequence.window
    if window is not None:
        # Made anew: a copy would keep the holidays that it has looked at.
        fields = window.model_dump(exclude={"holidays", "holidays_of"})
        window = Window.model_validate(fields)
    following = (*steps[1:], None)
    linked = tuple(_led(step, after) for step, after in zip(steps, following, strict=True))
    return Sequence(
        name=sequence.name,
        window=window,
        weekend=sequence.weekend,
        min_gap=sequence.min_gap,
        steps=linked,
        first=steps[0].id if steps else None,
    )


def _led(step: AnyStep, after: AnyStep | None) -> AnyStep:
    to = None if after is None else after.id
    return straight(step, to) if isinstance(step, WhenStep) else step


def _anchored(
    steps: tuple[AnyStep, ...], ahead: int, only: StepId | None
) -> dict[tuple[str, str], int]:
    """Give, by date that the steps count from, how many days after the beginning it lies.

    The first moment before it is so many days `ahead` of the beginning, or one where that is said
    `only` of the date of one step.
    """
    mails = [step for step in steps if isinstance(step, EmailStep)]
    offsets: dict[tuple[str, str], list[int]] = {}
    for at in (mail.at for mail in mails if mail.at):
        offsets.setdefault((at.anchor.of, at.anchor.path), []).append(minutes_of(at))
    own = next((mail.at.anchor for mail in mails if mail.at and mail.id == only), None)
    moved = {anchor: own is not None and anchor == (own.of, own.path) for anchor in offsets}
    before = {anchor: -(min(0, *minutes) // _A_DAY) for anchor, minutes in offsets.items()}
    return {
        anchor: days + (ahead if moved[anchor] or (own is None and days) else min(days, 1))
        for anchor, days in before.items()
    }


def _dated(days: dict[tuple[str, str], int], start: datetime) -> tuple[Facts, Facts]:
    """Give the facts of the contact and of the enrollment that hold these dates."""
    dates = {
        anchor: (start.date() + timedelta(days=ahead)).isoformat() for anchor, ahead in days.items()
    }
    contact = ((path, day) for (of, path), day in dates.items() if of == "contact")
    values = ((path, day) for (of, path), day in dates.items() if of != "contact")
    return nested(contact), nested(values)


def minutes_of(at: At) -> int:
    """Give the minutes from the anchor to the moment, negative for before; days have 24 hours."""
    minutes = 0 if at.by is None else at.by.count * _MINUTES[at.by.unit]
    return -minutes if at.before else minutes


_FAR, _FULLEST = 60, 32
_SOME_TIME_AHEAD = (60, 3, 7, 14, 30, 120, 365)
_STARTS = tuple(
    MONDAY.replace(hour=hour) + timedelta(days=day) for day in range(7) for hour in (3, 10, 20)
)
_A_DAY = 1440
_UTC = ZoneTable(name="UTC", offsets=(Offset(since=datetime(1970, 1, 1, tzinfo=UTC), seconds=0),))
_MINUTES = {
    Unit.MINUTES: 1,
    Unit.HOURS: 60,
    Unit.DAYS: _A_DAY,
    Unit.WEEKS: 10_080,
    Unit.BUSINESS_DAYS: _A_DAY,
}
