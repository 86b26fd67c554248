"""Languages: which file of several a contact gets, by the language of the contact."""

import re
from collections.abc import Iterable
from pathlib import PurePosixPath

Chain = tuple[str, ...]
"""Language tags in lower case, the nearest first."""

_TAG = re.compile(r"[a-z]{2,3}(?:-[a-z0-9]{1,8})*")


class Tongues:
    """The files of a version, found by their plain name in the language nearest to a wish."""

    def __init__(self, files: Iterable[str]) -> None:
        self._by_name = {name.lower(): name for name in sorted(files)}
        tags = (tag_of(name) for name in self._by_name)
        self._tags = frozenset(tag for tag in tags if tag)

    @property
    def chains(self) -> tuple[Chain, ...]:
        """Give a chain for each language that a file is written in, and the one for all others."""
        return ((), *(self.chain(tag) for tag in sorted(self._tags)))

    def chain(self, language: str | None) -> Chain:
        """Give the languages to look for: of `de-AT` first `de-at`, then `de`, where a file is."""
        tag = (language or "").strip().lower().replace("_", "-")
        parts = tag.split("-") if _TAG.fullmatch(tag) else []
        wider = ("-".join(parts[:length]) for length in range(len(parts), 0, -1))
        return tuple(one for one in wider if one in self._tags)

    def find(self, name: str, chain: Chain) -> str | None:
        """Give the file that stands for `name` in these languages; the plain one comes last."""
        wanted = (*(in_language(name, tag) for tag in chain), name)
        found = (self._by_name[one.lower()] for one in wanted if one.lower() in self._by_name)
        return next(found, None)


def in_language(name: str, tag: str) -> str:
    """Give the name of a file in a language: `intro.md` in `de` is `intro.de.md`."""
    path = PurePosixPath(name)
    return str(path.with_name(f"{path.stem}.{tag}{path.suffix}")) if path.name else name


def tag_of(name: str) -> str | None:
    """Give the language that a file's name says, if it says one."""
    tag = PurePosixPath(PurePosixPath(name).stem).suffix.removeprefix(".").lower()
    return tag if _TAG.fullmatch(tag) else None
