"""A workbook that is broken, or made to fill the memory, is refused in one sentence."""

import io
import random
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from starter.lists.rows import BadFile, BadRow
from starter.lists.tables import Table, open_table

SHEET, STRINGS = "xl/worksheets/sheet1.xml", "xl/sharedStrings.xml"
NAMESPACE = b'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
EMAIL = b'<c r="A1" t="inlineStr"><is><t>email</t></is></c>'


def a_workbook() -> bytes:
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(["email", "name"])
    sheet.append(["ada@example.com", "Ada"])
    held = io.BytesIO()
    book.save(held)
    return held.getvalue()


def with_part(name: str, content: bytes) -> bytes:
    held = io.BytesIO()
    with ZipFile(io.BytesIO(a_workbook())) as old, ZipFile(held, "w", ZIP_DEFLATED) as new:
        parts = {part: old.read(part) for part in old.namelist()} | {name: content}
        for part, written in parts.items():
            new.writestr(part, written)
    return held.getvalue()


def rows_of(content: bytes) -> bytes:
    return b"<worksheet %s><sheetData>%s</sheetData></worksheet>" % (NAMESPACE, content)


def strings_of(content: bytes, entities: bytes = b"") -> bytes:
    return entities + b"<sst %s>%s</sst>" % (NAMESPACE, content)


def opened(folder: Path, content: bytes, name: str = "people.xlsx") -> Table | BadFile:
    file = folder / name
    file.write_bytes(content)
    return open_table(file)


LAUGHS = b'<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">' + b"".join(
    b'<!ENTITY %c "%s">' % (98 + level, b"&%c;" % (97 + level) * 10) for level in range(10)
)
BROKEN = {
    "a zip bomb": with_part(STRINGS, strings_of(b"<si><t>" + b"a" * 50_000_000 + b"</t></si>")),
    "a bomb in the sheet": with_part(SHEET, rows_of(b" " * 50_000_000)),
    "entities in entities": with_part(
        STRINGS, strings_of(b"<si><t>&k;</t></si>" * 3, LAUGHS + b"]>")
    ),
    "half a sheet": with_part(SHEET, b"<worksheet><sheetData><row>"),
    "no XML": with_part("xl/workbook.xml", b"<"),
    "an empty sheet": with_part(SHEET, b""),
    "a string that is not there": with_part(
        SHEET, rows_of(b'<row r="1"><c r="A1" t="s"><v>99</v></c></row>')
    ),
    "a column that is none": with_part(
        SHEET, rows_of(b'<row r="1"><c r="ZZZZZZZZ1"><v>1</v></c></row>')
    ),
    "cut off": a_workbook()[:2000],
    "no zip": b"PK\x03\x04" + b"x" * 100,
}


@pytest.mark.parametrize("content", BROKEN.values(), ids=BROKEN.keys())
def test_a_workbook_that_cannot_be_read_says_so(tmp_path: Path, content: bytes) -> None:
    found = opened(tmp_path, content)

    # Entities that nobody names stay unread.
    assert isinstance(found, BadFile) or [*found.rows()]


def test_a_workbook_reads_no_file_beside_itself(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("planted")
    entity = b'<!DOCTYPE x [<!ENTITY a SYSTEM "%s">]>' % (tmp_path / "secret").as_uri().encode()
    rows = rows_of(b'<row r="1"><c r="A1" t="inlineStr"><is><t>&a;</t></is></c></row>')

    found = opened(tmp_path, with_part(SHEET, entity + rows))

    assert "planted" not in repr(found if isinstance(found, BadFile) else found.header)


def test_a_row_far_below_ends_the_list(tmp_path: Path) -> None:
    rows = b'<row r="1">%s</row><row r="999999999"><c r="A999999999"><v>1</v></c></row>' % EMAIL

    found = opened(tmp_path, with_part(SHEET, rows_of(rows)))

    assert isinstance(found, Table)
    assert [row for row in found.rows() if not isinstance(row, BadRow)] == []


def test_cells_far_to_the_right_cost_nothing(tmp_path: Path) -> None:
    far = b'<row><c r="XFD2"><v>1</v></c></row>' * 20_000
    rows = b'<row r="1">%s</row>' % EMAIL + far

    found = opened(tmp_path, with_part(SHEET, rows_of(rows)))

    assert isinstance(found, Table)
    assert found.header == ("email",)
    assert [*found.rows()] == []


@pytest.mark.parametrize("seed", range(20))
def test_a_workbook_with_changed_bytes_is_read_or_refused(tmp_path: Path, seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311  where a byte is changed is no secret
    content = bytearray(a_workbook())
    for _ in range(4):
        content[dice.randrange(len(content))] = dice.randrange(256)

    found = opened(tmp_path, bytes(content))

    assert isinstance(found, BadFile) or isinstance([*found.rows()], list)


@given(st.binary(max_size=300), st.sampled_from(["csv", "tsv", "jsonl", "xlsx"]))
def test_no_bytes_are_too_odd_for_a_list(
    tmp_path_factory: pytest.TempPathFactory, content: bytes, kind: str
) -> None:
    folder = tmp_path_factory.mktemp("list")

    for written in (content, b"email,name\n" + content, b'{"email": 1}\n' + content):
        found = opened(folder, written, f"people.{kind}")
        assert isinstance(found, BadFile) or isinstance([*found.rows()], list)
