"""Plain values in authored files, checked against the type that an attribute has."""

import re
from datetime import date, datetime

from pydantic import JsonValue

from authoring.language.vocabulary import AttributeType
from authoring.text.documents import Items, Node, Scalar
from authoring.text.faults import Findings
from authoring.text.fields import shown


def read_value(
    node: Node, findings: Findings, wanted: AttributeType | None = None
) -> JsonValue | None:
    """Read text, a number, true or false (or a list of them), as an attribute's type has it."""
    if isinstance(node, Items) and wanted == "list":
        return [read_value(item, findings) for item in node.of]
    value = node.value if isinstance(node, Scalar) else None
    if value is not None and wanted != "list" and (wanted is None or _is(node, wanted)):
        return value
    wrong = _NEEDED[wanted] if wanted else "text, a number, `true` or `false`"
    findings.add(node.at, shown(node), f"{wrong} belongs here", _MEND.get(wanted or "", ""))
    return None


def read_date(node: Node, findings: Findings) -> date | None:
    """Read a date like `2026-12-24`."""
    written = shown(node).strip()
    try:
        return date.fromisoformat(written if _DATE.fullmatch(written) else "")
    except ValueError:
        findings.add(node.at, written, f"`{written}` is not a date", _MEND["date"])
        return None


def _is_moment(written: str) -> bool:
    try:
        datetime.fromisoformat(written)
    except ValueError:
        return False
    return _DATE.match(written) is not None


def _is(node: Node, wanted: AttributeType) -> bool:
    value = node.value if isinstance(node, Scalar) else None
    if wanted == "date":
        return isinstance(value, str) and _is_moment(value)
    if wanted == "number":
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, bool if wanted == "truth" else str)


_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", re.ASCII)
_NEEDED: dict[AttributeType, str] = {
    "text": "text",
    "number": "a number",
    "truth": "`true` or `false`",
    "date": "a date",
    "list": "a list",
}
_MEND = {"date": "write it like `2026-12-24`", "text": "put it in quotes"}
