"""Reading: the list follows who is at its end, and stays put for who is further up."""

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.peer import Peer

BOTTOM = "row.getBoundingClientRect().bottom"
LINES = [f"Line {number}" for number in range(450)]


@pytest.fixture
def mara(new_peer: PeerFactory) -> Peer:
    """Somebody who has said much."""
    mara = new_peer("Mara")
    mara.say(*LINES)
    return mara


def scroll_by(chat: ChatPage, distance: int) -> None:
    chat.find("#timeline").evaluate("(timeline, distance) => timeline.scrollTop += distance", distance)


def distance_to_end(chat: ChatPage) -> float:
    script = "timeline => timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight"
    distance: float = chat.find("#timeline").evaluate(script)
    return distance


def test_scrolling_back_brings_everything_and_keeps_the_place(chat: ChatPage, mara: Peer) -> None:
    chat.join("Kit")
    expect(chat.message(LINES[-1])).to_be_in_viewport()
    assert LINES[0] not in chat.texts()
    for first, shown in ((400, 250), (200, 450)):
        row = chat.message(LINES[first])
        before = row.evaluate("row => { row.closest('#timeline').scrollTop = 0; return " + BOTTOM + "}")
        expect(chat.find(".row .text")).to_have_count(shown)
        assert row.evaluate("row => " + BOTTOM) == pytest.approx(before, abs=1)
    assert chat.texts() == LINES


def test_near_the_end_the_newest_is_followed_and_further_up_it_is_counted(chat: ChatPage, mara: Peer) -> None:
    chat.join("Kit")
    expect(chat.message(LINES[-1])).to_be_in_viewport()
    scroll_by(chat, -90)
    mara.say("Followed")
    expect(chat.message("Followed")).to_be_in_viewport()
    assert distance_to_end(chat) < 2
    scroll_by(chat, -300)
    jump = chat.find("#jump")
    mara.say("Not followed", "Neither")
    expect(jump).to_have_text("2 new, jump to latest")
    expect(chat.find("#room-unread")).to_have_text("2")
    expect(chat.page).to_have_title("(2) ChatDesk")
    expect(chat.message("Neither")).not_to_be_in_viewport()
    jump.click()
    expect(chat.message("Neither")).to_be_in_viewport()
    expect(jump).to_be_hidden()
    expect(chat.page).to_have_title("ChatDesk")


def test_who_writes_is_at_the_end_again(chat: ChatPage, mara: Peer) -> None:
    chat.join("Kit")
    scroll_by(chat, -800)
    chat.send("Here I am")
    expect(chat.message("Here I am")).to_be_in_viewport()


def test_a_flood_leaves_a_phone_with_few_rows_and_the_newest_in_sight(
    new_page: PageFactory, new_peer: PeerFactory
) -> None:
    phone = new_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).join("Kit")
    flood = new_peer("Mara")
    flood.say(*(f"Flood {number}" for number in range(2500)))
    expect(phone.message("Flood 2499")).to_be_in_viewport()
    assert phone.texts() == [f"Flood {number}" for number in range(2500)][-len(phone.texts()) :]
    assert 200 <= len(phone.texts()) <= 500
