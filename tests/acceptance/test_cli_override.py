"""One mail of one enrollment written anew by the command line, on a running stack."""

import secrets
from pathlib import Path

import pytest

from tests.acceptance.commanding import Desk, desk_in


@pytest.fixture
def desk(stack: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Desk:
    desk = desk_in(stack, f"anew-{secrets.token_hex(4)}", monkeypatch)
    desk.publish(tmp_path)
    desk.bring_in(tmp_path, f"{desk.name},Ada,ada@{desk.name}.example,vp-ops,Europe/Berlin,")
    desk.run("enroll", desk.name, desk.name, "--at", "2026-05-04T09:30+02:00")
    return desk


@pytest.fixture
def enrollment(desk: Desk) -> str:
    enrollment = desk.enrollment_of(desk.name)
    desk.run("dev", "skip", enrollment, "2m")
    return enrollment


def test_a_text_is_kept_shown_previewed_and_taken_back(
    desk: Desk, enrollment: str, tmp_path: Path
) -> None:
    text = tmp_path / "text.md"
    text.write_text("Dear {{ contact.first_name }}, as we said.\n", encoding="utf-8")

    kept = desk.run("override", enrollment, "again", "--file", str(text), "--subject", "As we said")
    shown = desk.run("override", enrollment, "again", "--show")
    mail = desk.run("preview", desk.name, "--enrollment", enrollment, "--email", "again")
    back = desk.run("override", enrollment, "again", "--remove")

    assert (kept.status, kept.out) == (0, "again is kept\n")
    assert "Subject: As we said" in shown.out
    assert "Dear Ada, as we said." in mail.out
    assert back.out == "again goes as its version has it\n"
    assert desk.run("override", enrollment, "again", "--show").status == 1


def test_a_text_that_is_no_template_is_refused_with_its_line(
    desk: Desk, enrollment: str, tmp_path: Path
) -> None:
    text = tmp_path / "text.md"
    text.write_text("Dear {{ contct.first_name }}\n", encoding="utf-8")

    ran = desk.run("override", enrollment, "again", "--file", str(text))

    assert ran.status == 1
    assert f"{text}, line 1: contct does not exist; did you mean contact?" in ran.err


def test_a_mail_that_has_gone_is_not_changed(desk: Desk, enrollment: str, tmp_path: Path) -> None:
    text = tmp_path / "text.md"
    text.write_text("Dear you\n", encoding="utf-8")

    ran = desk.run("override", enrollment, "hello", "--file", str(text))

    assert ran.status == 1
    assert f"the mail hello of {enrollment} has gone: nothing is left to change" in ran.err


def test_a_test_mail_of_an_enrollment_has_the_text_written_for_it(
    desk: Desk, enrollment: str, tmp_path: Path
) -> None:
    text = tmp_path / "text.md"
    text.write_text("As we said.\n", encoding="utf-8")
    desk.run("override", enrollment, "again", "--file", str(text), "--subject", "As we said")

    ran = desk.run(
        *("send-test", desk.name, "again", "--to", "me@acme.example", "--enrollment", enrollment)
    )

    assert ran.out == "delivered to SendGrid: [Test] As we said\n"


def test_a_test_mail_may_be_in_another_language_or_arm(desk: Desk, tmp_path: Path) -> None:
    mail = (tmp_path / "hello.md").read_text(encoding="utf-8")
    (tmp_path / "hello.de.md").write_text(mail.replace("Hello", "Hallo"), encoding="utf-8")
    (tmp_path / "hello.b.md").write_text(mail.replace("Hello", "Good day"), encoding="utf-8")
    (tmp_path / "sequence.yaml").write_text(
        (tmp_path / "sequence.yaml")
        .read_text(encoding="utf-8")
        .replace("email: hello, ", "email: hello, variants: {a: 1, b: 1}, "),
        encoding="utf-8",
    )
    assert desk.run("publish", str(tmp_path)).status == 0
    words = ("send-test", desk.name, "hello", "--to", "me@acme.example", "--contact", desk.name)

    german = desk.run(*words, "--language", "de-AT", "--arm", "a")
    other = desk.run(*words, "--arm", "b")

    assert german.out == "delivered to SendGrid: [Test] Hallo Ada\n"
    assert other.out == "delivered to SendGrid: [Test] Good day Ada\n"
