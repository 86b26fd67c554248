"""Watching, steering and ending an enrollment by the command line, on a running stack."""

import secrets
import subprocess
import sys
from pathlib import Path

import pytest

from tests.acceptance.commanding import Desk, desk_in


@pytest.fixture
def desk(stack: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Desk:
    desk = desk_in(stack, f"life-{secrets.token_hex(4)}", monkeypatch)
    desk.publish(tmp_path)
    desk.bring_in(tmp_path, f"{desk.name},Ada,ada@{desk.name}.example,vp-ops,Europe/Berlin,")
    desk.run("enroll", desk.name, desk.name, "--at", "2026-05-04T09:30+02:00")
    return desk


@pytest.fixture
def enrollment(desk: Desk) -> str:
    enrollment = desk.enrollment_of(desk.name)
    desk.run("dev", "skip", enrollment, "2m")
    return enrollment


def test_a_story_says_what_was_and_what_is_next_in_the_contacts_zone(
    desk: Desk, enrollment: str
) -> None:
    ran = desk.run("show", enrollment)

    assert ran.status == 0
    assert "all times Europe/Berlin" in ran.out
    assert "sent         hello" in ran.out
    assert "next: call, " in ran.out
    assert " Europe/Berlin (" in ran.out


def test_a_paused_enrollment_sends_nothing_until_it_is_resumed(desk: Desk, enrollment: str) -> None:
    paused = desk.run("pause", enrollment, "--why", "they asked for time")
    desk.run("dev", "skip", enrollment, "9d")
    before = desk.whats(enrollment)

    resumed = desk.run("resume", enrollment)
    desk.run("dev", "skip", enrollment, "9d")

    assert (paused.status, resumed.status) == (0, 0)
    assert before.count("sent") == 1
    assert desk.whats(enrollment).count("sent") == 2


def test_what_is_paused_is_not_paused_again(desk: Desk, enrollment: str) -> None:
    desk.run("pause", enrollment, "--why", "once")

    ran = desk.run("pause", enrollment, "--why", "twice")

    assert ran.status == 1
    assert ran.err == f"postroad: {enrollment} is paused already\n"


def test_what_is_not_paused_is_not_resumed(desk: Desk, enrollment: str) -> None:
    ran = desk.run("resume", enrollment)

    assert ran.status == 1
    assert "is neither paused nor held" in ran.err


def test_an_exit_ends_it_once_and_for_all(desk: Desk, enrollment: str) -> None:
    first = desk.run("exit", enrollment, "--why", "asked by phone")

    again = desk.run("exit", enrollment, "--why", "asked by phone")

    assert first.status == 0
    assert again.status == 1
    assert again.err.endswith("has ended already (stopped): nothing is left to change\n")


def test_a_task_that_is_done_lets_the_enrollment_go_on(desk: Desk, enrollment: str) -> None:
    listed = desk.run("tasks", "list", "--json").value()
    assert isinstance(listed, list)
    (task,) = [one["id"] for one in listed if one["workflow_id"] == enrollment]

    done = desk.run("tasks", "done", task)
    again = desk.run("tasks", "done", task)

    assert done.out == f"done: call of {enrollment}\n"
    assert again.out == f"done: call of {enrollment}, as it was before\n"


def test_a_reply_told_by_hand_ends_it_and_counts_once(desk: Desk, enrollment: str) -> None:
    first = desk.run("signal", desk.name, "reply", "--id", desk.name)

    again = desk.run("signal", desk.name, "reply", "--id", desk.name)

    assert first.out == "on record, and told to 1 of the contact's enrollments\n"
    assert again.out == "known already: nothing changed\n"
    assert f"{enrollment}: replied" in desk.run("show", enrollment).out


def test_an_event_of_the_app_ends_it_under_its_name(desk: Desk, enrollment: str) -> None:
    desk.run("signal", enrollment, "meeting_booked", "--field", "seats=3")

    assert f"{enrollment}: meeting_booked" in desk.run("show", enrollment).out


def test_a_click_must_name_its_mail(desk: Desk, enrollment: str) -> None:
    ran = desk.run("signal", enrollment, "click")

    assert ran.status == 1
    assert ran.err == ("postroad: write click:STEP, and name the enrollment whose mail it was\n")


@pytest.mark.parametrize("word", ["click", "open"])
def test_a_click_in_a_mail_that_is_not_there_is_refused_with_those_that_are(
    desk: Desk, enrollment: str, word: str
) -> None:
    ran = desk.run("signal", enrollment, f"{word}:call")

    assert (ran.status, ran.out) == (1, "")
    assert ran.err == f"postroad: {enrollment} has no mail call: its mails are hello, again\n"


def test_a_preview_shows_each_mail_with_its_thread(desk: Desk) -> None:
    mails = desk.run("preview", desk.name, "--contact", desk.name, "--json").value()

    assert isinstance(mails, list)
    assert [mail["subject"] for mail in mails] == ["Hello Ada", "Re: Hello Ada"]
    assert "In-Reply-To" in mails[1]["headers"]


def test_a_preview_names_a_value_that_is_missing(desk: Desk, tmp_path: Path) -> None:
    (tmp_path / "hello.md").write_text(
        "---\nsubject: Hello\n---\nYou at {{ contact.plan }}.\n\n{{ footer }}\n"
    )
    desk.run("publish", str(tmp_path))

    ran = desk.run("preview", desk.name, "--contact", desk.name, "--email", "hello")

    assert ran.status == 1
    assert "hello.md, line 4" in ran.err
    assert "contact.plan" in ran.err


def test_a_test_mail_is_marked_and_outside_the_numbers(desk: Desk, enrollment: str) -> None:
    before = desk.run("report", desk.name, "--json").value()

    ran = desk.run(
        *("send-test", desk.name, "hello", "--to", "me@acme.example", "--contact", desk.name)
    )

    assert ran.out == "delivered to SendGrid: [Test] Hello Ada\n"
    assert desk.run("report", desk.name, "--json").value() == before
    assert desk.whats(enrollment).count("sent") == 1


def test_a_short_lived_client_leaves_cleanly(stack: Path, enrollment: str) -> None:
    done = subprocess.run(  # noqa: S603 the command under test
        [sys.executable, "-m", "postroad", "show", enrollment],
        cwd=stack,
        capture_output=True,
        text=True,
        check=False,
    )

    assert done.returncode == 0
    assert done.stderr == ""
