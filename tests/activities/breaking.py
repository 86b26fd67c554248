"""Many mails of a sequence in the ledger, what came back about some, and breakers looked at."""

from datetime import timedelta
from uuid import UUID, uuid4

from sqlalchemy import Connection, func, select, text, update

from inbound.events import MailEvent
from schemas.outcomes import Enrolled
from starter.incoming.known_mails import Arrived
from starter.incoming.mail_events import take_mail_events
from starter.probing import look_once
from storage.schema.brake_tables import breaker_changes, breakers, probes
from storage.schema.tables import sends
from tests.activities.world import World
from tests.builders import MONDAY

HOUR = timedelta(hours=1)
HARD = {"kind": "bounce", "type": "bounce", "status": "5.1.1"}
BLOCKED = {"kind": "bounce", "type": "blocked", "status": "5.7.1"}
REPORTED = {"kind": "spamreport"}


def went(
    world: World, row: Enrolled, many: int, *, sender: str = "olga@acme.example"
) -> list[UUID]:
    """Let so many mails of an enrollment have gone."""
    with world.engine.begin() as connection:
        return accepted(connection, row.row, many, sender)


def accepted(connection: Connection, row: str, many: int, sender: str) -> list[UUID]:
    given = {"row": row, "many": many, "sender": sender, "monday": MONDAY}
    made = connection.scalars(text(_SENDS), given).all()
    connection.execute(text(_ACCEPTED), {"row": row, "monday": MONDAY})
    return list(made)


def came_back(world: World, mails: list[UUID], **what: str) -> int:
    """Let an event come back about each of some mails, in one post."""
    events = [
        MailEvent.model_validate({**what, "natural_key": uuid4().hex, "item": {}, "send": mail})
        for mail in mails
    ]
    return take_mail_events(world.engine, [Arrived(one, MONDAY) for one in events])


def looked(world: World, *, after: timedelta = timedelta()) -> list[str]:
    """Look at all breakers after a time, by which what was before is that much older."""
    with world.engine.begin() as connection:
        for column in (sends.c.claimed_wall, probes.c.wall):
            older = {column: column - after}
            connection.execute(update(column.table).values(older))
        connection.execute(update(breakers).values(next_wall=breakers.c.next_wall - after))
    return look_once(world.engine, MONDAY)


def pause_left(world: World) -> timedelta:
    with world.engine.connect() as connection:
        found = select(breakers.c.next_wall - func.now()).where(breakers.c.state != "over")
        left: timedelta = connection.scalars(found).one()
        return left


def changes(world: World) -> list[tuple[str, int, int, int]]:
    names = ("change", "sent", "bounced", "complained")
    found = select(*(breaker_changes.c[name] for name in names)).order_by(breaker_changes.c.id)
    with world.engine.connect() as connection:
        return [(row[0], row[1], row[2], row[3]) for row in connection.execute(found)]


_SENDS = """
INSERT INTO sends (enrollment_id, step, occurrence, contact_id, sequence, version, email_kind,
                   state, cause, attempt, resumes, due_at, claimed_at, message_id, why, sender)
SELECT id, 'earlier', n, contact_id, sequence, version, 'marketing', 'claimed', 'claim', 1, 0,
       :monday, :monday, gen_random_uuid()::text, 'it was due', :sender
FROM enrollments, generate_series(1, :many) n WHERE id = CAST(:row AS uuid) RETURNING id
"""
_ACCEPTED = """
UPDATE sends SET state = 'accepted', cause = 'accept', settled_at = :monday, settled_wall = now()
WHERE enrollment_id = CAST(:row AS uuid) AND state = 'claimed'
"""
