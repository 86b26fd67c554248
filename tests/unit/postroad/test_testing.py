"""`postroad test`: scenarios on the command line."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from postroad.app import build_app

SEQUENCE = """\
sequence: welcome
from: {name: Kim Lee, email: kim@us.example}
postal_address: Acme, 1 Main Street, Springfield
steps:
  - {email: hello, day: 1}
  - {email: again, day: 3}
"""
SCENARIOS = """\
start: Mon 3 Mar 2031 10:00
scenarios:
  - scenario: both mails go
    expect: {sends: {hello: day 1 10:00, again: day 3 10:00}, ending: completed}
  - scenario: the second is late
    expect: {sends: {hello: day 1 10:00, again: day 4 10:00}}
"""
WHY_HELLO, WHY_AGAIN = "day 1 of the sequence", "day 3 of the sequence"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    welcome = tmp_path / "welcome"
    (welcome / "scenarios").mkdir(parents=True)
    (welcome / "sequence.yaml").write_text(SEQUENCE)
    for name in ("hello", "again"):
        (welcome / f"{name}.md").write_text("---\nsubject: Hello\n---\nHello.\n")
    (welcome / "scenarios" / "mails.yaml").write_text(SCENARIOS)
    return tmp_path


def run(*words: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(build_app("test"), ["test", *words])
    return ran.exit_code, ran.stdout, ran.stderr


def test_each_scenario_is_a_line_and_one_that_fails_is_explained(folder: Path) -> None:
    status, out, _ = run(str(folder))

    assert status == 1
    assert [line.rstrip() for line in out.splitlines()] == [
        "ok    welcome: both mails go",
        "FAIL  welcome: the second is late",
        f"      {folder}/welcome/scenarios/mails.yaml:5, all times UTC",
        "        expected                          happened                          why",
        f"        sent hello Mon 03 Mar 2031 10:00  sent hello Mon 03 Mar 2031 10:00  {WHY_HELLO}",
        f"      ! sent again Thu 06 Mar 2031 10:00  sent again Wed 05 Mar 2031 10:00  {WHY_AGAIN}",
        "2 scenarios, 1 not as expected",
    ]


def test_scenarios_that_come_true_end_well(folder: Path) -> None:
    file = folder / "welcome" / "scenarios" / "mails.yaml"
    file.write_text(SCENARIOS.partition("  - scenario: the second")[0])

    status, out, _ = run(str(folder / "welcome"))

    assert status == 0
    assert out.splitlines()[-1] == "1 scenario, all as expected"


def test_a_folder_with_a_fault_is_not_summed_up_as_expected(folder: Path) -> None:
    (folder / "welcome" / "sequence.yaml").write_text("sequence: welcome\nsteps: [{emial: a}]\n")

    status, out, err = run(str(folder))

    assert status == 1
    assert "did you mean `email`?" in err
    assert out.splitlines() == ["0 scenarios, 1 folder cannot be read"]


def test_json_tells_each_verdict(folder: Path) -> None:
    status, out, _ = run(str(folder), "--json")

    (told,) = json.loads(out)
    assert status == 1
    assert [(one["scenario"], one["passed"]) for one in told["verdicts"]] == [
        ("both mails go", True),
        ("the second is late", False),
    ]


def test_a_scenario_that_cannot_be_read_is_a_failure(folder: Path) -> None:
    (folder / "welcome" / "scenarios" / "wrong.yaml").write_text("scenario: x\n")

    status, _, err = run(str(folder))

    assert status == 1
    assert "wrong.yaml:1:1: `start` is missing here" in err


def test_a_folder_without_scenarios_is_pointed_out(folder: Path) -> None:
    (folder / "welcome" / "scenarios" / "mails.yaml").unlink()

    status, _, err = run(str(folder))

    assert status == 0
    assert err == f"{folder}/welcome has no scenarios\n"


def test_where_no_sequence_is_that_is_said(tmp_path: Path) -> None:
    status, _, err = run(str(tmp_path))

    assert status == 1
    assert "there is no sequence.yaml here" in err
