"""The emulator as an application: SendGrid's API, the control API and the inbox pages."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI

from devstack.emulator.config import EmulatorConfig
from devstack.emulator.control_api import build_control_api
from devstack.emulator.emulator import Emulator
from devstack.emulator.faultgate import FaultGate
from devstack.emulator.moments import Clock, wall_clock
from devstack.emulator.pages import build_pages
from devstack.emulator.sendgrid_api import build_sendgrid_api


def build_emulator(config: EmulatorConfig, clock: Clock = wall_clock) -> FastAPI:
    """Build the application; its lifespan ends what it does in the background."""
    emulator = Emulator(config, clock)

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        emulator.resume()
        yield
        await emulator.close()

    app = FastAPI(title="SendGrid emulator", lifespan=lifespan)
    app.include_router(build_sendgrid_api(emulator))
    app.include_router(build_control_api(emulator))
    app.include_router(build_pages(emulator))
    app.add_middleware(FaultGate, faults=emulator.faults, clock=clock)
    return app
