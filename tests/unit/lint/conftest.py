"""Fixtures of lint's tests."""

from pathlib import Path

import pytest

from tests.unit.lint.desk import Desk


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)
