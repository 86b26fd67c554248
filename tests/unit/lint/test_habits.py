"""Exits, audience, personalization, opens, metrics, holdouts, jobs, hand-offs."""

from tests.unit.lint.desk import BODY, Desk, mail


def test_a_sequence_without_an_exit_is_remarked_on(desk: Desk) -> None:
    desk.sequence(exit_on=None)

    assert "no-exit: nothing ends this early" in desk.one()


def test_a_conversion_is_an_exit(desk: Desk) -> None:
    desk.sequence(exit_on="[upgraded]")

    assert desk.said() == []


def test_an_outbound_sequence_ends_on_a_reply(desk: Desk) -> None:
    desk.sequence(exit_on="[meeting_booked]", purpose="outbound")

    assert "no-exit: a reply does not end this" in desk.said()[0]


def test_an_exit_in_on_is_an_exit(desk: Desk) -> None:
    desk.sequence(exit_on=None, on="[{reply: true, do: [{exit: answered}]}]")

    assert desk.said() == []


def test_what_follows_a_purchase_needs_no_exit(desk: Desk) -> None:
    desk.sequence(exit_on=None, purpose="post-purchase")

    assert desk.said() == []


def test_a_sequence_for_anybody_is_remarked_on(desk: Desk) -> None:
    desk.sequence(audience=None)

    assert "no-audience: nothing says who this is for" in desk.one()


def test_a_trigger_says_who_it_is_for(desk: Desk) -> None:
    desk.sequence(audience=None, enroll_on="{event: order_placed, backfill: none}")

    assert desk.said() == []


def test_mails_that_read_alike_for_everybody_are_remarked_on(desk: Desk) -> None:
    desk.mails(intro=mail("Hello.\n"), proof=mail("Hello again.\n"))

    assert "no-personalization: no mail says anything of the contact" in desk.one()


def test_one_personal_mail_is_enough(desk: Desk) -> None:
    desk.mails(intro=mail("Hello.\n"))

    assert desk.said() == []


def test_branching_on_an_open_alone_is_remarked_on(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, day: 1}
        - when: not opened("intro")
          then: [{email: proof}]
        """)

    assert desk.one() == (
        "welcome/sequence.yaml:9: opens-alone: opens alone tell little: Apple Mail and blocked "
        "images hide who reads; ask for a click or a reply as well"
    )


def test_branching_on_an_open_or_a_click_is_fine(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, day: 1}
        - when: not (opened("intro") or clicked("intro"))
          then: [{email: proof}]
        """)

    assert desk.said() == []


def test_waiting_for_an_open_alone_is_remarked_on(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, day: 1}
        - wait_for: {open: intro}
          within: 3 days
        - {email: proof}
        """)

    assert desk.rules() == ["opens-alone"]


def test_a_test_without_a_metric_is_remarked_on(desk: Desk) -> None:
    desk.mails("intro.b")
    desk.sequence("- {email: intro, day: 1, variants: {a: 50, b: 50}}\n- {email: proof, day: 3}")

    assert "no-metric: `intro` is tested" in desk.one()


def test_a_winner_or_a_goal_is_a_metric(desk: Desk) -> None:
    desk.mails("intro.b")
    desk.sequence(
        "- {email: intro, day: 1, variants: {a: 50, b: 50}}\n- {email: proof, day: 3}",
        goals="[{event: upgraded, within: 30 days}]",
    )

    assert desk.said() == []


def test_a_holdout_from_transactional_mails_is_idle(desk: Desk) -> None:
    desk.sequence(kind="transactional", holdout="5%")

    assert "idle-holdout: `holdout` changes nothing" in desk.one()


def test_a_holdout_from_marketing_is_not(desk: Desk) -> None:
    desk.sequence(holdout="5%")

    assert desk.said() == []


def test_a_mail_without_a_job_is_remarked_on(desk: Desk) -> None:
    desk.mails(intro=mail(BODY, "subject: Orders that wait\n"))

    assert desk.one() == (
        "welcome/intro.md:1: no-job: the mail does not say its job, so nobody can tell whether it "
        "does it; write `job: …` between the lines `---`"
    )


def test_hand_offs_that_go_round_are_an_error(desk: Desk) -> None:
    desk.mails("intro", within="other")
    desk.sequence("- {email: intro}\n- {hand_off: welcome}", name="other")
    desk.sequence("- {email: intro}\n- {hand_off: other}\n- {email: proof}")

    assert "hand-off-loop: hand-offs go round in a circle: `welcome` to `other` to `welcome`" in (
        desk.one()
    )


def test_a_hand_off_that_ends_elsewhere_is_fine(desk: Desk) -> None:
    desk.mails("intro", within="other")
    desk.sequence("- {email: intro}", name="other")
    desk.sequence("- {email: intro}\n- {hand_off: other}\n- {email: proof}")

    assert desk.said() == []


def test_a_hand_off_on_a_click_alone_is_no_exit(desk: Desk) -> None:
    desk.sequence(exit_on=None, on="[{click: intro, do: [{exit: keen}]}]")

    assert desk.rules() == ["no-exit"]


def test_a_colleague_who_answers_is_no_exit_of_the_contact(desk: Desk) -> None:
    desk.sequence(exit_on="[{reply: true, by: account}]")

    assert desk.rules() == ["no-exit"]


def test_a_fact_of_the_contact_beside_an_open_changes_nothing(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, day: 1}
        - when: opened("intro") and contact.country == "US"
          then: [{email: proof}]
        """)

    assert desk.rules() == ["opens-alone"]
