"""`postroad winners`: tests of arms, and what came of them."""

from typing import Annotated

import typer

from postroad.printing import AsJson, Side, refuse, say, show_json, show_rows
from postroad.session import run
from reports.experiments import StepTest, tests_of
from reports.winning import Rate
from runtime.session import Session
from storage.sending import winners

_COLUMNS: dict[str, Side] = {
    "arm": "left",
    "weight": "right",
    "contacts": "right",
    "did it": "right",
    "rate": "right",
    "95 % interval": "right",
    "evidence": "right",
}
_MANY = 10_000

_WHY = {
    "too_few": "no winner yet: none is named before each arm has gone to {after} contacts",
    "unclear": "no winner yet: no arm beats every other with an evidence of {needed:.0f}",
    "uneven": (
        "no winner: the arms' contacts are not in proportion to their weights (evidence {lots} "
        "that something keeps mails of one arm from going); find out what before trusting a rate"
    ),
    "alone": "no winner: only one arm has a weight, so there is nothing to compare",
    "unasked": "no winner will be named: the step has no `winner`",
}

_SINCE = {
    "won": ": who has had none of these mails before gets it",
    "gone": (
        ", but the step has no such arm any more, so its arms are drawn by weight; "
        "a step has one winner: for another test give it another id"
    ),
}


def list_winners(
    sequence: Annotated[
        str | None, typer.Argument(help="A published sequence's name; all, if left out.")
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Show each test of arms: its counts, its evidence, and its winner or why there is none.

    It may be looked at any time: looking changes nothing about how sure the result is.
    """

    async def work(session: Session) -> list[StepTest]:
        with session.engine.connect() as connection:
            testing = winners.testing(connection)
            asked = [one for one in testing if sequence in {None, one.name}]
            return [test for one in asked for test in tests_of(connection, one)]

    found = run(work)
    if sequence is not None and not found:
        refuse(f"{sequence} tests no arms: publish it with `variants` on a step")
    if as_json:
        show_json(found)
    else:
        for test in found:
            show_test(test)


def show_test(test: StepTest) -> None:
    """Print a test's arms, then its winner or why there is none."""
    say(f"{test.sequence}, step {test.step}: by {test.metric}")
    show_rows(_COLUMNS, (_cells(test, rate) for rate in test.verdict.rates))
    say(f"{words_for(test)}\n")


def words_for(test: StepTest) -> str:
    """Say in one sentence what came of a test."""
    if test.winner is None:
        needed, lots = test.verdict.needed, _amount(test.verdict.lots)
        return _WHY[test.outcome].format(after=test.after, needed=needed, lots=lots)
    if test.named_at is None:
        return f"{test.winner} has won, and is about to be named"
    return f"{test.winner} won on {test.named_at:%Y-%m-%d %H:%M} UTC{_SINCE[test.outcome]}"


def _cells(test: StepTest, rate: Rate) -> tuple[str, ...]:
    return (
        rate.arm,
        str(rate.weight),
        str(rate.mails),
        str(rate.hits),
        "" if rate.rate is None else f"{rate.rate:.1%}",
        "" if rate.rate is None else f"{rate.low:.1%} - {rate.high:.1%}",
        _evidence(test, rate),
    )


def _evidence(test: StepTest, rate: Rate) -> str:
    against = test.verdict.evidence
    if rate.arm in against:
        return _amount(against[rate.arm])
    return "best" if rate.hits and rate.weight else ""


def _amount(evidence: float) -> str:
    return f"over {_MANY}" if evidence > _MANY else f"{evidence:.2f}"


COMMANDS = {"winners": list_winners}
