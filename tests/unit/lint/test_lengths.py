"""How many mails in how much time, alone and together."""

from tests.unit.lint.desk import Desk

OUTBOUND = """\
- {email: intro, day: 1}
- {task: connect, within: 1 day, blocking: false}
- {email: proof, day: 4}
- {email: intro, id: third, day: 8}
- {email: proof, id: last, day: 15}
"""


def test_an_outbound_sequence_of_usual_length_is_fine(desk: Desk) -> None:
    desk.sequence(OUTBOUND, purpose="outbound")

    assert desk.said() == []


def test_an_outbound_sequence_of_two_mails_is_short(desk: Desk) -> None:
    desk.sequence("- {email: intro, day: 1}\n- {email: proof, day: 15}", purpose="outbound")

    assert desk.one() == (
        "welcome/sequence.yaml:7: length: this outbound sequence has 2 mails and tasks on its "
        "fullest way; 5 to 9 are usual; add what is missing"
    )


def test_only_the_fullest_way_counts(desk: Desk) -> None:
    either = "- when: contact.size > 5\n  then: [{email: intro, id: a}]\n"
    desk.sequence(
        f"{OUTBOUND.replace('day: 15', 'day: 16')}{either}  else: [{{email: intro, id: b}}]",
        purpose="outbound",
    )

    assert desk.said() == []


def test_a_nurture_sequence_that_is_over_in_ten_days_is_hasty(desk: Desk) -> None:
    steps = "".join(f"- {{email: intro, id: m{n}, day: {2 * n + 1}}}\n" for n in range(6))
    desk.sequence(steps, purpose="nurture")

    assert "span: this nurture sequence takes up to 11 days; 30 to 90 are usual" in desk.one()


def test_onboarding_is_over_in_two_weeks(desk: Desk) -> None:
    steps = "".join(f"- {{email: intro, id: m{n}, day: {6 * n + 1}}}\n" for n in range(4))
    desk.sequence(steps, purpose="onboarding")

    assert "span: this onboarding sequence takes up to" in desk.one()


def test_other_purposes_have_no_usual_length(desk: Desk) -> None:
    desk.sequence(purpose="renewal")

    assert desk.said() == []


def test_the_sequence_that_another_hands_over_to_goes_on_with_its_length(desk: Desk) -> None:
    desk.sequence(purpose="outbound", audience=None)
    desk.mails("intro", within="before")
    desk.sequence("- {email: intro}\n- {hand_off: welcome}", name="before")

    assert desk.said() == []


def test_mails_less_than_a_day_apart_are_too_close(desk: Desk) -> None:
    desk.sequence("- {email: intro, day: 1}\n- {email: proof}", min_gap="2 hours")

    assert "too-close: `proof` can go 2 hours after `intro`" in desk.one()


def test_the_usual_gap_keeps_mails_a_day_apart(desk: Desk) -> None:
    desk.sequence("- {email: intro, day: 1}\n- {email: proof}")

    assert desk.said() == []


def test_a_week_over_the_cap_is_shown(desk: Desk) -> None:
    desk.write("postroad.yaml", "caps: {per_week: 1}\n")

    assert desk.one() == (
        "welcome/sequence.yaml:7: over-cap: a contact can be due up to 2 marketing mails in 7 "
        "days, and `caps` lets 1 through; spread the mails out, or raise the cap"
    )


def test_two_sequences_are_over_the_cap_together(desk: Desk) -> None:
    desk.write("postroad.yaml", "caps: {per_week: 3}\n")
    desk.mails("intro", "proof", within="other")
    desk.sequence(name="other")

    assert "up to 4 marketing mails (2 of this, 2 of `other`) in 7 days" in desk.one()


def test_audiences_that_exclude_each_other_never_meet(desk: Desk) -> None:
    desk.write("postroad.yaml", "caps: {per_week: 3}\n")
    desk.mails("intro", "proof", within="other")
    desk.sequence(name="other", audience='contact.role in ["cfo", "ceo"] and contact.size > 5')

    assert desk.said() == []


def test_sequences_of_one_exclusive_group_never_meet(desk: Desk) -> None:
    desk.write("postroad.yaml", "caps: {per_week: 3}\nexclusive: [sales]\n")
    desk.mails("intro", "proof", within="other")
    desk.sequence(exclusive="sales")
    desk.sequence(name="other", exclusive="sales")

    assert desk.said() == []


def test_what_lets_people_into_one_sequence_and_ends_the_other_keeps_them_apart(desk: Desk) -> None:
    desk.write("postroad.yaml", "caps: {per_week: 3}\n")
    desk.mails("intro", "proof", within="other")
    desk.sequence(exit_on="[trial_started]")
    desk.sequence(name="other", enroll_on="{event: trial_started, backfill: none}")

    assert desk.said() == []


def test_of_two_sequences_the_one_with_more_mails_is_remarked_on(desk: Desk) -> None:
    desk.write("postroad.yaml", "caps: {per_week: 2}\n")
    desk.mails("intro", within="other")
    desk.sequence("- {email: intro}", name="other")

    assert desk.rules("other") == []
    assert desk.rules() == ["over-cap"]


def test_mails_before_a_date_do_not_meet_the_others_in_the_worst_week(desk: Desk) -> None:
    desk.write("postroad.yaml", "caps: {per_week: 2}\n")
    desk.sequence(
        "- {email: intro, day: 1}\n- {email: proof, day: 3}\n"
        "- {email: intro, id: ending, at: data.trial_end - 3 days}"
    )

    assert desk.said() == []
