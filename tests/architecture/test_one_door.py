"""What must be done in one place is done nowhere else."""

import re

from tests.architecture.tracked import ROOT, modules, place

# Who else records an ending would keep the contact's turn from whoever waits for it (rule 28).
DOORS = {"activities/endings.py", "activities/turns.py"}
ENDS = re.compile(r"\benrollments\.end\(|from storage\.enrollments import [^\n]*\bend\b")


def test_an_ending_is_recorded_where_the_turn_is_passed_on() -> None:
    ours = (path for path in modules() if path.relative_to(ROOT).parts[0] != "tests")

    found = {place(path) for path in ours if ENDS.search(path.read_text(encoding="utf-8"))}

    assert found == DOORS
