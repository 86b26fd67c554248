"""Serving the webhooks app until the process is told to stop."""

import asyncio
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

import uvicorn
from fastapi import FastAPI
from pydantic import SecretStr
from temporalio.client import Client
from temporalio.service import RPCError
from typing_extensions import Unpack

from inbound.signature import PublicKeys, public_keys
from inbound.tokens import Keys
from runtime.session import Session
from runtime.settings import Settings, SettingsError, required, variable
from schemas.outcomes import Refused
from starter.adapters.loading import load_adapters
from starter.data_changes import Change, Changed, Place, commit_change
from starter.enrolling.enrollments import Started, Terms, enroll
from starter.explaining.explanations import Explanation, explain
from starter.outgoing.bringing import Bringing
from webhooks.app import build_app
from webhooks.deps import Deps, Secrets
from webhooks.moments import Moments

_SECONDS_TO_FINISH = 15
_WAITING = 2048


class PortTakenError(OSError):
    """Nobody can listen there; the message says what to do."""


def serve(settings: Settings, host: str = "127.0.0.1", port: int = 8080) -> None:
    """Serve until SIGTERM or SIGINT, then finish what is under way.

    Without Temporal it still takes everything in; signals wait. Raises SettingsError if a setting
    is missing or wrong, PortTakenError if something else listens there.
    """
    with _listening(host, port) as listener, _returning_on_signals():
        asyncio.run(_serve(settings, listener))


async def _serve(settings: Settings, listener: socket.socket) -> None:
    session = Session(settings)
    try:
        app = build_app(build_deps(session))
        await uvicorn.Server(_config(app)).serve(sockets=[listener])
    finally:
        await session.close()


def _config(app: FastAPI) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        server_header=False,
        timeout_graceful_shutdown=_SECONDS_TO_FINISH,
    )


def _listening(host: str, port: int) -> socket.socket:
    try:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        return socket.create_server((host, port), family=family, backlog=_WAITING)
    except OSError as error:
        raise PortTakenError(
            f"cannot listen on {host}:{port} ({error.strerror}): choose another with --port"
        ) from None


@contextmanager
def _returning_on_signals() -> Iterator[None]:
    # uvicorn raises the signal again once it has stopped; the process shall then end by itself.
    before = {kind: signal.signal(kind, _let_pass) for kind in (signal.SIGTERM, signal.SIGINT)}
    try:
        yield
    finally:
        for kind, reaction in before.items():
            signal.signal(kind, reaction)


def _let_pass(_kind: int, _frame: FrameType | None) -> None:
    return None


def build_deps(session: Session) -> Deps:
    """Build what the app needs from the settings; raises SettingsError if one is wrong."""

    async def start(sequence: str, contact: str, **terms: Unpack[Terms]) -> Started | Refused:
        return await enroll(await session.client(), session.engine, sequence, contact, **terms)

    async def change_data(whom: str | Place, change: Change) -> Changed | Refused:
        return await commit_change(session.client, session.engine, whom, change)

    async def explain_enrollment(ref: str) -> Explanation | Refused:
        return await explain(await _client_or_none(session), session.engine, ref)

    async def temporal_answers() -> bool:
        return await _answers(session)

    return Deps(
        engine=session.engine,
        relay=Bringing(session.engine, session.client),
        enroll=start,
        change=change_data,
        explain=explain_enrollment,
        secrets=build_secrets(session.settings),
        moments=Moments(virtual=session.settings.virtual_time),
        temporal_answers=temporal_answers,
        adapters=load_adapters(session.settings),
    )


def build_secrets(settings: Settings) -> Secrets:
    """Read the keys and secrets; raises SettingsError if one is missing or wrong."""
    return Secrets(
        keys=_token_keys(settings),
        public_keys=_public_keys(settings),
        inbound_path=_shown(settings.inbound_path_secret),
        api_key=_shown(settings.api_key),
    )


def _token_keys(settings: Settings) -> Keys:
    keys = required(settings.token_keys or None, "token_keys")
    try:
        return Keys.of([key.get_secret_value() for key in keys])
    except ValueError as error:
        raise SettingsError(f"{variable('token_keys')} is wrong: {error}") from None


def _public_keys(settings: Settings) -> PublicKeys:
    try:
        return public_keys(settings.webhook_public_keys)
    except ValueError as error:
        raise SettingsError(f"{variable('webhook_public_keys')} is wrong: {error}") from None


def _shown(secret: SecretStr | None) -> str | None:
    return None if secret is None else secret.get_secret_value()


async def _client_or_none(session: Session) -> Client | None:
    try:
        return await session.client()
    except (OSError, RPCError):
        return None


async def _answers(session: Session) -> bool:
    try:
        client: Client = await session.client()
        return await client.service_client.check_health()
    except (OSError, RPCError):
        return False
