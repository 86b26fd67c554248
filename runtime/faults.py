"""Faults that a person can mend, each as one sentence that says how."""

from collections.abc import Callable

from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from temporalio.service import RPCError, RPCStatusCode

from runtime.connections import UnreachableError
from runtime.settings import SettingsError

# PostgreSQL, appendix A: undefined_table, undefined_column; query_canceled; invalid_catalog_name.
_NOT_MIGRATED = {"42P01", "42703"}
_TIMED_OUT = "57014"
_NO_DATABASE = "3D000"

_AWAY = {RPCStatusCode.UNAVAILABLE, RPCStatusCode.DEADLINE_EXCEEDED, RPCStatusCode.CANCELLED}
_BARRED = {RPCStatusCode.PERMISSION_DENIED, RPCStatusCode.UNAUTHENTICATED}


def sentence(error: BaseException) -> str | None:
    """Say what is wrong and what mends it; None for a fault that nobody expects."""
    for kind, words in _WORDS.items():
        if isinstance(error, kind):
            return words(error)
    return None


def _of_database(error: BaseException) -> str | None:
    state = _sqlstate(error)
    if state in _NOT_MIGRATED:
        return "the database has no tables of this release: run `postroad migrate`"
    if state == _NO_DATABASE:
        return "POSTROAD_DATABASE_URL names a database that does not exist: create it"
    if state == _TIMED_OUT:
        return "PostgreSQL took too long: try again, or raise POSTROAD_DATABASE_TIMEOUT"
    return _unreachable(error) if isinstance(error, OperationalError | InterfaceError) else None


def _unreachable(error: BaseException) -> str:
    cause = str(getattr(error, "orig", error)).strip().splitlines()[0]
    return (
        f"PostgreSQL does not answer or refuses us ({cause}): "
        "start it with `make up`, or mend POSTROAD_DATABASE_URL"
    )


def _sqlstate(error: BaseException) -> str | None:
    state = getattr(getattr(error, "orig", None), "sqlstate", None)
    return state if isinstance(state, str) else None


def _busy(_: BaseException) -> str:
    return "all connections to PostgreSQL are taken: try again, or raise POSTROAD_DATABASE_POOL"


def _of_temporal(error: BaseException) -> str | None:
    status = error.status if isinstance(error, RPCError) else None
    if status in _AWAY:
        return "the Temporal server does not answer any more: see that it runs, and try again"
    if status in _BARRED:
        return "the Temporal server refuses us: see TEMPORAL_API_KEY and TEMPORAL_NAMESPACE"
    if status == RPCStatusCode.NOT_FOUND and "amespace" in str(error):
        return "the Temporal server has no such namespace: see TEMPORAL_NAMESPACE"
    return None


_WORDS: dict[type[BaseException], Callable[[BaseException], str | None]] = {
    SettingsError: str,
    UnreachableError: str,
    OperationalError: _of_database,
    InterfaceError: _of_database,
    ProgrammingError: _of_database,
    PoolTimeoutError: _busy,
    RPCError: _of_temporal,
}
