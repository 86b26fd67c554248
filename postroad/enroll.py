"""`postroad enroll`: contacts begin in a sequence."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated, NamedTuple

import typer

from postroad.enrolling_lists import Columns, EncodingName, ListOptions, enroll_list
from postroad.options import AtStep, Data, Key, SequenceName
from postroad.printing import AsJson, complain, refuse, say, show_json
from postroad.session import refuse_ahead, run, watched
from postroad.words import facts, me, moment, pairs
from runtime.session import Session
from schemas.enrollment import Command
from schemas.outcomes import Refused
from schemas.values import Value
from starter.enrolling.enrollments import Started, Terms, enroll_all
from starter.enrolling.letting_in import Answer, LetIn, Queued, answers
from storage.people.contacts import every_id


class Enrolled(Value):
    """What became of one contact, by the reference given or its id."""

    contact: str
    workflow_id: str | None = None
    state: str
    message: str = ""


Contacts = Annotated[
    list[str] | None,
    typer.Argument(metavar="CONTACT...", help="Contacts: id, external key or address."),
]
File = Annotated[
    Path | None,
    typer.Option(
        help="A list of people (CSV, JSON Lines, Excel), or a file of contacts, one a line.",
        dir_okay=False,
    ),
]
DryRun = Annotated[
    bool, typer.Option("--dry-run", help="Change nothing: tell what would become of a list.")
]
Again = Annotated[
    bool, typer.Option("--again", help="Enroll a list anew that was enrolled to its end.")
]
Everyone = Annotated[
    bool, typer.Option("--all", help="All contacts: the audience lets in whom it means.")
]
Hash = Annotated[str | None, typer.Option(help="A published version's hash (default: the latest).")]
At = Annotated[
    str | None, typer.Option(metavar="MOMENT", help="The enrollment's moment (default: now).")
]
Wait = Annotated[
    float | None,
    typer.Option(
        metavar="SECONDS",
        help="How long to wait to hear who was let in (default: 30); with a list, how long "
        "nothing may move (default: 120).",
    ),
]
Paused = Annotated[
    bool, typer.Option("--paused", help="Begin paused: `postroad resume` lets it go on.")
]
Why = Annotated[str, typer.Option(help="Why it begins paused: kept, and shown to others.")]


def enroll(  # noqa: PLR0913 one argument an option: the command line's own shape
    sequence: SequenceName,
    contacts: Contacts = None,
    *,
    file: File = None,
    everyone: Everyone = False,
    key: Key = None,
    assignments: Data = None,
    version: Hash = None,
    at: At = None,
    at_step: AtStep = None,
    paused: Paused = False,
    why: Why = "",
    wait: Wait = None,
    columns: Columns = None,
    encoding: EncodingName = None,
    dry_run: DryRun = False,
    again: Again = False,
    as_json: AsJson = False,
) -> None:
    """Enroll contacts, or a list of people, in a published sequence.

    Who is refused stops no other; then the exit status is 1. A list is checked, then enrolled by
    the workers, whether this terminal stays or not. The same command again goes on where it was.
    """
    terms = Terms(key=key, data=facts(assignments or ()), version=version, at=moment(at))
    terms |= _beginning(at_step, why, paused=paused)
    mapping = pairs(columns or ())
    how = ListOptions(mapping=mapping, encoding=encoding, dry_run=dry_run, again=again, wait=wait)
    _enroll_whom(sequence, Whom(contacts or [], file, everyone), terms, how, as_json=as_json)


def _beginning(step: str | None, why: str, *, paused: bool) -> Terms:
    if why and not paused:
        raise typer.BadParameter("--why says why it begins paused: add --paused")
    return Terms(source="cli", step=step, paused=Command(who=me(), why=why) if paused else None)


class Whom(NamedTuple):
    """Who is to be enrolled: contacts by reference, those of a file, or all."""

    refs: list[str]
    file: Path | None
    everyone: bool


def _enroll_whom(
    sequence: str, whom: Whom, terms: Terms, how: ListOptions, *, as_json: bool
) -> None:
    if whom.file is not None and how.is_list(whom.file):
        if whom.refs or whom.everyone or terms.get("key"):
            raise typer.BadParameter("a list names its own contacts and keys: give it alone")
        enroll_list(whom.file, how.wish(sequence, terms), how, as_json=as_json)
    how.refuse_without_list()
    refs = [*whom.refs, *_lines_of(whom.file)]
    if not refs and not whom.everyone:
        raise typer.BadParameter("name at least one contact, or give --file or --all")
    named = None if whom.everyone else refs
    _tell(run(_work(sequence, named, terms, how.patience(_PATIENCE))), as_json=as_json)


def _work(
    sequence: str, refs: list[str] | None, terms: Terms, patience: timedelta
) -> Callable[[Session], Awaitable[list[Enrolled]]]:
    async def work(session: Session) -> list[Enrolled]:
        refuse_ahead(session, terms.get("at"))
        whom = _all_ids(session) if refs is None else refs
        return await _enroll(session, sequence, whom, terms, patience)

    return work


async def _enroll(
    session: Session, sequence: str, refs: list[str], terms: Terms, patience: timedelta
) -> list[Enrolled]:
    client = await session.client()
    with watched("Starting") as watch:
        batch = await enroll_all(client, session.engine, sequence, refs, watch=watch, **terms)
    with watched("Letting in") as watch:
        heard = await answers(client, session.engine, batch.started, patience=patience, watch=watch)
    return [
        *(_let_in(one, answer) for one, answer in zip(batch.started, heard, strict=True)),
        *(_refused(ref, answer) for ref, answer in batch.refused),
    ]


def _all_ids(session: Session) -> list[str]:
    with session.engine.connect() as connection:
        return every_id(connection)


def _let_in(started: Started, answer: Answer) -> Enrolled:
    if isinstance(answer, Refused):
        return _refused(started.contact, answer).model_copy(
            update={"workflow_id": started.workflow_id}
        )
    told = Enrolled(contact=started.contact, workflow_id=started.workflow_id, state="enrolled")
    if isinstance(answer, LetIn):
        return told
    if isinstance(answer, Queued):
        until = f"{answer.why}, from {answer.until:%Y-%m-%d %H:%M} UTC on"
        return told.model_copy(update={"state": "queued", "message": until})
    return told.model_copy(update={"state": "waiting"})


def _refused(ref: str, refused: Refused) -> Enrolled:
    return Enrolled(contact=ref, state=refused.reason, message=refused.message)


def _lines_of(file: Path | None) -> list[str]:
    if file is None:
        return []
    lines = file.read_text(encoding="utf-8-sig").splitlines()
    return [line.strip() for line in lines if line.strip()]


def _tell(enrolled: list[Enrolled], *, as_json: bool) -> None:
    refused = [one for one in enrolled if one.state not in _GOOD]
    if as_json:
        show_json(enrolled)
    else:
        _say(enrolled, refused)
    if refused and len(enrolled) == 1:
        refuse(refused[0].message)
    raise typer.Exit(1 if refused else 0)


def _say(enrolled: list[Enrolled], refused: list[Enrolled]) -> None:
    of_state = {state: [one for one in enrolled if one.state == state] for state in _GOOD}
    let_in, queued, waiting = of_state.values()
    started = [*let_in, *queued, *waiting]
    for one in started if len(started) <= _MOST_SHOWN else ():
        say(f"{one.state} {one.workflow_id}" + (f": {one.message}" if one.message else ""))
    if waiting:
        waits = "waits" if len(waiting) == 1 else "wait"
        say(f"{len(waiting)} {waits} for a worker: start one with `postroad worker`")
    if len(enrolled) > 1:
        later = f", {len(queued)} on a later day" if queued else ""
        say(f"{len(let_in)} enrolled{later}, {len(refused)} refused, {len(waiting)} waiting")
        for one in refused:
            complain(f"{one.contact} refused ({one.state}): {one.message}")


_PATIENCE = timedelta(seconds=30)
_GOOD = ("enrolled", "queued", "waiting")
_MOST_SHOWN = 20

COMMANDS = {"enroll": enroll}
