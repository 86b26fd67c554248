import pytest

from authoring.scenarios.trials import Verdict, load_trials
from authoring.text.faults import Faults
from tests.unit.authoring.written import Folder

PER_ORDER = """\
key: data.order_id
topic: news
steps:
  - {email: intro, kind: transactional}
  - {email: case-study, day: 2}
  - {email: intro, id: receipt, day: 3, kind: transactional}
"""


HEAD = "scenario: one\nstart: Mon 3 Mar 2031 10:00\n"


@pytest.fixture
def per_order(folder: Folder) -> Folder:
    folder.sequence(PER_ORDER)
    (folder.path / "scenarios").mkdir()
    return folder


def verdicts(folder: Folder, text: str) -> tuple[Verdict, ...]:
    folder.write("scenarios/one.yaml", text)
    loaded = load_trials(folder.path)
    assert not isinstance(loaded, Faults), str(loaded)
    return loaded.verdicts()


def failing(folder: Folder, text: str) -> list[list[str]]:
    return [one.told() for one in verdicts(folder, text) if not one.passed]


@pytest.mark.parametrize("given", ["{}", "{order_id: A 1}", "{order_id: true}"])
def test_who_has_no_key_is_refused(per_order: Folder, given: str) -> None:
    text = f"{HEAD}data: {given}\nexpect: {{refused: wrong_key}}"

    assert failing(per_order, text) == []


@pytest.mark.parametrize("what", ["unsubscribe", "unsubscribe:news", "complaint"])
def test_an_opt_out_of_before_leaves_the_transactional_mails(per_order: Folder, what: str) -> None:
    ending = "complained" if what == "complaint" else "unsubscribed"
    expect = f"{{sends: {{intro: +0m, receipt: +2d}}, ending: {ending} at +2d}}"
    text = f"{HEAD}data: {{order_id: A1}}\nbefore: ['{what}@-3d']\nexpect: {expect}"

    assert failing(per_order, text) == []


def test_an_opt_out_of_before_from_another_topic_changes_nothing(per_order: Folder) -> None:
    expect = "{sends: {intro: +0m, case-study: +1d, receipt: +2d}, ending: completed}"
    text = f"{HEAD}data: {{order_id: A1}}\nbefore: ['unsubscribe:guides@-3d']\nexpect: {expect}"

    assert failing(per_order, text) == []


def test_what_was_before_may_stand_once_for_all_scenarios_of_a_file(per_order: Folder) -> None:
    text = """\
start: Mon 3 Mar 2031 10:00
data: {order_id: A1}
before: [unsubscribe@-3d]
scenarios:
  - {scenario: as the file says, expect: {ending: unsubscribed}}
  - {scenario: as it says itself, before: [], expect: {ending: completed}}
"""

    assert failing(per_order, text) == []


def test_what_is_told_to_nobody_for_who_is_held_out_is_expected_as_skipped(folder: Folder) -> None:
    folder.sequence("""\
        holdout: 99%
        steps:
          - {email: intro, kind: transactional}
          - {notify: A word}
          - {email: case-study, id: receipt, day: 2, kind: transactional}
        """)
    (folder.path / "scenarios").mkdir()
    text = f"{HEAD}expect: {{skipped: [notify-1], effects: none, ending: holdout}}"

    assert failing(folder, text) == []
