"""The emulator as a program of its own."""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from devstack.emulator.__main__ import main
from devstack.emulator.client import EmulatorClient
from devstack.emulator.config import EmulatorConfig
from devstack.emulator.server import running_emulator
from tests.devstack.emulator.desk import KEY, a_mail

ROOT = Path(__file__).parents[3]
HEADERS = {"Authorization": f"Bearer {KEY}"}


@dataclass(frozen=True)
class Program:
    address: str
    process: asyncio.subprocess.Process

    async def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return await self.process.wait()


@asynccontextmanager
async def program(*arguments: str) -> AsyncIterator[Program]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "devstack.emulator", "--port", "0", *arguments),
        cwd=ROOT,
        stdout=asyncio.subprocess.PIPE,
    )
    try:
        assert process.stdout is not None
        line = (await process.stdout.readline()).decode()
        found = re.search(r"http://\S+", line)
        assert found, line
        yield Program(found.group(), process)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def test_the_program_takes_mails_with_its_key_and_ends_on_a_signal() -> None:
    async with program("--api-key", KEY) as running:
        async with httpx.AsyncClient(base_url=running.address, trust_env=False) as http:
            good = await http.post("/v3/mail/send", json=a_mail(), headers=HEADERS)
            bad = await http.post("/v3/mail/send", json=a_mail())

        await running.stop()

    assert (good.status_code, bad.status_code) == (202, 401)


async def test_the_program_keeps_its_mails_in_its_state_directory(tmp_path: Path) -> None:
    for expected in (1, 2):
        async with program("--state", str(tmp_path)) as running:
            async with httpx.AsyncClient(base_url=running.address, trust_env=False) as http:
                await http.post("/v3/mail/send", json=a_mail(), headers=HEADERS)
            async with EmulatorClient(running.address) as client:
                assert len(await client.mails()) == expected


async def test_an_emulator_runs_in_its_callers_loop() -> None:
    async with running_emulator(EmulatorConfig()) as address, EmulatorClient(address) as client:
        assert await client.mails() == []

    async with EmulatorClient(address) as client:
        with pytest.raises(httpx.ConnectError):
            await client.mails()


async def test_a_taken_port_is_one_plain_sentence(capsys: pytest.CaptureFixture[str]) -> None:
    async with running_emulator(EmulatorConfig()) as address:
        port = address.rpartition(":")[2]

        status = main(["--port", port])

    assert status == 1
    assert capsys.readouterr().err == (
        f"The emulator cannot listen on 127.0.0.1:{port}: Address already in use.\n"
    )
