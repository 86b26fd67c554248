"""Records from a file: kept once, changed where they changed, and dates enroll as by the API."""

from collections.abc import Generator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine, select

from schemas.conditions import Fact
from schemas.contact import Contact, NewContact
from starter.incoming.changes import save_contact
from starter.incoming.records import RecordOf, keep_record
from starter.recording.importing import Kept, import_records, open_records
from starter.recording.reading import Records
from storage.people import contacts, merging
from storage.people.contacts import Saved
from storage.schema.trigger_tables import records
from tests.builders import days
from tests.storage.rivals import until_they_wait
from tests.triggers.app import App, near, triggered

NOW = datetime(2026, 3, 2, 15, 0, tzinfo=UTC)
PER_CONTRACT = triggered(near(days(60)), key=Fact(of="data", path="contract_id"))
HEADER = "Contact,ID,contract_id,Contract End\n"
FILE = f"{HEADER}crm-1,c1,c1,2031-03-31\ncrm-1,c2,c2,2032-03-31\nbo@acme.example,c3,c3,\n"


def person(engine: Engine, number: int, email: str) -> Contact:
    new = NewContact(email=email, external_key=f"crm-{number}")
    saved = save_contact(engine, new, NOW)
    assert isinstance(saved, Saved)
    return saved.contact


@pytest.fixture(autouse=True)
def people(engine: Engine) -> list[Contact]:
    return [person(engine, 1, "ada@acme.example"), person(engine, 2, "bo@acme.example")]


def a_file(folder: Path, text: str = FILE) -> Path:
    path = folder / "contracts.csv"
    path.write_text(text, encoding="utf-8")
    return path


def steps(engine: Engine, path: Path, *, dry_run: bool = False) -> Generator[Kept]:
    reading = open_records(engine, path, {})
    assert isinstance(reading, Records), reading
    return import_records(engine, reading, path, NOW, dry_run=dry_run)


def imported(engine: Engine, path: Path, *, dry_run: bool = False) -> Kept:
    *_, last = steps(engine, path, dry_run=dry_run)
    return last


def kept(engine: Engine) -> dict[str, object]:
    with engine.connect() as connection:
        return {row.id: row.data for row in connection.execute(select(records))}


def test_each_row_is_a_record_of_its_contact(engine: Engine, tmp_path: Path) -> None:
    first = imported(engine, a_file(tmp_path))

    assert first == Kept(rows=3, new=3)
    assert kept(engine)["c1"] == {"contract_id": "c1", "contract_end": "2031-03-31"}
    assert kept(engine)["c3"] == {"contract_id": "c3"}


def test_the_same_file_again_changes_nothing_and_another_what_is_new(
    engine: Engine, tmp_path: Path
) -> None:
    imported(engine, a_file(tmp_path))

    again = imported(engine, a_file(tmp_path))
    other = imported(engine, a_file(tmp_path, FILE.replace("2032", "2033")))

    assert again == Kept(rows=3, unchanged=3)
    assert other == Kept(rows=3, changed=1, unchanged=2)


def test_its_dates_are_waited_for(engine: Engine, tmp_path: Path) -> None:
    app = App(engine)
    app.publish(PER_CONTRACT)

    imported(engine, a_file(tmp_path))

    assert [at.date().isoformat() for at in app.waiting()] == ["2031-01-30", "2032-01-31"]


def test_a_dry_run_tells_the_same_and_keeps_nothing(engine: Engine, tmp_path: Path) -> None:
    path = a_file(tmp_path, f"{FILE}nobody,c9,c9,\n")

    tried = imported(engine, path, dry_run=True)

    assert kept(engine) == {}
    assert imported(engine, path) == tried


def test_bad_rows_stop_no_other_and_are_reported_as_they_were(
    engine: Engine, tmp_path: Path
) -> None:
    App(engine).publish(PER_CONTRACT)
    bad = "nobody,c4,c4,\n,c5,c5,\nada@acme.example,c1,x,\ncrm-2,c6,c6,soon\n"

    found = imported(engine, a_file(tmp_path, f"{FILE}{bad}"))

    reasons = ("no_contact", "repeated", "unknown_contact", "unreadable_date")
    assert (found.new, found.refused) == (3, dict.fromkeys(reasons, 1))
    report = Path(found.report or "")
    assert report.name == "contracts.refused.csv"
    said = report.read_text(encoding="utf-8-sig").splitlines()
    assert said[0] == "Contact,ID,contract_id,Contract End,refused line,refused because"
    assert {line.split(",")[1]: line.split(",")[4] for line in said[1:]} == {
        "c4": "5",
        "c5": "6",
        "c1": "7",
        "c6": "8",
    }


def test_what_was_broken_off_is_gone_on_with(engine: Engine, tmp_path: Path) -> None:
    rows = "".join(f"crm-1,c{n},c{n},\n" for n in range(250))
    path = a_file(tmp_path, f"{HEADER}{rows}nobody,x,x,\n")

    begun = steps(engine, path)
    next(begun)
    begun.close()
    rest = imported(engine, path)

    assert (rest.new, rest.unchanged, sum(rest.refused.values())) == (150, 100, 1)
    assert [one.name for one in tmp_path.iterdir() if one != path] == ["contracts.refused.csv"]


def test_a_record_of_one_who_is_just_merged_is_the_kept_ones(
    engine: Engine, people: list[Contact]
) -> None:
    ada, bo = people

    with ThreadPoolExecutor(1) as threads, engine.begin() as held:
        contacts.lock_all(held, [ada.id, bo.id], for_good=True)
        keeping = threads.submit(
            keep_record, engine, RecordOf(contact=bo.id, id="c1"), {"seats": 1}, NOW
        )
        until_they_wait(engine, held, [keeping])
        merging.move(held, bo, ada.id, "kim", NOW)
        held.commit()

    assert keeping.result(timeout=30)
    with engine.connect() as connection:
        assert connection.scalars(select(records.c.contact_id)).all() == [ada.id]
