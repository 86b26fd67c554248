"""Scenarios of sequences' folders as cases: simulated, and lived on real servers."""

from dataclasses import replace
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from authoring.scenarios.reading import NOBODY_IN_PARTICULAR, Written
from authoring.scenarios.trials import Trials, load_trials
from authoring.simulation.simulations import Simulation
from authoring.text.faults import Faults
from devstack.demo.stage import Stage
from devstack.rehearsal.faults import CannotBeLivedError
from devstack.rehearsal.living import Away, Life, Lived, ended, nobody_is_away
from devstack.rehearsal.others import is_other_mail
from schemas.events import Turn


class Case(NamedTuple):
    """One scenario of one sequence."""

    trials: Trials
    written: Written

    @property
    def name(self) -> str:
        """Name it as people do."""
        return f"{self.trials.version.sequence.name}: {self.written.name}"

    @property
    def contact_id(self) -> str:
        """Give a contact's id that no other scenario has; one that is written stays."""
        own = self.written.contact_id
        mark = sha256(self.name.encode()).hexdigest()[:12]
        return f"{NOBODY_IN_PARTICULAR}-{mark}" if own == NOBODY_IN_PARTICULAR else own

    def simulated(self) -> Simulation:
        """Simulate it, as the contact that lives it."""
        return self.trials.simulated(self.written, self.contact_id)

    def invents_others(self) -> bool:
        """Tell whether it lives of what other sequences do, which is put on record for it alone."""
        written = self.written
        placed = [one.in_enrollment(written.begun) for one in written.events]
        return any(
            is_other_mail(one) or isinstance(one, Turn) for one in (*written.before, *placed)
        )

    def sharing(self) -> frozenset[str]:
        """Give the ids of events in whose minute something would happen without them, too."""
        found: set[str] = set()
        for one in self.written.events:
            others = tuple(other for other in self.written.events if other is not one)
            without = self._replace(written=replace(self.written, events=others)).simulated()
            event = one.in_enrollment(self.written.begun)
            if event.at in {entry.at for entry in without.timeline}:
                found.add(event.id)
        return frozenset(found)


def cases_in(folders: list[Path]) -> list[Case] | Faults:
    """Read the scenarios of all these folders, or say what is wrong in the first with faults."""
    cases: list[Case] = []
    for folder in folders:
        trials = load_trials(folder)
        if isinstance(trials, Faults):
            return trials
        cases += [Case(trials, written) for written in trials.scenarios]
    return cases


async def lived(stage: Stage, case: Case, away: Away = nobody_is_away) -> Lived | str:
    """Live a case on the stage; a sentence if that cannot be done."""
    written, told = case.written, case.simulated()
    placed = (one.in_enrollment(written.begun) for one in written.events)
    life = Life(
        stage=stage,
        sequence=case.trials.version.sequence,
        written=written,
        contact_id=case.contact_id,
        known_until=max([written.start, *(entry.at for entry in told.timeline)]),
        sharing=case.sharing(),
        away=away,
    )
    try:
        return await life.live(sorted(placed, key=lambda one: (one.at or written.start, one.id)))
    except CannotBeLivedError as fault:
        return str(fault)


def as_lived(told: Simulation) -> Lived:
    """Give what would be lived if all comes as it was simulated."""
    sends = tuple((one.step, one.at) for one in told.sends)
    timeline = tuple((one.at, one.what, one.step) for one in told.timeline)
    return Lived(timeline=timeline, sends=sends, ending=ended(told.ending), refused=told.reason)
