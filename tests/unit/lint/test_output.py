"""`postroad lint`: text, JSON, SARIF, and the exit status."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from authoring.lint.linting import lint
from authoring.lint.rules import ABOUT
from authoring.loading import Loaded, load
from postroad.app import build_app
from tests.unit.lint.desk import BODY, Desk, mail

TEXT = {"type": "object", "required": ["text"], "properties": {"text": {"type": "string"}}}
LEVEL = {"enum": ["none", "note", "warning", "error"]}
PLACE = {
    "type": "object",
    "required": ["artifactLocation", "region"],
    "properties": {
        "artifactLocation": {"type": "object", "properties": {"uri": {"format": "uri-reference"}}},
        "region": {
            "type": "object",
            "properties": {
                "startLine": {"type": "integer", "minimum": 1},
                "startColumn": {"type": "integer", "minimum": 1},
            },
        },
    },
}
RESULT = {
    "type": "object",
    "required": ["message", "ruleId", "level", "locations"],
    "properties": {
        "ruleId": {"type": "string"},
        "ruleIndex": {"type": "integer", "minimum": 0},
        "level": LEVEL,
        "message": TEXT,
        "locations": {
            "type": "array",
            "items": {"type": "object", "properties": {"physicalLocation": PLACE}},
        },
    },
}
RULE = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "string"},
        "shortDescription": TEXT,
        "defaultConfiguration": {"type": "object", "properties": {"level": LEVEL}},
    },
}
RUN = {
    "type": "object",
    "required": ["tool", "results"],
    "properties": {
        "columnKind": {"enum": ["utf16CodeUnits", "unicodeCodePoints"]},
        "tool": {
            "type": "object",
            "required": ["driver"],
            "properties": {
                "driver": {
                    "type": "object",
                    "required": ["name"],
                    "properties": {"rules": {"type": "array", "items": RULE}},
                }
            },
        },
        "results": {"type": "array", "items": RESULT},
    },
}
# What the schema of SARIF 2.1.0 asks of the parts that are used here (OASIS, section 3.13 on).
SARIF = {
    "type": "object",
    "required": ["version", "runs"],
    "properties": {
        "$schema": {"type": "string", "format": "uri"},
        "version": {"enum": ["2.1.0"]},
        "runs": {"type": "array", "items": RUN},
    },
}


def run(*words: str | Path) -> tuple[int, str]:
    ran = CliRunner().invoke(build_app("lint"), ["lint", *map(str, words)])
    return ran.exit_code, ran.stdout


def test_nothing_to_say_is_status_0(desk: Desk) -> None:
    assert run(desk.root / "welcome") == (0, "0 errors, 0 warnings\n")


def test_a_warning_is_printed_with_its_place_and_is_status_0(desk: Desk) -> None:
    desk.sequence(audience=None)

    status, out = run(desk.root / "welcome")

    place = f"{desk.root}/welcome/sequence.yaml:1:1"
    assert status == 0
    assert out.startswith(f"{place}: warning no-audience: nothing says who this is for")
    assert out.endswith("\n0 errors, 1 warning\n")


def test_strict_is_status_1_on_warnings(desk: Desk) -> None:
    desk.sequence(audience=None)

    assert run(desk.root / "welcome", "--strict")[0] == 1


def test_an_error_is_status_1(desk: Desk) -> None:
    desk.sequence("- {email: intro, day: 5}\n- {email: proof, day: 3}")

    assert run(desk.root / "welcome")[0] == 1


def test_what_cannot_be_loaded_is_broken_and_an_error(desk: Desk) -> None:
    desk.sequence("- {email: intor, day: 1}")

    status, out = run(desk.root / "welcome")

    assert status == 1
    assert "error broken: there is no mail `intor.md`" in out


def test_a_zone_that_does_not_exist_is_broken(desk: Desk) -> None:
    desk.sequence(send_window="{timezone: Europe/Berlni, fallback: UTC}")

    assert desk.rules() == ["broken"]


def test_an_event_that_the_project_does_not_know_is_broken(desk: Desk) -> None:
    desk.write("postroad.yaml", "events: [upgraded]\n")
    desk.sequence("- {email: intro}\n- {wait_for: upgarded, within: 2 days}\n- {email: proof}")

    assert "did you mean `upgraded`?" in desk.one()


def test_a_folder_of_sequences_stands_for_all_of_them(desk: Desk) -> None:
    desk.mails("intro", "proof", within="other")
    desk.sequence(name="other", audience=None)

    assert "other/sequence.yaml:1:1: warning no-audience" in run(desk.root)[1]


def test_json_has_every_remark(desk: Desk) -> None:
    desk.sequence(audience=None)

    _, out = run(desk.root / "welcome", "--json")

    (remark,) = json.loads(out)
    assert (remark["rule"], remark["level"], remark["text"]) == (
        "no-audience",
        "warning",
        "welcome",
    )
    assert remark["at"] == {"file": f"{desk.root}/welcome/sequence.yaml", "line": 1, "column": 1}


def test_sarif_has_the_shape_that_code_hosts_read(desk: Desk) -> None:
    desk.sequence("- {email: intro, day: 5}\n- {email: proof, day: 3}", audience=None)

    status, out = run(desk.root / "welcome", "--sarif")

    log = json.loads(out)
    Draft202012Validator(SARIF).validate(log)
    results = log["runs"][0]["results"]
    assert status == 1
    assert [(one["ruleId"], one["level"]) for one in results] == [
        ("no-audience", "warning"),
        ("at-order", "error"),
    ]


def test_sarif_refers_to_the_rule_by_its_index(desk: Desk) -> None:
    desk.sequence(audience=None)

    log = json.loads(run(desk.root / "welcome", "--sarif")[1])

    (result,) = log["runs"][0]["results"]
    rules = log["runs"][0]["tool"]["driver"]["rules"]
    assert rules[result["ruleIndex"]]["id"] == "no-audience"
    assert [rule["id"] for rule in rules] == list(ABOUT)


def test_json_and_sarif_exclude_each_other(desk: Desk) -> None:
    assert run(desk.root, "--json", "--sarif")[0] == 2


def test_files_are_named_as_seen_from_here(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    desk.write("postroad.yaml", "languages: [en]\n")
    desk.write("shared/sign-off.md", "[Acme](http://acme.example)\n")
    desk.mails(intro=mail(f'{BODY}\n{{% include "sign-off.md" %}}\n'))
    monkeypatch.chdir(desk.root)

    assert run("welcome")[1].startswith("shared/sign-off.md:1:8: warning insecure-link")


def test_a_loaded_sequence_is_judged_without_a_command(desk: Desk) -> None:
    desk.sequence(audience=None)

    loaded = load(desk.root / "welcome")

    assert isinstance(loaded, Loaded)
    assert [remark.rule for remark in lint(loaded)] == ["no-audience"]
