"""What one simulated enrollment costs inside the process."""

import time
from datetime import timedelta

from activities.zones import zone_table
from authoring.simulation.simulate import Scenario, simulate
from authoring.simulation.simulations import Simulation
from bench.figures import Figure, Report, Say, Size
from bench.sequences import MONDAY, ninety_days

_LIMIT = 2_000
_ROUNDS = 10

_ABOUT = """CPU time of the process for one contact's way through ten mails over 90 days, in office
hours of New York; each begins a minute after the one before. The sequence is loaded before."""


async def measure(size: Size, say: Say) -> Report:
    """Simulate in rounds: the best one is what it costs, the others were disturbed."""
    sequence = ninety_days()
    zone = zone_table("America/New_York", "UTC", MONDAY)
    each = size.simulations // _ROUNDS
    scenarios = [
        Scenario(start=MONDAY + number * _MINUTE, zone=zone, contact_id=f"contact-{number}")
        for number in range(each)
    ]
    _check(simulate(sequence, scenarios[0]))
    rounds: list[float] = []
    for _ in range(_ROUNDS):
        before = time.process_time()
        for scenario in scenarios:
            simulate(sequence, scenario)
        rounds.append((time.process_time() - before) / each * 1_000)
    say(f"{min(rounds):.2f} ms for 90 days, {1_000 / min(rounds):,.0f} a second")
    figures = (
        Figure(what="a 90-day sequence, best round", measured=min(rounds), unit="ms"),
        Figure(
            what="90-day enrollments a second",
            measured=1_000 / min(rounds),
            unit="/s",
            limit=_LIMIT,
            sense="at least",
        ),
        Figure(what="a 90-day sequence, worst round", measured=max(rounds), unit="ms"),
    )
    return Report(about=_ABOUT, figures=figures)


def _check(simulation: Simulation) -> None:
    days = (simulation.sends[-1].at - simulation.sends[0].at).days
    if simulation.ending is None or days < _DAYS:
        raise RuntimeError(f"The simulated sequence took {days} days: it is not what is measured.")


_DAYS, _MINUTE = 88, timedelta(minutes=1)
