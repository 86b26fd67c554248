"""The JSON Schemas of what holds beside the steps: events, exits, windows, triggers."""

from authoring.language.entering import MOST_ENTERING
from authoring.language.matchers import MOST_COUNTED
from authoring.language.rules import MOST_UNANSWERED
from authoring.language.suppressing import THEN
from authoring.language.triggers import BACKFILLS
from authoring.schema.steps import STEPS
from authoring.schema.words import (
    ANCHOR,
    CONDITION,
    DATE,
    DAYS_LONG,
    DURATION,
    EVENT_FIELD,
    NAME,
    TEXT,
    TIME,
    TRUTH,
    WEEKDAYS,
    Schema,
    either,
    mapping,
    one_or_several,
    ref,
    said,
    several,
    text_like,
    whole,
    words,
)

_MATCHER: Schema = {
    "event": said("An event that the app reports.", NAME),
    "click": said("A click in the mail of this step, or in `any`.", NAME),
    "open": said("An opening of the mail of this step, or of `any`.", NAME),
    "reply": said("A person's answer.", {"const": True}),
    "where": said("Which of these events: `event.amount > 100`.", CONDITION),
    "url": said("Which links: a pattern like `*/pricing*`.", TEXT),
}
_RANGE: Schema = {
    "from": said("From this local time on: `09:00`.", TIME),
    "to": said("Up to, but without, this one: `17:00`.", TIME),
}
_FACT: Schema = {
    "opens": said("The events that make it true.", one_or_several(NAME)),
    "closes": said("The events that end it.", one_or_several(NAME)),
    "id": said("The field by which an end belongs to a beginning.", TEXT),
}
_HOLIDAYS = either(text_like("^[A-Z]{2}(-[A-Z0-9]+)?$"), words("contact.country"), several(DATE))
_MAILBOX = mapping(
    {"name": said("As mail shows it.", TEXT), "email": said("The address.", TEXT)}, "email"
)

DEFINITIONS: Schema = {
    "awaited": mapping(
        {
            **_MATCHER,
            "any": said("Several events: the first counts.", several(ref("event"), minItems=1)),
            "since": said("From when on it counts.", words("enrollment", "step", "always")),
            "reuse": said("Whether one that a wait has taken already will do.", TRUTH),
        },
    ),
    "event": either(NAME, mapping(_MATCHER)),
    "exit_rule": either(
        NAME,
        mapping(
            {
                **_MATCHER,
                "by": said("`account`: somebody else of the company.", words("contact", "account")),
                "when": said("A condition that ends the enrollment.", CONDITION),
                "as": said("The ending's name.", NAME),
            }
        ),
    ),
    "reaction": mapping(
        {
            **_MATCHER,
            "do": said("What is done beside the steps.", STEPS),
            "repeat": said("Each time, and not only once.", TRUTH),
        },
        "do",
    ),
    "sign": either(
        NAME,
        mapping(
            {
                **_MATCHER,
                "count": said("`click`, `open`, `reply`, or an event of the app.", NAME),
                "at_least": said("How many of them.", whole(1, MOST_COUNTED)),
                "within": said("In which time.", DURATION),
            }
        ),
    ),
    "goal": mapping(
        {
            "event": said("The event that is a success.", NAME),
            "within": said("Until when after the enrollment it counts.", DURATION),
            "repeat": said("Whether each one counts, or the first alone.", TRUTH),
            "value": said("The event's field that says its worth.", EVENT_FIELD),
            "currency": said("The event's field that says the currency.", EVENT_FIELD),
        },
        "event",
        "within",
    ),
    "mailbox": either(TEXT, _MAILBOX),
    "sender": either(TEXT, _MAILBOX, several(ref("mailbox"), minItems=1)),
    "window": mapping(
        {
            "days": said("Days of the week: `mon-fri`.", WEEKDAYS),
            **_RANGE,
            "ranges": said("Several ranges a day.", several(mapping(_RANGE), minItems=1)),
            "timezone": said("A time zone's name, or `contact`.", TEXT),
            "fallback": said("The zone of a contact who has none.", TEXT),
            "holidays": said("Days without mail: `US`, `contact.country`, or dates.", _HOLIDAYS),
        },
    ),
    "trigger": mapping(
        {
            "event": said("Enrolls when this event comes.", NAME),
            "where": said("Which of these events.", CONDITION),
            "near": said("Enrolls before this date.", ANCHOR),
            "by": said("How long before it.", DAYS_LONG),
            "inactive": said("Enrolls who had no such event.", NAME),
            "for": said("For how long.", DURATION),
            "when": said("Enrolls when this becomes true of a contact.", CONDITION),
            "max": said("How many a day: `200 per day`.", text_like("^[0-9]+ per day$")),
            "backfill": said("Whether those of before enter, too.", words(*BACKFILLS)),
            "create": said("Whether an unknown contact is made.", TRUTH),
        },
        "backfill",
    ),
    "pace": mapping(
        {
            "per_day": said("How many enter a day.", whole(1, MOST_ENTERING)),
            "per_owner": said("How many enter a day of one owner.", whole(1, MOST_ENTERING)),
        },
        minProperties=1,
    ),
    "fact": mapping(_FACT, "opens", "closes", "id"),
    "suppressor": mapping(
        {
            "fact": said("The fact during which nothing goes.", NAME),
            "then": said("What becomes of the enrollment.", words(*THEN)),
            "match": said("Only facts that are about the enrollment's key.", words("key")),
            "except": said("Which mails go all the same.", words("transactional")),
            **_FACT,
        },
        "fact",
    ),
    "unengaged": mapping(
        {
            "after": said("How many mails without an answer.", whole(1, MOST_UNANSWERED)),
            "do": said("It ends.", words("exit")),
            "opens": said("Whether an opening is an answer.", TRUTH),
        },
        "after",
    ),
    "cycle": either(
        DAYS_LONG,
        mapping(
            {
                "of": said("The date.", ANCHOR),
                "over": said("How much later begins a new cycle.", DAYS_LONG),
            },
            "of",
            "over",
        ),
    ),
}
