"""A state directory that PostgreSQL's own user may enter, also when root runs the tests."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.stacks import open_directory


@pytest.fixture
def state() -> Iterator[Path]:
    with open_directory() as folder:
        yield folder


@pytest.fixture(scope="module")
def shared_state() -> Iterator[Path]:
    with open_directory() as folder:
        yield folder
