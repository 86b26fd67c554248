"""A worker whose claims hold nobody back: whatever was claimed before is claimed once more.

Nothing but the check of the chaos run's own checker starts it.
"""

from sqlalchemy import Connection, func, null, update

from activities.mailing import claiming
from runtime.settings import load_settings
from runtime.telemetry import set_up_logging
from schemas.outcomes import Stopped, Suppressed
from storage.locks import Locked, lock
from storage.schema.tables import sends
from storage.sending.claims import Claim, Claimed, Found, claim
from worker.run import run

_CLAIM = "claim"


def claim_again(
    connection: Connection, wanted: Claim, locked: Locked | None = None
) -> Claimed | Found | Stopped | Suppressed:
    held = locked or lock(connection, wanted.row)
    answer = claim(connection, wanted, held)
    if not isinstance(answer, Found):
        return answer
    again = (
        update(sends)
        .where(sends.c.id == answer.send.id)
        .values(
            state="claimed",
            attempt=sends.c.attempt + 1,
            claimed_wall=func.now(),
            settled_at=null(),
            settled_wall=null(),
        )
        .returning(sends.c.id, sends.c.attempt, sends.c.message_id)
    )
    won = connection.execute(again).one()
    return Claimed(
        send=won.id, attempt=won.attempt, message_id=won.message_id, contact=held.contact
    )


if __name__ == "__main__":
    setattr(claiming, _CLAIM, claim_again)
    settings = load_settings()
    set_up_logging(settings)
    run(settings)
