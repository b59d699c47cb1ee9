"""By keys through the page: the switcher, the rooms above and below, and the sheet of keys."""

import re
from typing import Any

import msgspec
import pytest
from playwright.sync_api import Page, expect

from tests.client.test_switcher import ACTIONS, PEOPLE, ROOMS, rows
from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PeerFactory

ROWS = """async ([typed, rooms, people, actions]) => {
    const {switcherRows} = await import('/js/switcher-rows.js');
    const found = switcherRows(typed, {rooms, people, actions, shown: 'lobby'});
    return found.map(({kind, target, title, heading}) => [kind, target, title, heading]);
}"""


def as_json(value: Any) -> Any:
    return msgspec.to_builtins(value)


@pytest.mark.parametrize("typed", ["", "be", "LUCJA", "key", "nothing like it"])
def test_the_page_offers_what_the_window_offers(modules: Page, typed: str) -> None:
    rooms = [{**as_json(room), "title": room.title} for room in ROOMS]
    found = modules.evaluate(ROWS, [typed, rooms, as_json(PEOPLE), as_json(ACTIONS)])
    assert found == [[row.kind, row.target, row.title, row.heading] for row in rows(typed)]


def test_letters_lead_to_rooms_people_and_all_messages(chat: ChatPage, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara")
    mara.send(type="create", room="benches", topic="Who sits where")
    chat.join("Kit")
    keys, field = chat.page.keyboard, chat.find("#switcher-field")
    room, options = chat.find("#top-text"), chat.find("#switcher-rows").get_by_role("option")
    keys.press("Control+k")
    expect(field).to_be_focused()
    keys.type("ben")
    expect(options.first).to_have_text("benchesWho sits where")
    expect(options.first.locator("mark")).to_have_text("ben")
    expect(field).to_have_attribute("aria-activedescendant", "switcher-0")
    keys.press("Enter")
    expect(room).to_contain_text("benches")
    expect(chat.find("#message")).to_be_focused()
    keys.press("Alt+ArrowDown")
    expect(room).to_contain_text("lobby")
    keys.press("Control+k")
    keys.type("mara")
    keys.press("Enter")
    expect(room).not_to_contain_text("lobby")
    chat.send("for Mara alone")
    assert mara.hear("for Mara alone")["to"] == "Mara"
    keys.press("Control+k")
    keys.type("alone")
    expect(options).to_have_text([re.compile("Search all messages for “alone”")])
    keys.press("Enter")
    expect(chat.find("#search-hits [role=option]")).to_contain_text("for Mara alone")
    assert chat.complaints == []


def test_all_keys_are_listed_and_one_is_found(chat: ChatPage) -> None:
    chat.join("Kit")
    chat.page.keyboard.press("Control+/")
    shown = chat.find("#keys li:visible")
    expect(chat.find("#keys input")).to_be_focused()
    assert shown.count() > 10
    chat.page.keyboard.type("switch")
    expect(shown).to_have_text([re.compile(r"^Switch room or person (Ctrl|⌘)K$")])
    chat.page.keyboard.press("Escape")
    expect(chat.find("#message")).to_be_focused()
