"""The sequences that come with the house, as the brief tells them."""

from pathlib import Path

import pytest

from activities.rendering.mails import render
from activities.rendering.rendered import Heading, Rendered, Variables
from authoring.loading import load_version
from authoring.simulation.scripts import parse_script
from authoring.simulation.simulate import Scenario, simulate
from authoring.simulation.simulations import Simulation
from schemas.content import Mailbox
from schemas.steps import EmailStep, TaskStep
from schemas.version import Version
from tests.builders import MONDAY, NEW_YORK

SEQUENCES = Path(__file__).parents[3] / "sequences"
NAMES = ["outbound-vp-ops", "outbound-priority"]
OLGA = Mailbox(name="Olga Smith", email="olga@acme.example")


def version(name: str) -> Version:
    loaded = load_version(SEQUENCES / name)
    assert isinstance(loaded, Version), str(loaded)
    return loaded


def run(name: str, *lines: str) -> Simulation:
    sequence = version(name).sequence
    script = parse_script(lines, sequence)
    assert isinstance(script, tuple), script
    contact = {"role": "vp-ops", "country": "US"}
    return simulate(sequence, Scenario(MONDAY, NEW_YORK, {**contact}, script))


@pytest.mark.parametrize("name", NAMES)
def test_each_loads_without_a_fault(name: str) -> None:
    assert version(name).sequence.name == name


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("contact", [{}, {"first_name": "Ada", "company": "Northfield"}])
def test_each_mail_can_be_rendered_whatever_is_known(name: str, contact: dict[str, str]) -> None:
    shipped = version(name)
    variables = Variables(
        contact={**contact},
        sender=OLGA,
        sequence=name,
        step="intro",
        unsubscribe_url="https://mail.acme.example/u/abc",
    )

    for step in shipped.sequence.steps:
        if isinstance(step, EmailStep):
            mail = render(shipped.content, step.email, variables=variables, heading=Heading())
            assert isinstance(mail, Rendered), mail
            assert "Olga Smith" in mail.text
            assert len(mail.text.split()) < 150


def test_the_outbound_sequence_has_seven_steps() -> None:
    steps = version("outbound-vp-ops").sequence.steps

    mails = [(step.id, step.day) for step in steps if isinstance(step, EmailStep)]
    assert mails == [("intro", 1), ("case-study", 3), ("video", 6), ("break-up", 9)]
    tasks = [step.id for step in steps if isinstance(step, TaskStep)]
    assert tasks == ["connect-on-linkedin", "call", "nurture-or-drop"]


def test_who_never_answers_is_left_alone_after_two_weeks() -> None:
    simulation = run("outbound-vp-ops", "task_done:call@day 8 16:00")

    assert [(mail.step, mail.local) for mail in simulation.sends] == [
        ("intro", "2026-03-02T10:00"),
        ("case-study", "2026-03-04T10:00"),
        ("video", "2026-03-09T09:00"),
        ("break-up", "2026-03-10T10:00"),
    ]
    assert simulation.ending is not None
    assert simulation.ending.name == "no-answer"


@pytest.mark.parametrize("moment", ["day 3 10:01", "day 8 10:00", "day 10 09:30"])
def test_whoever_clicks_the_case_study_moves_to_the_priority_cadence(moment: str) -> None:
    simulation = run("outbound-vp-ops", f"click:case-study@{moment}")

    assert simulation.ending is not None
    assert simulation.ending.name == "handed_off"
    assert simulation.timeline[-2].why == "hands over to outbound-priority"


@pytest.mark.parametrize(("event", "name"), [("reply", "replied"), ("meeting_booked",) * 2])
def test_a_reply_and_a_meeting_end_both(event: str, name: str) -> None:
    for sequence in NAMES:
        simulation = run(sequence, f"{event}@day 2 09:00")
        assert simulation.ending is not None
        assert simulation.ending.name == name


def test_the_priority_cadence_is_three_mails_in_four_days() -> None:
    simulation = run("outbound-priority")

    assert [mail.local[:10] for mail in simulation.sends] == [
        "2026-03-02",
        "2026-03-03",
        "2026-03-05",
    ]
    assert simulation.ending is not None
    assert simulation.ending.name == "completed"
