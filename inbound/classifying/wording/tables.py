"""What is known of each language: tables that a translator extends without touching code.

A table is a TOML file beside this package; a key that is no setting is what its phrases mean.
"""

import tomllib
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache
from importlib.resources import files
from typing import Literal, NamedTuple

from inbound.classifying.wording.lexicon import Lexicon
from inbound.classifying.wording.phrases import Hit, Phrase, read_phrase
from inbound.classifying.wording.words import Word, pieces

Order = Literal["dmy", "mdy", "ymd", ""]

_ORDERS: tuple[Order, ...] = ("dmy", "mdy", "ymd", "")
_SETTINGS = {
    "name",
    "order",
    "until_is",
    "postposed",
    "common",
    "months",
    "weekdays",
    "numbers",
    "solar_months",
}
_LISTED = {
    "months": "month",
    "solar_months": "solar month",
    "weekdays": "weekday",
    "numbers": "number",
}
_DATED = ("month ", "weekday ", "number ")


class Language(NamedTuple):
    """How a language writes dates.

    `order` is that of day and month in figures, "" where both are usual; `until_includes` tells
    whether a bare "until" includes its day; `postposed`, whether verbs follow their dates.
    """

    code: str
    order: Order
    until_includes: bool
    postposed: bool


class Tables(NamedTuple):
    """All languages, their phrases, and which common words are whose."""

    languages: dict[str, Language]
    lexicon: Lexicon
    common: dict[str, tuple[str, ...]]


@cache
def tables() -> Tables:
    """Give what the tables beside this package hold; they are read once."""
    folder = files("inbound.classifying") / "languages"
    found = sorted((one for one in folder.iterdir() if one.name.endswith(".toml")), key=str)
    read = {one.name.removesuffix(".toml"): tomllib.loads(one.read_text("utf-8")) for one in found}
    common: dict[str, list[str]] = {}
    for code, table in read.items():
        for word in pieces(str(table.get("common", ""))):
            common.setdefault(word, []).append(code)
    return Tables(
        languages={code: _language(code, table) for code, table in read.items()},
        lexicon=Lexicon(phrase for code, table in read.items() for phrase in _phrases(code, table)),
        common={word: tuple(dict.fromkeys(codes)) for word, codes in common.items()},
    )


def spoken(words: Sequence[Word], hits: Sequence[Hit]) -> Counter[str]:
    """Count what speaks for each language."""
    common = tables().common
    votes: Counter[str] = Counter()
    for word in words:
        votes.update(common.get(word.text, ()))
    for hit in hits:
        votes[hit.language] += 1 if hit.means.startswith(_DATED) else 2 * (hit.end - hit.start)
    return votes


def _language(code: str, table: dict[str, object]) -> Language:
    order = next((one for one in _ORDERS if one == table.get("order")), _ORDERS[-1])
    return Language(
        code=code,
        order=order,
        until_includes=table.get("until_is", "inclusive") == "inclusive",
        postposed=bool(table.get("postposed", False)),
    )


def _phrases(code: str, table: dict[str, object]) -> Iterator[Phrase]:
    for key, listed in _LISTED.items():
        for number, mark in enumerate(str(table.get(key, "")).split(), start=1):
            yield read_phrase(code, f"{listed} {number}", mark)
    for means in table.keys() - _SETTINGS:
        lines = (line.strip() for line in str(table[means]).splitlines())
        yield from (read_phrase(code, means, line) for line in lines if line)
