"""Reading the keys of a sequence that say how it goes about things, one value each."""

from authoring.language.entering import read_pace, read_re_enroll
from authoring.language.outline import Outline
from authoring.language.projects import Project
from authoring.language.rules import (
    read_goals,
    read_holdout,
    read_key,
    read_spread,
    read_unengaged,
)
from authoring.language.suppressing import read_suppressor
from authoring.language.triggers import read_turns
from authoring.language.windows import read_weekend, window_of
from authoring.text.fields import Fields
from authoring.text.readers import any_duration, choice, duration
from schemas.calendar import Window
from schemas.conditions import Fact
from schemas.policies import Suppressor
from schemas.sequence import Sequence

RECHECKS = ("each_send", "enrollment")
IN_DOUBT = ("skip", "resend")


def read_policies(fields: Fields, outline: Outline, project: Project) -> dict[str, object]:
    """Read them as fields of a sequence; one that is not written keeps its usual value."""
    key = fields.get("key", read_key)
    window = fields.get("send_window", window_of(project.timezone))
    window = window if "send_window" in fields else project.window
    read = {
        "key": key,
        "goals": fields.get("goals", lambda node, _: read_goals(node, outline)),
        "window": window,
        "weekend": fields.get("weekend", read_weekend),
        "spread": _spread(fields, window),
        "min_gap": fields.get("min_gap", any_duration),
        "out_of_office": fields.get("out_of_office", duration),
        "if_in_doubt": fields.get("if_in_doubt", choice(*IN_DOUBT)),
        **read_re_enroll(fields),
        "pace": read_pace(fields, window, project.timezone),
        "holdout": fields.get("holdout", read_holdout),
        "unengaged": fields.get("unengaged", read_unengaged),
        "suppress_while": _suppressor(fields, outline, project, key),
        "turns": read_turns(fields, project.groups),
        "audience_recheck": _recheck(fields),
    }
    return {called: value for called, value in read.items() if value is not None}


def _suppressor(
    fields: Fields, outline: Outline, project: Project, key: Fact | None
) -> Suppressor | None:
    return fields.get(
        "suppress_while", lambda node, _: read_suppressor(node, outline, project.facts, key)
    )


def _spread(fields: Fields, window: Window | None) -> int | None:
    written = fields.get("spread", read_spread)
    spread = USUAL_SPREAD if written is None else written
    shortest = min((closes - opens for opens, closes in window.ranges), default=0) if window else 0
    if window is None or spread < shortest:
        return written
    key = "spread" if "spread" in fields else "send_window"
    problem = f"mails are spread over {spread} minutes, but the window is open for {shortest}"
    mend = f"write `spread: {shortest // 2} minutes`, or `0 minutes` for none"
    fields.findings.add(fields.key_at(key), key, problem, mend)
    return written


def _recheck(fields: Fields) -> str | None:
    recheck = fields.get("audience_recheck", choice(*RECHECKS))
    if "audience_recheck" in fields and "audience" not in fields:
        problem = "`audience_recheck` says when the `audience` is asked, and there is none here"
        at = fields.key_at("audience_recheck")
        fields.findings.add(at, "audience_recheck", problem, "remove it")
    return recheck


USUAL_SPREAD = int(Sequence.model_fields["spread"].default)
"""How many minutes mails are spread over if nothing is said (rule 11)."""
