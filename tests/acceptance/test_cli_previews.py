"""Mails of an enrollment before they go, with what that enrollment was given."""

import secrets
from pathlib import Path

import pytest

from tests.acceptance.commanding import Desk, desk_in

SEQUENCE = """\
sequence: {name}
spread: 0 minutes
from: {{name: Kim Lee, email: kim@us.example}}
postal_address: Acme, 1 Main Street, Springfield
steps:
  - {{email: hello, day: 3}}
"""
MAIL = "---\nsubject: '{{ data.plan }}, {{ data.seats }} seats'\n---\nHello.\n"


@pytest.fixture
def desk(stack: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Desk:
    desk = desk_in(stack, f"given-{secrets.token_hex(4)}", monkeypatch)
    (tmp_path / "sequence.yaml").write_text(SEQUENCE.format(name=desk.name))
    (tmp_path / "hello.md").write_text(MAIL)
    assert desk.run("publish", str(tmp_path)).status == 0
    desk.bring_in(tmp_path, f"{desk.name},Ada,ada@{desk.name}.example,vp-ops,Europe/Berlin,")
    return desk


@pytest.fixture
def enrollment(desk: Desk) -> str:
    desk.run("enroll", desk.name, desk.name, "--data", "plan=solo", "--data", "seats=1")
    enrollment = desk.enrollment_of(desk.name)
    desk.run("dev", "skip", enrollment, "2m")
    desk.run("change", enrollment, "plan=team")
    return enrollment


def test_a_preview_of_an_enrollment_has_its_own_data_with_later_changes(
    desk: Desk, enrollment: str
) -> None:
    words = ("preview", desk.name, "--enrollment", enrollment)

    own, other = desk.run(*words), desk.run(*words, "--data", "seats=7")

    assert "Subject: team, 1 seats\n" in own.out
    assert "Subject: team, 7 seats\n" in other.out


def test_a_test_mail_of_an_enrollment_has_its_own_data(desk: Desk, enrollment: str) -> None:
    ran = desk.run(
        *("send-test", desk.name, "hello", "--to", "me@acme.example", "--enrollment", enrollment)
    )

    assert ran.out == "delivered to SendGrid: [Test] team, 1 seats\n"
