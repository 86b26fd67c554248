"""How the project's rates stand: which are in force, what went by them, and who waits in line."""

from sqlalchemy import Engine

from schemas.values import Value
from storage.sending import lanes, rules
from storage.sending.lanes import Standing
from storage.sending.rules import RulesRow


class StandingRates(Value):
    """The rates in force in words, who published them, and the lines in which somebody waits."""

    words: str
    latest: RulesRow | None
    lines: tuple[Standing, ...]


def standing_rates(engine: Engine) -> StandingRates:
    """Tell which rates are in force, and how their lines stand, the longest first."""
    with engine.connect() as connection:
        rates = rules.rates(connection)
        return StandingRates(
            words="no rates" if rates is None else rates.words,
            latest=rules.latest(connection, "rates"),
            lines=tuple(lanes.standing(connection)),
        )
