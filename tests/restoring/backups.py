"""Backups of a running stack's servers: copies of their files, made while they rest."""

import asyncio
import shutil
import signal
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import select
from temporalio.client import Client

from devstack.demo.stage import Stage
from devstack.stack import Stack
from devstack.state import State
from schemas.names import SCHEDULE_TRIGGERS
from starter import braking
from storage.schema.tide_tables import tides
from tests.acceptance.looking import until
from tests.acceptance.playing import Play

_HOW = {"postgres": signal.SIGINT, "temporal": signal.SIGTERM}


@dataclass(frozen=True)
class Backups:
    """Of the stack in a folder; `play` is what kills and starts its parts."""

    stack: Stack
    folder: Path
    stage: Stage
    play: Play

    async def take(self, server: str) -> None:
        """Stop the server, copy its files, and start it again."""
        self.play.kill(server, _HOW[server])
        await self._copy(self._files(server), self._copies(server))
        await self.play.restart(server)

    async def put_back(self, server: str, *also: str) -> None:
        """Stop the server, put the copy in place of its files, and start it again.

        `also` are programs that are killed before, and started after it.
        """
        for name in also:
            self.play.kill(name)
        self.play.kill(server, _HOW[server])
        shutil.rmtree(self._files(server))
        await self._copy(self._copies(server), self._files(server))
        for name in (server, *also):
            await self.play.restart(name)

    async def until_noticed(self) -> str:
        """Wait until all sending is stopped by Postroad itself, and give why."""

        async def whys() -> list[str]:
            found = await asyncio.to_thread(braking.standing, self.stage.engine)
            return [one.why for one in found if (one.of, one.who) == ("all", "Postroad")]

        return (await until(whys, bool))[0]

    async def sweep(self) -> None:
        """Let the Schedule sweep now, and wait until PostgreSQL and Temporal have it."""
        before = self._swept()
        client: Client = self.stage.client
        await client.get_schedule_handle(SCHEDULE_TRIGGERS).trigger()

        async def swept() -> str | None:
            return await asyncio.to_thread(self._swept)

        run = await until(swept, lambda run: run != before)
        with self.stage.engine.connect() as connection:
            sweep = connection.scalar(select(tides.c.sweep).where(tides.c.sweep_run == run))
        if sweep is not None:
            await client.get_workflow_handle(sweep, run_id=run).result()

    def _swept(self) -> str | None:
        with self.stage.engine.connect() as connection:
            return connection.scalar(select(tides.c.sweep_run))

    def _files(self, server: str) -> Path:
        return State(self.folder).path / server

    def _copies(self, server: str) -> Path:
        return self.folder / f"backup-{server}"

    async def _copy(self, source: Path, target: Path) -> None:
        # With owners and modes: PostgreSQL's files may belong to an account of their own.
        done = await asyncio.create_subprocess_exec("cp", "-a", str(source), str(target))
        assert await done.wait() == 0
