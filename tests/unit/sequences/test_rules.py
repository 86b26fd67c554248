"""Each rule of docs/sequence-language.md comes true: what shows it, and its edges."""

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from authoring.lint.folders import lint_folders
from authoring.scenarios.expectations import NO_ENDING, Expected, Moments
from authoring.scenarios.trials import Trial, Trials, trials_in

ROOT = Path(__file__).parents[3]
RULES = Path(__file__).parent / "rules"
PAGE = ROOT / "docs" / "sequence-language.md"
TOLD = re.compile(r"^(?:#+ |\*\*)Rule (\d+a?)\.", re.MULTILINE)

# Rules of which a scenario can show nothing, and the test that shows each instead.
ELSEWHERE = {
    # Read and checked only, in this version.
    "31": "tests/unit/authoring/test_policies.py"
    "::test_people_are_enrolled_by_events_dates_silence_and_conditions",
    # Whose an event is, is settled before an enrollment hears of it.
    "33": "tests/webhooks/test_api_events.py::test_an_unknown_contacts_event_is_put_on_record_only",
    # A scenario renders no mail.
    "34": "tests/activities/test_sending.py"
    "::test_a_mail_that_does_not_render_is_held_until_a_resume",
    # Who enters, and when, is settled before there is an enrollment.
    "38": "tests/activities/test_again.py::test_who_reached_a_goal_in_its_time_is_not_in_it_again",
    "39": "tests/activities/test_pacing.py"
    "::test_who_finds_none_has_a_place_on_a_later_day_and_enters_at_its_midnight",
    "40": "tests/unit/decisions/test_later_steps.py::test_an_enrollment_may_begin_at_a_step",
    "35": "tests/acceptance/test_cli_life.py::test_a_test_mail_is_marked_and_outside_the_numbers",
    "36": "tests/webhooks/test_owner_mails.py::test_a_reply_reaches_the_owner_as_it_came",
}

TRIALS = trials_in(RULES)


@pytest.mark.parametrize("trial", TRIALS, ids=str)
def test_a_rule_comes_true(trial: Trial) -> None:
    trial.check()


@pytest.mark.parametrize("trial", TRIALS, ids=str)
def test_no_wrong_expectation_comes_true(trial: Trial) -> None:
    assert isinstance(trial.trials, Trials)
    assert trial.written is not None

    wrong = list(_wrong(trial.written.expected))

    assert wrong
    verdicts = [trial.trials.verdict(replace(trial.written, expected=one)) for one in wrong]
    assert [one for one, verdict in zip(wrong, verdicts, strict=True) if verdict.passed] == []


def test_each_rule_of_the_page_is_shown_with_its_edge_or_elsewhere() -> None:
    told = TOLD.findall(PAGE.read_text(encoding="utf-8"))

    assert told
    assert sorted(told) == sorted({*_numbers("shows"), *ELSEWHERE})
    assert _numbers("shows") == _numbers("edge")


@pytest.mark.parametrize("test", ELSEWHERE.values())
def test_what_shows_a_rule_elsewhere_exists(test: str) -> None:
    file, _, name = test.partition("::")

    assert f"def {name}(" in (ROOT / file).read_text(encoding="utf-8")


def test_lint_finds_no_error_in_the_rules() -> None:
    found = lint_folders([RULES])

    errors = [one for one in found if one.level == "error"]
    assert [f"{one.at.file}:{one.at.line}: {one.sentence}" for one in errors] == []


def _numbers(name: str) -> set[str]:
    folders = [file.parents[1].name for file in RULES.glob(f"*/scenarios/{name}.yaml")]
    assert len(folders) == len(list(RULES.glob("*/sequence.yaml")))
    return {folder.partition("-")[0].lstrip("0") for folder in folders}


def _wrong(expected: Expected) -> Iterator[Expected]:
    for moments in _shifted(expected.sends):
        yield replace(expected, sends=moments)
    for moments in _shifted(expected.tasks):
        yield replace(expected, tasks=moments)
    for moments in _shifted(expected.effects):
        yield replace(expected, effects=moments)
    if expected.ending_at is not None:
        yield replace(expected, ending_at=_later(expected.ending_at))
    yield from _renamed(expected)


def _shifted(moments: Moments | None) -> Iterator[Moments]:
    for step, at in (moments or {}).items():
        for place, one in enumerate(at):
            yield {**(moments or {}), step: (*at[:place], _later(one), *at[place + 1 :])}


def _later(at: datetime) -> datetime:
    return at + timedelta(minutes=1)


def _renamed(expected: Expected) -> Iterator[Expected]:
    if expected.ending is not None:
        other = "completed" if expected.ending == NO_ENDING else f"{expected.ending}-not"
        yield replace(expected, ending=other)
    if expected.refused is not None:
        yield replace(expected, refused=f"{expected.refused}-not")
    if expected.skipped is not None:
        yield replace(expected, skipped=expected.skipped ^ {"nothing"})
    for step in expected.arms or {}:
        yield replace(expected, arms={**(expected.arms or {}), step: "nothing"})
