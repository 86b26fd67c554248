"""Overrides: one text a mail and enrollment, seen by the lock before a claim."""

from uuid import UUID, uuid4

from sqlalchemy import Connection, update

from schemas.content import Mailbox
from storage.locks import lock
from storage.schema.tables import enrollments
from storage.sending import overrides
from storage.sending.overrides import Override
from tests.storage.given import MONDAY, TUESDAY, an_enrollment


def _text(step: str = "intro", **fields: object) -> Override:
    given = {"step": step, "body": "Dear you\n", "by": "sam", "at": MONDAY, **fields}
    return Override.model_validate(given)


def _kept(connection: Connection, text: Override) -> UUID:
    row = an_enrollment(connection).id
    overrides.put(connection, row, text)
    return row


def test_a_text_is_kept_for_one_mail_of_one_enrollment(connection: Connection) -> None:
    row = _kept(connection, _text(subject="As we said"))

    assert overrides.of_step(connection, row, "intro") == _text(subject="As we said")
    assert overrides.of_step(connection, row, "note") is None
    assert overrides.of_step(connection, uuid4(), "intro") is None


def test_a_later_text_replaces_an_earlier_one(connection: Connection) -> None:
    row = _kept(connection, _text(subject="As we said"))
    later = _text(body="Hello again\n", by="kim", at=TUESDAY)

    overrides.put(connection, row, later)

    assert overrides.of_enrollment(connection, row) == {"intro": later}


def test_a_text_is_taken_back_once(connection: Connection) -> None:
    row = _kept(connection, _text())

    assert [overrides.remove(connection, row, "intro") for _ in range(2)] == [True, False]
    assert overrides.of_enrollment(connection, row) == {}


def test_the_lock_before_a_claim_sees_texts_and_sender(connection: Connection) -> None:
    row = _kept(connection, _text())
    overrides.put(connection, row, _text("note"))
    given = {"sender_email": "sam@acme.example", "sender_name": "Sam"}
    connection.execute(update(enrollments).where(enrollments.c.id == row).values(given))

    locked = lock(connection, row)

    assert sorted(locked.rewrites) == ["intro", "note"]
    assert locked.sender == Mailbox(email="sam@acme.example", name="Sam")


def test_the_lock_of_an_enrollment_without_either_says_so(connection: Connection) -> None:
    locked = lock(connection, an_enrollment(connection).id)

    assert (locked.rewrites, locked.sender) == ((), None)
