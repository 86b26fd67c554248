"""Starting enrollments: by workflow type name, under an id that says what it is."""

import asyncio
from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import Connection, Engine
from temporalio.client import Client
from temporalio.common import (
    Priority,
    SearchAttributeKey,
    SearchAttributePair,
    TypedSearchAttributes,
    WorkflowIDConflictPolicy,
)
from temporalio.exceptions import WorkflowAlreadyStartedError
from typing_extensions import TypedDict, Unpack

from activities.admitting.admission import already_enrolled
from activities.admitting.first_steps import unknown_step
from activities.sequences import sequences
from schemas.enrollment import Command, EnrollmentStart
from schemas.ids import enrollment_id
from schemas.names import ATTRIBUTE_SEQUENCE, QUEUE_ENROLLMENTS, WORKFLOW_ENROLLMENT
from schemas.outcomes import Refused
from schemas.sequence import Sequence
from schemas.values import Facts, Value
from starter.enrolling.keys import key_for
from starter.enrolling.replacing import WISH, Replacing, met, wished
from starter.enrolling.urgency import priority_of
from starter.watching import Watch, unwatched
from storage import versions
from storage.entering.wishes import Wish
from storage.people import contacts

WINDOW = 32
"""How many starts are under way at once: more gain nothing on one server."""


class Terms(TypedDict, total=False):
    """On what terms a contact is enrolled; each one as EnrollmentStart has it.

    Of one `request` of the caller's, however often it is made, there is one enrollment.
    """

    key: str | None
    data: Facts
    version: str | None
    at: datetime | None
    source: str
    step: str | None
    paused: Command | None
    request: str | None


class Started(Value):
    """The enrollment's workflow runs; whether it is let in (audience, policy) it finds out now."""

    workflow_id: str
    run_id: str
    contact: str


class Batch(Value):
    """What became of many: who was started, and who was not, by the reference given."""

    started: tuple[Started, ...]
    refused: tuple[tuple[str, Refused], ...]


async def enroll(
    client: Client, engine: Engine, sequence: str, contact: str, **terms: Unpack[Terms]
) -> Started | Refused:
    """Start the enrollment of a contact, named by id, external key or address.

    The key is what the sequence's `key:` says, else the one given. Refused are an unknown
    sequence, version or contact, a missing, malformed or other key, and whoever is enrolled
    already. Raises RPCError if Temporal cannot be reached.
    """
    start = await asyncio.to_thread(_look_up, engine, sequence, contact, terms)
    if isinstance(start, Refused):
        return start
    return await start_enrollment(client, engine, start, terms.get("request"))


async def enroll_all(
    client: Client,
    engine: Engine,
    sequence: str,
    refs: Iterable[str],
    watch: Watch = unwatched,
    **terms: Unpack[Terms],
) -> Batch:
    """Start many, WINDOW at once, in order; one that is refused stops no other."""
    waiting = list(dict.fromkeys(refs))
    answers: dict[str, Started | Refused] = {}
    turns = asyncio.Semaphore(WINDOW)

    async def in_turn(ref: str) -> None:
        async with turns:
            answers[ref] = await enroll(client, engine, sequence, ref, **terms)
            watch(len(answers), len(waiting))

    async with asyncio.TaskGroup() as group:
        for ref in waiting:
            group.create_task(in_turn(ref))
    return _batch([(ref, answers[ref]) for ref in waiting])


def _look_up(engine: Engine, sequence: str, ref: str, terms: Terms) -> EnrollmentStart | Refused:
    with engine.connect() as connection:
        found = _published(connection, sequence, terms.get("version"))
        if isinstance(found, Refused):
            return found
        contact = contacts.find(connection, ref)
    if contact is None:
        return UNKNOWN_CONTACT
    key = key_for(found, terms.get("key"), contact, terms.get("data", {}))
    refused = key if isinstance(key, Refused) else unknown_step(found, terms.get("step"))
    if refused is not None:
        return refused
    given = {name: term for name, term in terms.items() if name != "request"}
    return EnrollmentStart.model_validate(
        {**given, "sequence": sequence, "contact": contact.id, "key": key}
    )


def unpublished(connection: Connection, sequence: str, version: str | None) -> Refused | None:
    """Refuse a sequence that was never published, or a version that is not one of it."""
    found = _published(connection, sequence, version)
    return found if isinstance(found, Refused) else None


def _published(connection: Connection, name: str, version: str | None) -> Sequence | Refused:
    if version is not None:
        found = sequences().get(connection, version)
        if found is not None and found.name == name:
            return found
        message = f"{name} has no version {version}: leave it out for the latest"
        return Refused(reason="unknown_version", message=message)
    latest = sequences().latest(connection, name)
    if latest is not None:
        return latest
    known = ", ".join(versions.sequences(connection)) or "none so far"
    message = f"no sequence {name} is published (published: {known}): run `postroad publish`"
    return Refused(reason="unknown_sequence", message=message)


async def start_enrollment(
    client: Client, engine: Engine, start: EnrollmentStart, request: str | None = None
) -> Started | Refused:
    """Start the workflow of an enrollment whose contact and key are known; all ways in end here.

    Refused is whoever is enrolled already, unless the sequence lets a new request replace that.
    The same `request` again is answered as it was met. Raises RPCError if Temporal cannot be
    reached.
    """
    workflow_id = enrollment_id(start.sequence, start.contact, start.key)
    wish = None if request is None else await wished(engine, workflow_id, request)
    if wish is not None and wish.run_id is not None:
        return Started(workflow_id=workflow_id, run_id=wish.run_id, contact=start.contact)
    priority = await priority_of(engine, start)
    answer = await _started(client, Replacing(client, engine, start, wish), priority)
    if wish is not None and isinstance(answer, Started):
        await met(engine, wish, answer.run_id)
    return answer


async def _started(client: Client, replacing: Replacing, priority: Priority) -> Started | Refused:
    start, workflow_id = replacing.start, replacing.workflow_id
    for _ in range(_TRIES):
        run = await _start(client, start, workflow_id, replacing.wish, priority)
        if isinstance(run, str):
            return Started(workflow_id=workflow_id, run_id=run, contact=start.contact)
        answer = await replacing.make_way()
        if isinstance(answer, str):
            return Started(workflow_id=workflow_id, run_id=answer, contact=start.contact)
        if answer is not None:
            return answer
    return already_enrolled(workflow_id)


async def _start(
    client: Client,
    start: EnrollmentStart,
    workflow_id: str,
    wish: Wish | None,
    priority: Priority = Priority.default,
) -> str | None:
    sequence = SearchAttributeKey.for_keyword(ATTRIBUTE_SEQUENCE)
    try:
        handle = await client.start_workflow(
            WORKFLOW_ENROLLMENT,
            start,
            id=workflow_id,
            task_queue=QUEUE_ENROLLMENTS,
            id_conflict_policy=WorkflowIDConflictPolicy.FAIL,
            memo=None if wish is None else {WISH: wish.id},
            search_attributes=TypedSearchAttributes(
                [SearchAttributePair(sequence, start.sequence)]
            ),
            static_summary=start.sequence,
            static_details=_details(start),
            priority=priority,
        )
    except WorkflowAlreadyStartedError:
        return None
    return handle.result_run_id or ""


async def launched(client: Client, start: EnrollmentStart, workflow_id: str) -> str | None:
    """Start the workflow of an enrollment that is on record, and give its run.

    None if one of its id runs. Raises RPCError if Temporal cannot be reached.
    """
    return await _start(client, start, workflow_id, None)


def _details(start: EnrollmentStart) -> str:
    per = f", per `{start.key}`" if start.key else ""
    return f"Contact `{start.contact}` in **{start.sequence}**{per}; asked for by {start.source}."


def _batch(answers: list[tuple[str, Started | Refused]]) -> Batch:
    return Batch(
        started=tuple(answer for _, answer in answers if isinstance(answer, Started)),
        refused=tuple((ref, answer) for ref, answer in answers if isinstance(answer, Refused)),
    )


# Others may replace it at the same time, each once.
_TRIES = 20
UNKNOWN_CONTACT = Refused(
    reason="unknown_contact",
    message="no contact has this id, external key or address: run `postroad import contacts`",
)
