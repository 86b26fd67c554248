import json
import subprocess
import sys
from pathlib import Path

_SHORT = ("history", "simulate", "signals", "lists", "storm")


def test_measuring_ends_by_itself_and_writes_figures_with_their_limits(tmp_path: Path) -> None:
    ran = subprocess.run(  # noqa: S603  (our own program)
        [sys.executable, "-m", "bench", "--quick", "--into", str(tmp_path), *_SHORT],
        capture_output=True,
        check=False,
        text=True,
        timeout=600,
    )

    assert ran.returncode == 0, ran.stderr
    history = json.loads((tmp_path / "history.json").read_text(encoding="utf-8"))
    assert [figure["holds"] for figure in history["figures"] if figure["limit"]] == [True] * 3
    storm = json.loads((tmp_path / "storm.json").read_text(encoding="utf-8"))
    assert {figure["measured"] for figure in storm["figures"] if figure["limit"] == 0} == {0}
    assert "90-day" in (tmp_path / "README.md").read_text(encoding="utf-8")
