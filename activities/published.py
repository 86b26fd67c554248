"""Published versions as activities use them: read once, templates compiled once."""

from collections import OrderedDict
from dataclasses import dataclass
from threading import Lock

from sqlalchemy import Connection

from activities.rendering.mails import Mails
from schemas.content import Content
from schemas.sequence import Sequence
from schemas.version import Version
from storage import versions

_KEPT = 64


@dataclass(frozen=True)
class Published:
    """A version with its mails ready to render; its holidays, which may be renewed, stay behind."""

    hash: str
    sequence: Sequence
    content: Content
    mails: Mails

    @classmethod
    def of(cls, version: Version) -> "Published":
        """Make a version's mails ready."""
        return cls(version.hash, version.sequence, version.content, Mails(version.content))


class Library:
    """The versions in use, kept in memory: a hash never names another content."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, Published] = OrderedDict()
        self._lock = Lock()

    def get(self, connection: Connection, version_hash: str) -> Published | None:
        """Give a version."""
        with self._lock:
            if version_hash in self._kept:
                self._kept.move_to_end(version_hash)
                return self._kept[version_hash]
        version = versions.get(connection, version_hash)
        return None if version is None else self._keep(Published.of(version))

    def latest(self, connection: Connection, sequence: str) -> Published | None:
        """Give the version of a sequence that was published last."""
        newest = versions.latest_hash(connection, sequence)
        return None if newest is None else self.get(connection, newest)

    def _keep(self, published: Published) -> Published:
        with self._lock:
            kept = self._kept.setdefault(published.hash, published)
            while len(self._kept) > _KEPT:
                self._kept.popitem(last=False)
            return kept
