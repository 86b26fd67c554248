"""Steering an enrollment whose mails hang on dates: they move, are missing, are given up."""

import asyncio
import secrets
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from devstack.demo.stage import Stage
from runtime.clock import wall_now
from tests.acceptance.commanding import MAIL, Desk, desk_in

SEQUENCE = """\
sequence: {name}
spread: 0 minutes
key: data.contract_id
from: {{name: Kim Lee, email: kim@us.example}}
postal_address: Acme, 1 Main Street, Springfield
steps:
  - {{email: options, at: data.contract_end - 30 days}}
  - {{email: goodbye, at: data.contract_end + 1 day, if_missing: skip}}
"""


@pytest.fixture
def desk(stack: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Desk:
    desk = desk_in(stack, f"dates-{secrets.token_hex(4)}", monkeypatch)
    (tmp_path / "sequence.yaml").write_text(SEQUENCE.format(name=desk.name))
    for mail in ("options", "goodbye"):
        (tmp_path / f"{mail}.md").write_text(MAIL)
    assert desk.run("publish", str(tmp_path)).status == 0
    desk.bring_in(tmp_path, f"{desk.name},Ada,ada@{desk.name}.example,vp-ops,Europe/Berlin,")
    return desk


def enrolled(desk: Desk, contract: str, *more: str) -> str:
    ran = desk.run("enroll", desk.name, desk.name, "--data", f"contract_id={contract}", *more)
    assert ran.status == 0, ran.err
    return next(word for word in ran.out.split() if word.startswith(f"{desk.name}."))


def next_at(desk: Desk, enrollment: str) -> str | None:
    told = desk.run("show", enrollment, "--json").value()
    assert isinstance(told, dict)
    return None if told["next"] is None else told["next"]["local"]


def test_two_contracts_of_one_contact_are_two_enrollments(desk: Desk) -> None:
    first, second = enrolled(desk, "c-1"), enrolled(desk, "c-2")
    again = desk.run("enroll", desk.name, desk.name, "--data", "contract_id=c-1")
    without = desk.run("enroll", desk.name, desk.name)

    assert (first.rpartition(".")[2], second.rpartition(".")[2]) == ("c-1", "c-2")
    assert (again.status, without.status) == (1, 1)
    assert without.err == (
        f"postroad: {desk.name} is per data.contract_id: give it, a text or whole number\n"
    )


def test_a_moved_date_moves_the_mail(desk: Desk) -> None:
    enrollment = enrolled(desk, "c-1", "--data", "contract_end=2031-09-01")
    before = next_at(desk, enrollment)

    ran = desk.run("change", enrollment, "contract_end=2032-03-31")

    assert ran.status == 0
    assert ran.out == f"{enrollment} changed\n"
    assert before == "Sat 02 Aug 2031 09:00 Europe/Berlin"
    assert next_at(desk, enrollment) == "Mon 01 Mar 2032 09:00 Europe/Berlin"


async def test_a_change_over_the_api_counts_by_the_clock_that_was_moved(
    desk: Desk, stage: Stage
) -> None:
    enrollment = await asyncio.to_thread(enrolled, desk, "c-1", "--data", "contract_end=2041-09-01")
    await asyncio.to_thread(desk.run, "dev", "skip", enrollment, "400d")

    changed = await stage.web.patch(
        f"/v1/enrollments/{enrollment}", json={"data": {"contract_end": "2042-03-31"}}
    )

    at = datetime.fromisoformat(changed.raise_for_status().json()["at"])
    assert at > wall_now() + timedelta(days=399)


def test_a_change_is_known_by_its_id(desk: Desk) -> None:
    enrollment = enrolled(desk, "c-1")
    words = ("change", desk.name, "plan=team", "--contact", desk.name, "--key", "c-1", "--id", "1")

    first, again = desk.run(*words), desk.run(*words)

    assert first.out == f"{enrollment} changed\n"
    assert again.out == f"{enrollment} known already: nothing changed\n"


def test_what_an_enrollment_is_per_is_not_changed(desk: Desk) -> None:
    enrollment = enrolled(desk, "c-1")

    ran = desk.run("change", enrollment, "contract_id=c-2")

    assert ran.status == 1
    assert "is per data.contract_id, which stays" in ran.err


def test_a_mail_held_for_its_date_is_given_up(desk: Desk) -> None:
    enrollment = enrolled(desk, "c-1")
    desk.run("dev", "skip", enrollment, "2m")

    ran = desk.run("skip", enrollment, "--why", "they renewed by hand")
    desk.run("dev", "skip", enrollment, "2m")

    assert ran.out == f"{enrollment} passes over the mail that it is held at\n"
    assert desk.whats(enrollment)[-1] == "ended"
    assert "skipped" in desk.whats(enrollment)


def test_what_is_held_at_no_mail_is_not_skipped(desk: Desk) -> None:
    enrollment = enrolled(desk, "c-1", "--data", "contract_end=2031-09-01")

    ran = desk.run("skip", enrollment, "--why", "a try")

    assert ran.status == 1
    assert ran.err == (
        f"postroad: {enrollment} is not held at a mail for its date: there is nothing to skip\n"
    )
