"""A state directory that PostgreSQL's own user may enter, also when root runs the tests."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def state() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="postroad-state-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)
