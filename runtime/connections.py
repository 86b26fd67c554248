"""Connections to PostgreSQL and Temporal, as the settings say."""

from sqlalchemy import Engine, create_engine
from temporalio.client import Client
from temporalio.contrib.pydantic import pydantic_data_converter
from temporalio.envconfig import ClientConfigProfile, ClientConnectConfig
from temporalio.runtime import Runtime

from runtime.settings import Settings
from storage.faults import hide_values

_ADDRESS = "localhost:7233"
_CONNECT_SECONDS = 10


class UnreachableError(ConnectionError):
    """A server that Postroad needs does not answer; the message says which, and what to do."""


def build_engine(settings: Settings) -> Engine:
    """Build the pool of connections to PostgreSQL; it connects when first asked.

    Sessions run in UTC, statements end after the set time, errors show no values.
    """
    engine = create_engine(
        settings.database_url,
        pool_size=settings.database_pool,
        max_overflow=settings.database_overflow,
        pool_pre_ping=True,
        hide_parameters=True,
        connect_args={
            "application_name": "postroad",
            "connect_timeout": _CONNECT_SECONDS,
            "options": f"-c timezone=UTC -c statement_timeout={settings.database_timeout}s",
        },
    )
    hide_values(engine)
    return engine


async def connect_temporal(settings: Settings, runtime: Runtime | None = None) -> Client:
    """Connect by Temporal's own profile and variables; the settings' address goes before it.

    Raises UnreachableError if no server answers or it refuses us.
    """
    config = _connect_config(settings)
    address = config.setdefault("target_host", _ADDRESS)
    try:
        return await Client.connect(
            **config, data_converter=pydantic_data_converter, runtime=runtime
        )
    except RuntimeError as error:
        raise UnreachableError(
            f"no Temporal server answers at {address}: "
            "start one with `make up`, or set TEMPORAL_ADDRESS"
        ) from error


def _connect_config(settings: Settings) -> ClientConnectConfig:
    config = ClientConfigProfile.load().to_client_connect_config()
    if settings.temporal_address is not None:
        config["target_host"] = settings.temporal_address
    if settings.temporal_namespace is not None:
        config["namespace"] = settings.temporal_namespace
    return config
