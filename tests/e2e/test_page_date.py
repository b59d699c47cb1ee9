"""Going to a day of the room, and knowing which day one reads."""

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


@pytest.fixture
def past(serving: Serving, new_peer: PeerFactory) -> None:
    """A hundred messages on every other day: the first ones twelve days ago, the last ones today."""
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


def go_to(chat: ChatPage, ago: int) -> None:
    chat.find(".top .to-date").click()
    sheet = chat.page.get_by_role("dialog", name="Go to a date")
    sheet.locator("input").fill(day(ago))
    sheet.get_by_role("button", name="Go").click()
    expect(sheet).to_be_hidden()


@pytest.mark.usefixtures("past")
def test_a_date_leads_to_its_first_message_or_the_next_one_after_it(chat: ChatPage) -> None:
    chat.join("Kit")
    go_to(chat, 8)
    expect(chat.message("Line 200")).to_be_in_viewport()
    assert top(chat.message("Line 200")) == pytest.approx(0, abs=4)
    go_to(chat, 5)  # nobody said anything on that day
    expect(chat.message("Line 400")).to_be_in_viewport()
    go_to(chat, 300)
    expect(chat.message("Line 0")).to_be_in_viewport()
    go_to(chat, 0)
    expect(chat.message("Line 600")).to_be_in_viewport()
    chat.find("#jump").click()
    expect(chat.message("Line 699")).to_be_in_viewport()
    expect(chat.find("#jump")).to_be_hidden()


@pytest.mark.usefixtures("past")
def test_the_name_of_a_day_opens_the_calendar_there_and_no_day_to_come_can_be_chosen(chat: ChatPage) -> None:
    chat.join("Kit")
    go_to(chat, 8)
    chat.message("Line 200").locator(".day-name").click()
    field = chat.find("#date-field")
    expect(field).to_be_focused()
    expect(field).to_have_value(day(8))
    expect(field).to_have_attribute("max", day(0))
    field.fill(day(-1))
    chat.find("#date-form").get_by_role("button", name="Go").click()
    expect(field).to_be_visible()  # the browser says why
    chat.page.keyboard.press("Escape")
    expect(field).to_be_hidden()


@pytest.mark.usefixtures("past")
def test_a_day_without_anything_since_is_the_end(chat: ChatPage, serving: Serving) -> None:
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
def test_the_day_one_reads_floats_above_while_one_scrolls(chat: ChatPage) -> None:
    chat.join("Kit")
    expect(chat.message("Line 699")).to_be_in_viewport()
    floating = chat.find("#floating-day")
    expect(floating).to_have_css("opacity", "0")
    chat.find("#timeline").hover()
    chat.page.mouse.wheel(0, -300)
    expect(floating).to_have_text("Today")
    expect(floating).to_have_css("opacity", "1")
    expect(floating).to_have_css("opacity", "0")


@pytest.mark.usefixtures("past")
def test_on_a_phone_the_way_to_a_date_is_in_the_sheet_to_search(new_page: PageFactory) -> None:
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
    sheet.locator("input").fill(day(8))
    sheet.get_by_role("button", name="Go").tap()
    expect(phone.message("Line 200")).to_be_in_viewport()
