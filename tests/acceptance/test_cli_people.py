"""Publishing, importing and enrolling by the command line, on a running stack."""

import secrets
from pathlib import Path

import pytest

from tests.acceptance.commanding import Desk, desk_in, rows_of


@pytest.fixture
def desk(stack: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return desk_in(stack, f"people-{secrets.token_hex(4)}", monkeypatch)


def ada(desk: Desk, role: str = "vp-ops", opted_out: str = "") -> str:
    return f"{desk.name},Ada,ada@{desk.name}.example,{role},Europe/Berlin,{opted_out}"


def test_publishing_again_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    first = desk.publish(tmp_path)

    again = desk.publish(tmp_path)

    assert first.out.startswith(f"published {desk.name}, 3 steps, version ")
    assert again.out.startswith(f"unchanged {desk.name}, 3 steps, version ")


def test_a_fault_in_one_folder_publishes_none(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "good").mkdir()
    (tmp_path / "bad").mkdir()
    desk.publish(tmp_path / "bad")
    (tmp_path / "bad" / "again.md").unlink()
    Desk(f"{desk.name}-good").publish(tmp_path / "good")
    (tmp_path / "good" / "again.md").write_text("---\nsubject: New\n---\nNew. {{ footer }}\n")

    ran = desk.run("publish", str(tmp_path / "good"), str(tmp_path / "bad"))

    assert ran.status == 1
    assert "sequence.yaml:10:" in ran.err
    assert ran.out == ""
    assert desk.run("publish", str(tmp_path / "good")).out.startswith("published ")


def test_a_hand_off_to_a_sequence_that_is_nowhere_is_not_published(
    desk: Desk, tmp_path: Path
) -> None:
    desk.publish(tmp_path)
    file = tmp_path / "sequence.yaml"
    file.write_text(f"{file.read_text()}  - {{hand_off: nowhere}}\n")

    ran = desk.run("publish", str(tmp_path))

    assert ran.status == 1
    assert "sequence.yaml:11:16: no sequence `nowhere` is published" in ran.err


def test_a_broken_row_stops_no_other_and_is_named(desk: Desk, tmp_path: Path) -> None:
    ran = desk.bring_in(
        tmp_path, ada(desk), "1,Bo", f"2,Cy,cy@{desk.name},vp-ops,,", ada(desk), "3,Di,,vp-ops,,"
    )

    report = ran.value()
    assert ran.status == 1
    assert len(rows_of(report, "contacts")) == 1
    assert [row["line"] for row in rows_of(report, "refused")] == [3, 4, 6]
    assert [row["line"] for row in rows_of(report, "repeated")] == [5]


def test_importing_again_makes_no_second_contact(desk: Desk, tmp_path: Path) -> None:
    first = desk.bring_in(tmp_path, ada(desk)).value()

    again = desk.bring_in(tmp_path, ada(desk)).value()

    assert rows_of(first, "contacts") == rows_of(again, "contacts")
    assert isinstance(again, dict)
    assert again["created"] == 0


def test_whoever_opted_out_in_the_crm_is_not_enrolled(desk: Desk, tmp_path: Path) -> None:
    desk.publish(tmp_path)
    desk.bring_in(tmp_path, ada(desk, opted_out="true"))

    ran = desk.run("enroll", desk.name, desk.name)

    assert ran.status == 1
    assert "suppressed" in ran.err


def test_an_opt_out_that_comes_with_an_import_ends_what_runs(desk: Desk, tmp_path: Path) -> None:
    desk.publish(tmp_path)
    desk.bring_in(tmp_path, ada(desk))
    desk.run("enroll", desk.name, desk.name)

    desk.bring_in(tmp_path, ada(desk, opted_out="true"))

    listed = desk.run("list", desk.name, "--ending", "unsubscribed", "--json").value()
    assert isinstance(listed, list)
    assert len(listed) == 1


def test_whoever_is_enrolled_already_is_refused(desk: Desk, tmp_path: Path) -> None:
    desk.publish(tmp_path)
    desk.bring_in(tmp_path, ada(desk))
    desk.run("enroll", desk.name, desk.name)

    ran = desk.run("enroll", desk.name, f"ADA@{desk.name}.example")

    assert ran.status == 1
    assert ran.err.endswith(" is enrolled already and has not ended\n")


def test_one_who_is_refused_stops_no_other(desk: Desk, tmp_path: Path) -> None:
    desk.publish(tmp_path)
    desk.bring_in(tmp_path, ada(desk), f"cfo-{desk.name},Bo,bo@{desk.name}.example,cfo,,")

    ran = desk.run("enroll", desk.name, desk.name, f"cfo-{desk.name}", "nobody")

    assert ran.status == 1
    assert "1 enrolled, 2 refused, 0 waiting" in ran.out
    assert "(audience)" in ran.err
    assert "(unknown_contact)" in ran.err


@pytest.mark.parametrize(
    ("words", "reason"),
    [
        (("enroll", "no-such-sequence", "x"), "no sequence no-such-sequence is published"),
        (("report", "no-such-sequence"), "no sequence no-such-sequence is published"),
        (("show", "no-such.enrollment"), "there is no enrollment no-such.enrollment"),
        (("list", "--contact", "nobody"), "no contact has this id, external key or address"),
        (("list", "nowhere"), "no sequence nowhere is published"),
        (("signal", "nobody", "reply"), "no contact has this id, external key or address"),
        (
            ("tasks", "done", "00000000-0000-0000-0000-000000000000"),
            "there is no task 00000000-0000-0000-0000-000000000000",
        ),
    ],
)
def test_what_does_not_exist_is_named(desk: Desk, words: tuple[str, ...], reason: str) -> None:
    ran = desk.run(*words)

    assert ran.status == 1
    assert ran.err.startswith(f"postroad: {reason}")
    assert ran.err.count("\n") == 1
