"""Database errors without the values that PostgreSQL quotes in them."""

import psycopg
from sqlalchemy import Engine, event
from sqlalchemy.engine import ExceptionContext
from sqlalchemy.exc import DBAPIError

_DEADLOCK = "40P01"


def hide_values(engine: Engine) -> None:
    """Leave of an error of this engine the first line only, which names constraints, not people.

    PostgreSQL's DETAIL quotes the key or the whole row that it refuses, addresses included;
    `hide_parameters=True` of the engine hides SQLAlchemy's own copy, and is needed as well.
    """
    event.listen(engine, "handle_error", _leave_first_line)


def _leave_first_line(context: ExceptionContext) -> None:
    error, wrapped = context.original_exception, context.sqlalchemy_exception
    if not isinstance(error, psycopg.Error) or error.diag.message_primary is None:
        return
    whole = str(error)
    error.args = (error.diag.message_primary,)
    if wrapped is not None:
        wrapped.args = (str(wrapped.args[0]).replace(whole, error.diag.message_primary),)


def is_deadlock(error: DBAPIError) -> bool:
    """Tell whether PostgreSQL ended a transaction because two waited for each other."""
    return getattr(error.orig, "sqlstate", None) == _DEADLOCK
