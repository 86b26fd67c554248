import pytest

from schemas.conditions import Fact
from schemas.outcomes import Enrolled, Refused
from schemas.steps import Arm
from starter.authored.previewing import Preview, preview
from starter.authored.trying import Wanted
from starter.overriding import Text, override
from storage.sending.overrides import Override
from tests.activities.world import ADDRESSES, INTRO, NOTE, World
from tests.builders import MONDAY, a_sequence, an_email

FILES = {
    "intro.md": INTRO,
    "intro.de.md": "---\nsubject: Fracht\n---\nHallo\n",
    "intro.b.md": "---\nsubject: Arm b\n---\nHi from b\n",
    "note.md": NOTE,
}
ARMS = (Arm(name="a", weight=1, email="intro"), Arm(name="b", weight=0, email="intro.b"))
TRIED = a_sequence(an_email("intro", arms=ARMS), an_email("note", thread="intro"))


def rewrite(world: World, row: Enrolled, subject: str | None = None, step: str = "intro") -> None:
    text = Text(subject=subject, body="Dear {{ contact.first_name }}\n", by="sam", at=MONDAY)
    assert isinstance(override(world.engine, row.row, step, text), Override)


def shown(world: World, **wanted: object) -> list[Preview]:
    given = Wanted.model_validate({"sequence": "welcome", "at": MONDAY, **wanted})
    mails = preview(world.engine, given, ADDRESSES)
    assert isinstance(mails, list), mails.message
    return mails


async def test_a_text_by_hand_goes_instead_of_the_mails_own(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    rewrite(world, row, "As we said")

    await world.send(row)

    mail = await world.only_mail()
    assert mail.subject == "As we said"
    assert (mail.text or "").startswith("Dear Ada\n\n1 Main St\n")


async def test_the_record_of_the_mail_says_that_it_was_written_by_hand(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    rewrite(world, row)

    await world.send(row)
    await world.send(row, "note")

    first, second = world.sends_of(row)
    assert first.why == "it is due; written by hand for this contact"
    assert first.subject == "Freight at your place"
    assert second.why == "it is due"


async def test_a_text_by_hand_is_of_one_enrollment_alone(world: World) -> None:
    world.publish()
    rewrite(world, world.enrolled(world.contact()), "As we said")
    other = world.enrolled(world.contact(email="bob@customer.example", first_name="Bob"))

    await world.send(other)

    assert (await world.only_mail()).subject == "Freight at your place"


async def test_a_held_mail_goes_with_the_text_that_mended_it(world: World) -> None:
    world.publish(files={"intro.md": INTRO.replace("first_name", "nickname"), "note.md": NOTE})
    row = world.enrolled(world.contact())
    await world.send(row)
    rewrite(world, row)

    await world.send(row, resumes=1)

    assert ((await world.only_mail()).text or "").startswith("Dear Ada")


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Dear you\n{{ contct.name }}\n", "notes/ada.md, line 2: contct does not exist"),
        ("---\nsubject: S\n---\n\n{{ contct.name }}\n", "notes/ada.md, line 5: contct does not"),
        ("\n\n{% if key %}\n", "notes/ada.md, line 3: unexpected end of template"),
        ("---\nfrom: owner\n---\nHi\n", "notes/ada.md, line 1: only `subject` can stand"),
        ("---\nsubject: S\nHi\n", "notes/ada.md, line 1: the front matter is not closed"),
        ("---\nsubject: S\n---\n", "notes/ada.md: the text is empty"),
        (
            "---\nsubject: '{{ contct.a }}'\n---\nHi\n",
            "notes/ada.md, line 2: contct does not exist",
        ),
        ("{{ snippets.ps }}", "notes/ada.md, line 1: there is no snippet ps"),
    ],
)
def test_a_text_that_is_no_template_is_refused_with_its_file_and_line(
    world: World, body: str, words: str
) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    text = Text(body=body, by="sam", at=MONDAY, file="notes/ada.md")

    refused = override(world.engine, row.row, "intro", text)

    assert isinstance(refused, Refused)
    assert refused.message.startswith(words)


def test_a_subject_that_is_no_template_is_not_taken_for_a_line_of_the_file(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    text = Text(subject="{{ contct.a }}", body="Hi\n", by="sam", at=MONDAY, file="notes/ada.md")

    refused = override(world.engine, row.row, "intro", text)

    assert isinstance(refused, Refused)
    assert refused.message.startswith("its subject, line 1: contct does not exist")


def test_a_preview_of_an_enrollment_shows_the_text_by_hand(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    rewrite(world, row, "As we said")

    first, second = shown(world, enrollment=row.row)

    assert (first.subject, first.file) == ("As we said", "rewritten.md")
    assert (second.subject, second.file) == ("Re: As we said", "note.md")


def test_a_preview_shows_the_contacts_own_language_and_arm(world: World) -> None:
    world.publish(TRIED, files=FILES)
    world.contact(attributes={"language": "de"})

    first = shown(world, contact="ada@customer.example")[0]

    assert (first.file, first.arm, first.subject) == ("intro.de.md", "a", "Fracht")
    assert (first.languages, first.arms) == (("de",), ("a", "b"))


def test_a_preview_shows_another_language_and_arm_if_asked(world: World) -> None:
    world.publish(TRIED, files=FILES)
    world.contact(attributes={"language": "de"})

    english = shown(world, contact="ada@customer.example", language="en")[0]
    other = shown(world, contact="ada@customer.example", arm="b")[0]

    assert (english.file, english.subject) == ("intro.md", "Freight at your place")
    assert (other.file, other.arm, other.subject) == ("intro.b.md", "b", "Arm b")


def test_a_preview_reckons_what_the_enrollment_would_be_per(world: World) -> None:
    per_order = a_sequence(an_email("intro"), key=Fact(of="data", path="order"))
    world.publish(per_order, files={"intro.md": "---\nsubject: Order {{ key }}\n---\nHi\n"})
    world.contact()

    reckoned = shown(world, contact="ada@customer.example", data={"order": 1001})[0]
    given = shown(world, contact="ada@customer.example", key="A-7")[0]

    assert (reckoned.subject, given.subject) == ("Order 1001", "Order A-7")


def test_a_preview_of_an_arm_that_is_not_there_says_which_are(world: World) -> None:
    world.publish(TRIED, files=FILES)
    world.contact()
    wanted = Wanted(sequence="welcome", contact="ada@customer.example", arm="c", at=MONDAY)

    refused = preview(world.engine, wanted, ADDRESSES)

    assert not isinstance(refused, list)
    assert refused.message == "no mail of welcome has an arm c: there are a, b"


def test_a_preview_of_an_enrollment_is_of_its_own_version_and_sender(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    world.publish(sender="owner")

    first = shown(world, enrollment=row.row)[0]

    assert first.sender is not None
    assert first.sender.email == "olga@acme.example"


def test_a_preview_of_an_enrollment_of_another_sequence_is_refused(world: World) -> None:
    world.publish()
    row = world.enrolled(world.contact())
    wanted = Wanted(sequence="other", enrollment=row.row, at=MONDAY)

    refused = preview(world.engine, wanted, ADDRESSES)

    assert not isinstance(refused, list)
    assert "is in welcome, not in other" in refused.message
