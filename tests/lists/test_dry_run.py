"""A dry run tells what then happens, and leaves nothing behind."""

from collections import Counter
from pathlib import Path

import pytest
from sqlalchemy import Engine, func, select

from activities.admitting.beginning import Beginning
from activities.published import Library
from schemas.activities import BeginRequest
from schemas.conditions import Comparison, Constant, Fact
from schemas.ids import enrollment_id
from schemas.outcomes import Refused
from schemas.sequence import Sequence
from starter.lists.dry_run import DryRun, Forecast
from starter.lists.starting import start_of
from starter.lists.uploading import Wish
from storage.entering import list_counts, lists
from storage.entering.lists import ListRow
from storage.schema.tables import contacts, enrollments, suppressions
from tests.activities.world import ADDRESSES
from tests.builders import a_sequence, an_email
from tests.lists.given import FILES, NOW, opened, publish, uploaded

VP = Comparison(by="eq", left=Fact(of="contact", path="role"), right=Constant(value="vp"))
ORDER = Fact(of="data", path="order")
WELCOME = a_sequence(an_email("hello"), audience=VP)
PER_ORDER = a_sequence(an_email("hello"), key=ORDER)
PEOPLE = """\
Email,First Name,Role,Order,Unsubscribed
ada@acme.example,Ada,vp,1,no
bo@acme.example,,vp,2,no
cy@acme.example,Cy,cfo,3,no
di@acme.example,Di,vp,,no
ed@acme.example,Ed,vp,5,yes
nonsense,Flo,vp,6,no
ada@acme.example,Ada,vp,7,no
"""


def a_list(folder: Path) -> Path:
    path = folder / "people.csv"
    path.write_text(PEOPLE, encoding="utf-8")
    return path


def tried(engine: Engine, path: Path, sequence: Sequence = WELCOME) -> Forecast:
    version, wish = publish(engine, sequence, FILES), Wish(sequence=sequence.name)
    trial = DryRun(engine, ADDRESSES, wish, version, NOW)
    for _ in trial.rows(opened(path, version)):
        pass
    return trial.found


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        found = (
            connection.scalar(select(func.count()).select_from(table))
            for table in (contacts, enrollments, suppressions)
        )
        return sum(number or 0 for number in found)


def test_it_leaves_nothing_behind(engine: Engine, tmp_path: Path) -> None:
    tried(engine, a_list(tmp_path))

    assert count(engine) == 0


def test_it_tells_who_would_be_enrolled_and_who_refused(engine: Engine, tmp_path: Path) -> None:
    found = tried(engine, a_list(tmp_path))

    assert (found.rows, found.enrolled, found.waiting) == (7, 3, 0)
    assert found.refused == {
        "audience": 1,
        "malformed_address": 1,
        "repeated": 1,
        "suppressed": 1,
    }


def test_it_tells_which_variables_are_missing_for_how_many(engine: Engine, tmp_path: Path) -> None:
    found = tried(engine, a_list(tmp_path))

    assert found.incomplete == 1
    (fault,) = found.faults
    assert fault.startswith("hello.md, line 4: contact.first_name has no value")


def test_it_tells_when_the_first_mails_would_go(engine: Engine, tmp_path: Path) -> None:
    found = tried(engine, a_list(tmp_path))

    assert found.first == {"2026-03-02 15:00": 3}


@pytest.mark.parametrize("sequence", [WELCOME, PER_ORDER], ids=["per contact", "per order"])
async def test_what_then_happens_is_what_was_told(
    engine: Engine, tmp_path: Path, sequence: Sequence
) -> None:
    path = a_list(tmp_path)
    told = tried(engine, path, sequence)

    version, wish = publish(engine, sequence, FILES), Wish(sequence=sequence.name)
    kept = await uploaded(engine, path, version, wish)
    let_in, refused = begun(engine, kept)

    assert (told.enrolled, told.refused) == (let_in, refused)


def begun(engine: Engine, kept: ListRow) -> tuple[int, Counter[str]]:
    """Begin what waits, as its workflows would, and count who is let in and who refused."""
    beginning, let_in = Beginning(engine, Library()), 0
    with engine.begin() as connection:
        refused = Counter(list_counts.counts(connection, kept.id).reasons)
        taken = lists.begin_attempt(connection, kept.id)
        assert taken is not None
        items = lists.claim(connection, taken, after=0, limit=100)
    for item in items:
        start = start_of(taken, item)
        name, run = enrollment_id(start.sequence, start.contact, start.key), f"run-{item.line}"
        request = BeginRequest(start=start, workflow_id=name, run_id=run, now=NOW)
        answer = beginning.begin(request)
        if isinstance(answer, Refused):
            refused[answer.reason] += 1
        else:
            let_in += 1
    return let_in, refused
