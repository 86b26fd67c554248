"""A state directory that PostgreSQL's own user may enter, also when root runs the tests."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest


@contextmanager
def open_directory() -> Iterator[Path]:
    folder = Path(tempfile.mkdtemp(prefix="postroad-state-"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture
def state() -> Iterator[Path]:
    with open_directory() as folder:
        yield folder


@pytest.fixture(scope="module")
def shared_state() -> Iterator[Path]:
    with open_directory() as folder:
        yield folder
