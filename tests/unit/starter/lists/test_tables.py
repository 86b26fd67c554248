"""Files as tables: CSV, JSON Lines and workbooks, damaged ones too."""

import tracemalloc
from datetime import datetime
from pathlib import Path

import pytest
from openpyxl import Workbook

from starter.lists.rows import BadFile, BadRow, Row
from starter.lists.tables import Table, open_table


def table_of(path: Path) -> Table:
    table = open_table(path)
    assert isinstance(table, Table)
    return table


def written(folder: Path, name: str, content: str) -> Path:
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def a_workbook(folder: Path, *rows: list[object]) -> Path:
    book, path = Workbook(), folder / "people.xlsx"
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def test_a_csv_file_is_told_with_its_encoding_and_separator(tmp_path: Path) -> None:
    table = table_of(written(tmp_path, "a.csv", "Name;Email\nAda;ada@acme.example\n"))

    assert table.header == ("Name", "Email")
    assert table.said == "CSV in UTF-8, separated by semicolons"
    assert list(table.rows()) == [Row(line=2, fields=("Ada", "ada@acme.example"))]


@pytest.mark.parametrize("again", ["Name,Email", "Name,Email,refused line,refused because"])
def test_a_header_in_the_middle_is_called_one(tmp_path: Path, again: str) -> None:
    more = ",2,malformed" if "refused" in again else ""
    rows = ("Ada,ada@acme.example", "Name,Email", "Name,name@acme.example")
    text = "".join(f"{line}\n" for line in (again, *(f"{row}{more}" for row in rows)))

    read = list(table_of(written(tmp_path, "a.csv", text)).rows())

    assert [(row.line, isinstance(row, BadRow)) for row in read] == [
        (2, False),
        (3, True),
        (4, False),
    ]
    assert isinstance(read[1], BadRow)
    assert (read[1].code, read[1].reason[:28]) == ("header", "it is the header line again,")


def test_rows_can_be_read_again(tmp_path: Path) -> None:
    table = table_of(written(tmp_path, "a.csv", "Name\nAda\n"))

    assert list(table.rows()) == list(table.rows())


def test_empty_lines_before_the_header_are_passed_over(tmp_path: Path) -> None:
    table = table_of(written(tmp_path, "a.csv", "\n\nName;Email\nAda;ada@acme.example\n"))

    assert table.header == ("Name", "Email")
    assert [row.line for row in table.rows()] == [4]


@pytest.mark.parametrize("name", ["a.csv", "a.jsonl"])
def test_an_empty_file_is_no_table(tmp_path: Path, name: str) -> None:
    assert isinstance(open_table(written(tmp_path, name, "")), BadFile)


def test_an_object_a_line_is_a_row_and_keeps_its_kinds(tmp_path: Path) -> None:
    content = '{"email": "ada@a.example", "seats": 5}\n\n{"vip": true, "email": "bo@b.example"}\n'

    table = table_of(written(tmp_path, "a.jsonl", content))

    assert table.header == ("email", "seats", "vip")
    assert list(table.rows()) == [
        Row(line=1, fields=("ada@a.example", 5, "")),
        Row(line=3, fields=("bo@b.example", "", True)),
    ]


@pytest.mark.parametrize(
    "line",
    [
        *("[1]", "{", '"text"', "nonsense", '{"a": NaN}', '{"a": "\\u0000"}'),
        *('{"a": 1e999}', '{"a": "\\ud800"}', '{"a": %s}' % ("[" * 30 + "]" * 30)),
    ],
)
def test_a_line_that_is_no_object_costs_itself_only(tmp_path: Path, line: str) -> None:
    table = table_of(written(tmp_path, "a.jsonl", f'{{"a": "x"}}\n{line}\n{{"a": "y"}}\n'))

    bad: list[int] = []
    good: list[int] = []
    for row in table.rows():
        (bad if isinstance(row, BadRow) else good).append(row.line)

    assert (bad, good) == ([2], [1, 3])


def test_a_workbook_is_read_as_people_see_it(tmp_path: Path) -> None:
    path = a_workbook(
        tmp_path,
        ["Email", "When", "Whole", "Truth"],
        ["ada@acme.example", datetime(2026, 5, 4), 5.0, True],  # noqa: DTZ001  (Excel has none)
        [],
        ["bo@b.example", datetime(2026, 5, 4, 9, 30), 2.5, None],  # noqa: DTZ001  (Excel has none)
    )

    assert list(table_of(path).rows()) == [
        Row(line=2, fields=("ada@acme.example", "2026-05-04", "5", "true")),
        Row(line=4, fields=("bo@b.example", "2026-05-04T09:30:00", "2.5", "")),
    ]


@pytest.mark.parametrize(
    ("shown", "value", "seen"),
    [
        ("0.00", 19.9, "19.90"),
        ("00000", 123, "00123"),
        ("0%", 0.5, "50%"),
        ("General", 1e6, "1000000"),
    ],
)
def test_a_number_is_read_by_its_format(
    tmp_path: Path, shown: str, value: float, seen: str
) -> None:
    book, path = Workbook(), tmp_path / "people.xlsx"
    sheet = book.active
    assert sheet is not None
    sheet.append(["Number"])
    sheet.append([value])
    sheet["A2"].number_format = shown
    book.save(path)

    assert list(table_of(path).rows()) == [Row(line=2, fields=(seen,))]


def test_a_formula_that_failed_refuses_its_row(tmp_path: Path) -> None:
    path = a_workbook(tmp_path, ["Email", "Note"], ["ada@acme.example", "#N/A"])

    assert list(table_of(path).rows()) == [
        BadRow(line=2, reason="a formula in it has come to #N/A")
    ]


@pytest.mark.parametrize("content", [b"", b"no workbook", b"\xd0\xcf\x11\xe0 an old one"])
def test_what_is_no_workbook_is_said_to_be_none(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "people.xlsx"
    path.write_bytes(content)

    assert isinstance(open_table(path), BadFile)


def test_memory_does_not_grow_with_the_rows(tmp_path: Path) -> None:
    def peak(rows: int) -> int:
        path = tmp_path / f"{rows}.csv"
        with path.open("w", encoding="utf-8") as file:
            file.write("Name,Email,Note\n")
            file.writelines(f"Ada {n},ada{n}@acme.example,{'x' * 50}\n" for n in range(rows))
        tracemalloc.start()
        count = sum(1 for _ in table_of(path).rows())
        _, most = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert count == rows
        return most

    assert peak(20_000) < peak(5_000) + 1_000_000
