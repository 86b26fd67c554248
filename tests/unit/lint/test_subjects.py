"""Subjects: long ones, loud ones, false ones."""

from tests.unit.lint.desk import BODY, Desk, mail

JOB = "job: introduce\n"


def test_a_subject_of_more_than_sixty_characters_is_long(desk: Desk) -> None:
    desk.mails(intro=mail(BODY, f"subject: {'Orders that wait ' * 4}\n{JOB}"))

    assert desk.one() == (
        "welcome/intro.md:2: long-subject: the subject has 67 characters; inboxes show about 60; "
        "say it shorter, the most important first"
    )


def test_a_subject_of_sixty_characters_is_not(desk: Desk) -> None:
    desk.mails(intro=mail(BODY, f"subject: {'Orders at ' * 6}\n{JOB}"))

    assert desk.said() == []


def test_the_subject_of_a_step_is_judged_where_it_stands(desk: Desk) -> None:
    desk.sequence(f'- {{email: intro, day: 1}}\n- {{email: intro, id: b, subject: "{"x " * 40}"}}')

    assert "welcome/sequence.yaml:9: long-subject" in desk.one()


def test_a_subject_in_capitals_shouts(desk: Desk) -> None:
    desk.mails(intro=mail(BODY, f"subject: LAST CHANCE TODAY\n{JOB}"))

    assert "shouting: the subject is all in capitals" in desk.one()


def test_a_short_name_in_capitals_does_not(desk: Desk) -> None:
    desk.mails(intro=mail(BODY, f"subject: GDPR, 1 2 3\n{JOB}"))

    assert desk.said() == []


def test_several_exclamation_marks_shout(desk: Desk) -> None:
    desk.mails(intro=mail(f"Now!!!\n\n{BODY}"))

    assert "welcome/intro.md:5: shouting: `!!!` shouts" in desk.one()


def test_one_exclamation_mark_does_not(desk: Desk) -> None:
    desk.mails(intro=mail(f"Thank you!\n\n{BODY}"))

    assert desk.said() == []


def test_a_first_mail_that_pretends_to_answer_is_remarked_on(desk: Desk) -> None:
    desk.mails(intro=mail(BODY, f'subject: "RE: our call"\n{JOB}'))

    assert "fake-reply: the subject begins with `RE:`" in desk.one()


def test_a_mail_in_a_thread_may_begin_like_an_answer(desk: Desk) -> None:
    desk.mails(proof=mail(BODY, f'subject: "Re: Orders that wait"\n{JOB}'))
    desk.sequence("- {email: intro, day: 1}\n- {email: proof, day: 3, thread: intro}")

    assert desk.said() == []


def test_a_word_that_begins_with_re_is_no_answer(desk: Desk) -> None:
    desk.mails(intro=mail(BODY, f"subject: Renewals that wait\n{JOB}"))

    assert desk.said() == []


def test_the_subject_of_a_language_is_judged_in_its_file(desk: Desk) -> None:
    desk.write("welcome/intro.de.md", mail(BODY, f"subject: {'Angebote ' * 8}\n{JOB}"))

    assert "welcome/intro.de.md:2: long-subject" in desk.one()


def test_the_subject_of_an_arm_is_judged_at_its_step(desk: Desk) -> None:
    long = f'b: {{weight: 50, subject: "{"Orders " * 10}"}}'
    desk.sequence(
        f"- {{email: intro, day: 1, variants: {{a: 50, {long}}}, winner: {{by: click, after: 50}}}}"
    )

    assert "welcome/sequence.yaml:8: long-subject" in desk.one()


def test_a_subject_that_is_too_long_to_be_sent_is_an_error(desk: Desk) -> None:
    desk.mails(intro=mail(BODY, f"subject: {'Orders ' * 80}\n{JOB}"))

    assert "sendgrid-refuses: the subject is too long" in desk.one()
