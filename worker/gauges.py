"""The numbers of ours that a worker serves beside Temporal's own."""

import asyncio
import logging
from collections.abc import Awaitable, Callable

from temporalio.common import MetricGauge, MetricMeter

from starter.health import Health

log = logging.getLogger(__name__)

_SECONDS = 15.0
_BROKEN = "postroad_workflow_broken"
_MEANINGS = {
    "in_doubt": "Mails of which nobody knows whether they went.",
    "oldest_doubt_seconds": "For how long the oldest of them has been so.",
    "held": "Enrollments that a person must help.",
    "brakes": "What is stopped for many at once.",
    "braked": "Mails that wait for a release.",
    "signals": "Signals that are committed and not brought yet.",
}


class Gauges:
    """Gauges of how all stands; one for each workflow that is broken, by its id."""

    def __init__(self, meter: MetricMeter) -> None:
        self._gauges: dict[str, MetricGauge] = {
            name: meter.create_gauge(f"postroad_{name}", meaning)
            for name, meaning in _MEANINGS.items()
        }
        self._broken = meter.create_gauge(_BROKEN, "1 for a workflow whose task fails by a bug.")
        self._named: set[str] = set()

    def show(self, found: Health) -> None:
        """Show how all stands now."""
        for name, gauge in self._gauges.items():
            gauge.set(getattr(found, name))
        named = {one.workflow_id for one in found.broken}
        for workflow_id in self._named | named:
            self._broken.set(int(workflow_id in named), {"workflow_id": workflow_id})
        self._named |= named


async def keep_shown(gauges: Gauges, ask: Callable[[], Awaitable[Health]]) -> None:
    """Show how all stands every 15 seconds, for good; log what is broken when it is new."""
    logged: set[str] = set()
    while True:
        try:
            found = await ask()
        except Exception:
            log.warning("how all stands is not known", exc_info=True)
        else:
            gauges.show(found)
            for one in found.broken:
                if one.workflow_id not in logged:
                    log.error("%s does not go on, for a bug: %s", one.workflow_id, one.cause)
            logged |= {one.workflow_id for one in found.broken}
        await asyncio.sleep(_SECONDS)
