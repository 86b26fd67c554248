"""`postroad publish`: folders become versions."""

import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated

import typer

from activities.triggering.proposing import Entrants
from authoring.text.faults import Faults
from postroad.caps import words_for
from postroad.printing import AsJson, complain, counted, note, refuse, say, show_json
from postroad.session import run
from postroad.words import me
from runtime.clock import wall_now
from runtime.session import Session
from starter.authored.publishing import Proposed, Published, propose
from starter.authored.publishing import publish as publish_folders

Answers = tuple[Published, ...] | tuple[Proposed, ...] | tuple[Faults, ...]

Folders = Annotated[
    list[Path], typer.Argument(metavar="DIR...", help="Folders of one sequence each.")
]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Say what would change; change nothing.")]
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask before people enter at once.")]


def publish(
    folders: Folders,
    *,
    dry_run: DryRun = False,
    yes: Yes = False,
    as_json: AsJson = False,
) -> None:
    """Check sequences' folders and publish them.

    All of them, or, if anything is wrong in one, none: each fault is named with its file, line
    and mend. Who is enrolled goes on with the version of then; new enrollments get this one.
    If people would enter at once by a trigger (`backfill: all`), it says how many, and asks.
    """

    async def proposing(session: Session) -> Answers:
        return propose(session.engine, tuple(folders), at=wall_now())

    async def publishing(session: Session) -> Answers:
        return publish_folders(session.engine, tuple(folders), by=me(), at=wall_now())

    if not (dry_run or yes):
        # Asked between the two: within work Ctrl-C does not come through to whoever is asked.
        _ask(run(proposing))
    answers = run(proposing if dry_run else publishing)
    if as_json:
        show_json(answers)
    else:
        _tell_all(answers)
    raise typer.Exit(1 if _complain(answers) else 0)


def _complain(answers: Answers) -> bool:
    faults = [fault for one in answers if isinstance(one, Faults) for fault in one.faults]
    for fault in faults:
        complain(str(fault))
    return bool(faults)


def _ask(answers: Answers) -> None:
    """Go on only if somebody wants those in who would enter at once."""
    proposed = [one for one in answers if isinstance(one, Proposed)]
    found = [(one.sequence, each) for one in proposed for each in one.entrants if each.now]
    if not found:
        return
    for sequence, each in found:
        note(f"{sequence}: {_entering(each)}")
    # Who is started without any has no input at all.
    if sys.stdin is None or not sys.stdin.isatty():
        refuse("nothing is published: publish again with --yes if all of these are to enter")
    if not _is_confirmed():
        refuse("nothing is published")


def _is_confirmed() -> bool:
    try:
        return typer.confirm("Publish, and let them in?", err=True)
    except typer.Abort:
        note("")
        return False


def _entering(one: Entrants) -> str:
    if one.backfill == "none":
        return f"{one.trigger}: nobody enters for what was before (`backfill: none`)"
    people = "1 person enters" if one.now == 1 else f"{one.now} people enter"
    at_most = "" if one.per_day is None else f", at most {one.per_day} a day"
    return f"{one.trigger}: {people} at once{at_most} (`backfill: all`)"


def _tell_all(answers: Answers) -> None:
    for answer in answers[:1]:
        if isinstance(answer, Faults):
            continue
        if answer.caps is not None:
            say(words_for(answer.caps, done=isinstance(answer, Published)))
        for rules in answer.rules:
            would = "" if isinstance(answer, Published) else "would change the "
            say(f"{would}{rules.key} of all sequences: {rules.after}, instead of {rules.before}")
    for answer in answers:
        _tell(answer)


def _tell(answer: Published | Proposed | Faults) -> None:
    if isinstance(answer, Faults):
        return
    done = "unchanged"
    if answer.new:
        done = "published" if isinstance(answer, Published) else "would publish"
    say(f"{done} {answer.sequence}, {counted(answer.steps, 'step')}, version {answer.version[:12]}")
    if isinstance(answer, Proposed) and answer.new:
        for line in _told(answer):
            say(f"  {line}")


def _told(proposed: Proposed) -> Iterator[str]:
    yield from map(_entering, proposed.entrants)
    if proposed.latest is None:
        yield "it has not been published before"
        return
    yield f"instead of version {proposed.latest[:12]}"
    changes = proposed.changes
    yield from (f"+ step {step}" for step in changes.steps_added)
    yield from (f"- step {step}" for step in changes.steps_removed)
    yield from (f"~ step {one.step}: {', '.join(one.keys)}" for one in changes.steps_changed)
    if changes.reordered:
        yield "~ the order of the steps"
    yield from (f"~ {key}" for key in changes.keys)
    yield from (f"~ {one.file}: +{one.added} -{one.removed} lines" for one in changes.files)
    people = "1 person is" if proposed.enrolled == 1 else f"{proposed.enrolled} people are"
    yield f"{people} enrolled in older versions now, and stay there"


COMMANDS = {"publish": publish}
