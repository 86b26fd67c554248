"""`postroad simulate` and `schema`: no server, no settings."""

import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from typer.testing import CliRunner

from postroad.app import build_app

SEQUENCE = """\
sequence: welcome
from: {name: Kim Lee, email: kim@us.example}
postal_address: Acme, 1 Main Street, Springfield
audience: contact.role == "vp-ops"
exit_on: [reply]
steps:
  - {email: hello, day: 1}
  - {email: again, day: 3}
"""
MAIL = "---\nsubject: Hello\n---\nHello.\n\n{{ footer }}\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sequence.yaml").write_text(SEQUENCE)
    for name in ("hello", "again"):
        (tmp_path / f"{name}.md").write_text(MAIL)
    return tmp_path


def simulate(*words: str) -> tuple[int, str, str]:
    ran = CliRunner().invoke(build_app("simulate"), ["simulate", *words])
    return ran.exit_code, ran.stdout, ran.stderr


def test_a_timeline_is_printed_in_the_zone_asked_for(folder: Path) -> None:
    status, out, _ = simulate(
        str(folder), "--start", "2026-05-04T09:30", "--timezone", "Europe/Berlin"
    )

    assert status == 0
    assert "welcome, all times Europe/Berlin" in out
    assert "Mon 04 May 2026 09:30" in out
    assert "Wed 06 May 2026 09:30" in out
    assert "2 mails; ends as completed" in out


def test_a_scripted_event_ends_it(folder: Path) -> None:
    status, out, _ = simulate(
        *(str(folder), "--start", "2026-05-04T09:30", "--on", "reply@day 2 10:00", "--json")
    )

    told = json.loads(out)
    assert status == 0
    assert [send["step"] for send in told["sends"]] == ["hello"]
    assert told["ending"] == {"name": "replied", "at": "2026-05-05T10:00:00Z"}


def test_whoever_is_not_in_the_audience_is_refused(folder: Path) -> None:
    (folder / "contact.json").write_text('{"role": "cfo"}')

    status, _, err = simulate(str(folder), "--contact", str(folder / "contact.json"))

    assert status == 1
    assert err == "postroad: nobody is enrolled: the contact does not match the audience\n"


def test_an_event_outside_the_enrollment_is_pointed_out(folder: Path) -> None:
    status, _, err = simulate(
        str(folder), "--start", "2026-05-04T09:30", "--on", "reply@2026-05-01T10:00"
    )

    assert status == 0
    assert err == (
        "postroad: reply@2026-05-01T10:00 changed nothing: it lies outside the enrollment\n"
    )


def test_a_misspelt_step_in_the_script_is_named(folder: Path) -> None:
    status, out, err = simulate(str(folder), "--on", "click:helo@day 2 10:00")

    assert status == 1
    assert out == ""
    assert "did you mean `hello`?" in err


def test_a_fault_in_the_sequence_is_named_with_its_place(folder: Path) -> None:
    (folder / "sequence.yaml").write_text(SEQUENCE.replace("email: again", "email: agian"))

    status, out, err = simulate(str(folder))

    assert status == 1
    assert out == ""
    assert f"postroad: {folder}/sequence.yaml:8:" in err


def test_a_contact_file_that_is_no_object_is_refused(folder: Path) -> None:
    (folder / "contact.json").write_text("[1]")

    status, _, err = simulate(str(folder), "--contact", str(folder / "contact.json"))

    assert status == 1
    assert "is not a JSON object of facts" in err


def test_an_unknown_zone_is_wrong_usage(folder: Path) -> None:
    status, _, err = simulate(str(folder), "--timezone", "Middle/Earth")

    assert status == 2
    assert "Europe/Berlin" in err


@pytest.mark.parametrize("shape", ["enrollment", "sequence", "event"])
def test_each_shape_has_a_schema_that_is_one(shape: str) -> None:
    ran = CliRunner().invoke(build_app("schema"), ["schema", shape])

    assert ran.exit_code == 0
    Draft202012Validator.check_schema(json.loads(ran.stdout))


def test_a_shape_that_there_is_none_of_is_wrong_usage_in_one_sentence() -> None:
    ran = CliRunner().invoke(build_app("schema"), ["schema", "foo"])

    said = " ".join(ran.stderr.replace("│", " ").split())
    assert ran.exit_code == 2
    assert "Value error" not in said
    assert "SHAPE is one of enrollment, sequence, project, event, not foo" in said


def test_the_enrollments_schema_leaves_out_what_is_the_workflows_own() -> None:
    ran = CliRunner().invoke(build_app("schema"), ["schema", "enrollment"])

    schema = json.loads(ran.stdout)
    assert "resumed" not in schema["properties"]
    assert schema["required"] == ["sequence", "contact"]
    assert set(schema["$defs"]) == {"Command", "JsonValue"}


def test_what_happened_before_the_start_counts_as_before(folder: Path) -> None:
    status, out, err = simulate(
        *(str(folder), "--start", "2026-05-04T09:30", "--before", "reply@2026-05-01T10:00")
    )

    assert (status, err) == (0, "")
    assert "2 mails; ends as completed" in out


@pytest.mark.parametrize("what", ["reply@+1d", "reply@2026-05-04T09:30"])
def test_what_does_not_lie_before_the_start_is_refused_as_in_a_scenario(
    folder: Path, what: str
) -> None:
    status, out, err = simulate(
        *(str(folder), "--start", "2026-05-04T09:30"),
        *("--before", "open:hello@-1d", "--before", what),
    )

    assert (status, out) == (1, "")
    assert err == (
        f"postroad: script:2:1: `{what}` does not lie before the enrollment; "
        "write it under `--on`\n"
    )


def test_an_unsubscribe_of_before_refuses(folder: Path) -> None:
    status, _, err = simulate(
        *(str(folder), "--start", "2026-05-04T09:30", "--before", "unsubscribe@-1d")
    )

    assert status == 1
    assert err == "postroad: nobody is enrolled: the contact is suppressed\n"


CROWD = ("--many", "50", "--seed", "7", "--start", "2026-05-04T09:30", "--rate", "reply=0.2")


def test_many_are_summed_up_the_same_each_time(folder: Path) -> None:
    first, second = simulate(str(folder), *CROWD), simulate(str(folder), *CROWD)

    assert first == second
    assert first[0] == 0
    assert "welcome: 50 contacts, seed 7" in first[1]
    assert "replied" in first[1]


def test_many_are_told_as_json_and_drawn(folder: Path) -> None:
    drawn = folder / "out.svg"

    status, out, _ = simulate(
        *(str(folder), *CROWD, "--zone", "Europe/Berlin", "--days", "3"),
        *("--json", "--plot", str(drawn)),
    )

    told = json.loads(out)
    assert status == 0
    assert told["contacts"] == sum(told["endings"].values()) == 50
    assert drawn.read_text().startswith("<svg")


def test_rates_by_step_come_from_a_file(folder: Path) -> None:
    (folder / "rates.yaml").write_text("steps: {hello: {bounce: 1}}\n")

    status, out, _ = simulate(str(folder), *CROWD, "--rates", str(folder / "rates.yaml"), "--json")

    assert status == 0
    assert json.loads(out)["endings"] == {"bounced": 50}


def test_rates_that_are_wrong_are_explained(folder: Path) -> None:
    (folder / "rates.yaml").write_text("steps: {helo: {bounce: 1}}\n")

    status, _, err = simulate(str(folder), *CROWD, "--rates", str(folder / "rates.yaml"))

    assert status == 1
    assert "rates.yaml:1:9: `helo` is no step of this sequence; did you mean `hello`?" in err


@pytest.mark.parametrize(
    ("words", "mend"),
    [
        (("--many", "5", "--on", "reply@+1d"), "--before and --at-step are for one contact"),
        (
            ("--many", "5", "--before", "reply@-1d"),
            "--before and --at-step are for one contact",
        ),
        (("--rate", "reply=0.5"), "--rate, --rates, --zone and --plot need --many"),
        (("--plot", "out.svg"), "--rate, --rates, --zone and --plot need --many"),
        (("--start", "9999-12-31T23:00"), "lies before 1970 or after 2199"),
    ],
)
def test_options_that_cannot_count_are_wrong_usage(
    folder: Path, words: tuple[str, ...], mend: str
) -> None:
    status, out, err = simulate(str(folder), *words)

    assert status == 2
    assert out == ""
    assert mend in " ".join(err.replace("│", " ").split())
