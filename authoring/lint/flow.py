"""Rules about the way through: steps that nothing leads to, mails that never go, deaf waits."""

from collections.abc import Iterator
from fnmatch import fnmatchcase
from itertools import islice

from authoring.lint.letters import Written
from authoring.lint.remarks import Said
from authoring.lint.review import Review
from authoring.lint.roads import ways, words_of
from authoring.lint.samples import SAMPLE
from schemas.matchers import Matcher, StepId
from schemas.steps import EmailStep, WhenStep


def unreachable(review: Review) -> Iterator[Said]:
    """Find steps that no enrollment can come to, the first of each run of them."""
    lost = [step for step in review.sequence.steps if step.id not in review.roads.reachable]
    inner = {way.to for step in lost for way in ways(step, patient=False)}
    heads = [step for step in lost if step.id not in inner]
    yield from _never_branching(review, {step.id for step in heads})
    for step in heads:
        problem = f"step `{step.id}` is never reached: {_why_lost(review, step.id)}"
        yield Said(review.places.step(step.id), step.id, problem, "move it, or remove it")


def never_sends(review: Review) -> Iterator[Said]:
    """Find mails that are reached and never go, whatever the day and the way."""
    gone = {mail.step for walk in review.walks.hurried for mail in walk.mails}
    for step in review.sequence.emails:
        main = step.id in review.roads.reachable and step.id not in review.roads.beside
        why = _why_never(review, step) if main and step.id not in gone else ""
        if why:
            problem = f"the mail of step `{step.id}` never goes: {why}"
            mend = "leave it more room, or write a longer `valid_for`"
            yield Said(review.places.step(step.id, "valid_for"), step.id, problem, mend)


def at_time_shut(review: Review) -> Iterator[Said]:
    """Find an `at_time` at which the send window is never open."""
    window = review.sequence.window
    for step in review.sequence.emails:
        at = step.at_time
        if window is None or at is None or not step.waits_for_window:
            continue
        if not any(opens <= at < closes for opens, closes in window.ranges):
            written = f"{at // 60:02}:{at % 60:02}"
            problem = f"the send window is never open at {written}, so this mail never goes then"
            mend = "name a time inside the window"
            yield Said(review.places.step(step.id, "at_time"), written, problem, mend)


def nothing_delivers(review: Review) -> Iterator[Said]:
    """Find events that are listened for and that nothing can bring."""
    for at, matcher, step in review.matchers():
        why = _why_silent(review, matcher, step)
        if why:
            problem = f"`{words_of(matcher)}` never comes: {why}"
            yield Said(at, words_of(matcher), problem, "name another event, or put a link in")


def _never_branching(review: Review, lost: set[StepId]) -> Iterator[Said]:
    """Find conditions that never come out otherwise, where no lost step tells of it."""
    for step in review.sequence.steps:
        outcome = review.roads.outcome(step) if isinstance(step, WhenStep) else None
        if not isinstance(step, WhenStep) or outcome is None:
            continue
        if step.id in review.roads.reachable and not lost & {step.then, step.otherwise}:
            problem = f"`{step.text}` is {'always' if outcome else 'never'} true: this is no branch"
            mend = "write what the steps are without it"
            yield Said(review.places.step(step.id, "when"), step.text, problem, mend)


def _why_lost(review: Review, lost: StepId) -> str:
    for step in review.sequence.steps:
        if isinstance(step, WhenStep) and lost in (step.then, step.otherwise):
            outcome = review.roads.outcome(step)
            if outcome is not None:
                return f"`{step.text}` is {'always' if outcome else 'never'} true"
    return "every way ends or turns off before it"


def _why_never(review: Review, step: EmailStep) -> str:
    skipped = ""
    tries = islice(review.walks.through(step.id), _MOST_TRIES)
    for walk in (*review.walks.patient, *tries):
        if any(mail.step == step.id for mail in walk.mails):
            return ""
        skipped = next((why for at, why in walk.skipped() if at == step.id), skipped)
    return skipped


def _why_silent(review: Review, matcher: Matcher, step: StepId | None) -> str:
    if matcher.kind not in ("click", "open"):
        return ""
    sent = matcher.step
    if sent is not None and sent not in review.roads.reachable:
        return f"the mail of `{sent}` is never sent"
    if sent is not None and step is not None and not review.roads.can_precede(sent, step):
        return f"the mail of `{sent}` is sent only later"
    return _why_no_click(review, matcher) if matcher.kind == "click" else ""


def _why_no_click(review: Review, matcher: Matcher) -> str:
    mails = [one for one in review.mails if matcher.step in (None, one.step.id)]
    if any(one.mail is None for one in mails):
        return ""
    links = [link for one in mails for link in _clickable(one)]
    whose = f"the mail of `{matcher.step}`" if matcher.step else "none of the mails"
    if not links:
        return f"{whose} has {'no' if matcher.step else 'a'} link that is counted"
    if matcher.url is None or any(_fits(link, matcher.url) for link in links):
        return ""
    return f"{whose} has {'no' if matcher.step else 'a'} link like `{matcher.url}`"


def _fits(link: str, pattern: str) -> bool:
    return SAMPLE in link or fnmatchcase(link, pattern)


# SendGrid counts clicks on http and https links only
# (twilio.com/docs/sendgrid/ui/account-and-settings/tracking).
def _clickable(written: Written) -> list[str]:
    return [link for link in written.links if link.startswith(("http", SAMPLE))]


_MOST_TRIES = 224
