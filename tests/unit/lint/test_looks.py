"""Pictures, letters, length and size of mails."""

from tests.unit.lint.desk import BODY, KEYS, Desk, mail

WORDS = "word " * 30
HTML = "<p>{{ contact.first_name or 'Hi' }} " + WORDS + "</p>"


def test_an_image_without_alt_is_remarked_on(desk: Desk) -> None:
    desk.mails(intro=mail(f'{WORDS}\n\n<img src="https://acme.example/a.png">\n'))

    assert "welcome/intro.md:7: image-without-alt: the image `https://acme" in desk.one()


def test_an_image_with_alt_is_fine(desk: Desk) -> None:
    desk.mails(intro=mail(f'{WORDS}\n\n<img src="https://acme.example/a.png" alt="">\n'))

    assert desk.said() == []


def test_a_mail_that_is_only_an_image_is_remarked_on(desk: Desk) -> None:
    desk.mails(intro=mail("![Our offer](https://acme.example/a.png)\n"))

    assert "only-image: the mail is a picture with 2 words" in desk.one()


def test_huge_letters_are_remarked_on(desk: Desk) -> None:
    desk.mails(intro=mail(f'{HTML}<p style="font-size: 48px">Now</p>\n'))

    assert "huge-font: letters of `48px` are huge" in desk.one()


def test_letters_of_a_heading_are_not_huge(desk: Desk) -> None:
    desk.mails(intro=mail(f'{HTML}<p style="font-size: 28px">Now</p>\n'))

    assert desk.said() == []


def test_an_outbound_mail_of_many_words_is_long(desk: Desk) -> None:
    desk.mails(intro=mail(f"{'word ' * 160}\n\n{BODY}"))
    desk.sequence(purpose="outbound")

    assert any("long-text: this outbound mail has 16" in said for said in desk.said())


def test_the_footer_does_not_make_a_mail_long(desk: Desk) -> None:
    desk.mails(intro=mail(f"{'word ' * 140}\n\n{BODY}"))
    desk.sequence(purpose="outbound")

    assert "long-text" not in desk.rules()


def test_a_newsletter_may_be_long(desk: Desk) -> None:
    desk.mails(intro=mail(f"{'word ' * 300}\n\n{BODY}"))

    assert desk.said() == []


def test_a_mail_that_gmail_cuts_off_is_remarked_on(desk: Desk) -> None:
    desk.mails(intro=mail(f"{'many words ' * 10_000}\n\n{BODY}"))

    assert "clipped: the mail has 10" in desk.one()


def test_a_marketing_mail_without_a_way_out_is_an_error(desk: Desk) -> None:
    desk.write("welcome/layout.html", "<p>{{ body }}</p>{{ postal_address }}")

    assert [said.partition(" this")[0] for said in desk.said()] == [
        "welcome/intro.md:1: no-unsubscribe:",
        "welcome/proof.md:1: no-unsubscribe:",
    ]


def test_a_marketing_mail_without_an_address_is_an_error(desk: Desk) -> None:
    desk.write("welcome/layout.html", "<p>{{ body }}</p><a href='{{ unsubscribe_url }}'>Leave</a>")

    assert [said.partition(" this")[0] for said in desk.said()] == [
        "welcome/intro.md:1: no-postal-address:",
        "welcome/proof.md:1: no-postal-address:",
    ]


def test_a_layout_with_a_footer_has_both(desk: Desk) -> None:
    desk.write("welcome/layout.html", "<p>{{ body }}</p>{{ footer }}")

    assert desk.said() == []


def test_a_transactional_mail_needs_neither(desk: Desk) -> None:
    desk.write("welcome/layout.html", "<p>{{ body }}</p>")
    desk.sequence(kind="transactional")

    assert desk.said() == []


def test_a_transactional_mail_that_sells_is_remarked_on(desk: Desk) -> None:
    desk.mails(intro=mail(f"You may also like our boots, now 20% off.\n\n{BODY}"))
    desk.sequence("- {email: intro, kind: transactional}\n- {email: proof, day: 3}")

    assert "welcome/intro.md:5: transactional-marketing: `You may also like`" in desk.one()


def test_a_marketing_mail_may_sell(desk: Desk) -> None:
    desk.mails(intro=mail(f"You may also like our boots, now 20% off.\n\n{BODY}"))

    assert desk.said() == []


def test_a_plain_confirmation_does_not_sell(desk: Desk) -> None:
    desk.mails(intro=mail(f"Your order is on its way.\n\n{BODY}"))
    desk.sequence(kind="transactional")

    assert desk.said() == []


def test_a_sender_beyond_ascii_is_refused_by_sendgrid(desk: Desk) -> None:
    desk.sequence(from_=KEYS["from"].replace("team@", "jörg@"))

    assert "sendgrid-refuses: SendGrid takes no address with letters beyond ASCII" in desk.one()


def test_a_fact_that_nothing_speaks_of_is_remarked_on(desk: Desk) -> None:
    desk.mails(intro=mail("Your order {{ data.order_id }}.\n"))

    assert "welcome/intro.md:5: unknown-data: `data.order_id` is not spoken of" in desk.one()


def test_a_fact_with_another_word_for_it_is_fine(desk: Desk) -> None:
    desk.mails(
        intro=mail(
            'Your order {{ data.order_id or "" }}{{ data.a | default("-") }}.\n'
            "{% if data.city %}To {{ data.city }}.{% endif %}\n"
        )
    )

    assert desk.said() == []


def test_a_fact_that_the_key_or_a_date_names_is_spoken_of(desk: Desk) -> None:
    desk.mails(intro=mail("Your order {{ data.order_id }} of {{ data.ordered }}.\n"))
    desk.sequence(
        "- {email: intro}\n- {email: proof, at: data.ordered + 7 days}", key="data.order_id"
    )

    assert desk.said() == []


def test_a_fact_in_the_subject_of_a_step_is_looked_for_too(desk: Desk) -> None:
    desk.sequence('- {email: intro, subject: "Order {{ data.order_id }}"}\n- {email: proof}')

    assert "welcome/sequence.yaml:8: unknown-data: `data.order_id`" in desk.one()


def test_an_attachment_that_is_too_large_is_broken(desk: Desk) -> None:
    (desk.root / "welcome" / "guide.pdf").write_bytes(b"x" * 23_000_000)
    desk.mails(intro=mail(front="subject: A guide\njob: educate\nattachments: [guide.pdf]\n"))

    assert desk.rules() == ["broken"]


def test_a_fact_that_no_contact_of_the_project_has_is_an_error(desk: Desk) -> None:
    desk.write("postroad.yaml", "attributes: {role: text}\n")
    desk.mails(intro=mail('For a {{ contact.rolle or "person" }}.\n'))

    assert desk.one() == (
        "welcome/intro.md:5: unknown-contact: `contact.rolle` is not named under `attributes` in "
        "postroad.yaml; did you mean `role`?"
    )


def test_a_fact_that_contacts_of_the_project_have_is_fine(desk: Desk) -> None:
    desk.write("postroad.yaml", "attributes: {role: text}\n")
    desk.mails(intro=mail('For a {{ contact.role }}, {{ contact.first_name or "you" }}.\n'))

    assert desk.said() == []


def test_a_mail_that_goes_through_a_list_and_reckons_is_looked_at(desk: Desk) -> None:
    desk.write("postroad.yaml", "attributes: {role: text, seats: number, tags: list}\n")
    desk.mails(
        intro=mail(
            "{{ contact.seats * 2 }} {% for tag in contact.tags %}{{ tag }}{% endfor %}\n"
            "{% for item in data.items or [] %}{{ item.name }}{% endfor %}\n"
            "{% if data.total and data.total > 5 %}[x](http://acme.example){% endif %}\n"
        )
    )

    assert desk.rules() == ["insecure-link"]


def test_a_mail_that_prints_a_date_is_looked_at(desk: Desk) -> None:
    printed = "{{ data.trial_end | date }} {{ (contact.since or data.trial_end) | date('d MMMM') }}"
    desk.mails(intro=mail(f"{WORDS}{printed}\n\n<img src='https://acme.example/a'>\n"))

    assert "image-without-alt" in desk.rules()
