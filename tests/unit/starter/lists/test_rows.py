"""Reading CSV files as CRMs and spreadsheets write them, broken ones too."""

import io

import pytest

from starter.lists.rows import BadRow, Row, read_rows
from starter.lists.texts import encoding_of, read_lines


def lines_of(text: str) -> list[Row | BadRow]:
    return rows_of(text.encode())


def rows_of(content: bytes) -> list[Row | BadRow]:
    file = io.BytesIO(content)
    return list(read_rows(read_lines(file, encoding_of(file))))


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_the_one_the_header_has_most_of(separator: str) -> None:
    rows = lines_of(f"Name{separator}Email\nAda{separator}ada@acme.example\n")

    assert rows[1] == Row(line=2, fields=("Ada", "ada@acme.example"))


def test_a_line_before_the_header_may_name_the_separator() -> None:
    rows = lines_of("sep=;\r\nName;Note, more\r\nAda;one\r\n")

    assert rows == [
        Row(line=2, fields=("Name", "Note, more")),
        Row(line=3, fields=("Ada", "one")),
    ]


def test_spaces_around_a_field_are_no_part_of_it_seen_or_not() -> None:
    rows = lines_of("ID,Email\n\u00a07 ,\u200bada@acme.example\u2060 \n")

    assert rows[1:] == [Row(line=2, fields=("7", "ada@acme.example"))]


def test_a_field_too_long_refuses_its_own_row_only() -> None:
    rows = lines_of(f"Name,Note\nAda,{'x' * 131_073}\nBo,two\n")

    assert rows[1:] == [
        BadRow(line=2, reason="a field is longer than 131072 characters"),
        Row(line=3, fields=("Bo", "two")),
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_umlauts_are_read_in_each_usual_encoding(encoding: str) -> None:
    rows = rows_of("Name,City\nJürgen,Köln\n".encode(encoding))

    assert rows == [Row(line=1, fields=("Name", "City")), Row(line=2, fields=("Jürgen", "Köln"))]


def test_a_row_that_spans_lines_has_the_number_of_its_first() -> None:
    rows = lines_of('Name,Note\nAda,"one\ntwo"\nBo,three\n')

    assert rows[1:] == [
        Row(line=2, fields=("Ada", "one\ntwo")),
        Row(line=4, fields=("Bo", "three")),
    ]


def test_empty_lines_are_passed_over() -> None:
    rows = lines_of("Name,Note\n\nAda,one\n,\n\n")

    assert rows[1:] == [Row(line=3, fields=("Ada", "one"))]


def test_too_few_fields_refuse_their_own_row_only() -> None:
    rows = lines_of("Name,Note\nAda\nBo,two\n")

    assert rows[1:] == [
        BadRow(line=2, reason="it has 1 fields, the header has 2"),
        Row(line=3, fields=("Bo", "two")),
    ]


def test_a_quotation_mark_left_open_does_not_swallow_the_rest() -> None:
    rows = lines_of('Name,Note\nAda,"one\nBo,"two, three"\nCy,four\n')

    assert rows[1:] == [
        BadRow(line=2, reason="a quotation mark is opened and never closed"),
        Row(line=3, fields=("Bo", "two, three")),
        Row(line=4, fields=("Cy", "four")),
    ]


def test_two_quotation_marks_left_open_do_not_make_one_row() -> None:
    rows = lines_of('Name,Note\nAda,"one\nBo,two\nCy,"three\nDi,four\n')

    assert [row.line for row in rows if isinstance(row, BadRow)] == [2, 4]
    assert [row.line for row in rows if isinstance(row, Row)] == [1, 3, 5]


def test_a_character_that_cannot_be_stored_refuses_its_row() -> None:
    rows = lines_of("Name,Note\nAda,\0\n")

    assert rows[1] == BadRow(line=2, reason="it has a NUL character")


def test_an_empty_file_has_no_rows() -> None:
    assert lines_of("") == []
