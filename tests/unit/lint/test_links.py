"""Links: broken, without encryption, never filled in."""

import pytest

from tests.unit.lint.desk import BODY, Desk, mail


@pytest.mark.parametrize(
    ("link", "why"),
    [
        ("www.acme.example/page", "it has no `https://`"),
        ("acme.example:443/page", "it has no `https://`"),
        ("/page", "it has no `https://`"),
        ("https:///page", "it names no host"),
        ("https://acme", "it names no host"),
        ("ftp://acme.example/file", "`ftp:` is not for mails"),
        ("sms:me", "`sms:` names nobody"),
        ("mailto:team", "`mailto:` names nobody"),
        ("tel:office", "`tel:` names nobody"),
    ],
)
def test_a_link_that_nobody_can_follow_is_broken(desk: Desk, link: str, why: str) -> None:
    desk.mails(intro=mail(f"[here]({link})\n"))

    assert desk.one() == (
        f"welcome/intro.md:5: broken-link: the link `{link}` leads nowhere: {why}; write it whole, "
        "like `https://acme.example/page`"
    )


@pytest.mark.parametrize(
    "link",
    [
        "https://acme.example/page?a=1#top",
        "https://acme.example:8443",
        "https://bücher.example/",
        "mailto:team@acme.example?subject=Hello",
        "tel:+49-30-1234567",
        "{{ contact.page or 'https://acme.example' }}",
        "https://acme.example/{{ contact.plan or 'free' }}/next",
    ],
)
def test_a_whole_link_is_fine(desk: Desk, link: str) -> None:
    desk.mails(intro=mail(f'<a href="{link}">here</a>\n'))

    assert desk.said() == []


def test_a_link_without_encryption_is_remarked_on(desk: Desk) -> None:
    desk.mails(intro=mail("[here](http://acme.example/page)\n"))

    assert "insecure-link: the link `http://acme.example/page` is not encrypted" in desk.one()


@pytest.mark.parametrize(
    "link",
    ["#", "https://example.com/page", "https://www.example.org", "https://acme.example/TODO"],
)
def test_a_link_that_was_to_be_filled_in_is_a_placeholder(desk: Desk, link: str) -> None:
    desk.mails(intro=mail(f"[here]({link})\n"))

    assert f"placeholder-link: the link `{link}` is a placeholder" in desk.one()


def test_an_empty_link_is_a_placeholder(desk: Desk) -> None:
    desk.mails(intro=mail("[here]()\n"))

    assert "welcome/intro.md:5: placeholder-link: a link is empty" in desk.one()


def test_a_host_that_only_ends_alike_is_no_placeholder(desk: Desk) -> None:
    desk.mails(intro=mail("[here](https://myexample.com/page)\n"))

    assert desk.said() == []


def test_a_link_of_the_layout_is_found_there(desk: Desk) -> None:
    desk.write(
        "welcome/layout.html",
        "<p>{{ body }}</p>\n<a href='http://acme.example'>x</a>\n{{ footer }}",
    )

    assert {said.partition(" the")[0] for said in desk.said()} == {
        "welcome/layout.html:2: insecure-link:"
    }


def test_a_link_in_a_shared_file_is_remarked_on_once(desk: Desk) -> None:
    desk.write("postroad.yaml", "languages: [en]\n")
    desk.write("shared/sign-off.md", "[Acme](http://acme.example)\n")
    desk.mails(intro=mail(f'{BODY}\n{{% include "sign-off.md" %}}\n'))
    desk.mails("proof", within="other", intro=mail(f'{BODY}\n{{% include "sign-off.md" %}}\n'))
    desk.sequence(name="other")

    assert desk.one(".").startswith("shared/sign-off.md:1: insecure-link")
