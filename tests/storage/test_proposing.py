"""Publishing, and saying beforehand what it would change, against a real database."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import Engine

from authoring.text.faults import Faults
from schemas.version import Version
from starter.authored.publishing import Proposed, propose, publish
from storage import enrollments, versions
from tests.storage.given import MONDAY, a_contact, a_new_enrollment
from tests.unit.authoring.written import HEAD, Folder

STEPS = "steps: [{email: intro}]\n"
TRIGGER = "enroll_on: {event: trial_started, backfill: none}\n"
HOLIDAYS = "send_window: {timezone: UTC, holidays: US}\n"
YEARS_LATER = datetime(2028, 3, 1, tzinfo=UTC)
ALMOST_OUT = datetime(2030, 3, 1, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    folder = Folder(tmp_path / "sequences" / "welcome")
    folder.write("sequence.yaml", HEAD + STEPS)
    return folder


def published(engine: Engine, folder: Folder, at: datetime = MONDAY) -> list[bool]:
    answers = publish(engine, (folder.path,), by="sam", at=at)
    return [one.new for one in answers if not isinstance(one, Faults)]


def proposed(engine: Engine, folder: Folder) -> Proposed:
    (answer,) = propose(engine, (folder.path,), at=MONDAY)
    assert isinstance(answer, Proposed), answer
    return answer


def test_a_proposal_changes_nothing(engine: Engine, folder: Folder) -> None:
    answer = proposed(engine, folder)

    assert (answer.standing, answer.latest, answer.enrolled) == ("new", None, 0)
    with engine.connect() as connection:
        assert versions.sequences(connection) == []


def test_what_is_published_already_is_unchanged(engine: Engine, folder: Folder) -> None:
    published(engine, folder)

    answer = proposed(engine, folder)

    assert (answer.standing, answer.latest, answer.new) == ("unchanged", answer.version, False)


def test_a_change_tells_who_stays_in_the_older_version(engine: Engine, folder: Folder) -> None:
    published(engine, folder)
    with engine.begin() as connection:
        version = versions.latest(connection, "welcome")
        assert version is not None
        enrollments.begin(connection, a_new_enrollment(a_contact(connection), version))
    folder.write("sequence.yaml", f"{HEAD}steps: [{{email: intro}}, {{email: case-study}}]\n")

    answer = proposed(engine, folder)

    assert (answer.standing, answer.enrolled) == ("changed", 1)
    assert answer.changes.steps_added == ("case-study",)
    assert [one.file for one in answer.changes.files] == ["case-study.md"]


def test_a_proposal_with_faults_tells_them(engine: Engine, folder: Folder) -> None:
    folder.write("sequence.yaml", f"{HEAD}steps: [{{hand_off: nowhere}}]\n")

    (answer,) = propose(engine, (folder.path,), at=MONDAY)

    assert isinstance(answer, Faults)
    assert "no sequence `nowhere` is published" in str(answer)


def latest(engine: Engine) -> Version:
    with engine.connect() as connection:
        version = versions.latest(connection, "welcome")
    assert version is not None
    return version


def years_of_holidays(engine: Engine) -> set[int]:
    return {day.year for day in latest(engine).holidays["US"]}


def test_holidays_are_kept_with_the_version_and_make_no_other_one(
    engine: Engine, folder: Folder
) -> None:
    folder.write("sequence.yaml", HEAD + HOLIDAYS + STEPS)

    assert published(engine, folder) == [True]
    assert published(engine, folder, YEARS_LATER) == [False]
    assert date(2026, 11, 26) in latest(engine).holidays["US"]
    assert years_of_holidays(engine) == set(range(2020, 2032))


def test_holidays_that_end_within_two_years_are_renewed_without_another_version(
    engine: Engine, folder: Folder
) -> None:
    folder.write("sequence.yaml", HEAD + HOLIDAYS + STEPS)
    published(engine, folder)
    before = latest(engine)

    assert published(engine, folder, ALMOST_OUT) == [False]
    assert years_of_holidays(engine) == set(range(2020, 2036))
    assert latest(engine).model_copy(update={"holidays": before.holidays}) == before


def test_an_old_version_that_is_published_again_gets_the_holidays_of_today(
    engine: Engine, folder: Folder
) -> None:
    folder.write("sequence.yaml", HEAD + HOLIDAYS + STEPS)
    published(engine, folder)
    folder.write("sequence.yaml", HEAD + STEPS)
    published(engine, folder)
    folder.write("sequence.yaml", HEAD + HOLIDAYS + STEPS)

    assert published(engine, folder, ALMOST_OUT) == [True]
    assert years_of_holidays(engine) == set(range(2020, 2036))


def test_a_version_without_holidays_is_left_alone(engine: Engine, folder: Folder) -> None:
    published(engine, folder)

    assert published(engine, folder, ALMOST_OUT) == [False]
    assert latest(engine).holidays == {}


def test_two_folders_of_one_sequence_are_refused_by_name(
    engine: Engine, folder: Folder, tmp_path: Path
) -> None:
    other = Folder(tmp_path / "drafts" / "welcome")
    other.write("sequence.yaml", HEAD + STEPS)

    answers = publish(engine, (folder.path, other.path), by="sam", at=MONDAY)

    (answer,) = answers
    assert str(answer) == (
        f"{other.path}/sequence.yaml:1:1: `welcome` is the sequence of {folder.path} and of "
        f"{other.path}, and only one of them could be its latest version; rename one of them, "
        "or leave one out"
    )
    with engine.connect() as connection:
        assert versions.sequences(connection) == []


def test_one_folder_named_twice_is_published_once(engine: Engine, folder: Folder) -> None:
    twice = (folder.path, folder.path / ".." / folder.path.name)

    (answer,) = publish(engine, twice, by="sam", at=MONDAY)

    assert not isinstance(answer, Faults)
    assert answer.new


def test_a_hand_off_to_nowhere_is_not_told_that_the_sequence_itself_was_meant(
    engine: Engine, folder: Folder
) -> None:
    folder.write("sequence.yaml", HEAD + "steps: [{email: intro}, {hand_off: welcome-vp}]\n")

    (answer,) = propose(engine, (folder.path,), at=MONDAY)

    assert isinstance(answer, Faults)
    assert [fault.mend for fault in answer.faults] == ["publish both together"]


def test_a_sequence_may_hand_over_to_itself(engine: Engine, folder: Folder) -> None:
    folder.write("sequence.yaml", HEAD + "steps: [{email: intro}, {hand_off: welcome}]\n")

    assert proposed(engine, folder).standing == "new"


def test_a_proposal_tells_whom_a_new_trigger_would_enroll(engine: Engine, folder: Folder) -> None:
    folder.write("sequence.yaml", f"{HEAD}{TRIGGER}{STEPS}")

    (entering,) = proposed(engine, folder).entrants
    published(engine, folder)

    assert (entering.backfill, entering.now) == ("none", 0)
    assert proposed(engine, folder).entrants == ()
