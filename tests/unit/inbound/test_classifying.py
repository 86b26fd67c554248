"""What kind of mail came back: the aims over all labelled mails, and what must never happen."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.mails import Judged, costly, judged, macro_f1
from inbound.classifying.classify import classify
from inbound.classifying.verdicts import Kind, Verdict
from inbound.mime import parse_mime

MONDAY = date(2026, 8, 3)


@pytest.fixture(scope="module")
def board() -> list[Judged]:
    return judged()


def _read(text: str, *headers: str, subject: str = "Re: hi") -> Verdict:
    head = ["From: one@firm.example", "To: r@ours.example", f"Subject: {subject}", *headers]
    raw = "\n".join([*head, "Content-Type: text/plain; charset=utf-8", "", text])
    return classify(parse_mime(raw.encode()), MONDAY)


def test_the_labelled_mails_are_told_apart(board: list[Judged]) -> None:
    assert macro_f1(board) >= 0.97


@pytest.mark.parametrize(
    "error",
    [
        "people who are mailed on",
        "people who are suppressed",
        "wishes not heard",
        "dates too early",
    ],
)
def test_no_labelled_mail_is_taken_for_what_would_cost_most(
    board: list[Judged], error: str
) -> None:
    assert costly(board)[error] == []


def test_nearly_all_first_days_back_are_exact(board: list[Judged]) -> None:
    away = [one for one in board if one.kind is Kind.OUT_OF_OFFICE]

    assert len(costly(board)["dates not exact"]) <= 0.05 * len(away)


def test_our_own_footer_in_a_quote_is_nobodys_wish() -> None:
    verdict = _read("Sounds good.\n\n> To unsubscribe, click here: https://ours.example/u/1\n")

    assert (verdict.kind, verdict.opt_out) == (Kind.HUMAN_REPLY, False)
    assert verdict.reply_text == "Sounds good."


def test_a_day_that_may_be_two_days_is_refused() -> None:
    verdict = _read("I am out of the office until 08/09/2026.", "Auto-Submitted: auto-replied")

    assert (verdict.kind, verdict.return_date) == (Kind.OUT_OF_OFFICE, None)


def test_a_day_that_contradicts_its_day_of_the_week_is_refused() -> None:
    verdict = _read("Out of office, back on Monday, 18 August 2026.")

    assert verdict.return_date is None


def test_a_person_who_is_away_and_answers_has_answered() -> None:
    verdict = _read("I'm out of office but yes, let's talk Tuesday")

    assert verdict.kind is Kind.HUMAN_REPLY


@given(st.binary(max_size=2_000))
@settings(deadline=None, max_examples=60)
def test_whatever_the_bytes_there_is_a_verdict(raw: bytes) -> None:
    assert classify(parse_mime(raw), MONDAY).kind in Kind
