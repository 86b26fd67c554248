"""`postroad report`: a sequence's numbers."""

from typing import Annotated

import typer

from postroad.printing import AsJson, Side, refuse, say, show_json, show_rows
from postroad.session import run
from reports.goals import GoalNumbers
from reports.steps import SequenceReport
from reports.steps import report as count
from runtime.session import Session

_NUMBERS = (
    *("sent", "delivered", "opened", "clicked", "replied"),
    *("bounced", "unsubscribed", "complained", "in_doubt", "refused"),
)

_GOALS: dict[str, Side] = {
    "goal": "left",
    "within": "left",
    "mailed": "right",
    "converted": "right",
    "rate": "right",
    "95 % interval": "right",
    "conversions": "right",
    "value": "right",
}


def report(
    sequence: Annotated[str, typer.Argument(help="A published sequence's name.")],
    *,
    as_json: AsJson = False,
) -> None:
    """Print a sequence's numbers, per step, goal and ending.

    Over all its versions; each mail counts once in each column, opens and clicks by machines not
    at all.
    """

    async def work(session: Session) -> SequenceReport | None:
        with session.engine.connect() as connection:
            return count(connection, sequence)

    numbers = run(work)
    if numbers is None:
        refuse(f"no sequence {sequence} is published: run `postroad publish`")
    if as_json:
        show_json(numbers)
    else:
        show_report(numbers)


def show_report(numbers: SequenceReport) -> None:
    """Print the numbers per step, then per goal, ending and refusal."""
    say(f"{numbers.sequence}: {numbers.enrolled} enrolled, {numbers.live} of them live\n")
    columns: dict[str, Side] = {"step": "left"}
    columns |= {name.replace("_", " "): "right" for name in _NUMBERS}
    rows = ((step.step, *(str(getattr(step, name)) for name in _NUMBERS)) for step in numbers.steps)
    show_rows(columns, rows)
    if numbers.jobs:
        say("")
        show_rows({"step": "left", "what it is for": "left"}, numbers.jobs.items())
    if numbers.goals:
        say("")
        show_rows(_GOALS, (_cells(goal) for goal in numbers.goals))
    _show_counts("ending", numbers.endings)
    _show_counts("refused", numbers.refused)


def _cells(goal: GoalNumbers) -> tuple[str, ...]:
    measured = goal.rate is not None
    return (
        goal.event,
        goal.within,
        str(goal.mailed),
        str(goal.converted),
        f"{goal.rate:.1%}" if measured else "",
        f"{goal.low:.1%} - {goal.high:.1%}" if measured else "",
        str(goal.conversions),
        ", ".join(f"{amount:,f} {currency}".rstrip() for currency, amount in goal.values.items()),
    )


def _show_counts(what: str, counts: dict[str, int]) -> None:
    if counts:
        say("")
        show_rows(
            {what: "left", "enrollments": "right"},
            ((name, str(count)) for name, count in counts.items()),
        )


COMMANDS = {"report": report}
