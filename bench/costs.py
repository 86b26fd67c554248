"""What something costs that is done many times: by the clock, and in CPU time by process."""

import time
from collections.abc import Awaitable
from dataclasses import dataclass

from bench.machine import cpu_seconds
from bench.servers import Servers


@dataclass(frozen=True)
class Run:
    """One run: how many a second, and milliseconds of CPU for each by process."""

    rate: float
    cpu: dict[str, float]

    @property
    def total(self) -> float:
        """Give the CPU of all processes for one."""
        return sum(self.cpu.values())


async def timed(servers: Servers, count: int, work: Awaitable[None]) -> Run:
    """Measure work that does something so many times; `driver` is this process."""
    before = {name: cpu_seconds(pid) for name, pid in servers.pids.items()}
    own, began = time.process_time(), time.perf_counter()
    await work
    took, driver = time.perf_counter() - began, time.process_time() - own
    used = {name: cpu_seconds(pid) - before[name] for name, pid in servers.pids.items()}
    cpu = {name: seconds / count * 1_000 for name, seconds in {**used, "driver": driver}.items()}
    return Run(rate=count / took, cpu=cpu)
