"""Days in seconds: all enrollments a slice ahead, then what people do in it, then the next."""

import asyncio
from datetime import datetime, timedelta

from devstack.demo.acting import Cue
from devstack.demo.clocks import Clocks
from devstack.demo.people import People, told
from devstack.demo.script import deeds
from devstack.demo.settling import live_rows, settle
from devstack.demo.shapes import DemoFailedError, Progressed, Tell
from devstack.demo.slices import next_end
from devstack.demo.stage import Stage
from devstack.demo.trouble import Trouble
from storage.audit import minutes_in_use
from storage.results import results

_MOST_SLICES = 90
_DAY = timedelta(days=1)


class Play:
    """One run of the script, from the moment `begun`."""

    def __init__(self, stage: Stage, trouble: Trouble, begun: datetime) -> None:
        self._stage = stage
        self._trouble = trouble
        self._begun = begun
        self._now = begun
        self._clocks = Clocks(stage.client)
        self._people = People(stage, deeds())

    @property
    def day(self) -> int:
        """The day of the story; the first is 1."""
        return 1 + (self._now - self._begun) // _DAY

    async def run(self, sequences: tuple[str, ...], tell: Tell) -> None:
        """Move time on, slice by slice, until nobody is enrolled any more.

        Raises DemoFailedError if somebody still is after 90 slices, or something does not move.
        """
        for number in range(1, _MOST_SLICES + 1):
            live = [row.workflow_id for row in await asyncio.to_thread(live_rows, self._stage)]
            if not live:
                return
            cues = await self._slice(number, live)
            tell(await asyncio.to_thread(self._progressed, sequences, cues))
        raise DemoFailedError(
            f"somebody is still enrolled after {self.day} days: see `postroad list --state live`"
        )

    async def _slice(self, number: int, live: list[str]) -> list[Cue]:
        self._now = next_end(self._now, await asyncio.to_thread(self._minutes))
        async with self._trouble.within(number):
            await self._clocks.move(live, self._now)
        await settle(self._stage)
        cues = await self._people.act(self._now)
        await settle(self._stage, {cue.deed.who for cue in cues})
        return cues

    def _minutes(self) -> frozenset[int]:
        with self._stage.engine.connect() as connection:
            return minutes_in_use(connection)

    def _progressed(self, sequences: tuple[str, ...], cues: list[Cue]) -> Progressed:
        with self._stage.engine.connect() as connection:
            counted = tuple(results(connection, name) for name in sequences)
        return Progressed(
            at=self._now, day=self.day, results=counted, did=tuple(told(cue) for cue in cues)
        )
