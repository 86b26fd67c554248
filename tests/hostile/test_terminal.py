"""What contacts call themselves is shown in a terminal, and does nothing there."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from postroad.printing import complain, note, plain, say, show_rows

NAME = "Ada\x1b]0;owned\x07\x1b[2J\x9b31m\u202eadA\r[/red][link=http://evil.example]x[/]"


def test_no_name_moves_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    for tell in (say, note, complain):
        tell(NAME)
    show_rows({"contact": "left"}, [[NAME]])

    out, err = capsys.readouterr()
    assert not set("\x1b\x07\x9b\u202e\r") & set(out + err)
    assert "[link=http://evil.example]x[/]" in out


@given(st.text())
def test_lines_and_tabs_stay_and_other_controls_do_not(text: str) -> None:
    shown = plain(text)

    assert len(shown) == len(text)
    assert all(char in "\n\t" or char >= " " for char in shown)
