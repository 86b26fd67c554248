"""Which faults become which sentence."""

import pytest
from sqlalchemy.exc import OperationalError, ProgrammingError
from sqlalchemy.exc import TimeoutError as PoolTimeoutError
from temporalio.service import RPCError, RPCStatusCode

from runtime.connections import UnreachableError
from runtime.faults import sentence
from runtime.settings import SettingsError


class DriverError(Exception):
    """What the driver raises, with PostgreSQL's code."""

    def __init__(self, words: str, sqlstate: str | None = None) -> None:
        super().__init__(words)
        self.sqlstate = sqlstate


def refused_by_temporal(status: RPCStatusCode, words: str = "no") -> RPCError:
    return RPCError(words, status, b"")


@pytest.mark.parametrize(
    ("error", "mend"),
    [
        (SettingsError("POSTROAD_API_KEY is not set"), "POSTROAD_API_KEY is not set"),
        (UnreachableError("no Temporal server answers"), "no Temporal server answers"),
        (ProgrammingError("SELECT", {}, DriverError("x", "42P01")), "run `postroad migrate`"),
        (OperationalError("SELECT", {}, DriverError("x", "3D000")), "does not exist: create it"),
        (OperationalError("SELECT", {}, DriverError("x", "57014")), "POSTROAD_DATABASE_TIMEOUT"),
        (OperationalError("SELECT", {}, DriverError("refused")), "mend POSTROAD_DATABASE_URL"),
        (PoolTimeoutError("full"), "POSTROAD_DATABASE_POOL"),
        (refused_by_temporal(RPCStatusCode.UNAVAILABLE), "see that it runs, and try again"),
        (refused_by_temporal(RPCStatusCode.PERMISSION_DENIED), "TEMPORAL_API_KEY"),
        (
            refused_by_temporal(RPCStatusCode.NOT_FOUND, "Namespace x is not found"),
            "see TEMPORAL_NAMESPACE",
        ),
    ],
)
def test_a_fault_that_a_person_can_mend_says_how(error: Exception, mend: str) -> None:
    words = sentence(error)

    assert words is not None
    assert mend in words
    assert "\n" not in words


@pytest.mark.parametrize(
    "error",
    [
        KeyError("x"),
        ProgrammingError("SELECT", {}, DriverError("syntax", "42601")),
        refused_by_temporal(RPCStatusCode.INVALID_ARGUMENT),
    ],
)
def test_what_nobody_expects_has_no_sentence(error: Exception) -> None:
    assert sentence(error) is None
