"""A scenario's expectations beside what happened, line by line."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import zip_longest

from authoring.scenarios.expectations import NO_ENDING, Expected, Moments
from authoring.simulation.simulations import Simulation
from schemas.calendar import ZoneTable
from schemas.progress import What
from schemas.values import Value
from workflows.moments.calendar import local


class Compared(Value):
    """One line: what was expected (empty: nothing), what happened, and why it did."""

    fits: bool
    expected: str
    happened: str
    why: str = ""


def compare(expected: Expected, simulation: Simulation, zone: ZoneTable) -> tuple[Compared, ...]:
    """Set each expectation beside what happened; all times are shown in `zone`."""
    if expected.refused is not None or simulation.refused is not None:
        return (_refusal(expected, simulation),)
    return tuple(_Comparing(expected, simulation, zone).lines())


def difference(lines: tuple[Compared, ...]) -> list[str]:
    """Set out what was expected beside what happened; `!` marks each line that differs."""
    rows = [(" ", "expected", "happened", "why"), *(_row(line) for line in lines)]
    left, right = (max(len(row[column]) for row in rows) for column in (1, 2))
    return [f"{a} {b:{left}}  {c:{right}}  {d}".rstrip() for a, b, c, d in rows]


def _row(line: Compared) -> tuple[str, str, str, str]:
    nothing = "nothing"
    mark = " " if line.fits else "!"
    return mark, line.expected or nothing, line.happened or nothing, line.why


def _refusal(expected: Expected, simulation: Simulation) -> Compared:
    return Compared(
        fits=expected.refused == simulation.reason,
        expected=f"refused: {expected.refused}" if expected.refused else "enrolled",
        happened=f"refused: {simulation.reason}" if simulation.reason else "enrolled",
        why=simulation.refused or "",
    )


_Line = tuple[datetime, Compared]


class _Comparing:
    def __init__(self, expected: Expected, simulation: Simulation, zone: ZoneTable) -> None:
        self._expected, self._simulation, self._zone = expected, simulation, zone

    def lines(self) -> Iterator[Compared]:
        expected = self._expected
        only = expected.sends.keys() if expected.only_some and expected.sends else None
        found = [
            *self._moments(What.SENT, expected.sends, only),
            *self._moments(What.TASK_OPENED, expected.tasks),
            *self._moments(What.EFFECT, expected.effects),
        ]
        yield from (line for _, line in sorted(found, key=lambda one: one[0]))
        yield from self._skipped()
        yield from self._arms()
        if expected.ending is not None:
            yield self._ending(expected.ending)

    def _moments(
        self, what: What, expected: Moments | None, only: Iterable[str] | None = None
    ) -> Iterator[_Line]:
        if expected is None:
            return
        happened = self._happened(what)
        for step in expected.keys() | (happened.keys() if only is None else set(only)):
            pairs = zip_longest(expected.get(step, ()), happened.get(step, ()))
            for wanted, came in pairs:
                yield self._line(what, step, wanted, came)

    def _happened(self, what: What) -> dict[str, list[tuple[datetime, str]]]:
        found: dict[str, list[tuple[datetime, str]]] = {}
        for entry in self._simulation.timeline:
            if entry.what == what and entry.step is not None:
                found.setdefault(entry.step, []).append((entry.at, entry.why))
        return {step: sorted(came) for step, came in found.items()}

    def _line(
        self, what: What, step: str, wanted: datetime | None, came: tuple[datetime, str] | None
    ) -> _Line:
        at, why = (None, self._why_not(step)) if came is None else came
        line = Compared(
            fits=wanted == at,
            expected="" if wanted is None else f"{what} {step} {self._wall(wanted)}",
            happened="" if at is None else f"{what} {step} {self._wall(at)}",
            why=why,
        )
        return min(one for one in (wanted, at) if one is not None), line

    def _why_not(self, step: str) -> str:
        told = [entry for entry in self._simulation.timeline if entry.step == step]
        if told:
            last = told[-1]
            return f"{last.what} {self._wall(last.at)}: {last.why}"
        simulation = self._simulation
        if simulation.ending is None:
            return f"it waits: {simulation.waiting}"
        ending = simulation.ending
        return f"never reached: {ending.name} {self._wall(ending.at)}"

    def _skipped(self) -> Iterator[Compared]:
        wanted = self._expected.skipped
        if wanted is None:
            return
        happened = self._happened(What.SKIPPED)
        for step in sorted(wanted | happened.keys()):
            came = happened.get(step)
            yield Compared(
                fits=(step in wanted) == (came is not None),
                expected=f"skipped {step}" if step in wanted else "",
                happened="" if came is None else f"skipped {step} {self._wall(came[0][0])}",
                why=self._why_not(step) if came is None else came[0][1],
            )

    def _arms(self) -> Iterator[Compared]:
        sent = {one.step: one.arm or "" for one in self._simulation.sends}
        for step, arm in (self._expected.arms or {}).items():
            came = sent.get(step)
            yield Compared(
                fits=came == arm,
                expected=f"arm {arm} of {step}",
                happened=f"arm {came} of {step}" if came else "",
                why=self._why_not(step) if came is None else "",
            )

    def _ending(self, name: str) -> Compared:
        wanted, ending = self._expected.ending_at, self._simulation.ending
        happened = NO_ENDING if ending is None else ending.name
        at = ending.at if ending is not None and wanted is not None else None
        return Compared(
            fits=name == happened and wanted == at,
            expected=self._ending_words(name, wanted),
            happened=self._ending_words(happened, None if ending is None else ending.at),
            why=f"it waits: {self._simulation.waiting}" if ending is None else self._last_words(),
        )

    def _ending_words(self, name: str, at: datetime | None) -> str:
        return f"ending {name}" + (f" at {self._wall(at)}" if at else "")

    def _last_words(self) -> str:
        before = [one for one in self._simulation.timeline if one.what != What.ENDED]
        last = before[-1]
        return f"after {last.what} {last.step or ''}".strip()

    def _wall(self, at: datetime) -> str:
        return f"{local(at, self._zone):%a %d %b %Y %H:%M}"
