"""Reading `wait_for`: the events awaited, how far back they count, and where each leads."""

from collections.abc import Callable
from typing import Literal

from authoring.language.drafts import Draft
from authoring.language.matchers import MATCHER_KEYS, NOT_BY, ONE_OF_KEYS, label_of, read_matcher
from authoring.language.outline import Outline
from authoring.text.documents import Mapping, Node
from authoring.text.faults import did_you_mean
from authoring.text.fields import Fields, entries_of, fields_of, keys
from authoring.text.readers import choice, each, span, truth
from schemas.matchers import Matcher, StepId
from schemas.steps import Path, WaitForStep

_INSIDE = "stands inside `wait_for: {…}`, beside the event"
WAITING_KEYS = keys(
    "wait_for id within then else",
    elsewhere=dict.fromkeys(("since", "reuse", "where", "any", "url"), _INSIDE),
)
AWAITED_KEYS = keys(f"{MATCHER_KEYS} any since reuse", elsewhere=NOT_BY)

Branch = tuple[Draft, ...]


def read_waiting(
    fields: Fields, outline: Outline, step: StepId, read_branch: Callable[[Node], Branch]
) -> Draft | None:
    """Read a wait for events under the id `step`; `read_branch` reads a list of steps."""
    node = fields.node("wait_for")
    awaited = _fields(node, outline)
    matchers = () if node is None else _matchers(node, awaited, outline)
    within = fields.need("within", span)
    paths = _paths(fields, matchers, read_branch)
    otherwise = fields.node("else")
    branches = (*paths, () if otherwise is None else read_branch(otherwise))
    if not matchers or within is None:
        return None
    waiting = WaitForStep(
        id=step,
        paths=tuple(Path(on=matcher) for matcher in matchers),
        since=_since(awaited),
        reuse=bool(awaited and awaited.get("reuse", truth)),
        within=within,
    )
    return Draft(waiting, branches)


def _fields(node: Node | None, outline: Outline) -> Fields | None:
    return Fields(node, outline.findings, AWAITED_KEYS) if isinstance(node, Mapping) else None


def _matchers(node: Node, awaited: Fields | None, outline: Outline) -> tuple[Matcher, ...]:
    options = None if awaited is None else awaited.node("any")
    if options is None or awaited is None:
        one = read_matcher(node, awaited, outline)
        return () if one is None else (one,)
    for key in MATCHER_KEYS.split():
        if key in awaited:
            problem = f"`{key}` and `any` both say what is awaited"
            outline.findings.add(awaited.key_at(key), key, problem, f"move `{key}` into `any`")
    found = each(options, outline.findings, lambda item, _: _one_of(item, outline))
    if not found:
        outline.findings.add(options.at, "", "`any` names no event")
    return found


def _one_of(node: Node, outline: Outline) -> Matcher | None:
    fields = None
    if isinstance(node, Mapping):
        fields = fields_of(node, outline.findings, "an event", ONE_OF_KEYS)
    return read_matcher(node, fields, outline)


def _paths(
    fields: Fields, matchers: tuple[Matcher, ...], read_branch: Callable[[Node], Branch]
) -> list[Branch]:
    then = fields.node("then")
    if then is None:
        return [() for _ in matchers]
    if not isinstance(then, Mapping):
        return [read_branch(then)] * max(len(matchers), 1)
    labels = [label_of(matcher) for matcher in matchers]
    written = {
        key.written: read_branch(branch) for key, branch in entries_of(then, fields.findings)
    }
    for key, _ in then.of:
        if labels and key.written not in labels:
            problem = f"`{key.written}` is not one of the events awaited"
            fields.findings.add(key.at, key.written, problem, did_you_mean(key.written, labels))
    return [written.get(label, ()) for label in labels]


def _since(awaited: Fields | None) -> Literal["enrollment", "step", "always"]:
    said = awaited and awaited.get("since", choice("enrollment", "step", "always"))
    return _SINCE.get(said or "", "enrollment")


_SINCE: dict[str, Literal["enrollment", "step", "always"]] = {"step": "step", "always": "always"}
