"""Many random contacts through one sequence, and what becomes of them all."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from activities.zones import UNIVERSAL, zone_name, zone_table
from authoring.scenarios.beginnings import key_of
from authoring.simulation.rates import RatesByStep
from authoring.simulation.recipients import Lots, Recipient
from authoring.simulation.simulate import Scenario, simulate
from authoring.simulation.simulations import Simulation
from schemas.calendar import ZoneTable
from schemas.contact import Contact
from schemas.policies import Caps
from schemas.sequence import Sequence
from schemas.values import Facts, Value, cut
from workflows.moments.calendar import moment_of


@dataclass(frozen=True)
class Crowd:
    """How many to simulate, from when on (local, naive), spread over how many days and zones.

    `seed` alone decides what each of them does.
    """

    many: int
    start: datetime
    zones: tuple[str, ...]
    over_days: int = 1
    seed: int = 0
    rates: RatesByStep = field(default_factory=RatesByStep)
    contact: Facts = field(default_factory=dict)
    values: Facts = field(default_factory=dict)
    caps: Caps | None = None


class Stay(Value):
    """How long one contact was in the sequence."""

    contact: str
    minutes: int

    @property
    def words(self) -> str:
        """Say it as people do: `12 days 3 hours`."""
        days, rest = divmod(self.minutes, 1_440)
        return f"{_counted(days, 'day')} {_counted(rest // 60, 'hour')}"


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"


class Summary(Value):
    """What became of many: each count by its name, mails by local date.

    `waiting` are those whose enrollment does not end by itself, `refused` those not enrolled.
    """

    sequence: str
    seed: int
    contacts: int
    refused: int
    waiting: int
    mails: int
    endings: dict[str, int]
    mails_per_day: dict[str, int]
    sends_per_step: dict[str, int]
    longest_stay: Stay | None


def simulate_crowd(sequence: Sequence, crowd: Crowd) -> Summary:
    """Run them all, one after the other; the same crowd always gives the same summary."""
    told = _Told(sequence, crowd.seed)
    for contact, scenario in _scenarios(sequence, crowd):
        told.add(contact, scenario.start, simulate(sequence, scenario))
    return told.summary()


def _scenarios(sequence: Sequence, crowd: Crowd) -> Iterator[tuple[str, Scenario]]:
    for number in range(1, crowd.many + 1):
        contact = f"random-{number:05}"
        lots = Lots(f"{crowd.seed}|{contact}")
        zone = _zone(sequence, crowd, lots)
        wall = crowd.start + timedelta(days=lots.draw("start") % crowd.over_days)
        scenario = Scenario(
            start=cut(moment_of(wall, zone)),
            zone=zone,
            contact={**crowd.contact, "timezone": zone.name},
            values=crowd.values,
            key=key_of(sequence, crowd.contact, crowd.values) or contact,
            contact_id=contact,
            recipient=Recipient(lots, crowd.rates),
            caps=crowd.caps,
        )
        yield contact, scenario


def _zone(sequence: Sequence, crowd: Crowd, lots: Lots) -> ZoneTable:
    drawn = crowd.zones[lots.draw("zone") % len(crowd.zones)]
    name = zone_name(sequence, Contact(id="random", email="", timezone=drawn))
    return zone_table(name, UNIVERSAL, crowd.start.replace(tzinfo=UTC))


class _Told:
    def __init__(self, sequence: Sequence, seed: int) -> None:
        self._sequence, self._seed = sequence, seed
        self._contacts = self._refused = self._waiting = 0
        self._endings, self._days, self._steps = Counter[str](), Counter[str](), Counter[str]()
        self._longest: Stay | None = None

    def add(self, contact: str, start: datetime, simulation: Simulation) -> None:
        self._contacts += 1
        self._refused += simulation.refused is not None
        self._waiting += simulation.waiting is not None
        self._days.update(send.local[:10] for send in simulation.sends)
        self._steps.update(send.step for send in simulation.sends)
        if simulation.ending is not None:
            self._endings[simulation.ending.name] += 1
            minutes = (simulation.ending.at - start) // timedelta(minutes=1)
            if self._longest is None or minutes > self._longest.minutes:
                self._longest = Stay(contact=contact, minutes=minutes)

    def summary(self) -> Summary:
        steps = {step.id: self._steps[step.id] for step in self._sequence.emails}
        ranked = sorted(self._endings.items(), key=lambda one: (-one[1], one[0]))
        return Summary(
            sequence=self._sequence.name,
            seed=self._seed,
            contacts=self._contacts,
            refused=self._refused,
            waiting=self._waiting,
            mails=sum(self._days.values()),
            endings=dict(ranked),
            mails_per_day=dict(sorted(self._days.items())),
            sends_per_step=steps,
            longest_stay=self._longest,
        )
