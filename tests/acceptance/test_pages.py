"""The pages that people look at, in a real browser: inbox, mail, unsubscribe, Temporal's UI."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.people import suppressions
from tests.acceptance.chromium import Browser, find_browser, running_browser
from tests.acceptance.playing import Play

WIDE, NARROW = 1280, 400
# The UI shows our Markdown in a frame.
CURRENT_DETAILS = "document.querySelector('#user-metadata-current-details')?.contentDocument?.body"
SHOTS = "POSTROAD_TEST_SHOTS"


@pytest.fixture(scope="session")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = find_browser()
    if program is None:
        pytest.skip("no Chromium: install one (Debian: `apt-get install chromium`)")
    with running_browser(program, tmp_path_factory.mktemp("chromium")) as browser:
        yield browser


@pytest.fixture
def shots(tmp_path: Path) -> Path:
    kept = os.environ.get(SHOTS)  # noqa: TID251  (for a person who wants to look)
    return Path(kept) if kept else tmp_path


@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_the_inbox_lists_who_got_what(
    play: Play, browser: Browser, shots: Path, width: int
) -> None:
    await play.enroll_and_greet()

    browser.visit(f"{play.stage.record.inbox_url}/", width=width)

    browser.shoot(shots / f"inbox-{width}.png")
    assert play.address in browser.text()
    assert "Hello Ada" in browser.text()
    assert browser.overflow() == 0


@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_a_mail_is_shown_as_its_recipient_sees_it_with_what_can_be_done(
    play: Play, browser: Browser, shots: Path, width: int
) -> None:
    await play.enroll_and_greet()
    (mail,) = await play.mails()

    browser.visit(f"{play.stage.record.inbox_url}/mails/{mail.id}", width=width)

    browser.shoot(shots / f"mail-{width}.png")
    browser.value_of("document.querySelectorAll('details').forEach(one => { one.open = true })")
    text = browser.text()
    assert "Hello Ada" in text
    assert "delivered" in text.casefold()
    assert {"Reply", "Out of office", "Unsubscribe", "Report as spam", "Bounce"} <= labels(browser)
    assert browser.overflow() == 0


async def test_the_reply_button_ends_the_enrollment(play: Play, browser: Browser) -> None:
    await play.enroll_and_greet()
    (mail,) = await play.mails()
    browser.visit(f"{play.stage.record.inbox_url}/mails/{mail.id}")

    browser.value_of("document.querySelector('textarea').value = 'Yes, please.'")
    browser.value_of("document.querySelector('form button.main').click()")

    browser.until("document.body.innerText.includes('replied')")
    story = await play.until("ended")
    assert story.ending == "replied"


@pytest.mark.parametrize("width", [WIDE, NARROW])
async def test_the_unsubscribe_page_asks_first_and_then_does_it(
    play: Play, browser: Browser, shots: Path, width: int
) -> None:
    await play.enroll_and_greet()
    (mail,) = await play.mails()
    url = (await play.stage.emulator.mail(mail.id)).one_click_url

    browser.visit(str(url), width=width)
    browser.shoot(shots / f"unsubscribe-{width}.png")
    asked, before = browser.text(), reasons(play)
    browser.value_of("document.querySelector('button').click()")

    browser.until("document.body.innerText.includes('You are unsubscribed')")
    browser.shoot(shots / f"unsubscribed-{width}.png")
    assert "Unsubscribe?" in asked
    assert (before, reasons(play)) == ([], ["unsubscribed"])
    assert browser.overflow() == 0
    assert (await play.until("ended")).ending == "unsubscribed"


async def test_temporals_ui_shows_where_the_enrollment_stands(
    play: Play, browser: Browser, shots: Path
) -> None:
    await play.enroll_and_greet()
    run = (await play.handle.describe()).run_id
    ui, namespace = play.stage.record.temporal_ui_url, play.stage.record.temporal_namespace
    workflow = f"{ui}/namespaces/{namespace}/workflows/{play.enrollment}/{run}"

    browser.visit(f"{workflow}/timeline")
    browser.until("document.body.innerText.includes('wait-1: waits 3 days')")
    browser.shoot(shots / "temporal-timeline.png")
    browser.visit(f"{workflow}/user-metadata")
    browser.until(f"{CURRENT_DETAILS}?.innerText.includes('So far')")
    browser.shoot(shots / "temporal-details.png")

    details = str(browser.value_of(f"{CURRENT_DETAILS}.innerText")).strip()
    assert details.startswith("Next: wait-1, waits until ")
    assert "sent hello due when it is reached" in details


def labels(browser: Browser) -> set[str]:
    script = "[...document.querySelectorAll('button')].map(one => one.innerText)"
    found = browser.value_of(script)
    assert isinstance(found, list)
    return {str(label) for label in found}


def reasons(play: Play) -> list[str]:
    with play.stage.engine.connect() as connection:
        return [one.reason.value for one in suppressions.standing(connection, play.address)]
