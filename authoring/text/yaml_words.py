"""What is wrong with text that is not YAML, in words for somebody who does not know YAML."""

import re
from typing import NamedTuple


class Told(NamedTuple):
    """What is wrong, and the mend."""

    problem: str
    mend: str = ""


def told(problem: str) -> Told:
    """Tell in plain words what ruamel.yaml found; its own words, if there are none for them."""
    found = (words for pattern, words in _WORDS if re.match(pattern, problem))
    return next(found, Told(problem))


# The words on the left are those of ruamel.yaml's scanner.py and parser.py.
_WORDS = (
    (r"found character '\\t'", Told("a tab stands where only spaces can", "write spaces")),
    (
        r"found character",
        Told("a value cannot begin with this character", "put the value in quotes"),
    ),
    (
        r"expected <block end>, but found '(<block|-|\?)",
        Told(
            "this does not begin in the column of the lines that it belongs to",
            "indent it as they are",
        ),
    ),
    (
        r"expected <block end>, but found '<scalar>",
        Told("text follows a closing quote", "put all of the value in one pair of quotes"),
    ),
    (
        r"expected ',' or '}'",
        Told("before this a `,` is missing, or the `}` that closes the mapping", "add it"),
    ),
    (
        r"expected ',' or ']'",
        Told("before this a `,` is missing, or the `]` that closes the list", "add it"),
    ),
    (
        r"could not find expected ':'",
        Told("a line above has no `: ` behind its key", "write a colon and a space there"),
    ),
    (
        r"mapping values are not allowed here",
        Told(
            "no key can stand here",
            "indent it as its neighbours are, or put a text that holds `: ` in quotes",
        ),
    ),
    (
        r"found unexpected end of stream",
        Told("a quote is not closed", "close it"),
    ),
)
