"""Records imported by the command line, on a running stack, and whom their dates enroll."""

import secrets
from pathlib import Path

import pytest

from tests.acceptance.commanding import MAIL, Desk, desk_in

SEQUENCE = """\
sequence: {name}
spread: 0 minutes
key: data.contract_id
new_cycle: 60 days
enroll_on: {{near: data.contract_end, by: 90 days, backfill: all}}
from: {{name: Kim Lee, email: kim@us.example}}
postal_address: Acme, 1 Main Street, Springfield
steps:
  - {{email: hello, at: data.contract_end - 30 days}}
"""


@pytest.fixture
def desk(stack: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Desk:
    desk = desk_in(stack, f"records-{secrets.token_hex(4)}", monkeypatch)
    (tmp_path / "sequence.yaml").write_text(SEQUENCE.format(name=desk.name))
    (tmp_path / "hello.md").write_text(MAIL)
    assert desk.run("publish", str(tmp_path), "--yes").status == 0
    desk.bring_in(tmp_path, f"{desk.name},Ada,ada@{desk.name}.example,vp,UTC,")
    return desk


def contracts(desk: Desk, folder: Path) -> Path:
    file = folder / "contracts.csv"
    rows = (f"{desk.name},c1,2031-03-31", f"ada@{desk.name}.example,c2,2032-03-31", "nobody,c3,")
    file.write_text("\n".join(["Contact,Contract Id,Contract End", *rows, ""]))
    return file


def test_records_are_kept_once_and_their_dates_are_waited_for(desk: Desk, tmp_path: Path) -> None:
    words = ("import", "records", str(contracts(desk, tmp_path)), "--map", "Contract Id=id")

    tried = desk.run(*words, "--dry-run")
    first = desk.run(*words)
    again = desk.run(*words, "--json").value()
    waiting = desk.run("triggers", "--json").value()

    counts = "3 rows: 2 new records, 0 changed, 0 unchanged, 1 refused"
    assert (tried.status, tried.out) == (1, f"{counts}; nothing was changed\n")
    assert (first.status, first.out) == (1, f"{counts}\n")
    assert "1 refused (unknown_contact): a contact that is not known" in first.err
    assert "contracts.refused.csv" in first.err
    assert isinstance(again, dict)
    assert (again["new"], again["unchanged"]) == (0, 2)
    assert isinstance(waiting, list)
    assert [one["waiting"] for one in waiting if one["sequence"] == desk.name] == [2]


def test_a_file_that_says_not_whose_its_records_are_is_refused(desk: Desk, tmp_path: Path) -> None:
    file = tmp_path / "contracts.csv"
    file.write_text("Customer,ID\n1,2\n")

    ran = desk.run("import", "records", str(file))

    assert (ran.status, ran.out) == (1, "")
    assert "no column says whose a record is: call one Contact or Email" in ran.err
