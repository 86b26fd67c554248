"""Every error of the command line is one plain sentence and an exit status."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from postroad.app import build_app
from tests.unit.postroad.commanding import postroad

NOWHERE = "postgresql://postgres@127.0.0.1:1/postroad"


def test_without_database_or_stack_it_says_how_to_get_one(tmp_path: Path) -> None:
    ran = postroad("list", folder=tmp_path)

    assert ran.status == 1
    assert ran.out == ""
    assert ran.err == (
        "postroad: POSTROAD_DATABASE_URL is not set and no development stack runs here: "
        "set it, or start one with `make up`\n"
    )


def test_a_database_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    ran = postroad("list", folder=tmp_path, POSTROAD_DATABASE_URL=NOWHERE)

    assert ran.status == 1
    assert ran.err.startswith("postroad: PostgreSQL does not answer or refuses us (")
    assert ran.err.endswith("): start it with `make up`, or mend POSTROAD_DATABASE_URL\n")
    assert ran.err.count("\n") == 1


def test_a_temporal_server_that_does_not_answer_is_one_sentence(tmp_path: Path) -> None:
    ran = postroad(
        *("pause", "outbound.c1", "--why", "holiday"),
        folder=tmp_path,
        POSTROAD_DATABASE_URL=NOWHERE,
        TEMPORAL_ADDRESS="127.0.0.1:1",
    )

    assert ran.status == 1
    assert ran.err == (
        "postroad: no Temporal server answers at 127.0.0.1:1: "
        "start one with `make up`, or set TEMPORAL_ADDRESS\n"
    )


@pytest.mark.parametrize(
    "words",
    [
        ("enrol", "x"),
        ("show",),
        ("list", "--state", "asleep"),
        ("enroll", "outbound"),
        ("dev", "skip", "outbound.c1", "far"),
        ("signal", "outbound.c1", "reply", "--at", "tomorrow"),
        ("signal", "outbound.c1", "reply", "--at", "0001-01-01T00:00+14:00"),
        ("import", "contacts", "people.csv", "--map", "Plan"),
        ("send-test", "outbound", "intro", "--contact", "c1", "--to", "nobody"),
        ("send-test", "outbound", "intro", "--to", "me@acme.example"),
        ("preview", "outbound", "--contact", "c1", "--enrollment", "outbound.c1"),
    ],
)
def test_wrong_usage_is_exit_status_2(words: tuple[str, ...]) -> None:
    ran = CliRunner().invoke(build_app(words[0]), words)

    assert ran.exit_code == 2
    assert "Usage:" in ran.stderr
    assert ran.stdout == ""


@pytest.mark.parametrize("words", [("enroll", "outbound", "c1"), ("signal", "c1", "reply")])
def test_a_moment_that_lies_ahead_is_refused_before_anything_is_asked(
    words: tuple[str, ...], tmp_path: Path
) -> None:
    ran = postroad(
        *words, "--at", "2199-01-01T00:00", folder=tmp_path, POSTROAD_DATABASE_URL=NOWHERE
    )

    assert ran.status == 1
    assert ran.err == (
        "postroad: 2199-01-01 00:00 UTC lies ahead: "
        "give a moment that has come, or leave --at out\n"
    )


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    ran = postroad(
        *("import", "contacts", "people.csv"), folder=tmp_path, POSTROAD_DATABASE_URL=NOWHERE
    )

    assert ran.status == 1
    assert ran.err == "postroad: people.csv cannot be used: no such file or directory\n"


def test_a_file_without_addresses_is_refused_before_anything_is_saved(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("Name\nAda\n")

    ran = postroad(
        *("import", "contacts", "people.csv"), folder=tmp_path, POSTROAD_DATABASE_URL=NOWHERE
    )

    assert ran.status == 1
    assert ran.err == (
        "postroad: people.csv cannot be imported: "
        "its first line names no column Email: export it with a header line\n"
    )


def test_a_column_that_the_file_does_not_have_is_named(tmp_path: Path) -> None:
    (tmp_path / "people.csv").write_text("Email\nada@acme.example\n")

    ran = postroad(
        *("import", "contacts", "people.csv", "--map", "Tariff=plan"),
        folder=tmp_path,
        POSTROAD_DATABASE_URL=NOWHERE,
    )

    assert ran.status == 1
    assert ran.err == (
        "postroad: people.csv cannot be imported: "
        "it has no column Tariff: name one of its header line\n"
    )


def test_a_broken_stack_file_is_named(tmp_path: Path) -> None:
    (tmp_path / ".postroad").mkdir()
    (tmp_path / ".postroad" / "stack.json").write_text("{}")

    ran = postroad("list", folder=tmp_path)

    assert ran.status == 1
    assert ran.err.endswith("remove it and start the stack again\n")


def test_without_a_stack_there_is_no_status(tmp_path: Path) -> None:
    ran = postroad("dev", "status", folder=tmp_path)

    assert ran.status == 1
    assert ran.err == (
        "postroad: no development stack runs in this folder: start one with `postroad dev up`\n"
    )
