"""The one reading of mail that comes back: what is structured first, then words."""

import re
from datetime import date
from email.message import Message

from inbound.classifying.dating.returning import first_day_back
from inbound.classifying.judging.bounces import Bounce, of_plain, of_report
from inbound.classifying.judging.letters import Letter, letter_of
from inbound.classifying.judging.notices import Cues, Notice, cues_of, notice_of
from inbound.classifying.judging.people import meeting_of, replacement_of, sentiment_of
from inbound.classifying.judging.wishes import by_button, wishes
from inbound.classifying.reading.bodies import text_of
from inbound.classifying.reading.reports import (
    calendar,
    deliveries,
    disposition,
    feedback,
    report_type,
    returned_mail,
)
from inbound.classifying.reading.traces import Correlation, correlation
from inbound.classifying.verdicts import Kind, Verdict

_UNREADABLE = 0.2
# "To: ...", "Subject: ..." of the mail that was read, in any language.
_FIELDS = re.compile(r"^[^\s:：][^:：\n]{0,20}[:：]", re.MULTILINE)
_JUNK_REPORT = "X-HmXmrOriginalRecipient"


def classify(message: Message, now: date) -> Verdict:
    """Tell what a mail is, read on the day `now`; whatever it holds, there is an answer."""
    try:
        return _classified(message, now)
    except Exception as error:  # noqa: BLE001 - a stranger wrote it: doubt is the one safe answer
        return Verdict(
            kind=Kind.HUMAN_REPLY,
            confidence=_UNREADABLE,
            evidence=(f"it could not be read: {type(error).__name__}",),
        )


def _classified(message: Message, now: date) -> Verdict:
    returned = returned_mail(message)
    traces = correlation(message, returned)
    found = _structured(message, returned)
    if found is not None:
        return found.model_copy(update={"correlation": traces})
    return _worded(letter_of(message), returned, now).model_copy(update={"correlation": traces})


def _structured(message: Message, returned: Message | None) -> Verdict | None:
    abuse = feedback(message)
    if abuse is None and returned is not None and _JUNK_REPORT in returned:
        abuse = "abuse"
    if abuse is not None:
        return _of_feedback(abuse)
    read = disposition(message)
    if read is not None:
        evidence = (f"Disposition: {read}",)
        return Verdict(kind=Kind.READ_RECEIPT, confidence=0.99, evidence=evidence)
    told = deliveries(message)
    if told:
        return _of_bounce(of_report(told, text_of(message)))
    return None


def _of_feedback(abuse: str) -> Verdict:
    kinds = {"opt-out": Kind.OPT_OUT, "opt-out-list": Kind.OPT_OUT, "not-spam": Kind.AUTO_ACK}
    kind = kinds.get(abuse, Kind.COMPLAINT)
    evidence = (f"Feedback-Type: {abuse}",)
    return Verdict(kind=kind, confidence=0.99, evidence=evidence, opt_out=kind is Kind.OPT_OUT)


def _of_bounce(bounce: Bounce) -> Verdict:
    return Verdict(
        kind=bounce.kind,
        confidence=bounce.confidence,
        evidence=bounce.evidence,
        failed=bounce.failed,
    )


def _worded(letter: Letter, returned: Message | None, now: date) -> Verdict:
    wished = bool(wishes(letter))
    met = meeting_of(letter, calendar(letter.message))
    if met is not None:
        return met.model_copy(update={"opt_out": wished, "reply_text": letter.written.text})
    button = by_button(letter)
    if button is not None:
        return Verdict(kind=Kind.OPT_OUT, confidence=0.99, evidence=(button,), opt_out=True)
    bounce = of_plain(letter, returned)
    if bounce is None and report_type(letter.message) == "delivery-status":
        bounce = Bounce(Kind.BOUNCE_SOFT, 0.5, ("report-type: delivery-status",))
    if bounce is not None:
        return _of_bounce(bounce)
    return _written(letter, now)


def _written(letter: Letter, now: date) -> Verdict:
    cues = cues_of(letter)
    back = first_day_back(letter.own, now) or first_day_back(letter.subject, now)
    wish = wishes(letter)
    receipt = _receipt(letter, cues)
    notice = receipt or notice_of(letter, cues, dated=back is not None)
    if notice is None or (
        wish and not letter.marks.answers and notice.kind is not Kind.LEFT_COMPANY
    ):
        return _of_person(letter, cues, wished=wish != [])
    away = notice.kind is Kind.OUT_OF_OFFICE
    return Verdict(
        kind=notice.kind,
        confidence=notice.confidence,
        evidence=notice.evidence,
        return_date=back if away else None,
        opt_out=bool(wish),
        replacement=replacement_of(letter) if notice.kind is Kind.LEFT_COMPANY else None,
        reply_text=letter.written.text,
    )


def _receipt(letter: Letter, cues: Cues) -> Notice | None:
    subject = [hit for hit in letter.subject.meaning("receipt_subject") if hit.start == 0]
    body = letter.means("receipt")
    told = body or len(_FIELDS.findall(letter.written.signed)) > 1
    if letter.answers or cues.person or not (subject and told):
        return None
    return Notice(Kind.READ_RECEIPT, 0.9, letter.evidence(body))


def _of_person(letter: Letter, cues: Cues, *, wished: bool) -> Verdict:
    wish = wishes(letter)
    if wished:
        return Verdict(
            kind=Kind.OPT_OUT,
            confidence=0.9,
            evidence=letter.evidence(wish),
            opt_out=True,
            reply_text=letter.written.text,
        )
    unsure = cues.away or cues.left or cues.auto or cues.title or not letter.own.words
    return Verdict(
        kind=Kind.HUMAN_REPLY,
        confidence=0.6 if unsure else 0.9,
        evidence=letter.evidence(cues.person) or ("nothing that a machine would write",),
        sentiment=sentiment_of(letter),
        reply_text=letter.written.text,
    )


__all__ = ["Correlation", "classify"]
