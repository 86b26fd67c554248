"""A mail that is skipped keeps no room from those after it, also in a simulation (rule 29)."""

from datetime import timedelta

from authoring.simulation.simulate import Scenario, simulate
from schemas.events import AppEvent
from schemas.policies import Caps
from tests.builders import MONDAY, NEW_YORK, a_sequence, an_email, hours

BEFORE = MONDAY - timedelta(minutes=20)


def test_the_next_mail_goes_at_the_moment_that_a_skipped_one_had_reserved() -> None:
    short = an_email("short", valid_for=hours(1))
    other = AppEvent(id="other", name="other_mail", at=BEFORE)
    scenario = Scenario(
        start=MONDAY, zone=NEW_YORK, before=(other,), caps=Caps.model_validate({"per_day": 1})
    )

    lived = simulate(a_sequence(short, an_email("next")), scenario)

    told = [(entry.what, entry.step, entry.at) for entry in lived.timeline if entry.step]
    assert ("skipped", "short", MONDAY + timedelta(hours=1)) in told
    assert ("sent", "next", BEFORE + timedelta(days=1)) in told
