"""`postroad rates`: how many mails may go by sender and by domain, and how many wait in line."""

from postroad.printing import AsJson, Side, say, show_json, show_rows
from postroad.session import run
from runtime.session import Session
from starter.rating import StandingRates, standing_rates


def show_rates(*, as_json: AsJson = False) -> None:
    """Show the rates in force by sender and domain, and how many mails wait.

    And what went by them within a day. They are over all sequences together, stand in
    `postroad.yaml`, and come by publishing.
    """

    async def work(session: Session) -> StandingRates:
        return standing_rates(session.engine)

    standing = run(work)
    if as_json:
        show_json(standing)
        return
    say(standing.words)
    if standing.latest is not None:
        say(f"published by {standing.latest.by} at {standing.latest.at:%Y-%m-%d %H:%M} UTC")
    if standing.lines:
        rows = (
            (
                one.name,
                str(one.went),
                str(one.waiting),
                "" if one.last_wall is None else f"{one.last_wall:%Y-%m-%d %H:%M} UTC",
            )
            for one in standing.lines
        )
        show_rows(_COLUMNS, rows)


_COLUMNS: dict[str, Side] = {
    "line": "left",
    "went in 24 h": "right",
    "waiting": "right",
    "last turn": "left",
}
COMMANDS = {"rates": show_rates}
