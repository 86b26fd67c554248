from pathlib import Path
from textwrap import dedent

import pytest

from authoring.scenarios.trials import Trials, Verdict, load_trials
from authoring.text.faults import Faults
from tests.unit.authoring.written import Folder

SEQUENCE = """\
audience: contact.role == "vp-ops"
exit_on: [reply, {when: contact.stage == "customer", as: became_customer}]
send_window: {days: mon-fri, from: "09:00", to: "17:00", timezone: contact, fallback: Europe/Berlin}
spread: 0 minutes
on:
  - click: intro
    do: [{hand_off: other}]
steps:
  - {email: intro, day: 1}
  - {task: call, within: 1 day, blocking: false}
  - {email: case-study, day: 3}
"""
TWICE = "{scenario: x, expect: {ending: a}}"
HEAD = """\
contact: {role: vp-ops}
start: Mon 3 Mar 2031 10:00
"""


@pytest.fixture
def scenarios(folder: Folder) -> Folder:
    folder.load(SEQUENCE)
    (folder.path / "scenarios").mkdir()
    return folder


def trials(folder: Folder, text: str) -> Trials | Faults:
    folder.write("scenarios/one.yaml", dedent(text))
    return load_trials(folder.path)


def verdict(folder: Folder, text: str) -> Verdict:
    loaded = trials(folder, f"scenario: one\n{HEAD}{dedent(text)}")
    assert isinstance(loaded, Trials), str(loaded)
    (only,) = loaded.verdicts()
    return only


def said(folder: Folder, text: str) -> list[str]:
    faults = trials(folder, text)
    assert isinstance(faults, Faults)
    where = f"{folder.path}/scenarios/one.yaml:"
    return [str(one).removeprefix(where) for one in faults.faults]


def differing(of: Verdict) -> list[tuple[str, str]]:
    return [(line.expected, line.happened) for line in of.lines if not line.fits]


@pytest.mark.parametrize(
    "expect",
    [
        "expect: {sends: {intro: Mon 3 Mar 2031 10:00, case-study: day 3 10:00}}",
        "expect: {sends: {intro: [+0m], case-study: 2031-03-05T10:00+01:00}}",
        "expect: {sends_include: {case-study: Wed 5 Mar 2031 10:00}}",
        "expect: {tasks: {call: day 1 10:00}, ending: completed}",
        "expect: {ending: completed at +2d, skipped: []}",
        "events: [reply@+1d]\nexpect: {sends: {intro: +0m}, ending: replied at +1d}",
        "events: [click:intro@+1d]\nexpect: {ending: handed_off at +1d}",
        "events: [click:intro@+1d]\nrefuses: [other]\nexpect: {ending: completed at +2d}",
        "before: [reply@-1d]\nexpect: {ending: completed}",
        "contact: {role: cfo}\nexpect: {refused: audience}",
        "contact: {role: vp-ops, stage: customer}\nexpect: {refused: became_customer}",
        "before: [unsubscribe@-1d]\nexpect: {refused: suppressed}",
        "events: [contact.stage=customer@+1h]\nexpect: {ending: became_customer at +1h}",
        "events: [contact.role=cfo@+1h]\nexpect: {ending: left_audience at +2d}",
        "events: [pause@+1h]\nexpect: {sends: {intro: +0m}, ending: none}",
    ],
)
def test_a_scenario_that_comes_true_passes(scenarios: Folder, expect: str) -> None:
    text = f"scenario: one\n{HEAD}{expect}"
    own = (
        text if expect.count("contact: ") == 0 else text.replace("contact: {role: vp-ops}\n", "", 1)
    )

    loaded = trials(scenarios, own)

    assert isinstance(loaded, Trials), str(loaded)
    assert [differing(one) for one in loaded.verdicts()] == [[]]


@pytest.mark.parametrize(
    ("expect", "expected", "happened"),
    [
        (
            "{sends: {intro: day 1 10:00, case-study: day 3 10:01}}",
            "sent case-study Wed 05 Mar 2031 10:01",
            "sent case-study Wed 05 Mar 2031 10:00",
        ),
        ("{sends: {intro: +0m}}", "", "sent case-study Wed 05 Mar 2031 10:00"),
        (
            "{sends_include: {intro: [+0m, +1d]}}",
            "sent intro Tue 04 Mar 2031 10:00",
            "",
        ),
        ("{skipped: [case-study]}", "skipped case-study", ""),
        ("{tasks: none}", "", "task_opened call Mon 03 Mar 2031 10:00"),
        ("{ending: replied}", "ending replied", "ending completed at Wed 05 Mar 2031 10:00"),
        (
            "{ending: completed at +1d}",
            "ending completed at Tue 04 Mar 2031 10:00",
            "ending completed at Wed 05 Mar 2031 10:00",
        ),
        ("{ending: none}", "ending none", "ending completed at Wed 05 Mar 2031 10:00"),
        ("{refused: audience}", "refused: audience", "enrolled"),
    ],
)
def test_what_does_not_come_true_stands_beside_what_happened(
    scenarios: Folder, expect: str, expected: str, happened: str
) -> None:
    assert differing(verdict(scenarios, f"expect: {expect}")) == [(expected, happened)]


def test_each_line_says_why(scenarios: Folder) -> None:
    lines = verdict(
        scenarios, "events: [reply@+1d]\nexpect: {sends_include: {case-study: +2d}}"
    ).lines

    assert [line.why for line in lines] == ["never reached: replied Tue 04 Mar 2031 10:00"]


def test_what_scenarios_of_a_file_share_stands_once(scenarios: Folder) -> None:
    loaded = trials(
        scenarios,
        HEAD + "scenarios:\n"
        "  - {scenario: stays, expect: {ending: completed}}\n"
        "  - {scenario: comes later, start: Tue 4 Mar 2031 18:00, expect: {sends_include: "
        "{intro: Wed 5 Mar 2031 09:00}}}\n"
        "  - {scenario: another, contact: {role: cfo}, expect: {refused: audience}}\n",
    )

    assert isinstance(loaded, Trials), str(loaded)
    verdicts = loaded.verdicts()
    assert [one.scenario for one in verdicts] == ["stays", "comes later", "another"]
    assert all(one.passed for one in verdicts)


def test_a_local_time_is_of_the_zone_in_which_the_enrollment_begins(scenarios: Folder) -> None:
    told = verdict(
        scenarios,
        """\
        events: [contact.timezone=America/New_York@+1d]
        expect:
          sends: {intro: Mon 3 Mar 2031 10:00, case-study: Wed 5 Mar 2031 10:00 America/New_York}
        """,
    )

    assert told.zone == "Europe/Berlin"
    assert differing(told) == [
        ("sent case-study Wed 05 Mar 2031 16:00", "sent case-study Wed 05 Mar 2031 15:00")
    ]


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("sceanrio: x", "1:1: `sceanrio` is not a key that is known here; did you mean"),
        (f"{HEAD}expect: {{ending: completed}}", "1:1: `scenario` is missing here"),
        ("scenario: x\nexpect: {ending: completed}", "1:1: `start` is missing here"),
        (f"scenario: x\n{HEAD}", "1:1: `expect` is missing here"),
        (f"scenario: x\n{HEAD}expect: {{}}", "4:9: `expect` says nothing"),
        ("scenario: x\nstart: Tue 3 Mar 2031 10:00\nexpect: {ending: a}", "2:8: 2031-03-03 is no"),
        (f"scenario: x\n{HEAD}timezone: UTC\nexpect: {{ending: a}}", "4:1: `timezone` is no key"),
        (f"scenario: x\n{HEAD}contakt: {{}}\nexpect: {{ending: a}}", "did you mean `contact`?"),
        (f"scenario: x\n{HEAD}data: 5\nexpect: {{ending: a}}", "4:7: `data` must be a mapping"),
        (f"scenario: x\n{HEAD}events: [clik:intro@+1d]\nexpect: {{ending: a}}", "4:10: `clik`"),
        (f"scenario: x\n{HEAD}events: [reply@+1x]\nexpect: {{ending: a}}", "4:16: `+1x` is no"),
        (f"scenario: x\n{HEAD}events: [reply@-1d]\nexpect: {{ending: a}}", "under `before`"),
        (f"scenario: x\n{HEAD}before: [reply@+1d]\nexpect: {{ending: a}}", "under `events`"),
        (f"scenario: x\n{HEAD}events: [5]\nexpect: {{ending: a}}", "4:10: an event is"),
        (f"scenario: x\n{HEAD}events: reply@+1d\nexpect: {{ending: a}}", "4:9: events must be a"),
        (f"scenario: x\n{HEAD}expect: {{sends: {{intr: +1d}}}}", "4:18: `intr` is no step"),
        (f"scenario: x\n{HEAD}expect: {{sends: {{intro: soon}}}}", "4:25: `soon` is no moment"),
        (f"scenario: x\n{HEAD}expect: {{sends: 5}}", "4:17: `sends` must say when"),
        (f"scenario: x\n{HEAD}expect: {{skipped: [intr]}}", "4:20: `intr` is no step"),
        (
            f"scenario: x\n{HEAD}expect: {{skipped: [{{call: 1}}]}}",
            "4:20: `skipped` names steps, wi",
        ),
        (f"scenario: x\n{HEAD}expect: {{arms: [a]}}", "4:16: `arms` must say which"),
        (f"scenario: x\n{HEAD}expect: {{ending: a at soon}}", "4:23: `soon` is no moment"),
        (f"scenario: x\n{HEAD}expect: {{refused: a, ending: a}}", "4:10: whoever is refused"),
        (
            f"scenario: x\n{HEAD}expect: {{sends: none, sends_include: none}}",
            "`sends` and `sends_include` exclude each other",
        ),
        (f"scenario: x\n{HEAD}key: a b\nexpect: {{ending: a}}", "4:6: `a b` is not a name"),
        (
            f"{HEAD}scenarios:\n- {TWICE}\n- {TWICE}\n",
            "two scenarios are called `x`, the first in one.yaml:4",
        ),
    ],
)
def test_what_is_wrong_in_a_scenario_has_its_place(
    scenarios: Folder, text: str, fault: str
) -> None:
    assert any(fault in one for one in said(scenarios, text)), said(scenarios, text)


def test_a_folder_without_scenarios_has_none(folder: Folder) -> None:
    folder.load(SEQUENCE)

    loaded = load_trials(folder.path)

    assert isinstance(loaded, Trials)
    assert loaded.verdicts() == ()


def test_a_sequence_that_is_wrong_is_said_first(scenarios: Folder) -> None:
    scenarios.write("sequence.yaml", "sequence: [")

    assert isinstance(load_trials(scenarios.path), Faults)


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert isinstance(load_trials(tmp_path / "nowhere"), Faults)
