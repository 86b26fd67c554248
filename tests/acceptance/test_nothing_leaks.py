"""After a life on the running stack: no key and no person in its logs, none in its histories."""

import re
from base64 import b64decode
from collections.abc import Iterator
from pathlib import Path

from runtime.stackfile import StackFile
from tests.acceptance.playing import Play


async def test_no_key_and_no_person_shows_in_logs_and_histories(play: Play, stack: Path) -> None:
    await play.enroll_and_greet()
    for signal in ("reply", "click", "event"):
        await play.handle.signal(signal, {"id": play.address, "at": play.stage.record.api_key})
    await play.stage.web.post("/v1/contacts", content=play.stage.record.api_key)
    await play.until("live", next_step="wait-1")

    logs = [path.read_text(errors="replace") for path in (stack / ".postroad" / "logs").iterdir()]
    history = _readable((await play.handle.fetch_history()).to_json())

    hidden = (*_secrets(play.stage.record), play.address)
    assert [word for word in hidden if any(word in log for log in logs)] == []
    # What the test itself signalled stands there as it was said; nothing else does.
    own = {play.address, play.stage.record.api_key}
    assert [word for word in hidden if word in history and word not in own] == []
    assert history.count(play.address) == history.count(f'"id":"{play.address}"')


def _secrets(record: StackFile) -> Iterator[str]:
    yield record.database_url.partition("@")[0].rpartition(":")[2]
    yield from (record.api_key, record.sendgrid_api_key, record.inbound_path_secret)
    yield from (*record.token_keys, *record.webhook_secret)


def _readable(history: str) -> str:
    """Give a history with its payloads decoded."""
    held = re.findall(r'"data":\s*"([A-Za-z0-9+/=]+)"', history)
    return "\n".join([history, *(b64decode(one).decode(errors="replace") for one in held)])
