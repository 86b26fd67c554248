"""`postroad enroll`: contacts begin in a sequence."""

from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Annotated

import typer

from postroad.options import Data, Key, SequenceName
from postroad.printing import AsJson, complain, refuse, say, show_json
from postroad.session import refuse_ahead, run, watched
from postroad.words import facts, moment
from runtime.session import Session
from schemas.outcomes import Refused
from schemas.values import Value
from starter.enrollments import Started, Terms, enroll_all
from starter.letting_in import Answer, LetIn, answers
from storage.contacts import every_id


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
File = Annotated[Path | None, typer.Option(help="A file of contacts, one a line.", dir_okay=False)]
Everyone = Annotated[
    bool, typer.Option("--all", help="All contacts: the audience lets in whom it means.")
]
Hash = Annotated[str | None, typer.Option(help="A published version's hash (default: the latest).")]
At = Annotated[
    str | None, typer.Option(metavar="MOMENT", help="The enrollment's moment (default: now).")
]
Wait = Annotated[
    float, typer.Option(metavar="SECONDS", help="How long to wait to hear who was let in.")
]


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
    wait: Wait = 30,
    as_json: AsJson = False,
) -> None:
    """Enroll contacts in a published sequence.

    Each is one durable workflow; whoever is enrolled already, is not in the audience, is
    suppressed, or was in it too lately, is refused with the reason, and stops no other: then the
    exit status is 1. Starting again is harmless.
    """
    data, moment_of_it = facts(assignments or ()), moment(at)
    terms = Terms(key=key, data=data, version=version, at=moment_of_it, source="cli")
    refs = [*(contacts or ()), *_lines_of(file)]
    if not refs and not everyone:
        raise typer.BadParameter("name at least one contact, or give --file or --all")
    whom = None if everyone else refs
    _tell(run(_work(sequence, whom, terms, timedelta(seconds=wait))), as_json=as_json)


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
    state = "enrolled" if isinstance(answer, LetIn) else "waiting"
    return Enrolled(contact=started.contact, workflow_id=started.workflow_id, state=state)


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
    let_in = [one for one in enrolled if one.state == "enrolled"]
    waiting = [one for one in enrolled if one.state == "waiting"]
    started = [*let_in, *waiting]
    for one in started if len(started) <= _MOST_SHOWN else ():
        say(f"{one.state} {one.workflow_id}")
    if waiting:
        say(f"{len(waiting)} wait for a worker: start one with `postroad worker`")
    if len(enrolled) > 1:
        say(f"{len(let_in)} enrolled, {len(refused)} refused, {len(waiting)} waiting")
        for one in refused:
            complain(f"{one.contact} refused ({one.state}): {one.message}")


_GOOD = ("enrolled", "waiting")
_MOST_SHOWN = 20

COMMANDS = {"enroll": enroll}
