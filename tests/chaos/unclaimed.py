"""A worker whose claims hold nobody back: whatever was claimed before is claimed once more.

Nothing but the check of the chaos run's own checker starts it.
"""

from sqlalchemy import Connection

from activities.mailing import claiming
from runtime.settings import load_settings
from runtime.telemetry import set_up_logging
from storage.locks import Locked, lock
from storage.sending.claims import Claim, Claimed, Found, Lost, claim
from worker.run import run

_CLAIM = "claim"


def claim_again(
    connection: Connection, wanted: Claim, locked: Locked | None = None
) -> Claimed | Lost:
    held = locked or lock(connection, wanted.row)
    answer = claim(connection, wanted, held)
    if not isinstance(answer, Found):
        return answer
    found = answer.send
    return Claimed(
        send=found.id, attempt=found.attempt, message_id=found.message_id, contact=held.contact
    )


if __name__ == "__main__":
    setattr(claiming, _CLAIM, claim_again)
    settings = load_settings()
    set_up_logging(settings)
    run(settings)
