"""Files come in whatever is wrong with them: each row wholly or not at all."""

from pathlib import Path

from sqlalchemy import Engine

from schemas.suppression import Reason
from starter.lists.checks import Checked, check
from starter.lists.importing import Imported, import_file
from starter.lists.opening import open_list
from starter.lists.rows import BadFile
from starter.lists.uploading import Wish, keep, upload
from storage.entering import list_counts
from storage.entering.list_counts import Counts
from storage.people import suppressions
from tests.lists.given import NOW, a_file, opened, publish, uploaded

DAMAGED = "".join(
    (
        "Record ID;First Name;Email;Accepts Email Marketing;Time Zone\r\n",
        "1;Ada;ada@acme.example;yes;America/New_York\r\n",
        "2;Bo;not an address;yes;\r\n",
        "3;Cy;;yes;\r\n",
        '4;"Di;di@acme.example;yes;\r\n',
        "5;Ed;ed@acme.example\r\n",
        "\r\n",
        "6;Flo;ADA@acme.example;yes;\r\n",
        "7;Gus;gus@acme.example;no;Middle Earth\r\n",
        "8;Hal;hal\0@acme.example;yes;\r\n",
        f"9;{'x' * 140_000};ivy@acme.example;yes;\r\n",
        "10;Jürgen;juergen@bücher.example;yes;\r\n",
        "11;Kim;дмитрий@acme.example;yes;\r\n",
        "12;Lea;info@acme.example;yes;\r\n",
    )
)
REFUSED = {3: "malformed_address", 4: "no_address", 5: "unreadable", 6: "unreadable"}
REFUSED |= {8: "repeated", 10: "unreadable", 11: "unreadable", 13: "malformed_address"}


def damaged(folder: Path, encoding: str = "utf-8-sig") -> Path:
    path = folder / "damaged.csv"
    path.write_bytes(DAMAGED.encode(encoding))
    return path


def imported(engine: Engine, path: Path) -> Imported:
    answer = import_file(engine, path, at=NOW)
    assert isinstance(answer, Imported)
    return answer


def test_every_kind_of_damage_costs_its_own_row_only(engine: Engine, tmp_path: Path) -> None:
    report = imported(engine, damaged(tmp_path))

    assert {row.line: row.code for row in (*report.refused, *report.repeated)} == REFUSED
    assert (report.rows, report.created, report.suppressed) == (12, 4, 1)
    assert [note.line for note in report.notes] == [9]


def test_the_same_file_in_utf_16_comes_to_the_same(engine: Engine, tmp_path: Path) -> None:
    first = imported(engine, damaged(tmp_path))

    again = imported(engine, damaged(tmp_path, "utf-16"))

    assert again == first.model_copy(update={"created": 0, "updated": 4, "suppressed": 0})


def test_a_no_of_elsewhere_suppresses(engine: Engine, tmp_path: Path) -> None:
    imported(engine, damaged(tmp_path))

    with engine.connect() as connection:
        (standing,) = suppressions.standing(connection, "gus@acme.example")
    assert standing.reason is Reason.UNSUBSCRIBED


def test_a_file_without_a_header_is_refused_as_a_whole(engine: Engine, tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("Ada,ada@acme.example\nBo,bo@acme.example\n")

    answer = import_file(engine, path, at=NOW)

    assert answer == BadFile(
        reason="its first line names no column Email: export it with a header line"
    )


def test_refused_rows_are_reported_as_they_were_beside_the_list(
    engine: Engine, tmp_path: Path
) -> None:
    path = damaged(tmp_path)
    reading = opened(path, publish(engine))

    *_, found = check(reading, path)

    assert (found.rows, sum(found.refused.values())) == (12, len(REFUSED))
    assert found.doubts == {"role": 1, "unknown_zone": 1, "opted_out": 1}
    assert found.report == tmp_path / "damaged.refused.csv"
    lines = found.report.read_text(encoding="utf-8-sig").splitlines()
    assert lines[0].endswith(",refused line,refused because")
    assert lines[1] == (
        "2,Bo,not an address,yes,,3,its email address is malformed: "
        "an email address must have an @-sign"
    )


def test_a_report_is_kept_once_and_never_written_over(engine: Engine, tmp_path: Path) -> None:
    path = damaged(tmp_path)
    reading = opened(path, publish(engine))
    reported(*check(reading, path))

    assert reported(*check(reading, path)) == tmp_path / "damaged.refused.csv"

    (tmp_path / "damaged.refused.csv").write_text("mended by hand")
    assert reported(*check(reading, path)) == tmp_path / "damaged.refused-2.csv"
    assert list(tmp_path.glob("*.part")) == []


def reported(*found: Checked) -> Path | None:
    return found[-1].report


async def test_a_list_is_kept_row_by_row(engine: Engine, tmp_path: Path) -> None:
    kept = await uploaded(engine, damaged(tmp_path), publish(engine))

    with engine.connect() as connection:
        counted = list_counts.counts(connection, kept.id)
    assert (counted.waiting, counted.refused) == (4, len(REFUSED))


async def test_the_same_file_and_wish_are_the_same_list(engine: Engine, tmp_path: Path) -> None:
    version, path = publish(engine), a_file(tmp_path, 3)
    first = await uploaded(engine, path, version)
    other = Wish(sequence="welcome", data={"plan": "pro"})

    again = await uploaded(engine, path, version)

    assert again.id == first.id
    assert (await uploaded(engine, path, version, other)).id != first.id
    with engine.connect() as connection:
        assert list_counts.counts(connection, first.id) == Counts(waiting=3)


async def test_an_upload_goes_on_where_it_was_broken_off(engine: Engine, tmp_path: Path) -> None:
    version, path = publish(engine), a_file(tmp_path, 1_200)
    kept = keep(engine, path, Wish(sequence="welcome"), by="test")

    def broken_off(done: int, _: int) -> None:
        if done == 500:
            raise KeyboardInterrupt

    try:
        await upload(engine, kept, opened(path, version), at=NOW, watch=broken_off)
    except KeyboardInterrupt:
        await upload(engine, kept, opened(path, version), at=NOW)

    with engine.connect() as connection:
        assert list_counts.counts(connection, kept.id) == Counts(waiting=1_200)


def test_a_column_that_is_mapped_and_not_there_refuses_the_file(
    engine: Engine, tmp_path: Path
) -> None:
    wish = Wish(sequence="welcome", mapping={"Plan": "data.plan"})

    answer = open_list(a_file(tmp_path, 1), wish, publish(engine))

    assert isinstance(answer, BadFile)
    assert "it has no column Plan" in answer.reason
