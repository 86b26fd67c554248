"""A sequence's tests of arms: what came of each, and its winner or why there is none."""

from typing import Literal

from sqlalchemy import Connection

from reports.winning import Outcome, Tally, Verdict, judge
from schemas.sequence import Sequence
from schemas.steps import EmailStep, Winner
from schemas.values import Value
from storage.rows import Instant
from storage.sending import winners
from storage.sending.winners import Named

# A test without `winner` is shown, and nothing comes of it.
_UNASKED = Winner(metric="click", after=1)


class StepTest(Value):
    """The test of a step's arms, as it stands; of one that is over, as it stood when it was.

    The outcome `gone` is that of a winner that the step has no more: its arms are drawn by lot.
    `metric` is what arms are judged by, and `after` how many mails each must have. Without `winner`
    in the file that is clicks, the outcome is `unasked`, and no arm is ever named.
    """

    sequence: str
    step: str
    metric: str
    after: int
    outcome: Outcome | Literal["unasked", "gone"]
    winner: str | None = None
    named_at: Instant | None = None
    verdict: Verdict


def tests_of(connection: Connection, sequence: Sequence) -> tuple[StepTest, ...]:
    """Tell of each step of a sequence that has arms, in the order written."""
    named = winners.named(connection, sequence.name)
    return tuple(
        _over(named[step.id], step)
        if step.id in named
        else running(connection, sequence.name, step)
        for step in sequence.emails
        if step.arms
    )


def running(connection: Connection, sequence: str, step: EmailStep) -> StepTest:
    """Judge a test that has no winner yet by what came until now."""
    wanted = step.winner or _UNASKED
    verdict = judge(_tallies(connection, sequence, step, wanted.metric), wanted.after)
    return StepTest(
        sequence=sequence,
        step=step.id,
        **wanted.model_dump(),
        outcome=verdict.outcome if step.winner else "unasked",
        winner=verdict.winner if step.winner else None,
        verdict=verdict,
    )


def _over(winner: Named, step: EmailStep) -> StepTest:
    outcome = "won" if winner.arm in {arm.name for arm in step.arms} else "gone"
    told = {"outcome": outcome, "winner": winner.arm, "named_at": winner.at}
    return StepTest.model_validate(winner.evidence | told)


def _tallies(
    connection: Connection, sequence: str, step: EmailStep, metric: str
) -> tuple[Tally, ...]:
    counted = winners.counted(connection, sequence, step, metric)
    weights = {arm.name: arm.weight for arm in step.arms}
    return tuple(Tally(weight=weights[one.arm], **one.model_dump()) for one in counted)
