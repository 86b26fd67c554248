from authoring.simulation.scripts import parse_script
from authoring.text.faults import Faults
from tests.builders import a_progress
from tests.unit.authoring.scripted import SEQUENCE


def test_a_script_names_the_line_that_is_wrong() -> None:
    faults = parse_script(["reply@+1h", "clik:intro@+1h"], SEQUENCE)

    assert isinstance(faults, Faults)
    assert str(faults) == (
        "script:2:1: `clik` changes nothing in this sequence; did you mean `click`?"
    )


def test_events_of_a_script_keep_their_order() -> None:
    script = parse_script(["reply@+1h", "reply@+1h"], SEQUENCE)

    assert isinstance(script, tuple)
    ids = [one.in_enrollment(a_progress(SEQUENCE)).id for one in script]
    assert ids == ["script-0001", "script-0002"]
