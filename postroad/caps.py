"""`postroad caps`: how many marketing mails a contact may get, and how many wait for room."""

from postroad.printing import AsJson, say, show_json
from postroad.session import run
from runtime.session import Session
from schemas.policies import Caps
from starter.authored.capping import NewCaps, StandingCaps, standing_caps


def show_caps(*, as_json: AsJson = False) -> None:
    """Show the frequency caps in force, and how many mails wait for room.

    They are over all sequences together, stand in `postroad.yaml`, and come by publishing.
    """

    async def work(session: Session) -> StandingCaps:
        return standing_caps(session.engine)

    standing = run(work)
    if as_json:
        show_json(standing)
        return
    latest = standing.latest
    say(words_of(latest.caps if latest else None))
    if latest is not None:
        say(f"published by {latest.by} at {latest.at:%Y-%m-%d %H:%M} UTC")
    say(f"{_mails(standing.waiting)} for room")


def words_of(caps: Caps | None) -> str:
    """Say how many marketing mails a contact may get."""
    return "no caps" if caps is None else f"at most {caps.words}"


def words_for(new: NewCaps, *, done: bool) -> str:
    """Say what publishing changes in the caps, or would."""
    verb = "caps of all sequences:" if done else "would change the caps of all sequences:"
    ask = "and asks again" if new.waiting == 1 else "and ask again"
    waiting = f"; {_mails(new.waiting)}, {ask}" if new.waiting else ""
    return f"{verb} {words_of(new.after)}, instead of {words_of(new.before)}{waiting}"


def _mails(count: int) -> str:
    return "1 mail waits" if count == 1 else f"{count} mails wait"


COMMANDS = {"caps": show_caps}
