"""When a mail is due as people write it: `day`, `at`, and what becomes of a moment that is past."""

from authoring.language.anchors import read_at
from authoring.language.outline import MailDefaults
from authoring.language.step_fields import StepFields
from authoring.text.fields import Fields
from authoring.text.readers import choice, duration, time_of_day, truth, whole

TIMING_KEYS = "day at at_time roll valid_for if_past if_missing window"
DEFAULT_KEYS = "roll valid_for if_past if_missing"
ROLLS = ("later", "earlier")
IF_PAST = ("skip", "send_now", "hold")
IF_MISSING = ("hold", "skip", "exit")
LAST_DAY = 3_660
"""The last day of a sequence, about ten years after its first."""


def read_timing(step: StepFields) -> dict[str, object]:
    """Read when the mail of a step is due, as the fields of an email step."""
    fields, outline = step.fields, step.outline
    step.refuse_beside("day", "at", "at_time")
    _judge(step)
    dated = fields.get("at", lambda node, found: read_at(node, found, outline.names))
    return {
        "day": fields.get("day", whole(1, LAST_DAY)),
        "at": dated,
        "at_time": fields.get("at_time", time_of_day),
        "valid_for": fields.get("valid_for", duration) or outline.defaults.valid_for,
        **({} if "at" not in fields else _of_dates(fields, outline.defaults)),
    }


def read_windowed(step: StepFields, *, transactional: bool) -> bool:
    """Read `window:`, which lets a transactional mail wait for the send window (rule 23)."""
    said = step.fields.get("window", truth)
    if said is False and not transactional:
        problem = "a marketing mail always waits for the window"
        step.fault("window", problem, "remove it, or write `kind: transactional`")
    return transactional and bool(said)


def read_mail_defaults(fields: Fields) -> MailDefaults:
    """Read what a file says for each of its mails that does not say it itself."""
    kind = fields.get("kind", choice("marketing", "transactional"))
    valid_for = fields.get("valid_for", duration)
    read = {"transactional": kind == "transactional", "valid_for": valid_for, **_choices(fields)}
    return MailDefaults.model_validate(read)


def _of_dates(fields: Fields, defaults: MailDefaults) -> dict[str, object]:
    read = _choices(fields)
    own = {key: read[key] or getattr(defaults, key) for key in read}
    return {key: value for key, value in own.items() if value is not None}


def _choices(fields: Fields) -> dict[str, str | None]:
    return {key: fields.get(key, choice(*words)) for key, words in _WORDS.items()}


def _judge(step: StepFields) -> None:
    fields = step.fields
    dated = "at" in fields
    if dated and "day" in fields:
        problem = "`day` and `at` both say when the mail is due"
        step.fault("at", problem, "remove one of them")
    if "at_time" in fields and not dated and "day" not in fields:
        problem = "`at_time` says the time of a `day` or an `at`, and there is none here"
        step.fault("at_time", problem, "add `day: …`")
    for key in () if dated else _WORDS:
        if key in fields:
            problem = f"`{key}` says what becomes of an `at`, and there is none here"
            step.fault(key, problem, "remove it, or add `at: data.contract_end - 90 days`, say")


_WORDS = {"roll": ROLLS, "if_past": IF_PAST, "if_missing": IF_MISSING}
