from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.brakes import concern_of, ramp


@pytest.mark.parametrize(
    ("ref", "concern"),
    [
        ("all", ("all", "")),
        ("account", ("account", "")),
        ("sender:Olga@Acme.Example", ("sender", "olga@acme.example")),
        ("domain: Customer.Example", ("domain", "customer.example")),
        ("sequence:outbound-vp-ops", ("sequence", "outbound-vp-ops")),
        ("contact:Crm-7", ("contact", "Crm-7")),
    ],
)
def test_a_reference_says_whom_a_brake_concerns(ref: str, concern: tuple[str, str]) -> None:
    assert concern_of(ref) == concern


@pytest.mark.parametrize(
    "ref", ["", "all:of them", "sender", "sender:", "welcome.ada", "people:ada"]
)
def test_what_says_nobody_is_no_reference(ref: str) -> None:
    assert concern_of(ref) is None


@given(st.floats(min_value=0.2, max_value=100))
def test_who_waited_goes_on_slowly_first_and_never_faster_than_allowed(per_second: float) -> None:
    moments = [ramp(place, per_second) for place in range(100)]

    assert moments[0] == 0
    steps = [later - earlier for earlier, later in pairwise(moments)]
    assert min(steps) >= 1 / per_second - 1e-6
    assert steps[0] > steps[1] > steps[2]


def test_ten_a_second_are_reached_after_a_minute() -> None:
    assert ramp(300, 10) == pytest.approx(60)
    assert ramp(1, 10) == pytest.approx(3.46, abs=0.01)
    assert ramp(10_000, 10) == pytest.approx(60 + 970)
