"""A thousand rooms in the page: all of them are found by the switcher, and listed page by page."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory
from tests.e2e.serving import Serving
from tests.many_rooms import COUNT, make_rooms

DRAWN_FOR_A_KEY = """async (letters) => {
    const field = document.getElementById('switcher-field'), counts = [];
    const size = (node) => 1 + (node.querySelectorAll?.('*').length ?? 0);
    const drawn = new MutationObserver((changes) => {
        for (const { addedNodes } of changes) {
            for (const node of addedNodes) counts[counts.length - 1] += size(node);
        }
    });
    drawn.observe(document, { subtree: true, childList: true });
    for (const letter of letters) {
        counts.push(0);
        field.value += letter;
        field.dispatchEvent(new Event('input'));
        await new Promise(requestAnimationFrame);
    }
    return counts;
}"""
"""How many nodes each key draws."""


@pytest.fixture
def chat(serving: Serving, new_page: PageFactory) -> Iterator[ChatPage]:
    serving.stop()
    make_rooms(serving.folder)
    serving.start()
    page = new_page()
    page.join("Kit")
    yield page
    assert page.complaints == []


def test_a_room_beyond_the_first_page_is_found_by_its_letters(chat: ChatPage) -> None:
    keys, options = chat.page.keyboard, chat.find("#switcher-rows").get_by_role("option")
    keys.press("Control+k")
    keys.type("worksh")
    expect(options.first).to_have_text("the-workshopTools")
    keys.press("Escape")
    keys.press("Control+k")
    keys.type("the-w")
    expect(options.first).to_have_text("the-workshopTools")
    keys.press("Enter")
    expect(chat.find(".top h1")).to_have_text("the-workshop")
    expect(chat.find("#topic")).to_have_text("Tools")
    chat.send("found")
    expect(chat.message("found")).to_be_visible()


def test_the_list_goes_on_by_a_row_until_all_rooms_are_there(chat: ChatPage) -> None:
    rows, more = chat.find("#room-list").get_by_role("button"), chat.find("#rooms-more")
    expect(rows).to_have_count(100)
    more.focus()
    chat.page.keyboard.press("Enter")
    expect(rows).to_have_count(200)
    expect(rows.nth(100)).to_be_focused()
    for count in range(300, COUNT + 1, 100):
        more.click()
        expect(rows).to_have_count(count)
    more.click()
    expect(rows).to_have_count(COUNT + 1)
    expect(more).to_be_hidden()
    chat.page.keyboard.press("Control+k")
    drawn = chat.page.evaluate(DRAWN_FOR_A_KEY, "bench-123 workshop")
    assert 0 < max(drawn) < COUNT / 4, f"a key draws what it finds, and no more: {drawn}"
