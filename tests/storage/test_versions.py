"""Versions: immutable, and which one is the latest."""

import pytest
from sqlalchemy import Connection, text
from sqlalchemy.exc import DBAPIError

from schemas.version import Version
from storage import versions
from tests.storage.given import MONDAY, TUESDAY, a_published_version, a_version


def _publish(connection: Connection, version: Version) -> bool:
    return versions.publish(connection, version, by="sam", at=TUESDAY)


def test_a_published_version_comes_back_as_it_was(connection: Connection) -> None:
    version = a_published_version(connection)

    assert versions.get(connection, version.hash) == version
    assert versions.latest(connection, "welcome") == version


def test_publishing_the_latest_again_changes_nothing(connection: Connection) -> None:
    version = a_version()

    new = [versions.publish(connection, version, by="sam", at=MONDAY) for _ in range(2)]

    assert new == [True, False]


def test_the_last_published_version_is_the_latest(connection: Connection) -> None:
    old, new = a_version(text="Hello"), a_version(text="Hi")

    _publish(connection, old)
    _publish(connection, new)

    assert versions.latest(connection, "welcome") == new


def test_an_old_version_published_again_is_the_latest_again(connection: Connection) -> None:
    old, new = a_version(text="Hello"), a_version(text="Hi")
    _publish(connection, old)
    _publish(connection, new)

    back = _publish(connection, old)

    assert back
    assert versions.latest(connection, "welcome") == old


def test_each_sequence_has_its_own_latest_version(connection: Connection) -> None:
    welcome = a_published_version(connection, "welcome")
    a_published_version(connection, "outbound")

    assert versions.latest(connection, "welcome") == welcome
    assert versions.latest(connection, "unknown") is None
    assert versions.sequences(connection) == ["outbound", "welcome"]


def test_another_text_or_step_is_another_version() -> None:
    hashes = {a_version(text=text).hash for text in ("Hello", "Hi")}

    assert len(hashes | {a_version("outbound").hash}) == 3
    assert a_version().hash == a_version().hash


def test_the_database_refuses_to_change_a_version(connection: Connection) -> None:
    a_published_version(connection)

    with pytest.raises(DBAPIError, match="never changed"):
        connection.execute(text("UPDATE versions SET content = '{}'"))
