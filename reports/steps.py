"""A sequence's numbers: its mails step by step, how its enrollments ended, what it brought."""

from pydantic import Field
from sqlalchemy import Connection

from reports.goals import GoalNumbers, goals_of
from reports.jobs import jobs_of
from schemas.steps import EmailStep
from schemas.values import Value
from storage import versions
from storage.results import StepNumbers, results


class SequenceReport(Value):
    """The numbers of a sequence over all its versions.

    Its `steps` are the mails of the latest version in the order written, those that nobody has
    been sent too, then those that only earlier versions had. `enrolled` is `live` and all
    `endings` together; `refused` never began. `goals` are those of the latest version, as
    are `jobs`: what each mail is for.
    """

    sequence: str
    version: str
    enrolled: int
    live: int
    paused: int
    endings: dict[str, int]
    refused: dict[str, int]
    steps: tuple[StepNumbers, ...]
    goals: tuple[GoalNumbers, ...] = ()
    jobs: dict[str, str] = Field(default_factory=dict)


def report(connection: Connection, sequence: str) -> SequenceReport | None:
    """Count what came of a sequence; None if it was never published."""
    latest = versions.latest(connection, sequence)
    if latest is None:
        return None
    counted = results(connection, sequence)
    written = [step.id for step in latest.sequence.steps if isinstance(step, EmailStep)]
    return SequenceReport(
        version=latest.hash,
        steps=_in_order(counted.steps, written),
        goals=goals_of(connection, latest.sequence),
        jobs=jobs_of(latest),
        **counted.model_dump(exclude={"steps"}),
    )


def _in_order(counted: tuple[StepNumbers, ...], written: list[str]) -> tuple[StepNumbers, ...]:
    by_step = {numbers.step: numbers for numbers in counted}
    former = [numbers for numbers in counted if numbers.step not in written]
    return (*(by_step.get(step) or _none_of(step) for step in written), *former)


def _none_of(step: str) -> StepNumbers:
    zeros = dict.fromkeys(StepNumbers.model_fields.keys() - {"step"}, 0)
    return StepNumbers(step=step, **zeros)
