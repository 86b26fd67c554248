"""Dates that contradict the list, and anchors that contradict each other."""

from tests.unit.lint.desk import Desk


def test_mails_on_a_second_date_under_one_cycle_are_ambiguous(desk: Desk) -> None:
    desk.sequence(
        """\
        - {email: intro, at: data.contract_end - 30 days}
        - {email: proof, at: data.review_day + 3 days}
        """,
        new_cycle="{of: data.contract_end, over: 60 days}",
    )

    assert desk.one() == (
        "welcome/sequence.yaml:10: anchor-cycle: a new `data.contract_end` ends all this, though "
        "`proof` counts from `data.review_day`; count all mails from one date, or make two "
        "sequences"
    )


def test_mails_on_the_date_of_the_cycle_are_clear(desk: Desk) -> None:
    desk.sequence(
        """\
        - {email: intro, at: data.contract_end - 30 days}
        - {email: proof, at: data.contract_end - 3 days}
        """,
        new_cycle="60 days",
    )

    assert desk.said() == []


def test_a_mail_listed_after_one_that_is_due_later_is_out_of_order(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, at: data.contract_end - 30 days}
        - {email: proof, at: data.contract_end - 60 days}
        """)

    assert "at-order: `proof` is due before `intro`, which it stands after" in desk.one()


def test_days_are_listed_in_order_too(desk: Desk) -> None:
    desk.sequence("- {email: intro, day: 5}\n- {email: proof, day: 3}")

    assert desk.rules() == ["at-order"]


def test_mails_on_different_dates_have_no_order(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, at: data.contract_end - 30 days}
        - {email: proof, at: data.review_day - 60 days}
        """)

    assert desk.said() == []
