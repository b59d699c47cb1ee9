"""Scrolling: the list follows the newest message at its end, and stays in place further up."""

import json

import pytest
from playwright.sync_api import WebSocketRoute, expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory
from tests.e2e.peer import Peer

BOTTOM = "row.getBoundingClientRect().bottom"
LINES = [f"Line {number}" for number in range(450)]


@pytest.fixture
def mara(new_peer: PeerFactory) -> Peer:
    """A person who has written many messages."""
    mara = new_peer("Mara")
    mara.say(*LINES)
    return mara


def scroll_by(chat: ChatPage, distance: int) -> None:
    chat.find("#timeline").evaluate("(timeline, distance) => timeline.scrollTop += distance", distance)


def distance_to_end(chat: ChatPage) -> float:
    script = "timeline => timeline.scrollHeight - timeline.scrollTop - timeline.clientHeight"
    distance: float = chat.find("#timeline").evaluate(script)
    return distance


def test_scrolling_brings_everything_keeps_the_place_and_follows_the_newest_only_near_the_end(
    chat: ChatPage, mara: Peer
) -> None:
    connections = chat.between()
    chat.join("Kit")
    expect(chat.message(LINES[-1])).to_be_in_viewport()
    scroll_back_to_everything(chat)
    chat.send("Here I am")  # writing leads to the end
    expect(chat.message("Here I am")).to_be_in_viewport()
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    follow_near_the_end(chat, mara)
    delete_the_history(chat, connections[0])


def scroll_back_to_everything(chat: ChatPage) -> None:
    assert LINES[0] not in chat.texts()
    for first, shown in ((400, 250), (200, 450)):
        row = chat.message(LINES[first])
        before = row.evaluate("row => { row.closest('#timeline').scrollTop = 0; return " + BOTTOM + "}")
        expect(chat.find(".row .text")).to_have_count(shown)
        assert row.evaluate("row => " + BOTTOM) == pytest.approx(before, abs=1)
    assert chat.texts() == LINES


def follow_near_the_end(chat: ChatPage, mara: Peer) -> None:
    """Further up, what is new is counted."""
    scroll_by(chat, -90)
    mara.say("Followed")
    expect(chat.message("Followed")).to_be_in_viewport()
    assert distance_to_end(chat) < 2
    scroll_by(chat, -300)
    jump = chat.find("#jump")
    mara.say("Not followed", "Neither")
    expect(jump).to_have_text("2 new, jump to latest")
    expect(chat.find("[data-room=lobby] .badge")).to_have_text("2")
    expect(chat.page).to_have_title("(2) ChatDesk")
    expect(chat.message("Neither")).not_to_be_in_viewport()
    jump.click()
    expect(chat.message("Neither")).to_be_in_viewport()
    expect(jump).to_be_hidden()
    expect(chat.page).to_have_title("ChatDesk")


def delete_the_history(chat: ChatPage, connection: WebSocketRoute) -> None:
    """Only the host's window can delete the history; here its events are sent instead."""
    for event in (
        {"type": "history", "room": "lobby", "epoch": "another", "messages": [], "more": False},
        {"type": "system", "content": "The host has deleted the history.", "timestamp": "2026-11-24T10:00:00.000Z"},
    ):
        connection.send(json.dumps(event))
    expect(chat.find("#timeline").get_by_text("The host has deleted the history.")).to_be_visible()
    assert chat.texts() == []
    expect(chat.page).to_have_title("ChatDesk")


def test_a_flood_leaves_a_phone_with_few_rows_and_the_newest_in_sight(
    new_page: PageFactory, new_peer: PeerFactory
) -> None:
    phone = new_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).join("Kit")
    flood = new_peer("Mara")
    flood.say(*(f"Flood {number}" for number in range(1200)))
    expect(phone.message("Flood 1199")).to_be_in_viewport()
    assert phone.texts() == [f"Flood {number}" for number in range(1200)][-len(phone.texts()) :]
    assert 200 <= len(phone.texts()) <= 500


def test_scrolling_back_has_no_end_keeps_the_place_and_drops_what_is_far_behind(
    chat: ChatPage, new_peer: PeerFactory
) -> None:
    lines = [f"Line {number:04}" for number in range(1100)]
    mara = new_peer("Mara")
    mara.say(*lines)
    chat.join("Kit")
    expect(chat.message(lines[-1])).to_be_in_viewport()
    first = 1050
    while first:
        row = chat.message(lines[first])
        before = row.evaluate("row => { row.closest('#timeline').scrollTop = 0; return " + BOTTOM + "}")
        first = max(first - 200, 0)
        expect(chat.message(lines[first])).to_be_attached()
        assert row.evaluate("row => " + BOTTOM) == pytest.approx(before, abs=1)
        shown = chat.texts()
        assert shown == lines[first : first + len(shown)]
        assert len(shown) <= 600
    mara.say("News")
    expect(chat.find("#jump")).to_have_text("1 new, jump to latest")
    assert len(chat.texts()) == 600
    last = 600
    while last < 1101:
        row = chat.message(lines[last - 1])
        to_end = "row => { const it = row.closest('#timeline'); it.scrollTop = it.scrollHeight; return " + BOTTOM + "}"
        before = row.evaluate(to_end)
        last = min(last + 200, 1101)
        expect(chat.message([*lines, "News"][last - 1])).to_be_attached()
        assert row.evaluate("row => " + BOTTOM) == pytest.approx(before, abs=1)
        shown = chat.texts()
        assert shown == [*lines, "News"][last - len(shown) : last]
        assert len(shown) <= 600
    chat.find("#timeline").evaluate("it => it.scrollTop = it.scrollHeight")
    expect(chat.message("News")).to_be_in_viewport()
    expect(chat.find("#jump")).to_be_hidden()
    mara.say("Live again")
    expect(chat.message("Live again")).to_be_in_viewport()


def test_a_wheel_that_does_not_rest_finds_ever_older_messages(chat: ChatPage, new_peer: PeerFactory) -> None:
    new_peer("Mara").say(*(f"Line {number:04}" for number in range(800)))
    chat.join("Kit")
    expect(chat.message("Line 0799")).to_be_in_viewport()
    chat.find("#timeline").hover()
    asked: list[int] = []
    while not asked or asked[-1] > 300:
        chat.page.mouse.wheel(0, -700)
        chat.page.evaluate("() => new Promise(requestAnimationFrame)")
        asked = [command["before"] for command in chat.sent if command["type"] == "history"]
    assert asked == sorted(set(asked), reverse=True)  # nothing is requested twice
