"""How a sequence's numbers are printed."""

from decimal import Decimal

import pytest

from postroad.report import show_report
from reports.goals import GoalNumbers
from reports.steps import SequenceReport

_NOTHING = SequenceReport(
    sequence="welcome",
    version="a" * 64,
    enrolled=0,
    live=0,
    paused=0,
    endings={},
    refused={},
    steps=(),
)


def _lines(report: SequenceReport, capsys: pytest.CaptureFixture[str]) -> list[str]:
    show_report(report)
    return [" ".join(line.split()) for line in capsys.readouterr().out.splitlines()]


def test_a_goal_is_printed_with_its_rate_and_what_it_was_worth(
    capsys: pytest.CaptureFixture[str],
) -> None:
    won = GoalNumbers(
        event="deal_won",
        within="60 days",
        repeat=True,
        mailed=40,
        converted=10,
        conversions=12,
        rate=0.25,
        low=0.1419,
        high=0.4019,
        values={"": Decimal(5), "EUR": Decimal("1200.50")},
        unvalued=1,
    )

    lines = _lines(_NOTHING.model_copy(update={"goals": (won,)}), capsys)

    assert lines[-2:] == [
        "goal within mailed converted rate 95 % interval conversions value",
        "deal_won 60 days 40 10 25.0% 14.2% - 40.2% 12 5, 1,200.50 EUR",
    ]


def test_a_goal_of_a_sequence_that_mailed_nobody_has_no_rate(
    capsys: pytest.CaptureFixture[str],
) -> None:
    numbers = dict.fromkeys(("mailed", "converted", "conversions", "unvalued"), 0)
    won = GoalNumbers(
        event="deal_won",
        within="60 days",
        repeat=False,
        rate=None,
        low=0,
        high=1,
        values={},
        **numbers,
    )

    lines = _lines(_NOTHING.model_copy(update={"goals": (won,)}), capsys)

    assert lines[-1] == "deal_won 60 days 0 0 0"


def test_a_sequence_without_goals_has_no_table_of_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert not any("goal" in line for line in _lines(_NOTHING, capsys))


def test_what_each_mail_is_for_is_printed(capsys: pytest.CaptureFixture[str]) -> None:
    jobs = {"intro": "find out where it hurts", "video": "show it in a minute"}

    lines = _lines(_NOTHING.model_copy(update={"jobs": jobs}), capsys)

    assert lines[-3:] == [
        "step what it is for",
        "intro find out where it hurts",
        "video show it in a minute",
    ]
