"""What a whole stack needs in a test: a folder and ports of its own."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path

from devstack.ports import free_port
from devstack.records import Ports


@contextmanager
def open_directory() -> Iterator[Path]:
    """Give a folder that PostgreSQL's own user may enter, also when root runs the tests.

    In pytest's own folders, closed to others, root's clusters would go below /var/lib and stay.
    """
    folder = Path(tempfile.mkdtemp(prefix="postroad-state-"))
    folder.chmod(0o755)
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


def some_ports() -> Ports:
    """Choose free ports, none of them a usual one."""
    chosen: dict[str, int] = {}
    for name in asdict(Ports()):
        chosen[name] = free_port(besides=chosen.values())
    return Ports(**chosen)
