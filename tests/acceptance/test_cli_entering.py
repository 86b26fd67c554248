"""How people enter: at a later step, paused, in place of another, and so many a day."""

import secrets
from collections import Counter
from pathlib import Path

import pytest

from tests.acceptance.commanding import MAIL, Desk, desk_in

SEQUENCE = """\
sequence: {name}
spread: 0 minutes
from: {{name: Kim Lee, email: kim@us.example}}
postal_address: Acme, 1 Main Street, Springfield
{entering}
steps:
  - {{email: hello, day: 1}}
  - {{email: again, day: 3}}
  - {{email: bye, day: 9}}
"""


@pytest.fixture
def desk(stack: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return desk_in(stack, f"entering-{secrets.token_hex(4)}", monkeypatch)


def published(desk: Desk, folder: Path, entering: str = "") -> None:
    written = SEQUENCE.format(name=desk.name, entering=entering)
    (folder / "sequence.yaml").write_text(written)
    for mail in ("hello", "again", "bye"):
        (folder / f"{mail}.md").write_text(MAIL)
    assert desk.run("publish", str(folder)).status == 0
    people = [
        f"{desk.name}-{number},Ada,p{number}@{desk.name}.example,vp-ops,UTC," for number in range(3)
    ]
    desk.bring_in(folder, *people)


def shown(desk: Desk, enrollment: str) -> dict[str, object]:
    told = desk.run("show", enrollment, "--json").value()
    assert isinstance(told, dict)
    return told


def sent(desk: Desk, enrollment: str) -> list[object]:
    past = shown(desk, enrollment)["past"]
    assert isinstance(past, list)
    return [line["step"] for line in past if line["what"] == "sent"]


def state(desk: Desk, contact: str) -> list[tuple[object, object]]:
    listed = desk.run("list", desk.name, "--contact", contact, "--json").value()
    assert isinstance(listed, list)
    return [(row["ending"], row["paused_by"] is not None) for row in listed]


def test_whoever_begins_at_a_later_step_gets_no_mail_before_it(desk: Desk, tmp_path: Path) -> None:
    published(desk, tmp_path)

    slip = desk.run("enroll", desk.name, f"{desk.name}-0", "--at-step", "agian")
    ran = desk.run("enroll", desk.name, f"{desk.name}-0", "--at-step", "again")
    enrollment = desk.enrollment_of(f"{desk.name}-0")
    desk.run("dev", "skip", enrollment, "7d")

    assert slip.status == 1
    assert slip.err == f"postroad: {desk.name} has no step agian (did you mean again?)\n"
    assert ran.status == 0, ran.err
    assert sent(desk, enrollment) == ["again", "bye"]


def test_whoever_begins_paused_gets_nothing_until_the_resume(desk: Desk, tmp_path: Path) -> None:
    published(desk, tmp_path)
    contact = f"{desk.name}-0"

    ran = desk.run("enroll", desk.name, contact, "--paused", "--why", "until they called")
    enrollment = desk.enrollment_of(contact)
    desk.run("dev", "skip", enrollment, "2d")
    before = shown(desk, enrollment)
    resumed = desk.run("resume", enrollment)
    desk.run("dev", "skip", enrollment, "1m")

    assert ran.status == 0, ran.err
    assert (before["state"], before["past"][-1]["what"]) == ("paused", "paused")  # type: ignore[index]
    assert resumed.status == 0, resumed.err
    assert sent(desk, enrollment) == ["hello"]


def test_a_new_request_replaces_the_enrollment_that_is_live(desk: Desk, tmp_path: Path) -> None:
    published(desk, tmp_path, "re_enroll: replace")
    contact = f"{desk.name}-0"

    first = desk.run("enroll", desk.name, contact)
    second = desk.run("enroll", desk.name, contact)

    assert (first.status, second.status) == (0, 0), second.err
    assert Counter(state(desk, contact)) == {(None, False): 1, ("replaced", False): 1}


def test_of_several_requests_the_last_is_live_and_the_others_are_replaced(
    desk: Desk, tmp_path: Path
) -> None:
    published(desk, tmp_path, "re_enroll: replace")
    contact = f"{desk.name}-0"
    for _ in range(3):
        assert desk.run("enroll", desk.name, contact).status == 0

    endings = [ending for ending, _ in state(desk, contact)]

    assert Counter(endings) == {None: 1, "replaced": 2}


def test_who_finds_no_room_waits_for_a_day_and_can_be_called_off(
    desk: Desk, tmp_path: Path
) -> None:
    published(desk, tmp_path, "pace: 1 per day")
    people = [f"{desk.name}-{number}" for number in range(3)]

    ran = desk.run("enroll", desk.name, *people, "--json")
    listed = desk.run("list", desk.name, "--state", "waiting", "--json").value()

    assert ran.status == 0, ran.err
    assert isinstance(listed, dict)
    waiting = [one["workflow_id"] for one in listed["places"]]
    assert (listed["waiting"], len(waiting)) == (2, 2)
    paused = desk.run("pause", waiting[0], "--why", "x")
    off = desk.run("exit", waiting[0], "--why", "they rang")
    again = desk.run("exit", waiting[0], "--why", "they rang")
    assert (paused.status, off.status, again.status) == (1, 0, 1)
    desk.run("dev", "skip", waiting[1], "3d")
    assert "hello" in sent(desk, waiting[1])
