"""Jinja2's own expression parser, made to say at which character each part stands."""

from collections.abc import Iterator

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.lexer import TokenStream
from jinja2.parser import Parser

from authoring.text.faults import Slip

LONGEST = 2_000
"""The most characters that a condition may have."""


def parse_expression(text: str) -> nodes.Expr | Slip:
    """Parse one expression; `lineno` of each of its nodes is the offset of its first character."""
    if not text.strip():
        return Slip(text="", problem="the condition is empty", mend=_EXAMPLE)
    if len(text) > LONGEST:
        problem = f"the condition is longer than {LONGEST} characters"
        return Slip(text=text, problem=problem, mend="make it shorter")
    return _parse(text)


def _parse(text: str) -> nodes.Expr | Slip:
    try:
        return _whole(text)
    except TemplateSyntaxError as error:
        return _slip(text, error)
    except (ValueError, OverflowError, RecursionError) as error:
        problem = _WORDS.get(type(error), "the condition holds a value that cannot be read")
        return Slip(text=text, problem=problem, mend="write it more simply")


def _whole(text: str) -> nodes.Expr:
    environment = Environment(autoescape=True)
    parser = Parser(environment, "")
    offsets = _offsets(text, environment)
    parser.stream = TokenStream(environment.lexer.wrap(offsets), None, None)
    expression = parser.parse_expression()
    rest = parser.stream.current
    if not parser.stream.eos:
        raise TemplateSyntaxError(f"unexpected {rest.type}", rest.lineno)
    return expression


def _offsets(text: str, environment: Environment) -> Iterator[tuple[int, str, str]]:
    offset = 0
    try:
        for _, token, written in environment.lexer.tokeniter(text, None, state="variable"):
            yield offset, token, written
            offset += len(written)
    except TemplateSyntaxError as error:
        raise TemplateSyntaxError(error.message or "unexpected", offset) from error


def _slip(text: str, error: TemplateSyntaxError) -> Slip:
    offset = min(error.lineno, len(text) - 1)
    rest = text[offset:]
    if "end of template" in (error.message or ""):
        return Slip(offset=offset, text=rest, problem="the condition ends too early", mend=_EXAMPLE)
    written = next((sign for sign in _MEND_BY_SIGN if rest.startswith(sign)), "")
    if written:
        mend = f"did you mean `{_MEND_BY_SIGN[written]}`?"
        return Slip(offset=offset, text=written, problem=f"`{written}` is not known", mend=mend)
    word = rest.split()[0] if rest.split() else text.rsplit(maxsplit=1)[-1]
    if word.lower() in _JOINING:
        mend = f"write `{word.lower()}`"
        return Slip(offset=offset, text=word, problem=f"`{word}` is not known", mend=mend)
    problem = f"the condition cannot be read from `{word}` on"
    return Slip(offset=offset, text=word, problem=problem, mend=_EXAMPLE)


_EXAMPLE = 'write it like `contact.role == "vp-ops"`'
_WORDS: dict[type[Exception], str] = {RecursionError: "the condition is nested too deeply"}
_MEND_BY_SIGN = {"=": "==", "&&": "and", "&": "and", "||": "or", "|": "or", "!": "not", "<>": "!="}
_JOINING = ("and", "or", "not", "in")
