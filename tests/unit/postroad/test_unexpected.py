"""What nobody expected: one sentence, a place to look, and no traceback unless asked for."""

import json
from pathlib import Path

import pytest

from postroad.faults import report


class UnheardOfError(Exception):
    """Stands for a bug of ours."""


def fail(words: str) -> None:
    raise UnheardOfError(words)


def fault(words: str) -> Exception:
    with pytest.raises(UnheardOfError) as caught:
        fail(words)
    return caught.value


@pytest.fixture
def logs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_an_unexpected_error_is_one_sentence_that_says_where_to_look(
    logs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    status = report(fault("boom"))

    err = capsys.readouterr().err
    (log,) = logs.iterdir()
    assert status == 1
    assert err == (
        "postroad: something unexpected went wrong (UnheardOfError): "
        f"where is in {log}; run it again with --debug to see all of it\n"
    )


def test_the_log_tells_the_place_but_not_the_words(logs: Path) -> None:
    report(fault("the row of ada@acme.example"))

    (log,) = logs.iterdir()
    written = json.loads(log.read_text())
    assert written["fault"] == "UnheardOfError"
    assert any(__file__ in place for place in written["in"])
    assert "ada@acme.example" not in log.read_text()


def test_errors_of_several_at_once_are_told_by_the_first(
    logs: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lost = FileNotFoundError(2, "No such file or directory", "people.csv")

    status = report(ExceptionGroup("all", [ExceptionGroup("some", [lost]), fault("boom")]))

    assert status == 1
    assert capsys.readouterr().err == (
        "postroad: people.csv cannot be used: no such file or directory\n"
    )
    assert list(logs.iterdir()) == []
