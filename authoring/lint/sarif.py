"""Remarks in SARIF 2.1.0, as code hosts read them."""

from collections.abc import Iterable
from pathlib import PurePath
from urllib.parse import quote

from pydantic import JsonValue

from authoring.lint.remarks import Remark
from authoring.lint.rules import ABOUT, BROKEN, RULES

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
"""Where the shape of such a log is published."""


def sarif(remarks: Iterable[Remark], version: str) -> dict[str, JsonValue]:
    """Give a SARIF log of one run (OASIS, SARIF 2.1.0, sections 3.13 and 3.14)."""
    order = {rule: index for index, rule in enumerate(ABOUT)}
    driver: dict[str, JsonValue] = {
        "name": "postroad lint",
        "version": version,
        "rules": [_rule(rule, about) for rule, about in ABOUT.items()],
    }
    results: list[JsonValue] = [_result(remark, order[remark.rule]) for remark in remarks]
    run: JsonValue = {
        "tool": {"driver": driver},
        "columnKind": "unicodeCodePoints",
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _rule(rule: str, about: str) -> JsonValue:
    level = _LEVELS.get(rule, "warning")
    return {
        "id": rule,
        "shortDescription": {"text": about},
        "defaultConfiguration": {"level": level},
    }


def _result(remark: Remark, index: int) -> JsonValue:
    place: JsonValue = {
        "artifactLocation": {"uri": _uri(remark.at.file)},
        "region": {"startLine": remark.at.line, "startColumn": remark.at.column},
    }
    return {
        "ruleId": remark.rule,
        "ruleIndex": index,
        "level": remark.level,
        "message": {"text": remark.sentence},
        "locations": [{"physicalLocation": place}],
    }


def _uri(file: str) -> str:
    path = PurePath(file)
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


_LEVELS = {BROKEN: "error", **{rule.id: rule.level for rule in RULES}}
