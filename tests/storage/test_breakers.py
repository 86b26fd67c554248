"""The counts that breakers go by: an index answers, however many mails went."""

from collections.abc import Mapping

import pytest
from sqlalchemy import Connection, event, func, text, update
from sqlalchemy.engine.interfaces import DBAPICursor

from schemas.brakes import Concern
from schemas.breakers import Breaker, Counts
from storage.schema.tables import sends
from storage.sending import breakers
from tests.activities.breaking import accepted
from tests.storage.given import an_enrollment

WITHIN = Breaker().window
SAM = "sam@example.com"
MAILS = 400


@pytest.fixture
def busy(connection: Connection) -> Connection:
    """Let many mails have gone in one sequence and by one sender, and more in others."""
    accepted(connection, str(an_enrollment(connection).id), MAILS, SAM)
    for name in ("other", "third", "fourth"):
        row = an_enrollment(connection, f"{name}@example.com", name)
        accepted(connection, str(row.id), 3 * MAILS, f"{name}@example.com")
    connection.execute(text("ANALYZE sends"))
    return connection


def plan_of_count(connection: Connection, of: Concern, target: str) -> str:
    ran: list[tuple[str, Mapping[str, object]]] = []

    def note(
        _: Connection,
        __: DBAPICursor,
        statement: str,
        parameters: Mapping[str, object],
        *___: object,
    ) -> None:
        ran.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    breakers.counts_of(connection, of, target, WITHIN)
    event.remove(connection, "before_cursor_execute", note)
    raw = connection.connection.cursor()
    ((statement, parameters),) = ran
    raw.execute(f"EXPLAIN {statement}", parameters)
    return "\n".join(line for (line,) in raw.fetchall())


@pytest.mark.parametrize(
    ("of", "target", "index"),
    [
        ("sequence", "welcome", "sends_of_sequence_idx"),
        ("sender", SAM, "sends_of_sender_idx"),
    ],
)
def test_a_count_reads_the_mails_of_its_own_alone(
    busy: Connection, of: Concern, target: str, index: str
) -> None:
    plan = plan_of_count(busy, of, target)

    assert index in plan
    assert "Seq Scan on sends" not in plan
    assert breakers.counts_of(busy, of, target, WITHIN) == Counts(sent=MAILS)


def test_only_the_latest_mails_are_counted(busy: Connection) -> None:
    assert breakers.counts_of(busy, "sequence", "other", WITHIN, most=700).sent == 700


def test_what_came_of_each_mail_is_counted_apart(connection: Connection) -> None:
    mails = accepted(connection, str(an_enrollment(connection).id), 6, SAM)
    columns = (("bounced_at", "hard_bounced_at"), ("bounced_at",), ("complained_at",))
    for mail, what in zip(mails, columns, strict=False):
        came = update(sends).where(sends.c.id == mail).values(dict.fromkeys(what, func.now()))
        connection.execute(came)

    counts = breakers.counts_of(connection, "sender", SAM, WITHIN)

    assert counts == Counts(sent=6, bounced=1, complained=1, turned_away=1)
