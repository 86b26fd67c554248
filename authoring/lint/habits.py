"""Rules about what good sequences have: exits, an audience, a person, a job, a metric."""

import re
from collections.abc import Iterator

from authoring.lint.remarks import Said
from authoring.lint.review import Review
from authoring.lint.truths import parts_of
from authoring.text.faults import Spot
from schemas.conditions import Condition, Count, Happened
from schemas.sequence import Sequence
from schemas.steps import ExitStep, HandOffStep, WhenStep


def no_exit(review: Review) -> Iterator[Said]:
    """Miss an exit on a reply or on what the sequence is for."""
    sequence, at = review.sequence, review.places.key("exit_on")
    if not review.is_marketing or sequence.purpose in _WITHOUT_AIM:
        return
    if not _exits(sequence):
        problem = "nothing ends this early: whoever answers or converts gets the rest all the same"
        yield Said(at, "", problem, "write `exit_on: [reply, …]` with the event that it is for")
    elif sequence.purpose == "outbound" and "reply" not in _exits(sequence):
        problem = "a reply does not end this, so whoever answers gets the rest all the same"
        yield Said(at, "", problem, "add `reply` to `exit_on`")


def no_audience(review: Review) -> Iterator[Said]:
    """Miss any word on who it is for."""
    sequence = review.sequence
    if sequence.audience or sequence.triggers or not review.is_marketing:
        return
    if not review.continues_another:
        problem = "nothing says who this is for: anybody can be enrolled"
        at = review.places.key("sequence")
        yield Said(at, sequence.name, problem, "write `audience: …` or `enroll_on: …`")


def no_personalization(review: Review) -> Iterator[Said]:
    """Miss anything in the mails that is the contact's own."""
    texts = [*review.content.files.values(), *review.content.snippets.values()]
    personal = any(named.of in ("contact", "data") for _, named in review.facts)
    keyed = any(_KEY.search(text) for text in texts)
    if review.is_marketing and not personal and not keyed:
        problem = "no mail says anything of the contact: all of them read alike for everybody"
        mend = "name something, like `{{ contact.company or … }}`"
        yield Said(review.places.key("steps"), "", problem, mend)


def opens_alone(review: Review) -> Iterator[Said]:
    """Find branches that hang on opens alone, which tell little of a person."""
    for at, text in (*_opens_asked(review), *_opens_awaited(review), *_opens_that_win(review)):
        yield Said(at, text, _OPENS, "ask for a click or a reply as well")


def no_metric(review: Review) -> Iterator[Said]:
    """Miss what a test of variants is to be judged by."""
    for email in review.sequence.emails:
        if email.arms and email.winner is None and not review.sequence.goals:
            problem = f"`{email.id}` is tested, and nothing says what makes an arm the better one"
            mend = "write `winner: {by: click, after: 200}`, or `goals`"
            yield Said(review.places.step(email.id, "variants"), email.id, problem, mend)


def idle_holdout(review: Review) -> Iterator[Said]:
    """Find a holdout where there is nothing to hold out from."""
    if review.sequence.holdout and not review.is_marketing:
        problem = "`holdout` changes nothing: transactional mails go to everybody"
        yield Said(review.places.key("holdout"), "holdout", problem, "remove it")


def no_job(review: Review) -> Iterator[Said]:
    """Miss the one thing that a mail is to do."""
    jobs = {one.file: one.job for one in review.mails if one.letter is not None}
    for file, job in jobs.items():
        if not job:
            problem = "the mail does not say its job, so nobody can tell whether it does it"
            yield Said(review.file(file), "", problem, "write `job: …` between the lines `---`")


def _exits(sequence: Sequence) -> frozenset[str]:
    own = [rule.on for rule in sequence.exit_on if rule.on and rule.on.by == "contact"]
    own += [one.on for one in sequence.reactions if _ends(sequence, one.first)]
    kinds = {"when"} if any(rule.when for rule in sequence.exit_on) else set()
    return frozenset(kinds | {one.kind for one in own if one.kind in ("reply", "event")})


def _ends(sequence: Sequence, first: str) -> bool:
    at: str | None = first
    while at is not None:
        step = sequence.step_by_id[at]
        if isinstance(step, ExitStep | HandOffStep):
            return True
        at = step.next
    return False


def _opens_only(test: Condition) -> bool:
    asked: list[str] = [part.what for part in parts_of(test) if isinstance(part, Happened)]
    asked += [part.event for part in parts_of(test) if isinstance(part, Count)]
    signals = {what for what in asked if what != "sent"}
    return bool(signals) and signals <= {"opened", "open"}


def _opens_asked(review: Review) -> Iterator[tuple[Spot, str]]:
    for step in review.sequence.steps:
        if isinstance(step, WhenStep) and _opens_only(step.test):
            yield review.places.step(step.id, "when"), step.text


def _opens_awaited(review: Review) -> Iterator[tuple[Spot, str]]:
    for at, matcher, step in review.matchers():
        if matcher.kind == "open" and (step is None or _waits_for_opens(review, step)):
            yield at, matcher.step or "open"


def _opens_that_win(review: Review) -> Iterator[tuple[Spot, str]]:
    for email in review.sequence.emails:
        if email.winner is not None and email.winner.metric == "open":
            yield review.places.step(email.id, "winner"), "open"


def _waits_for_opens(review: Review, step: str) -> bool:
    return all(matcher.kind == "open" for _, matcher, at in review.matchers() if at == step)


_WITHOUT_AIM = ("post-purchase",)
_KEY = re.compile(r"\{\{-?\s*key\b")
_OPENS = "opens alone tell little: Apple Mail and blocked images hide who reads"
