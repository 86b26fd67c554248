"""`postroad triggers`: how those stand that enroll people by itself."""

import json
from datetime import timedelta

import pytest
from typer.testing import CliRunner

from postroad.app import build_app
from postroad.triggers import words_of
from schemas.conditions import Comparison, Constant, Fact
from schemas.outcomes import Refused
from starter.enrolling.standing import TriggerStands, standing_triggers
from tests.builders import MONDAY, days
from tests.triggers.app import App, becoming, on_event, silent, triggered

DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)
DEAR = Comparison(by="gt", left=Fact(of="event", path="total"), right=Constant(value=50))
SIXTY = silent(days(60), backfill="all", per_day=2)


@pytest.fixture
def _settings(database_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTROAD_DATABASE_URL", database_url)


def run(*words: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(build_app("triggers"), ["triggers", *words], catch_exceptions=False)
    return ran.exit_code, ran.stdout, ran.stderr


def stands(app: App, now_in: timedelta) -> TriggerStands:
    found = standing_triggers(app.engine, "orders", MONDAY + now_in)
    assert not isinstance(found, Refused)
    return found[0]


def test_of_so_many_a_day_it_tells_who_is_held_back(app: App) -> None:
    for number in range(5):
        app.contact(f"c{number}@example.com")
        app.report(of=f"c{number}@example.com", at=MONDAY - (80 - number * 10) * DAY)
    app.publish(triggered(SIXTY), at=MONDAY)
    before = list(words_of(stands(app, MINUTE)))

    app.sweep(MONDAY + MINUTE)
    full = list(words_of(stands(app, 2 * MINUTE)))
    app.sweep(MONDAY + DAY)
    following = list(words_of(stands(app, DAY)))

    assert before[1:] == [
        "still looks through those who were there before it",
        "0 of 2 entered today (2026-03-02, UTC)",
    ]
    assert full[1:] == [
        "2 of 2 entered today (2026-03-02, UTC)",
        "3 people wait, 1 of them due already: so many a day enter, the oldest first",
        "`max` held somebody back until 2026-03-02 15:01 UTC at least",
    ]
    assert following[1:3] == [
        "1 of 2 entered today (2026-03-03, UTC)",
        "2 people wait, the first until 2026-03-12 15:00 UTC",
    ]


@pytest.mark.usefixtures("_settings")
def test_all_that_stand_are_shown_or_those_of_one_sequence(app: App) -> None:
    app.publish(triggered(on_event(where=DEAR), SIXTY), at=MONDAY)
    stage = app.publish(triggered(becoming("stage", "customer"), name="stage"), at=MONDAY)
    app.contact(attributes={"stage": "customer"})

    _, out, _ = run()
    _, one, _ = run("stage", "--json")

    lines = out.splitlines()
    assert [line for line in lines if not line.startswith(" ")] == [
        "orders: event order_placed where event.total > 50",
        "orders: inactive order_placed for 60 days",
        'stage: when contact.stage == "customer"',
    ]
    (told,) = json.loads(one)
    assert (told["today"], told["per_day"], told["version"]) == (1, None, stage.hash)
    assert f"version {stage.hash[:12]}, `backfill: none`" in lines[-2]


@pytest.mark.usefixtures("_settings")
def test_a_sequence_that_nobody_published_is_refused() -> None:
    status, _, said = run("orders")

    assert (status, said) == (
        1,
        "postroad: no sequence orders is published: run `postroad publish`\n",
    )


@pytest.mark.usefixtures("_settings")
def test_without_triggers_it_says_so() -> None:
    assert run() == (0, "no triggers stand: nobody is enrolled by itself\n", "")
