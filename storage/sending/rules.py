"""The project's rules for sending beside its caps: those published last hold for all sequences."""

from datetime import datetime
from typing import Literal

from pydantic import JsonValue
from sqlalchemy import Connection, ScalarSelect, insert, select

from schemas.breakers import Breakers
from schemas.rates import Rates
from schemas.values import Value
from storage.rows import Instant
from storage.schema.brake_tables import sending_rules

Kind = Literal["breakers", "rates"]


class RulesRow(Value):
    """The rules in force (None: there are none), who published them, and when."""

    rules: JsonValue
    by: str
    at: Instant


def latest(connection: Connection, kind: Kind) -> RulesRow | None:
    """Give the rules of a kind in force; None if nobody ever published any."""
    found = select(sending_rules).where(sending_rules.c.kind == kind)
    row = connection.execute(found.order_by(sending_rules.c.id.desc()).limit(1)).mappings().first()
    return None if row is None else RulesRow(rules=row["rules"], by=row["by"], at=row["at"])


def in_force(kind: Kind) -> ScalarSelect[object]:
    """Give the rules in force as part of another statement."""
    found = select(sending_rules.c.rules).where(sending_rules.c.kind == kind)
    return found.order_by(sending_rules.c.id.desc()).limit(1).scalar_subquery()


def put(connection: Connection, kind: Kind, new: Value | None, *, by: str, at: datetime) -> None:
    """Put rules in force for everybody at once."""
    rules = None if new is None else new.model_dump(mode="json")
    connection.execute(insert(sending_rules).values(kind=kind, rules=rules, by=by, at=at))


def breakers(connection: Connection) -> Breakers:
    """Give the project's breakers: the usual ones where nothing was ever published."""
    found = latest(connection, "breakers")
    rules = None if found is None else found.rules
    return Breakers() if rules is None else Breakers.model_validate(rules)


def rates(connection: Connection) -> Rates | None:
    """Give the project's rates; None where there are none."""
    found = latest(connection, "rates")
    rules = None if found is None else found.rules
    return None if rules is None else Rates.model_validate(rules)
