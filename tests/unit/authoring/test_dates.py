"""Mails that are due by a date, and what a file says for all of them."""

import pytest

from schemas.calendar import Duration, Unit
from schemas.conditions import Fact
from schemas.policies import Cycle
from schemas.steps import At, EmailStep, WaitForStep, WaitStep
from tests.unit.authoring.written import Folder

END = Fact(of="data", path="contract_end")
NEAR = "enroll_on: {near: data.contract_end, by: 90 days, backfill: all}\n"
TWO = """\
steps:
  - {email: intro, at: data.contract_end - 90 days}
  - {email: case-study, at: data.contract_end - 30 days}
"""


def days(count: int) -> Duration:
    return Duration(count=count, unit=Unit.DAYS)


def email(folder: Folder, step: str, top: str = "") -> EmailStep:
    found = folder.steps(f"{top}\nsteps: [{step}]\n")["intro"]
    assert isinstance(found, EmailStep)
    return found


@pytest.mark.parametrize(
    ("written", "anchor", "by", "before"),
    [
        ("data.contract_end - 90 days", END, days(90), True),
        ("data.contract_end-90 days", END, days(90), True),
        ("data.contract_end  +  36 hours", END, Duration(count=36, unit=Unit.HOURS), False),
        (
            "data.a.b + 1 week",
            Fact(of="data", path="a.b"),
            Duration(count=1, unit=Unit.WEEKS),
            False,
        ),
        ("contact.birthday", Fact(of="contact", path="birthday"), None, False),
    ],
)
def test_a_moment_is_an_anchor_and_a_distance(
    folder: Folder, written: str, anchor: Fact, by: Duration | None, *, before: bool
) -> None:
    text = " ".join(written.split())

    assert email(folder, f"{{email: intro, at: {written}}}").at == At(
        anchor=anchor, by=by, before=before, text=text
    )


def test_what_is_not_said_of_a_date_has_its_usual_value(folder: Folder) -> None:
    found = email(folder, "{email: intro, at: data.x}")

    assert (found.roll, found.if_past, found.if_missing) == ("later", "skip", "hold")
    assert (found.valid_for, found.at_time) == (None, None)


def test_the_files_own_words_hold_for_each_mail_that_says_nothing(folder: Folder) -> None:
    top = "roll: earlier\nif_past: send_now\nif_missing: exit\nvalid_for: 5 days"

    silent = email(folder, "{email: intro, at: data.x}", top)
    said = email(folder, "{email: intro, at: data.x, roll: later, valid_for: 1 day}", top)

    assert (silent.roll, silent.if_past, silent.if_missing) == ("earlier", "send_now", "exit")
    assert silent.valid_for == days(5)
    assert (said.roll, said.if_past, said.valid_for) == ("later", "send_now", days(1))


def test_a_mail_without_a_date_takes_over_only_how_long_it_is_good(folder: Folder) -> None:
    found = email(folder, "{email: intro, day: 1}", "roll: earlier\nvalid_for: 5 days")

    assert (found.roll, found.valid_for) == ("later", days(5))


def test_a_transactional_mail_may_wait_for_the_window(folder: Folder) -> None:
    assert email(folder, "{email: intro, kind: transactional, window: true}").waits_for_window
    assert not email(folder, "{email: intro, kind: transactional}").waits_for_window


def test_waits_and_what_is_waited_for_may_count_business_days(folder: Folder) -> None:
    steps = folder.steps("""
        steps:
          - {email: intro}
          - {wait: 3 business days}
          - {wait_for: won, within: 1 business day}
    """)

    wait, waiting = steps["wait-1"], steps["wait-for-1"]
    assert isinstance(wait, WaitStep)
    assert isinstance(waiting, WaitForStep)
    assert wait.wait == Duration(count=3, unit=Unit.BUSINESS_DAYS)
    assert waiting.within.words == "1 business day"


def test_a_trigger_by_a_date_brings_its_cycle_along(folder: Folder) -> None:
    assert folder.sequence(NEAR + TWO).new_cycle == Cycle(anchor=END, over=60)


@pytest.mark.parametrize("written", ["2 weeks", "{of: data.contract_end, over: 14 days}"])
def test_a_cycle_may_be_written(folder: Folder, written: str) -> None:
    found = folder.sequence(f"new_cycle: {written}\n{TWO}").new_cycle

    assert found == Cycle(anchor=END, over=14)


def test_dates_without_such_a_trigger_have_no_cycle(folder: Folder) -> None:
    assert folder.sequence(TWO).new_cycle is None


def test_a_date_of_the_contact_is_a_fact_that_is_listened_to(folder: Folder) -> None:
    sequence = folder.sequence("steps: [{email: intro, at: contact.birthday}]\n")

    assert sequence.contact_facts == ("birthday",)
