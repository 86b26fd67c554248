"""Steps that nothing leads to, mails that never go, events that nothing brings."""

from tests.unit.lint.desk import Desk, mail


def test_a_sound_sequence_leaves_nothing_to_say(desk: Desk) -> None:
    assert desk.said() == []


def test_a_step_after_an_exit_is_unreachable(desk: Desk) -> None:
    desk.sequence("- {email: intro, day: 1}\n- {exit: over}\n- {email: proof, day: 3}")

    assert desk.one() == (
        "welcome/sequence.yaml:10: unreachable: step `proof` is never reached: every way ends or "
        "turns off before it; move it, or remove it"
    )


def test_a_step_after_a_hand_off_is_reached_if_that_is_refused(desk: Desk) -> None:
    desk.sequence("- {email: intro, day: 1}\n- {hand_off: other}\n- {email: proof, day: 3}")

    assert desk.said() == []


def test_a_branch_of_a_condition_that_never_holds_is_unreachable(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, day: 1}
        - when: contact.plan == "free" and contact.plan == "pro"
          then: [{email: proof}]
        """)

    assert "is never true" in desk.one()


def test_asking_for_a_click_in_a_mail_that_comes_later_never_holds(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, day: 1}
        - when: clicked("proof")
          then: [{email: intro, id: again}]
        - {email: proof, day: 3}
        """)

    assert '`again` is never reached: `clicked("proof")` is never true' in desk.one()


def test_asking_for_a_click_in_an_earlier_mail_may_hold(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, day: 1}
        - when: clicked("intro")
          then: [{email: proof}]
        """)

    assert desk.said() == []


def test_a_mail_that_is_valid_for_less_than_the_gap_never_goes(desk: Desk) -> None:
    desk.sequence("- {email: intro, day: 1}\n- {email: proof, valid_for: 2 hours}")

    assert "never-sends: the mail of step `proof` never goes" in desk.one()


def test_a_mail_that_is_valid_for_longer_than_the_gap_may_go(desk: Desk) -> None:
    desk.sequence("- {email: intro, day: 1}\n- {email: proof, valid_for: 5 days}")

    assert desk.said() == []


def test_a_time_at_which_the_window_is_never_open_is_an_error(desk: Desk) -> None:
    desk.sequence('- {email: intro, day: 1}\n- {email: proof, day: 3, at_time: "20:00"}')

    assert "at-time-shut: the send window is never open at 20:00" in desk.one()


def test_a_transactional_mail_may_go_while_the_window_is_shut(desk: Desk) -> None:
    desk.sequence(
        '- {email: intro, day: 1}\n- {email: proof, day: 3, at_time: "20:00", kind: transactional}'
    )

    assert desk.said() == []


def test_nobody_clicks_in_a_mail_without_links(desk: Desk) -> None:
    desk.mails(intro=mail("Hi {{ contact.first_name or 'there' }}.\n"))
    desk.sequence("""\
        - {email: intro, day: 1}
        - wait_for: {click: intro}
          within: 2 days
        - {email: proof}
        """)

    assert desk.one() == (
        "welcome/sequence.yaml:9: nothing-delivers: `click in intro` never comes: the mail of "
        "`intro` has no link that is counted; name another event, or put a link in"
    )


def test_a_click_is_not_awaited_before_its_mail_goes(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, day: 1}
        - wait_for: {click: proof}
          within: 2 days
        - {email: proof}
        """)

    assert "the mail of `proof` is sent only later" in desk.one()


def test_no_click_fits_a_pattern_that_no_link_has(desk: Desk) -> None:
    desk.sequence(
        on='[{click: intro, url: "*/pricing*", do: [{exit: keen}]}]',
        exit_on="[reply]",
    )

    assert "has no link like `*/pricing*`" in desk.one()


def test_a_click_on_a_link_of_a_value_may_fit_any_pattern(desk: Desk) -> None:
    desk.mails(intro=mail('[go]({{ contact.page or "https://acme.example" }})\n'))
    desk.sequence(on='[{click: intro, url: "*/pricing*", do: [{exit: keen}]}]')

    assert desk.said() == []


def test_a_condition_that_always_holds_is_no_branch(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, day: 1}
        - when: 1 == 1
          then: [{email: proof}]
        """)

    assert "unreachable: `1 == 1` is always true: this is no branch" in desk.one()


def test_a_mail_before_a_date_that_may_lie_far_ahead_may_go(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, day: 1}
        - {wait: 10 days}
        - {email: proof, at: data.trial_end - 3 days, valid_for: 1 day}
        """)

    assert desk.said() == []


def test_a_mail_whose_way_takes_longer_than_its_date_allows_never_goes(desk: Desk) -> None:
    desk.sequence("""\
        - {email: intro, at: data.start + 1 day}
        - {wait: 10 days}
        - {email: proof, at: data.start + 2 days, valid_for: 1 day}
        """)

    assert "never-sends: the mail of step `proof` never goes" in desk.one()
