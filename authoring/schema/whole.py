"""The JSON Schemas of `sequence.yaml` and `postroad.yaml`: what an editor checks and shows."""

from authoring.language.definitions import MOST_STEPS, PURPOSES
from authoring.language.policies import IN_DOUBT, RECHECKS
from authoring.language.project_parts import ATTRIBUTE_TYPES, MOST_A_DAY
from authoring.language.sending import MOST_JUDGED_BY, MOST_PER_SECOND
from authoring.language.triggers import HIGHEST, ON_LOST
from authoring.schema.rules import DEFINITIONS
from authoring.schema.steps import KIND, ROLL, STEP, VALID_FOR, WHEN_MISSING, WHEN_PAST
from authoring.schema.words import (
    CONDITION,
    DAYS_LONG,
    DURATION,
    IDENTIFIER,
    NAME,
    TEXT,
    WEEKDAYS,
    Schema,
    either,
    mapping,
    one_or_several,
    ref,
    said,
    several,
    table,
    text_like,
    whole,
    words,
)


def sequence_schema() -> Schema:
    """Give the schema of an authored sequence (JSON Schema draft 2020-12)."""
    return {
        "$schema": _DRAFT,
        "title": "A Postroad sequence",
        **mapping(_SEQUENCE, "sequence", "steps"),
        "$defs": {"step": STEP, **DEFINITIONS},
    }


def project_schema() -> Schema:
    """Give the schema of a project's own file (JSON Schema draft 2020-12)."""
    used = ("mailbox", "sender", "window", "fact")
    return {
        "$schema": _DRAFT,
        "title": "A Postroad project",
        **mapping(_PROJECT),
        "$defs": {"caps": CAPS, **{name: DEFINITIONS[name] for name in used}},
    }


_DRAFT = "https://json-schema.org/draft/2020-12/schema"
_SNIPPETS = table(TEXT, IDENTIFIER)
_ADDRESS = said("The sender's postal address, which every marketing mail shows.", TEXT)
_SENDER = said("`owner`, a mailbox, a name under `senders`, or several in turn.", ref("sender"))
_FALLBACK = said("Who writes for a contact without an owner.", ref("mailbox"))
_WINDOW = said("When marketing mails may go.", ref("window"))

CAPS = mapping(
    {
        "per_day": said("Marketing mails to a contact in 24 hours.", whole(1, MOST_A_DAY)),
        "per_week": said("And in seven times 24 hours.", whole(1, 7 * MOST_A_DAY)),
        "defer_up_to": said("How long one over the cap waits; then it is skipped.", DAYS_LONG),
    }
)

_SHARE = text_like("^[0-9.]+ *%$")
_BREAKER: Schema = {
    "bounces": said("From which share of hard bounces on it opens.", _SHARE),
    "complaints": said("From which share of spam reports on it opens.", _SHARE),
    "at_least": said("By how many mails it judges at least.", whole(1, MOST_JUDGED_BY)),
    "within": said("How far back it looks.", DAYS_LONG),
    "probe_after": said("After how long a few mails try it, watched for as long.", DURATION),
}
_OWN_BREAKER = either(mapping(_BREAKER), words("off"))
BREAKERS = mapping(
    {
        **_BREAKER,
        "sequences": said("What differs for a sequence.", table(_OWN_BREAKER, NAME)),
        "senders": said("What differs for a sender's address.", table(_OWN_BREAKER, TEXT)),
        "notify": said("The address, or the https URL, that is told.", TEXT),
    }
)

_PER_DAY = 86_400 * MOST_PER_SECOND
_RATE: Schema = {
    "per_second": said("Mails in any second.", whole(1, MOST_PER_SECOND)),
    "per_hour": said("Mails in any hour.", whole(1, 3_600 * MOST_PER_SECOND)),
    "per_day": said("Mails in any 24 hours.", whole(1, _PER_DAY)),
}
WARM_UP = mapping(
    {
        "from": said("Mails on a new sender's first day.", whole(1, MOST_PER_SECOND)),
        "times": said("How many times as many on each day after.", {"type": "number"}),
    },
    "from",
    "times",
)
_OF_SENDER = mapping({**_RATE, "warm_up": said("Few at first, up to `per_day`.", WARM_UP)})
RATES = mapping(
    {
        "sender": said("How many mails of each sender may go.", _OF_SENDER),
        "senders": said("What differs for a sender's address.", table(_OF_SENDER, TEXT)),
        "domain": said("How many may go to each recipient domain.", mapping(_RATE)),
        "domains": said("What differs for a domain.", table(mapping(_RATE), TEXT)),
    }
)

_SEQUENCE: Schema = {
    "sequence": said("The sequence's name.", NAME),
    "purpose": said("What it is for.", words(*PURPOSES)),
    "topic": said("What the preference page calls it.", TEXT),
    "kind": said("The kind of a mail that does not say its own.", KIND),
    "key": said("What an enrollment is per: `data.order_id`.", text_like("^data\\.")),
    "from": _SENDER,
    "from_fallback": _FALLBACK,
    "reply_to": said("Where answers go.", words("inbound", "sender")),
    "layout": said("The layout of its mails, without `.html`.", NAME),
    "snippets": said("Short texts by name: `{{ snippets.ps }}`.", _SNIPPETS),
    "postal_address": _ADDRESS,
    "audience": said("Who may be enrolled: a condition.", CONDITION),
    "audience_recheck": said("When the audience is asked again.", words(*RECHECKS)),
    "enroll_on": said("What enrolls people by itself.", one_or_several(ref("trigger"))),
    "re_enroll": said(
        "When somebody may enter again.",
        text_like("^(never|always|replace|unless goal|after [0-9]+ .+)$"),
    ),
    "pace": said(
        "How many may enter a day: `200 per day`.",
        either(text_like("^[0-9]+ per day$"), ref("pace")),
    ),
    "holdout": said("How many are kept out, to compare: `5%`.", text_like("^[0-9.]+ *%$")),
    "goals": said("The successes that it is for.", one_or_several(ref("goal"))),
    "exit_on": said("What ends an enrollment.", one_or_several(ref("exit_rule"))),
    "on": said("What is done beside the steps, at any moment.", one_or_several(ref("reaction"))),
    "high_intent": said("Signs that the owner is told of.", one_or_several(ref("sign"))),
    "suppress_while": said("The fact during which nothing goes.", ref("suppressor")),
    "unengaged": said("When to stop writing to whom no mail moves.", ref("unengaged")),
    "new_cycle": said("How much later a date begins a new cycle.", ref("cycle")),
    "send_window": _WINDOW,
    "weekend": said("The days that are no business days.", WEEKDAYS),
    "spread": said("Over how long an opening's mails are spread.", DURATION),
    "min_gap": said("The least time between two marketing mails.", DURATION),
    "out_of_office": said("How long an automatic reply makes the contact away.", DURATION),
    "roll": ROLL,
    "valid_for": VALID_FOR,
    "if_past": WHEN_PAST,
    "if_missing": WHEN_MISSING,
    "if_in_doubt": said("What becomes of a mail nobody knows of if it went.", words(*IN_DOUBT)),
    "exclusive": said("The group of which one sequence at a time has a contact.", NAME),
    "priority": said("Which sequence of a group goes first.", whole(-HIGHEST, HIGHEST)),
    "on_lost": said("What becomes of who is taken over.", words(*ON_LOST)),
    "if_busy": said("What becomes of who is in another.", text_like("^(refuse|wait [0-9]+ .+)$")),
    "steps": said("What is done, in order.", several(ref("step"), minItems=1, maxItems=MOST_STEPS)),
}

_PROJECT: Schema = {
    "postal_address": _ADDRESS,
    "from": _SENDER,
    "from_fallback": _FALLBACK,
    "senders": said("Mailboxes by the names that sequences use.", table(ref("mailbox"), NAME)),
    "send_window": _WINDOW,
    "timezone": said("The zone of a contact who has none.", TEXT),
    "caps": said("How many marketing mails a contact gets, over all sequences.", ref("caps")),
    "breakers": said(
        "When mails are kept back for bounces and complaints.", either(BREAKERS, words("off"))
    ),
    "rates": said("How many mails may go, by sender and by recipient domain.", RATES),
    "exclusive": said(
        "The groups that sequences may be in.", either(several(NAME), table(TEXT, NAME))
    ),
    "events": said("The events that the app reports.", several(NAME, minItems=1)),
    "attributes": said(
        "The contacts' attributes and their types.", table(words(*ATTRIBUTE_TYPES), IDENTIFIER)
    ),
    "facts": said("What opens and what closes a fact.", table(ref("fact"), NAME)),
    "snippets": said("Short texts by name: `{{ snippets.ps }}`.", _SNIPPETS),
    "languages": said("The languages of the mails: `[en, de]`.", several(TEXT, minItems=1)),
    "attachment_urls": said(
        "Patterns of the URLs that attachments may come from.",
        several(text_like("^https://"), minItems=1),
    ),
}
