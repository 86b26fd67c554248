"""One whole development stack for a pytest process, with its real programs."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from devstack.stack import Stack


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    folder = tmp_path_factory.mktemp("stack")
    with Stack(folder, say=print):
        yield folder
