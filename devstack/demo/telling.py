"""The story's end: the endings, three contacts' timelines, the numbers, the checks."""

from collections.abc import Iterable

from sqlalchemy import Connection

from devstack.demo.shapes import Chosen, DemoFailedError, Ended, Rehearsed
from devstack.demo.stage import Stage
from reports.steps import SequenceReport, report
from schemas.outcomes import Refused
from starter.explaining.stories import Story
from starter.explaining.stories import tell as explain
from storage.enrolled import Filter, listing
from storage.people import contacts
from storage.rows import ListedEnrollment

_ALL = 100_000
_MOST_STORIES = 3
_TITLE_BY_ENDING = {
    "completed": "went through every step",
    "handed_off": "clicked the case study and was handed over",
    "replied": "replied, and heard no more",
}


def numbers(stage: Stage, sequences: tuple[str, ...]) -> tuple[SequenceReport, ...]:
    """Count, per step and per ending."""
    with stage.engine.connect() as connection:
        counted = [report(connection, name) for name in sequences]
    return tuple(one for one in counted if one is not None)


def endings(reports: Iterable[SequenceReport]) -> tuple[Ended, ...]:
    """Give one line per ending, the most frequent first."""
    return tuple(
        Ended(sequence=one.sequence, ending=name, count=count)
        for one in reports
        for name, count in one.endings.items()
    )


def refusals(reports: Iterable[SequenceReport]) -> tuple[Ended, ...]:
    """Give one line per reason for a refusal."""
    return tuple(
        Ended(sequence=one.sequence, ending=reason, count=count)
        for one in reports
        for reason, count in one.refused.items()
    )


async def chosen(
    stage: Stage, sequence: str, rehearsed: tuple[Rehearsed, ...] = ()
) -> tuple[Chosen, ...]:
    """Tell three contacts' stories in full: of each kind of ending the most eventful.

    If the sequence's own scenarios were lived, it is the three in which most happened.
    """
    with stage.engine.connect() as connection:
        rows = listing(connection, Filter(), limit=_ALL)
    own = [one for one in rehearsed if one.sequence == sequence and not one.is_refused]
    if own:
        fullest = sorted(own, key=lambda one: -one.happened)[:_MOST_STORIES]
        return tuple([await _of_scenario(stage, rows, one) for one in fullest])
    return tuple(
        [
            await _most_eventful(stage, rows, sequence, ending)
            for ending in _TITLE_BY_ENDING
            if any(row.sequence == sequence and row.ending == ending for row in rows)
        ]
    )


async def _of_scenario(stage: Stage, rows: list[ListedEnrollment], rehearsed: Rehearsed) -> Chosen:
    row = next(row for row in rows if row.workflow_id == rehearsed.workflow_id)
    stories = await _with_children(stage, rows, row)
    return Chosen(title=f"{rehearsed.sequence}: {rehearsed.scenario}", stories=stories)


async def _most_eventful(
    stage: Stage, rows: list[ListedEnrollment], sequence: str, ending: str
) -> Chosen:
    told = [
        (row, await _with_children(stage, rows, row))
        for row in rows
        if row.sequence == sequence and row.ending == ending
    ]
    row, stories = max(told, key=lambda one: (sum(len(s.past) for s in one[1]), one[0].email))
    with stage.engine.connect() as connection:
        who = _who(connection, row)
    return Chosen(title=f"{who} {_TITLE_BY_ENDING[ending]}", stories=stories)


async def _with_children(
    stage: Stage, rows: list[ListedEnrollment], row: ListedEnrollment
) -> tuple[Story, ...]:
    family = [row, *(one for one in rows if one.parent == row.id)]
    return tuple([await _story(stage, one) for one in family])


async def _story(stage: Stage, row: ListedEnrollment) -> Story:
    story = await explain(stage.client, stage.engine, str(row.id))
    if isinstance(story, Refused):
        raise DemoFailedError(story.message)
    return story


def _who(connection: Connection, row: ListedEnrollment) -> str:
    contact = contacts.get(connection, row.contact_id)
    if contact is None:
        return row.email
    name = " ".join(filter(None, (contact.first_name, contact.last_name))) or contact.email
    return f"{name}, {contact.company}," if contact.company else name
