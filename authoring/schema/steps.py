"""The JSON Schema of steps: one mapping a kind, as the loader reads them."""

from authoring.language.arms import HEAVIEST, MOST_MAILS
from authoring.language.timing import IF_MISSING, IF_PAST, LAST_DAY, ROLLS
from authoring.schema.words import (
    AT,
    CONDITION,
    DURATION,
    IDENTIFIER,
    NAME,
    SPAN,
    TEXT,
    TIME,
    TRUTH,
    WEEKDAYS,
    Schema,
    either,
    mapping,
    ref,
    said,
    several,
    table,
    text_like,
    whole,
    words,
)

STEPS = several(ref("step"))
KIND = words("marketing", "transactional")
ROLL = said("Outside the window: to its next opening, or to the last one before.", words(*ROLLS))
VALID_FOR = said("How long after its moment the mail may still go; then it is skipped.", DURATION)
WHEN_PAST = said("What becomes of an `at` that is past when it becomes known.", words(*IF_PAST))
WHEN_MISSING = said("What becomes of an `at` whose date is not known.", words(*IF_MISSING))

_ID = said("The step's own name; otherwise that of its mail or task.", NAME)
_PLAIN: Schema = {"type": ["string", "number", "boolean", "null"]}

_ARM = either(
    whole(0, HEAVIEST),
    mapping(
        {
            "weight": said("How many get it, in proportion to the others.", whole(0, HEAVIEST)),
            "subject": said("Its own subject.", TEXT),
            "email": said("Its own mail; otherwise `<mail>.<variant>.md`, if there is one.", NAME),
        },
        "weight",
    ),
)

WINNER = mapping(
    {
        "by": said("`open`, `click`, `reply`, or an event of the app.", NAME),
        "after": said("How many mails of each variant at least.", whole(1, MOST_MAILS)),
    },
    "by",
    "after",
)

STEP_PROPERTIES: dict[str, Schema] = {
    "email": {
        "email": said("The mail's file, without its ending.", NAME),
        "id": _ID,
        "day": said("The day it is due; day 1 is the first.", whole(1, LAST_DAY)),
        "at": said("The date it is due by: `data.contract_end - 90 days`.", AT),
        "at_time": said("The local time of its day: `09:30`.", TIME),
        "roll": ROLL,
        "valid_for": VALID_FOR,
        "if_past": WHEN_PAST,
        "if_missing": WHEN_MISSING,
        "window": said("`true` lets a transactional mail wait for the send window.", TRUTH),
        "kind": said("Whether it is marketing; otherwise as the file says.", KIND),
        "from": said("Whom this mail is from.", ref("sender")),
        "thread": said("The earlier mail that this one answers.", NAME),
        "subject": said("The subject, instead of the mail's own.", TEXT),
        "variants": said(
            "Forms of the mail with their weights: `{a: 50, b: 50}`.", table(_ARM, minProperties=2)
        ),
        "winner": said("When the test of the variants is decided, and by what.", WINNER),
    },
    "wait": {"wait": said("How long to wait: `3 days`, `2 business days`.", SPAN), "id": _ID},
    "wait_until": {
        "wait_until": said(
            "The moment that is awaited: `data.visit - 3 days`, or weekdays.",
            either(AT, WEEKDAYS),
        ),
        "id": _ID,
        "at_time": said("The local time of that day: `09:30`.", TIME),
    },
    "wait_for": {
        "wait_for": said("The event that is awaited, or several.", either(NAME, ref("awaited"))),
        "id": _ID,
        "within": said("How long it is awaited.", SPAN),
        "then": said(
            "The steps after it has come; by event, if there are several.",
            either(STEPS, table(STEPS)),
        ),
        "else": said("The steps if it has not come in time.", STEPS),
    },
    "when": {
        "when": said('A condition, asked once: `contact.plan == "free"`.', CONDITION),
        "id": _ID,
        "then": said("The steps if it is true.", STEPS),
        "else": said("The steps if it is not.", STEPS),
    },
    "task": {
        "task": said("What somebody has to do.", NAME),
        "id": _ID,
        "within": said("How long there is for it.", SPAN),
        "blocking": said("Whether the sequence waits for it; it does by itself.", TRUTH),
        "else": said("The steps if it was not done in time.", STEPS),
    },
    "hand_off": {
        "hand_off": said("The sequence that takes over.", NAME),
        "id": _ID,
        "else": said("The steps if that one refuses.", STEPS),
    },
    "exit": {"exit": said("The name under which the enrollment ends.", NAME), "id": _ID},
    "set": {
        "set": said(
            "New values of the contact's attributes; `null` takes one away.",
            table(either(_PLAIN, several(_PLAIN)), IDENTIFIER, minProperties=1),
        ),
        "id": _ID,
    },
    "webhook": {
        "webhook": said("Where a signed event is posted to.", text_like("^https?://")),
        "id": _ID,
    },
    "notify": {"notify": said("What the contact's owner is told, a template.", TEXT), "id": _ID},
}
"""The properties of each kind of step, by the key that makes it one."""

_REQUIRED = {"wait_for": ("wait_for", "within")}

STEP = {
    "anyOf": [
        mapping(properties, *_REQUIRED.get(kind, (kind,)))
        for kind, properties in STEP_PROPERTIES.items()
    ]
}
