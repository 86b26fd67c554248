"""Publishing tried out by the command line, on a running stack."""

import secrets
from pathlib import Path

import pytest

from tests.acceptance.commanding import Desk, desk_in


@pytest.fixture
def desk(stack: Path, monkeypatch: pytest.MonkeyPatch) -> Desk:
    return desk_in(stack, f"dry-{secrets.token_hex(4)}", monkeypatch)


def test_a_dry_run_says_what_would_change_and_changes_nothing(desk: Desk, tmp_path: Path) -> None:
    desk.publish(tmp_path)
    file = tmp_path / "sequence.yaml"
    file.write_text(file.read_text().replace("day: 5", "day: 6").replace("[reply, ", "["))
    (tmp_path / "hello.md").write_text((tmp_path / "hello.md").read_text() + "One more line.\n")

    first, again = (desk.run("publish", str(tmp_path), "--dry-run") for _ in range(2))

    assert first.status == 0
    assert first.out == again.out
    lines = first.out.splitlines()
    assert lines[0].startswith(f"would publish {desk.name}, 3 steps, version ")
    assert lines[1].startswith("  instead of version ")
    assert lines[2:] == [
        "  ~ step again: day",
        "  ~ exit_on",
        "  ~ hello.md: +1 -0 lines",
        "  0 people are enrolled in older versions now, and stay there",
    ]


def test_a_dry_run_of_what_is_published_says_that_nothing_changes(
    desk: Desk, tmp_path: Path
) -> None:
    desk.publish(tmp_path)

    ran = desk.run("publish", str(tmp_path), "--dry-run", "--json")

    told = ran.value()
    assert isinstance(told, list)
    assert (told[0]["standing"], told[0]["enrolled"]) == ("unchanged", 0)
    assert told[0]["latest"] == told[0]["version"]
