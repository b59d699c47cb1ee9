"""Going to a date, and seeing which day is being read."""

import sqlite3
from datetime import date, timedelta

import pytest
from playwright.sync_api import Locator, expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.serving import Serving

A_DAY = 24 * 3600 * 1000
LINES = [f"Line {number}" for number in range(700)]


def day(ago: int) -> str:
    return (date.today() - timedelta(days=ago)).isoformat()


def spoken(ago: int) -> str:
    it = date.today() - timedelta(days=ago)
    return f"{it:%A} {it.day} {it:%B %Y}"


@pytest.fixture
def past(serving: Serving, new_peer: PeerFactory) -> None:
    """A hundred messages on every other day, from twelve days ago to today."""
    new_peer("Mara").say(*LINES)
    serving.stop()
    with sqlite3.connect(serving.folder / "chat.db") as database:
        number = f"(place & {2**40 - 1}) - 1"
        database.execute(f"UPDATE entry SET time = time - {2 * A_DAY} * (6 - ({number}) / 100)")
    database.close()
    serving.start()


def top(row: Locator) -> float:
    position: float = row.evaluate(
        "it => it.getBoundingClientRect().top - it.closest('#timeline').getBoundingClientRect().top"
    )
    return position


def cell(chat: ChatPage, ago: int) -> Locator:
    return chat.find(f"#date [data-day='{day(ago)}']")


def choose(chat: ChatPage, ago: int) -> None:
    """In the open dialog: go back to this day's month, and press the day."""
    sheet = chat.page.get_by_role("dialog", name="Go to a date")
    while not cell(chat, ago).count():
        sheet.get_by_role("button", name="Month before").click()
    cell(chat, ago).click()
    expect(sheet).to_be_hidden()


def go_to(chat: ChatPage, ago: int) -> None:
    chat.find(".top .to-date").click()
    while not cell(chat, ago).count() and chat.find("#date-later").is_enabled():
        chat.find("#date-later").click()
    choose(chat, ago)


@pytest.mark.usefixtures("past")
def test_a_date_is_reached_by_the_button_by_keys_and_by_the_name_of_a_day(chat: ChatPage) -> None:
    chat.join("Kit")
    expect(chat.message("Line 699")).to_be_in_viewport()
    show_the_day_being_read(chat)
    go_by_keys(chat)
    go_by_the_button(chat)
    go_by_the_name_of_a_day(chat)


def show_the_day_being_read(chat: ChatPage) -> None:
    """While somebody scrolls."""
    floating = chat.find("#floating-day")
    expect(floating).to_have_css("opacity", "0")
    chat.find("#timeline").hover()
    chat.page.mouse.wheel(0, -300)
    expect(floating).to_have_text("Today")
    expect(floating).to_have_css("opacity", "1")
    expect(floating).to_have_css("opacity", "0")


def go_by_keys(chat: ChatPage) -> None:
    keys = chat.page.keyboard
    keys.press("Control+g")
    expect(cell(chat, 0)).to_be_focused()
    keys.press("ArrowUp")
    keys.press("ArrowLeft")
    expect(cell(chat, 8)).to_be_focused()
    expect(cell(chat, 8)).to_have_accessible_name(spoken(8))
    keys.press("Enter")
    expect(chat.message("Line 200")).to_be_in_viewport()
    assert top(chat.message("Line 200")) == pytest.approx(0, abs=4)


def go_by_the_button(chat: ChatPage) -> None:
    """It leads to the first message of that day, or the next one after it."""
    go_to(chat, 8)
    expect(chat.message("Line 200")).to_be_in_viewport()
    assert top(chat.message("Line 200")) == pytest.approx(0, abs=4)
    go_to(chat, 5)  # nobody wrote on that day
    expect(chat.message("Line 400")).to_be_in_viewport()
    go_to(chat, 300)
    expect(chat.message("Line 0")).to_be_in_viewport()
    go_to(chat, 0)
    expect(chat.message("Line 600")).to_be_in_viewport()
    chat.find("#jump").click()
    expect(chat.message("Line 699")).to_be_in_viewport()
    expect(chat.find("#jump")).to_be_hidden()


def go_by_the_name_of_a_day(chat: ChatPage) -> None:
    """It opens the calendar there; no future day can be chosen."""
    go_to(chat, 8)
    chat.message("Line 200").locator(".day-name").click()
    sheet = chat.page.get_by_role("dialog", name="Go to a date")
    expect(cell(chat, 8)).to_be_focused()
    expect(cell(chat, 8)).to_have_attribute("aria-selected", "true")
    chat.page.keyboard.press("Shift+PageDown")  # a year later is in the future
    expect(cell(chat, 0)).to_be_focused()
    expect(cell(chat, 0)).to_have_attribute("aria-current", "date")
    expect(chat.find("#date-later")).to_be_disabled()
    to_come = chat.find("#date [aria-disabled]")
    if to_come.count():  # not on the last days of a month that fills all weeks
        to_come.first.click(force=True)
    expect(sheet).to_be_visible()
    chat.page.keyboard.press("Escape")
    expect(sheet).to_be_hidden()


@pytest.mark.usefixtures("past")
def test_a_date_after_the_last_message_leads_to_the_end(chat: ChatPage, serving: Serving) -> None:
    serving.stop()
    with sqlite3.connect(serving.folder / "chat.db") as database:
        database.execute(f"UPDATE entry SET time = time - {10 * A_DAY}")
    database.close()
    serving.start()
    chat.join("Kit")
    go_to(chat, 20)
    expect(chat.message("Line 100")).to_be_in_viewport()
    go_to(chat, 3)
    expect(chat.message("Line 699")).to_be_in_viewport()
    expect(chat.find("#jump")).to_be_hidden()


@pytest.mark.usefixtures("past")
def test_on_a_phone_the_date_picker_is_in_the_search_sheet(new_page: PageFactory) -> None:
    phone = new_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).join("Kit")
    phone.page.get_by_role("button", name="Search messages").tap()
    phone.page.get_by_role("dialog").get_by_role("button", name="Go to a date").tap()
    sheet = phone.page.get_by_role("dialog", name="Go to a date")
    expect(sheet).to_be_in_viewport(ratio=1)
    expect(phone.find("#search-sheet")).to_be_hidden()
    phone.page.go_back()
    expect(sheet).to_be_hidden()
    expect(phone.find("#chat")).to_be_visible()
    phone.page.get_by_role("button", name="Search messages").tap()
    phone.page.get_by_role("dialog").get_by_role("button", name="Go to a date").tap()
    choose(phone, 8)
    expect(phone.message("Line 200")).to_be_in_viewport()
