"""Transactional mails, one every so often: how soon each is accepted."""

import asyncio
from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from temporalio.client import Client

from bench.load.accepted import Accepted
from bench.runs import new_contacts
from bench.sequences import one_transactional_mail, version_of
from bench.servers import Servers
from runtime.clock import wall_now
from schemas.enrollment import EnrollmentStart
from starter.enrolling.enrollments import start_enrollment
from storage.schema.tables import sends

RECEIPT = one_transactional_mail()


class Receipts:
    """Asks for receipts, and finds out when they were accepted."""

    def __init__(self, servers: Servers, client: Client) -> None:
        self._servers, self._client = servers, client
        self._asked: dict[str, datetime] = {}
        servers.publish(version_of(RECEIPT))

    async def ask(self, count: int, every: float) -> list[str]:
        """Ask for so many, one every so many seconds, and give whose they are."""
        whose = await asyncio.to_thread(new_contacts, self._servers.engine, count)
        for contact in whose:
            self._asked[contact] = wall_now()
            await self._start(contact)
            await asyncio.sleep(every)
        return whose

    async def _start(self, contact: str) -> None:
        # By the way that all of ours go: an engineer's client gives the priority itself.
        start = EnrollmentStart(sequence=RECEIPT.name, contact=contact)
        await start_enrollment(self._client, self._servers.engine, start)

    def waits(self, mails: list[Accepted], whose: list[str]) -> list[float]:
        """Give how many milliseconds each of these took from being asked for to acceptance."""
        send_of = self._sends()
        at = {mail.send: mail.at for mail in mails}
        found = {who: at[send_of[who]] for who in whose if send_of.get(who) in at}
        return [
            (moment - self._asked[who]).total_seconds() * 1_000 for who, moment in found.items()
        ]

    def _sends(self) -> Mapping[str, UUID]:
        found = select(sends.c.contact_id, sends.c.id).where(sends.c.sequence == RECEIPT.name)
        with self._servers.engine.connect() as connection:
            return dict(connection.execute(found).all())
