"""One whole development stack for a pytest process, with its real programs."""

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path

import pytest

from devstack.ports import free_port
from devstack.records import Ports
from devstack.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("stack")
    with Stack(folder, say=print, usual=_some_ports()):
        yield folder


def _some_ports() -> Ports:
    chosen: dict[str, int] = {}
    for name in asdict(Ports()):
        chosen[name] = free_port(besides=chosen.values())
    return Ports(**chosen)
