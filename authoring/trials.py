"""Running a sequence's own scenarios: each simulated, and set beside what it expects."""

from dataclasses import dataclass
from pathlib import Path

from authoring.closing_days import with_holidays
from authoring.comparing import Compared, compare
from authoring.faults import Faults, Findings, Spot
from authoring.loading import load_version
from authoring.scenarios import Written, read_scenarios
from authoring.simulate import Scenario, simulate
from authoring.simulations import Simulation
from schemas.values import Value
from schemas.version import Version


class Verdict(Value):
    """What came of one scenario; `lines` set each expectation beside what happened."""

    sequence: str
    scenario: str
    at: Spot
    zone: str
    lines: tuple[Compared, ...]
    unused: tuple[str, ...] = ()

    @property
    def passed(self) -> bool:
        """Whether all came as expected."""
        return all(line.fits for line in self.lines)


@dataclass(frozen=True)
class Trials:
    """A folder's sequence, and the scenarios written for it."""

    version: Version
    scenarios: tuple[Written, ...]

    def verdicts(self) -> tuple[Verdict, ...]:
        """Run all of them."""
        return tuple(self.verdict(one) for one in self.scenarios)

    def verdict(self, written: Written) -> Verdict:
        """Run one of them."""
        simulation = self.simulated(written)
        return Verdict(
            sequence=self.version.sequence.name,
            scenario=written.name,
            at=written.at,
            zone=written.zone.name,
            lines=compare(written.expected, simulation, written.zone),
            unused=simulation.unused,
        )

    def simulated(self, written: Written, contact_id: str | None = None) -> Simulation:
        """Simulate a scenario, as its own contact or under another id."""
        scenario = Scenario(
            start=written.start,
            zone=written.zone,
            contact=written.contact,
            script=written.events,
            key=written.key,
            values=written.values,
            contact_id=contact_id or written.contact_id,
            before=written.before,
            refuses=written.refuses,
        )
        return simulate(with_holidays(self.version, written.contact), scenario)


def load_trials(folder: Path) -> Trials | Faults:
    """Read a sequence's folder and its scenarios; all that is wrong in either comes back."""
    version = load_version(folder)
    if isinstance(version, Faults):
        return version
    findings = Findings()
    scenarios = read_scenarios(folder, version, findings)
    return findings.faults() if findings else Trials(version, scenarios)
