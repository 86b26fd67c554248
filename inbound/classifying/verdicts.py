"""What a mail that came back is, and what decided."""

from datetime import date
from enum import StrEnum
from typing import Literal

from inbound.classifying.reading.traces import Correlation
from schemas.values import Value

Sentiment = Literal["positive", "negative", "neutral"]


class Kind(StrEnum):
    """What comes back: a person's answer, an automatic notice of some kind, or a report."""

    HUMAN_REPLY = "human_reply"
    OUT_OF_OFFICE = "out_of_office"
    LEFT_COMPANY = "left_company"
    AUTO_ACK = "auto_ack"
    BOUNCE_HARD = "bounce_hard"
    BOUNCE_SOFT = "bounce_soft"
    DELAYED = "delayed"
    OPT_OUT = "opt_out"
    READ_RECEIPT = "read_receipt"
    CALENDAR_REPLY = "calendar_reply"
    COMPLAINT = "complaint"


class Verdict(Value):
    """A mail's kind and what decided it.

    `return_date` is the first day back, where a notice says it beyond doubt; `opt_out` a wish to
    get no more mail, whatever the kind; `sentiment` that of a person's answer, where it is clear;
    `replacement` who a notice names in the place of somebody gone; `reply_text` what was written,
    without quote and signature.
    """

    kind: Kind
    confidence: float
    evidence: tuple[str, ...] = ()
    return_date: date | None = None
    opt_out: bool = False
    sentiment: Sentiment | None = None
    replacement: str | None = None
    meeting: Literal["accepted", "declined", "tentative"] | None = None
    failed: tuple[str, ...] = ()
    reply_text: str = ""
    correlation: Correlation = Correlation()
