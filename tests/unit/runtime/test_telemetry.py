"""Log lines: JSON, with the place of a fault and none of its words."""

import io
import json
import logging
from collections.abc import Iterator

import pytest

from runtime.settings import Settings
from runtime.telemetry import set_up_logging


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    stream = io.StringIO()
    set_up_logging(Settings(database_url="postgresql://db/app"), stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def fail() -> None:
    raise LookupError("ada@acme.example")


def test_a_line_is_json_with_its_origin(lines: io.StringIO) -> None:
    logging.getLogger("starter.outgoing.relay").warning("%d signals wait", 3)

    line = json.loads(lines.getvalue())
    assert line["level"] == "WARNING"
    assert line["from"] == "starter.outgoing.relay"
    assert line["says"] == "3 signals wait"


def test_a_fault_is_placed_but_not_quoted(lines: io.StringIO) -> None:
    try:
        fail()
    except LookupError:
        logging.getLogger("worker").exception("it failed")

    line = json.loads(lines.getvalue())
    assert line["fault"] == "LookupError"
    assert any(__file__ in place for place in line["in"])
    assert "ada@acme.example" not in lines.getvalue()


def test_what_libraries_say_by_the_way_is_left_out(lines: io.StringIO) -> None:
    logging.getLogger("httpx").info("GET https://acme.example/ada")

    assert lines.getvalue() == ""
