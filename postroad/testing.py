"""`postroad test`: a sequence's own scenarios, run in milliseconds without a server."""

from pathlib import Path
from typing import Annotated

import typer

from authoring.scenarios.trials import Verdict, folders_in, load_trials
from authoring.sources import SEQUENCE_FILE
from authoring.text.faults import Faults
from postroad.printing import AsJson, complain, note, refuse, say, show_json
from schemas.values import Value

Folders = Annotated[
    list[Path] | None,
    typer.Argument(
        metavar="[DIR]...",
        help="Sequences' folders, or folders of such (default: this one).",
        show_default=False,
    ),
]


class Tested(Value):
    """What came of a sequence's scenarios, or what is wrong with its files."""

    folder: str
    verdicts: tuple[Verdict, ...] = ()
    faults: Faults | None = None

    @property
    def passed(self) -> bool:
        """Whether its files are right, and all came as expected."""
        return self.faults is None and all(one.passed for one in self.verdicts)


def try_scenarios(folders: Folders = None, *, as_json: AsJson = False) -> None:
    """Run sequences' own scenarios; needs no server.

    A scenario is a file in a sequence's folder `scenarios`: a contact, a start, what happens, and
    the mails and the ending that must come of it. Exit status 1 if one does not come true.
    """
    found = [one for folder in folders or [Path()] for one in folders_in(folder)]
    if not found:
        refuse(f"there is no {SEQUENCE_FILE} here: name the folder of a sequence")
    tested = [_tested(folder) for folder in found]
    if as_json:
        show_json([_as_json(one) for one in tested])
    else:
        _tell(tested)
    if not all(one.passed for one in tested):
        raise typer.Exit(1)


def _tested(folder: Path) -> Tested:
    trials = load_trials(folder)
    if isinstance(trials, Faults):
        return Tested(folder=str(folder), faults=trials)
    return Tested(folder=str(folder), verdicts=trials.verdicts())


def _as_json(tested: Tested) -> dict[str, object]:
    verdicts = [{**one.model_dump(mode="json"), "passed": one.passed} for one in tested.verdicts]
    return {**tested.model_dump(mode="json"), "passed": tested.passed, "verdicts": verdicts}


def _tell(tested: list[Tested]) -> None:
    verdicts: list[Verdict] = []
    for one in tested:
        for fault in one.faults.faults if one.faults else ():
            complain(str(fault))
        if one.passed and not one.verdicts:
            note(f"{one.folder} has no scenarios")
        for verdict in one.verdicts:
            _tell_one(verdict)
        verdicts += one.verdicts
    failed = sum(not one.passed for one in verdicts)
    unread = sum(one.faults is not None for one in tested)
    parts = (
        _count(len(verdicts), "scenario"),
        f"{failed} not as expected" if failed else "",
        f"{_count(unread, 'folder')} cannot be read" if unread else "",
    )
    say(", ".join(filter(None, parts)) + ("" if failed or unread else ", all as expected"))


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}{'' if number == 1 else 's'}"


def _tell_one(verdict: Verdict) -> None:
    if verdict.passed:
        say(f"ok    {verdict.sequence}: {verdict.scenario}")
        return
    say(f"FAIL  {verdict.sequence}: {verdict.scenario}")
    for line in verdict.told():
        say(f"      {line}")


COMMANDS = {"test": try_scenarios}
