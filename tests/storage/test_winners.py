"""Arms: what came of each, which one somebody keeps, and which was named."""

from datetime import timedelta

import pytest
from sqlalchemy import Connection

from schemas.ledger import SendState
from schemas.version import Version
from storage.sending import sends, winners
from storage.sending.winners import Counted, Named
from tests.storage.given import MONDAY, TUESDAY, a_published_version
from tests.storage.tested import a_tested_version, enroll, intro_of, mail, publish, report


def _counts(
    connection: Connection, version: Version, metric: str = "click"
) -> dict[str, tuple[int, int]]:
    counted = winners.counted(connection, version.sequence.name, intro_of(version), metric)
    return {one.arm: (one.mails, one.hits) for one in counted}


def _a_winner(arm: str = "b", step: str = "intro") -> Named:
    told = {"metric": "click"}
    return Named(sequence="welcome", step=step, arm=arm, evidence=told, at=MONDAY)


@pytest.mark.parametrize(
    ("metric", "hits"), [("open", (1, 1)), ("click", (0, 1)), ("reply", (1, 0))]
)
def test_each_arm_is_counted_by_what_came_of_its_mails(
    connection: Connection, metric: str, hits: tuple[int, int]
) -> None:
    version = publish(connection, a_tested_version())
    mail(connection, enroll(connection, version, "ada"), "a", "opened", "replied")
    mail(connection, enroll(connection, version, "bob"), "a", "delivered")
    mail(connection, enroll(connection, version, "eve"), "b", "opened", "clicked")

    assert _counts(connection, version, metric) == {"a": (2, hits[0]), "b": (1, hits[1])}


def test_an_arm_that_nobody_got_has_noughts(connection: Connection) -> None:
    version = publish(connection, a_tested_version())

    counted = winners.counted(connection, "welcome", intro_of(version), "click")

    assert counted == [Counted(arm="a", mails=0, hits=0), Counted(arm="b", mails=0, hits=0)]


@pytest.mark.parametrize("state", ["claimed", "in_doubt", "refused", "retry"])
def test_only_accepted_mails_count(connection: Connection, state: SendState) -> None:
    version = publish(connection, a_tested_version())
    mail(connection, enroll(connection, version, "ada"), "a", state=state)

    assert _counts(connection, version)["a"] == (0, 0)


def test_a_contact_counts_once_with_its_first_mail(connection: Connection) -> None:
    version = publish(connection, a_tested_version())
    again = enroll(connection, version, "ada", run="2")
    mail(connection, again, "a", "clicked", at=TUESDAY)
    mail(connection, enroll(connection, version, "ada"), "a", at=MONDAY)

    assert _counts(connection, version) == {"a": (1, 0), "b": (0, 0)}


def test_what_went_after_a_mail_in_doubt_was_not_drawn(connection: Connection) -> None:
    version = publish(connection, a_tested_version())
    mail(connection, enroll(connection, version, "ada"), "a", state="in_doubt")
    mail(connection, enroll(connection, version, "ada", run="2"), "a", "clicked", at=TUESDAY)

    assert _counts(connection, version)["a"] == (0, 0)


def test_mails_of_another_draw_are_of_another_test(connection: Connection) -> None:
    before = publish(connection, a_tested_version(a=90, b=10))
    mail(connection, enroll(connection, before, "ada"), "a", "clicked")
    version = publish(connection, a_tested_version(a=50, b=50))
    mail(connection, enroll(connection, version, "ada", run="2"), "a", "clicked", at=TUESDAY)
    mail(connection, enroll(connection, version, "bob"), "b")
    mended = publish(connection, a_tested_version(a=50, b=50, text="Hello!"))
    mail(connection, enroll(connection, mended, "eve"), "b", "clicked")

    assert _counts(connection, mended) == {"a": (0, 0), "b": (2, 1)}
    assert _counts(connection, before) == {"a": (1, 1), "b": (0, 0)}


def test_other_steps_and_sequences_and_mails_without_an_arm_do_not_count(
    connection: Connection,
) -> None:
    version = publish(connection, a_tested_version())
    elsewhere = publish(connection, a_tested_version(sequence="outbound"))
    mail(connection, enroll(connection, elsewhere, "ada"), "a", "clicked")
    row = enroll(connection, version, "bob")
    mail(connection, row, None, "clicked")
    mail(connection, row, "a", "clicked", step="second")

    assert _counts(connection, version) == {"a": (0, 0), "b": (0, 0)}


@pytest.mark.parametrize(
    ("after", "counts"),
    [
        (timedelta(minutes=-1), False),
        (timedelta(0), True),
        (timedelta(days=3, minutes=-1), True),
        (timedelta(days=3), False),
    ],
)
def test_an_event_counts_from_its_mail_until_the_next_one(
    connection: Connection, after: timedelta, *, counts: bool
) -> None:
    version = publish(connection, a_tested_version())
    row = enroll(connection, version, "ada")
    mail(connection, row, "a")
    mail(connection, row, None, step="second", at=MONDAY + timedelta(days=3))
    report(connection, row, "demo_booked", MONDAY + after)
    report(connection, row, "demo_held", MONDAY + timedelta(days=1))

    assert _counts(connection, version, "demo_booked")["a"] == (1, int(counts))


@pytest.mark.parametrize(
    ("after", "counts"),
    [(timedelta(days=14), True), (timedelta(days=14, seconds=1), False)],
)
def test_an_event_counts_for_fourteen_days(
    connection: Connection, after: timedelta, *, counts: bool
) -> None:
    version = publish(connection, a_tested_version())
    row = enroll(connection, version, "ada")
    mail(connection, row, "a")
    report(connection, row, "demo_booked", MONDAY + after)
    report(connection, row, "demo_booked", MONDAY + after + timedelta(seconds=1))

    assert _counts(connection, version, "demo_booked")["a"] == (1, int(counts))


def test_an_event_of_somebody_else_does_not_count(connection: Connection) -> None:
    version = publish(connection, a_tested_version())
    mail(connection, enroll(connection, version, "ada"), "a")
    report(connection, enroll(connection, version, "bob"), "demo_booked", TUESDAY)

    assert _counts(connection, version, "demo_booked")["a"] == (1, 0)


def test_the_first_winner_stays(connection: Connection) -> None:
    named = [winners.name(connection, _a_winner(arm)) for arm in ("b", "a")]
    winners.name(connection, _a_winner("c", step="second"))

    assert named == [True, False]
    assert winners.of(connection, "welcome") == {"intro": "b", "second": "c"}
    assert winners.named(connection, "welcome")["intro"] == _a_winner("b")
    assert winners.of(connection, "outbound") == {}


def test_sequences_with_arms_are_found_by_their_latest_version(connection: Connection) -> None:
    publish(connection, a_tested_version(sequence="former"))
    a_published_version(connection, "former")
    a_published_version(connection, "later")
    latest = publish(connection, a_tested_version(sequence="later", winner=None))
    a_published_version(connection, "plain")

    assert winners.testing(connection) == [latest.sequence]


def test_somebody_keeps_the_arm_of_the_last_mail_that_may_have_gone(
    connection: Connection,
) -> None:
    version = publish(connection, a_tested_version())
    first, second = (enroll(connection, version, "ada", run) for run in ("1", "2"))
    mail(connection, second, "b", at=TUESDAY, state="in_doubt")
    mail(connection, first, "a")
    mail(connection, enroll(connection, version, "ada", "3"), "c", state="refused")
    mail(connection, enroll(connection, version, "bob"), "c")

    assert sends.kept_arm(connection, first.contact_id, "welcome", "intro") == "b"
    assert sends.kept_arm(connection, first.contact_id, "welcome", "second") is None
    assert sends.kept_arm(connection, first.contact_id, "outbound", "intro") is None
