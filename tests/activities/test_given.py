import pytest

from schemas.values import Facts
from starter.authored.previewing import preview
from starter.authored.trying import Wanted
from starter.enrolling.given import with_own_data
from tests.activities.world import ADDRESSES, NOTE, World
from tests.builders import MONDAY


async def test_data_that_cannot_be_known_is_missed_only_by_a_mail_that_needs_it(
    world: World,
) -> None:
    intro = "---\nsubject: Your {{ data.plan }}\n---\nHi\n"
    world.publish(files={"intro.md": intro, "note.md": NOTE})
    row = world.enrolled(world.contact())
    wanted = Wanted(sequence="welcome", enrollment=row.row, at=MONDAY)

    asked = await with_own_data(None, world.engine, wanted)

    mails = preview(world.engine, asked, ADDRESSES)
    assert isinstance(mails, list)
    needy, note = mails
    assert needy.fault == (
        f"intro.md, line 2: data.plan is not known, since no workflow of {row.row} answers; "
        "give it with `--data`"
    )
    assert note.fault is None


async def test_data_that_is_given_stands_for_what_cannot_be_known(world: World) -> None:
    world.publish(files={"intro.md": "---\nsubject: S\n---\n{{ data.plan }}\n", "note.md": NOTE})
    row = world.enrolled(world.contact())
    wanted = Wanted(sequence="welcome", enrollment=row.row, data={"plan": "team"}, at=MONDAY)

    asked = await with_own_data(None, world.engine, wanted)

    mails = preview(world.engine, asked, ADDRESSES)
    assert isinstance(mails, list)
    assert [mail.fault for mail in mails] == [None, None]


@pytest.mark.parametrize(
    ("body", "given", "noted"),
    [
        ("{{ data.plan or 'your plan' }}", {}, True),
        ("{% if data.plan %}Team{% endif %}", {}, True),
        ("{{ snippets.ps }}", {}, True),
        ("{{ data.plan or 'your plan' }}", {"plan": "team"}, False),
        ("Hi {{ contact.first_name }}", {}, False),
    ],
)
async def test_a_mail_that_goes_round_data_that_cannot_be_known_says_so(
    world: World, body: str, given: Facts, *, noted: bool
) -> None:
    files = {"intro.md": f"---\nsubject: S\n---\nHi\n{body}\n", "note.md": NOTE}
    world.publish(files=files, snippets={"ps": "{{ data.plan or 'yours' }}"})
    row = world.enrolled(world.contact())
    wanted = Wanted(sequence="welcome", enrollment=row.row, data=given, at=MONDAY)

    asked = await with_own_data(None, world.engine, wanted)

    mails = preview(world.engine, asked, ADDRESSES)
    assert isinstance(mails, list)
    assert [(mail.fault, bool(mail.note)) for mail in mails] == [(None, noted), (None, False)]
