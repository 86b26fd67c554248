"""The JSON Schema of `sequence.yaml`, for editors; what it cannot say, the loader does."""

from authoring.definitions import MOST_STEPS, PURPOSES
from authoring.windows import DAYS

Schema = dict[str, object]


def sequence_schema() -> Schema:
    """Give the schema of an authored sequence (JSON Schema draft 2020-12)."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "A Postroad sequence",
        **_mapping(_TOP, ["sequence", "steps"]),
        "$defs": _DEFINITIONS,
    }


def _mapping(properties: Schema, required: list[str]) -> Schema:
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


def _ref(name: str) -> Schema:
    return {"$ref": f"#/$defs/{name}"}


def _list(item: Schema, **limits: object) -> Schema:
    return {"type": "array", "items": item, **limits}


def _one_or_list(item: Schema) -> Schema:
    return {"anyOf": [item, _list(item)]}


def _said(description: str, schema: Schema) -> Schema:
    return {**schema, "description": description}


_DAY = "|".join(DAYS)
_NAME: Schema = {"type": "string", "pattern": "^[A-Za-z0-9][A-Za-z0-9._-]{0,99}$"}
_TEXT: Schema = {"type": "string", "minLength": 1}
_TRUTH: Schema = {"type": "boolean"}
_CONDITION: Schema = {"type": ["string", "number", "boolean"]}
_DURATION: Schema = {"type": "string", "pattern": "^\\s*[0-9]+\\s*(minute|hour|day|week)s?\\s*$"}
_TIME: Schema = {"type": "string", "pattern": "^([01][0-9]|2[0-4]):[0-5][0-9]$"}
_KIND: Schema = {"enum": ["marketing", "transactional"]}
_DAYS: Schema = {"type": "string", "pattern": f"^({_DAY})(-({_DAY}))?$"}
_STEPS = _list(_ref("step"))
_EVENT: Schema = {"event": _NAME, "click": _NAME, "open": _NAME, "reply": {"const": True}}
_MATCHER: Schema = {**_EVENT, "where": _CONDITION}
_RANGE: Schema = {"from": _TIME, "to": _TIME}

STEP_PROPERTIES: dict[str, Schema] = {
    "email": {
        "email": _said("The mail's file, without its ending.", _NAME),
        "id": _NAME,
        "day": _said("Day 1 is the first.", {"type": "integer", "minimum": 1, "maximum": 3660}),
        "at_time": _TIME,
        "kind": _KIND,
        "thread": _said("The earlier mail that this one answers.", _NAME),
        "subject": _TEXT,
    },
    "wait": {"wait": _DURATION, "id": _NAME},
    "wait_for": {
        "wait_for": {"anyOf": [_NAME, _ref("awaited")]},
        "id": _NAME,
        "within": _DURATION,
        "then": {
            "anyOf": [_STEPS, {"type": "object", "additionalProperties": _STEPS}],
        },
        "else": _STEPS,
    },
    "when": {"when": _CONDITION, "id": _NAME, "then": _STEPS, "else": _STEPS},
    "task": {"task": _NAME, "id": _NAME, "within": _DURATION, "blocking": _TRUTH, "else": _STEPS},
    "hand_off": {"hand_off": _NAME, "id": _NAME, "else": _STEPS},
    "exit": {"exit": _NAME, "id": _NAME},
}
"""The properties of each kind of step, by the key that makes it one."""

_REQUIRED = {"wait_for": ["wait_for", "within"]}

_DEFINITIONS: Schema = {
    "step": {
        "anyOf": [
            _mapping(properties, _REQUIRED.get(kind, [kind]))
            for kind, properties in STEP_PROPERTIES.items()
        ]
    },
    "awaited": _mapping(
        {
            **_MATCHER,
            "any": _list({"anyOf": [_NAME, _mapping(_MATCHER, [])]}, minItems=1),
            "since": {"enum": ["enrollment", "step", "always"]},
            "reuse": _TRUTH,
        },
        [],
    ),
    "exit_rule": {"anyOf": [_NAME, _mapping({**_MATCHER, "when": _CONDITION, "as": _NAME}, [])]},
    "reaction": _mapping({**_MATCHER, "do": _STEPS, "repeat": _TRUTH}, ["do"]),
    "goal": _mapping({"event": _NAME, "within": _DURATION, "repeat": _TRUTH}, ["event", "within"]),
    "mailbox": {"anyOf": [_TEXT, _mapping({"name": _TEXT, "email": _TEXT}, ["email"])]},
    "window": _mapping(
        {
            "days": _one_or_list(_DAYS),
            **_RANGE,
            "ranges": _list(_mapping(_RANGE, []), minItems=1),
            "timezone": _said("A time zone's name, or `contact`.", _TEXT),
            "fallback": _said("The zone of a contact who has none.", _TEXT),
        },
        [],
    ),
}

_TOP: Schema = {
    "sequence": _said("The sequence's name.", _NAME),
    "purpose": {"enum": list(PURPOSES)},
    "topic": _said("What the preference page calls it.", _TEXT),
    "kind": _said("The kind of a mail that does not say its own.", _KIND),
    "from": _said("`owner`, or a mailbox.", _ref("mailbox")),
    "from_fallback": _ref("mailbox"),
    "reply_to": {"enum": ["inbound", "sender"]},
    "audience": _CONDITION,
    "goals": _one_or_list(_ref("goal")),
    "exit_on": _one_or_list(_ref("exit_rule")),
    "on": _one_or_list(_ref("reaction")),
    "send_window": _ref("window"),
    "min_gap": _DURATION,
    "out_of_office": _DURATION,
    "re_enroll": {"type": "string", "pattern": "^(never|always|after .+)$"},
    "postal_address": _TEXT,
    "steps": _list(_ref("step"), minItems=1, maxItems=MOST_STEPS),
}
