"""The words that the JSON Schemas of authored files are written in."""

from authoring.language.windows import DAYS

Schema = dict[str, object]


def mapping(properties: Schema, *required: str, **limits: object) -> Schema:
    """Give the schema of a mapping of these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": list(required),
        "additionalProperties": False,
        **limits,
    }


def table(values: Schema, keys: Schema | None = None, **limits: object) -> Schema:
    """Give the schema of a mapping whose keys are names of one's own."""
    names = {"propertyNames": keys} if keys else {}
    return {"type": "object", "additionalProperties": values, **names, **limits}


def several(item: Schema, **limits: object) -> Schema:
    """Give the schema of a list."""
    return {"type": "array", "items": item, **limits}


def one_or_several(item: Schema) -> Schema:
    """Give the schema of one item, or of a list of them."""
    return {"anyOf": [item, several(item)]}


def either(*schemas: Schema) -> Schema:
    """Give the schema of what fits one of these at least."""
    return {"anyOf": list(schemas)}


def words(*options: str) -> Schema:
    """Give the schema of one of these words."""
    return {"enum": list(options)}


def ref(name: str) -> Schema:
    """Refer to a definition of the same schema."""
    return {"$ref": f"#/$defs/{name}"}


def said(description: str, schema: Schema) -> Schema:
    """Give the schema with what an editor shows beside it."""
    return {**schema, "description": description}


def whole(lowest: int, highest: int) -> Schema:
    """Give the schema of a whole number within these bounds."""
    return {"type": "integer", "minimum": lowest, "maximum": highest}


def text_like(pattern: str) -> Schema:
    """Give the schema of text that fits a pattern."""
    return {"type": "string", "pattern": pattern}


_DAY = "|".join(DAYS)
_LONG = "(minute|hour|day|week)s?"
_PATH = "[A-Za-z_][A-Za-z0-9_]*(\\.[A-Za-z_][A-Za-z0-9_]*)*"

NAME = text_like("^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$")
IDENTIFIER = text_like("^[A-Za-z_][A-Za-z0-9_]*$")
TEXT: Schema = {"type": "string", "minLength": 1}
TRUTH: Schema = {"type": "boolean"}
CONDITION: Schema = {"type": ["string", "number", "boolean"]}
DURATION = text_like(f"^\\s*[0-9]+\\s*{_LONG}\\s*$")
SPAN = text_like(f"^\\s*[0-9]+\\s*({_LONG}|business\\s+days?)\\s*$")
DAYS_LONG = text_like("^\\s*[0-9]+\\s*(day|week)s?\\s*$")
TIME = text_like("^([01][0-9]|2[0-4]):[0-5][0-9]$")
WEEKDAYS = one_or_several(text_like(f"^({_DAY})(-({_DAY}))?$"))
DATE = text_like("^[0-9]{4}-[0-9]{2}-[0-9]{2}$")
ANCHOR = text_like(f"^(contact|data)\\.{_PATH}$")
AT = text_like(f"^\\s*(contact|data)\\.{_PATH}(\\s*[+-]\\s*[0-9]+\\s*{_LONG})?\\s*$")
EVENT_FIELD = text_like(f"^event\\.{_PATH}$")
