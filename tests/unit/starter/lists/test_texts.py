"""In which encoding a file turns out to be, and its lines whatever they are."""

import io
import json
from pathlib import Path

import pytest

from starter.lists.texts import LONGEST_LINE, Encoding, encoding_of, read_lines

GERMAN = "Name,City\nJürgen,Köln\nÅsa,Malmö\n"
SCRIPTS: dict[str, str] = json.loads(
    Path(__file__).with_name("scripts.json").read_text(encoding="utf-8")
)
"""Some lines in other scripts, by the encoding that they are usual in."""


def read(content: bytes) -> tuple[Encoding, str]:
    file = io.BytesIO(content)
    found = encoding_of(file)
    return found, "".join(read_lines(file, found))


@pytest.mark.parametrize(
    "name", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"]
)
def test_western_letters_are_read_in_each_usual_encoding(name: str) -> None:
    assert read(GERMAN.encode(name))[1] == GERMAN


@pytest.mark.parametrize("name", SCRIPTS)
def test_another_script_is_known_by_its_letters(name: str) -> None:
    text = SCRIPTS[name]

    found, back = read(text.encode(name))

    assert back == text
    assert found.said == name


def test_one_stray_line_does_not_garble_the_rest() -> None:
    content = SCRIPTS["cp1251"].encode() + "Jürgen,Köln\n".encode("cp1252")

    found, back = read(content)

    assert back == SCRIPTS["cp1251"] + "Jürgen,Köln\n"
    assert found.said == "UTF-8 with strays in Windows-1252"


def test_a_stray_line_is_told_of_after_a_byte_order_mark_too() -> None:
    found, back = read("Name\nZoë\n".encode("utf-8-sig") + "Jürgen\n".encode("cp1252"))

    assert back == "Name\nZoë\nJürgen\n"
    assert found.said == "UTF-8 with strays in Windows-1252"


def test_a_byte_order_mark_within_a_file_is_no_part_of_its_line() -> None:
    two_in_one = "Name\nAda\n".encode("utf-8-sig") + "Bo\n".encode("utf-8-sig")

    assert read(two_in_one)[1] == "Name\nAda\nBo\n"


def test_a_byte_that_no_encoding_knows_stops_nothing() -> None:
    assert read(b"Name\n\xff\xfe\x00\x81\n")[1].startswith("Name\n")


def test_of_a_line_without_an_end_only_the_beginning_is_read() -> None:
    text = f"Name\n{'x' * (3 * LONGEST_LINE)}\nBo\n"

    file = io.BytesIO(text.encode())
    lines = list(read_lines(file, Encoding(name="utf-8")))

    assert [len(line) for line in lines] == [5, LONGEST_LINE, 3]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_lines_end_as_any_system_ends_them(end: str) -> None:
    file = io.BytesIO(f"a{end}b{end}".encode())

    assert list(read_lines(file, Encoding(name="utf-8"))) == [f"a{end}", f"b{end}"]
