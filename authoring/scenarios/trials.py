"""Running a sequence's own scenarios: each simulated, and set beside what it expects."""

from dataclasses import dataclass
from pathlib import Path

from typing_extensions import override

from authoring.loading import load
from authoring.scenarios.comparing import Compared, compare, difference
from authoring.scenarios.reading import Written, read_scenarios
from authoring.simulation.closing_days import with_holidays
from authoring.simulation.simulate import Scenario, simulate
from authoring.simulation.simulations import Simulation
from authoring.sources import SEQUENCE_FILE
from authoring.text.faults import Faults, Findings, Spot
from schemas.policies import Caps
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

    def told(self) -> list[str]:
        """Tell, line by line, what was expected and what happened."""
        where = f"{self.at.file}:{self.at.line}, all times {self.zone}"
        return [where, *difference(self.lines)]


@dataclass(frozen=True)
class Trials:
    """A folder's sequence, the scenarios written for it, and the caps of its project."""

    version: Version
    scenarios: tuple[Written, ...]
    caps: Caps | None = None

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
            caps=self.caps,
        )
        return simulate(with_holidays(self.version, written.contact, written.start), scenario)


@dataclass(frozen=True)
class Trial:
    """One scenario as one test, or the faults of a folder that cannot be read."""

    folder: Path
    trials: Trials | Faults
    written: Written | None = None

    @override
    def __str__(self) -> str:
        return f"{self.folder.name}: {self.written.name if self.written else 'its files'}"

    def check(self) -> None:
        """Run it; raises AssertionError that sets what was expected beside what happened."""
        if problem := self._problem():
            raise AssertionError("\n".join(["", *problem]))

    def _problem(self) -> list[str]:
        if isinstance(self.trials, Faults):
            return [str(self.trials)]
        verdict = None if self.written is None else self.trials.verdict(self.written)
        return [] if verdict is None or verdict.passed else verdict.told()


def trials_in(*folders: Path | str) -> list[Trial]:
    """List the scenarios of all sequences in these folders, for pytest to run one test each."""
    return [trial for folder in folders for one in folders_in(Path(folder)) for trial in _of(one)]


def folders_in(folder: Path) -> list[Path]:
    """Give the folder itself, if it is a sequence's, else the sequences' folders in it."""
    if (folder / SEQUENCE_FILE).is_file():
        return [folder]
    files = [*folder.glob(f"*/{SEQUENCE_FILE}"), *folder.glob(f"*/*/{SEQUENCE_FILE}")]
    return sorted(file.parent for file in files)


def _of(folder: Path) -> list[Trial]:
    trials = load_trials(folder)
    if isinstance(trials, Faults):
        return [Trial(folder, trials)]
    return [Trial(folder, trials, written) for written in trials.scenarios]


def load_trials(folder: Path) -> Trials | Faults:
    """Read a sequence's folder and its scenarios; all that is wrong in either comes back."""
    loaded = load(folder)
    if isinstance(loaded, Faults):
        return loaded
    findings = Findings()
    scenarios = read_scenarios(folder, loaded.version, findings)
    return findings.faults() if findings else Trials(loaded.version, scenarios, loaded.project.caps)
