"""Which column of a file of records is what."""

from pathlib import Path

import pytest
from pydantic import JsonValue

from starter.lists.rows import BadFile, BadRow
from starter.lists.tables import Table, open_table
from starter.lists.wants import Wants
from starter.recording.reading import Records, Told, column_names, records_of

NOTHING = Wants()
LOOKED_AT = Wants(names=("contractEnd", "seats"), dates=("contractEnd",), typed=("seats",))


def opened(folder: Path, name: str, text: str, wants: Wants = NOTHING) -> Records | BadFile:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    table = open_table(path)
    assert isinstance(table, Table)
    return records_of(table, {}, wants)


def told(folder: Path, name: str, text: str, wants: Wants = NOTHING) -> list[Told | BadRow]:
    reading = opened(folder, name, text, wants)
    assert isinstance(reading, Records), reading
    return [one for _, one in reading.told()]


@pytest.mark.parametrize(
    ("header", "names"),
    [
        ("Email,ID,Contract End", "contact,id,data.contract_end"),
        ("Contact ID,Record ID,Email", "contact,id,data.email"),
        ("Email,External Key,ID", "data.email,contact,id"),
        ("Contact,ID,data.contractEnd", "contact,id,data.contractEnd"),
        ("Contact,ID,Contract end,Seats", "contact,id,data.contract_end,data.seats"),
        ("Contact,ID,ContractEnd", "contact,id,data.contractEnd"),
        ("Contact,ID,refused line,refused because", "contact,id,,"),
    ],
)
def test_columns_are_known_by_their_names(header: str, names: str) -> None:
    found = column_names(tuple(header.split(",")), {}, LOOKED_AT)

    assert ",".join(found) == names


@pytest.mark.parametrize(
    ("mapping", "names"),
    [
        ({"Contract": "id"}, "contact,id,data.id"),
        ({"Customer": "contact"}, "contact,data.contract,id"),
        ({"Customer": "contact", "contract": "id"}, "contact,id,data.id"),
        ({"ID": "data.nr", "Contract": "id"}, "contact,id,data.nr"),
        ({"ID": "nr"}, "contact,data.contract,data.nr"),
    ],
)
def test_what_is_mapped_goes_first(mapping: dict[str, str], names: str) -> None:
    header = ("Customer" if "Customer" in mapping else "Email", "Contract", "ID")

    assert ",".join(column_names(header, mapping, NOTHING)) == names


@pytest.mark.parametrize(
    ("header", "reason"),
    [
        ("ID,Seats", "no column says whose a record is"),
        ("Email,Seats", "no column says which record it is"),
        ("Email,ID,Seats,seats", "two of its columns are called data.seats"),
    ],
)
def test_a_header_that_leaves_it_open_is_refused(tmp_path: Path, header: str, reason: str) -> None:
    found = opened(tmp_path, "a.csv", f"{header}\n")

    assert isinstance(found, BadFile)
    assert found.reason.startswith(reason)


def test_a_line_of_json_may_have_its_data_as_the_api_takes_it(tmp_path: Path) -> None:
    line = '{"contact": "crm-1", "id": 7, "data": {"seats": 5, "plan": null}, "note": "x"}\n'

    (one,) = told(tmp_path, "a.jsonl", line)

    data: dict[str, JsonValue] = {"seats": 5, "plan": None, "note": "x"}
    assert one == Told(line=1, contact="crm-1", id="7", data=data)


def test_what_sequences_look_at_is_read_as_they_read_it(tmp_path: Path) -> None:
    text = "Contact,ID,ContractEnd,Seats\n1,a,2031-03-31,5\n1,b,soon,5\n1,c,,\n"

    good, bad, empty = told(tmp_path, "a.csv", text, LOOKED_AT)

    assert good == Told(line=2, contact="1", id="a", data={"contractEnd": "2031-03-31", "seats": 5})
    assert isinstance(bad, BadRow)
    assert (bad.line, bad.code) == (3, "unreadable_date")
    assert empty == Told(line=4, contact="1", id="c", data={})


@pytest.mark.parametrize(
    ("row", "code"),
    [
        (",c7,x", "no_contact"),
        ("1,,x", "no_id"),
        (f"1,{'c' * 256},x", "no_id"),
        (f"1,c7,{'x' * 70_000}", "too_large"),
        ("1,c7", "unreadable"),
    ],
)
def test_a_row_that_names_nothing_is_refused_with_its_line(
    tmp_path: Path, row: str, code: str
) -> None:
    (bad,) = told(tmp_path, "a.csv", f"Contact,ID,Note\n{row}\n")

    assert isinstance(bad, BadRow)
    assert (bad.line, bad.code) == (2, code)
