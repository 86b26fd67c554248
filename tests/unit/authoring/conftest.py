from pathlib import Path

import pytest

from tests.unit.authoring.written import Folder


@pytest.fixture
def folder(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "sequences" / "welcome")
