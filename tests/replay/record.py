"""Play every scene and write its history, once a release: `python -m tests.replay.record NAME`.

Histories of earlier releases stay: a change of the workflow must replay them all. A scene that is
new within a release is named after it, and recorded alone.
"""

import asyncio
import sys
from pathlib import Path

from devstack.temporal import EmbeddedTemporal
from schemas.names import SEARCH_ATTRIBUTES
from tests.replay.fingerprint import KEPT, fingerprint
from tests.replay.scenes import SCENES
from tests.stage import a_stage

HISTORIES = Path(__file__).parent / "histories"


async def record(release: str, *only: str) -> None:
    """Write `<release>.<scene>.json` for every scene, or those named, and the fingerprint."""
    KEPT.write_text(fingerprint() + "\n")
    with EmbeddedTemporal(search_attributes=SEARCH_ATTRIBUTES) as server:
        for name in only or SCENES:
            async with a_stage(server.address) as stage:
                handle = await SCENES[name](stage)
                await handle.result()
                history = await handle.fetch_history()
                path = HISTORIES / f"{release}.{name}.json"
                path.write_text(history.to_json() + "\n")


if __name__ == "__main__":
    asyncio.run(record(*sys.argv[1:]))
