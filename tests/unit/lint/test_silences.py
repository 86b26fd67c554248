"""Comments that silence a rule."""

from tests.unit.lint.desk import BODY, FRONT, Desk, mail

LOUD = "Now!!!\n"


def test_a_comment_at_the_top_silences_a_rule_in_the_file(desk: Desk) -> None:
    desk.sequence(exit_on=None, top="# Our welcome.\n# lint: ignore no-exit - only two mails\n\n")

    assert desk.said() == []


def test_a_comment_on_the_line_silences_it_there(desk: Desk) -> None:
    desk.sequence("- {email: intro, day: 5}\n- {email: proof, day: 3}  # lint: ignore at-order")

    assert desk.said() == []


def test_a_comment_on_the_line_before_silences_it_too(desk: Desk) -> None:
    desk.sequence("- {email: intro, day: 5}\n# lint: ignore at-order\n- {email: proof, day: 3}")

    assert desk.said() == []


def test_a_comment_elsewhere_silences_nothing_and_is_remarked_on(desk: Desk) -> None:
    desk.sequence("- {email: intro, day: 5}  # lint: ignore at-order\n- {email: proof, day: 3}")

    assert desk.said()[0] == (
        "welcome/sequence.yaml:8: idle-silence: nothing of `at-order` is silenced here; remove the "
        "comment"
    )
    assert "at-order" in desk.said()[1]


def test_one_comment_may_silence_several_rules(desk: Desk) -> None:
    top = "# lint: ignore no-exit, no-audience - a test\n"
    desk.sequence(exit_on=None, audience=None, top=top)

    assert desk.said() == []


def test_an_unknown_rule_is_remarked_on_with_a_suggestion(desk: Desk) -> None:
    desk.sequence(top="# lint: ignore no-exits - why not\n")

    assert desk.one() == (
        "welcome/sequence.yaml:1: idle-silence: there is no rule `no-exits`; did you mean "
        "`no-exit`?"
    )


def test_a_template_comment_silences_a_rule_in_a_mail(desk: Desk) -> None:
    desk.mails(intro=mail(f"{{# lint: ignore shouting - a quotation #}}\n\n{BODY}\n{LOUD}"))

    assert desk.said() == []


def test_a_template_comment_on_the_line_silences_it_there(desk: Desk) -> None:
    desk.mails(intro=mail(f"{BODY}\nNow!!! {{# lint: ignore shouting #}}\n"))

    assert desk.said() == []


def test_a_comment_in_the_front_matter_silences_a_rule_in_a_mail(desk: Desk) -> None:
    desk.mails(intro=mail(f"{BODY}\n{LOUD}", f"# lint: ignore shouting - a quotation\n{FRONT}"))

    assert desk.said() == []


def test_a_shared_file_may_be_silenced_for_another_sequence(desk: Desk) -> None:
    desk.write("postroad.yaml", "languages: [en]\n")
    desk.write("shared/sign-off.md", "{# lint: ignore insecure-link - an old page #}\nAcme\n")
    desk.mails(intro=mail(f'{BODY}\n{{% include "sign-off.md" %}}\n'))

    assert desk.said() == []
