"""`postroad winners`, on tests of arms that are on record."""

import json

import pytest
from sqlalchemy import Engine
from typer.testing import CliRunner

from postroad.app import build_app
from postroad.winners import words_for
from reports.experiments import StepTest
from reports.winning import Tally, judge
from schemas.steps import Winner
from starter.authored.promoting import promote
from tests.storage.given import TUESDAY
from tests.storage.tested import a_tested_version, enroll, mail, publish


def _run(*words: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(build_app("winners"), ["winners", *words], catch_exceptions=False)
    return ran.exit_code, ran.stdout, ran.stderr


def _a_test(outcome: str, **fields: object) -> StepTest:
    tallies = [Tally(arm=arm, weight=1, mails=300, hits=30) for arm in "ab"]
    told = {"sequence": "welcome", "step": "intro", "metric": "click", "after": 200}
    verdict = judge(tallies, 200)
    return StepTest.model_validate({**told, "outcome": outcome, "verdict": verdict, **fields})


@pytest.fixture
def _settings(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTROAD_DATABASE_URL", database_url)


@pytest.fixture
def recorded(engine: Engine) -> Engine:
    """Record a test whose arm b won, and one without a mail."""
    wanted = Winner(metric="click", after=20)
    with engine.begin() as connection:
        publish(connection, a_tested_version(sequence="outbound", winner=wanted))
        version = publish(connection, a_tested_version(winner=wanted))
        for number in range(20):
            mail(connection, enroll(connection, version, f"one-{number}"), "a")
            mail(connection, enroll(connection, version, f"other-{number}"), "b", "clicked")
    promote(engine, TUESDAY)
    return engine


@pytest.mark.usefixtures("_settings", "recorded")
def test_every_test_is_shown_with_its_arms_and_what_came_of_it() -> None:
    status, out, _ = _run()

    lines = [" ".join(line.split()) for line in out.splitlines()]
    assert status == 0
    assert lines == [
        "outbound, step intro: by click",
        "arm weight contacts did it rate 95 % interval evidence",
        "a 50 0 0",
        "b 50 0 0 1.00",
        "no winner yet: none is named before each arm has gone to 20 contacts",
        "",
        "welcome, step intro: by click",
        "arm weight contacts did it rate 95 % interval evidence",
        "a 50 20 0 0.0% 0.0% - 16.1% 82.87",
        "b 50 20 20 100.0% 83.9% - 100.0% best",
        "b won on 2026-03-03 15:00 UTC: who has had none of these mails before gets it",
        "",
    ]


@pytest.mark.usefixtures("_settings", "recorded")
def test_one_sequences_tests_are_printed_as_json() -> None:
    status, out, _ = _run("welcome", "--json")

    [test] = json.loads(out)
    assert status == 0
    assert (test["sequence"], test["step"], test["winner"]) == ("welcome", "intro", "b")


@pytest.mark.usefixtures("_settings", "recorded")
def test_a_sequence_without_arms_is_refused_with_the_mend() -> None:
    assert _run("plain") == (
        *(1, ""),
        "postroad: plain tests no arms: publish it with `variants` on a step\n",
    )


@pytest.mark.parametrize(
    ("outcome", "words"),
    [
        ("unclear", "no winner yet: no arm beats every other with an evidence of 20"),
        ("unasked", "no winner will be named: the step has no `winner`"),
        ("alone", "no winner: only one arm has a weight, so there is nothing to compare"),
    ],
)
def test_why_there_is_no_winner_is_one_sentence(outcome: str, words: str) -> None:
    assert words_for(_a_test(outcome)) == words


def test_arms_in_other_shares_than_drawn_are_told_with_their_evidence() -> None:
    told = words_for(_a_test("uneven"))

    assert told.startswith("no winner: the arms' contacts are not in proportion to their weights")


def test_a_winner_that_is_not_named_yet_is_told_so() -> None:
    assert words_for(_a_test("won", winner="b")) == "b has won, and is about to be named"


def test_a_winner_that_the_step_has_no_more_is_told_with_the_mend() -> None:
    told = words_for(_a_test("gone", winner="b", named_at=TUESDAY))

    assert told.startswith("b won on 2026-03-03 15:00 UTC, but the step has no such arm any more")
    assert told.endswith("for another test give it another id")
