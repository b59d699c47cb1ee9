"""Every written message arrives once; refused ones stay until the person decides."""

import json
import re
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PeerFactory
from tests.e2e.serving import Serving

Message = dict[str, Any]

HAS_READ = """seq => Object.entries(localStorage).some(
    ([key, value]) => key.startsWith('chatdesk.read.') && JSON.parse(value).seq === seq)"""


def refused_by_the_host(command: Message) -> Message:
    """Make a message empty, so that the host refuses it."""
    return {**command, "content": " "} if command.get("content") == "No" else command


def test_a_refused_message_outlives_a_reload_and_is_sent_again_discarded_or_edited(
    chat: ChatPage, new_peer: PeerFactory
) -> None:
    refusing = True
    chat.between(lambda command: refused_by_the_host(command) if refusing else command)
    mara = new_peer("Mara")
    chat.join("Kit")
    chat.send("No")
    chat.send("Yes")
    failed = chat.find(".own:has(.failed)")
    expect(failed).to_contain_text("Not sent")
    expect(failed.locator(".reason")).to_have_text("The message is empty: nothing of it can be seen.")
    assert mara.heard("Yes") == ["Yes"]  # it does not wait for the refused one
    chat.page.reload()
    expect(failed.locator(".reason")).to_have_text("The message is empty: nothing of it can be seen.")
    failed.get_by_role("button", name="Send again").click()
    expect(failed.locator(".reason")).to_have_text("The message is empty: nothing of it can be seen.")
    refusing = False
    failed.get_by_role("button", name="Send again").click()
    expect(chat.find(".own-message.confirmed")).to_have_count(2)
    assert mara.heard("No") == ["No"]
    refusing = True
    chat.send("No")
    failed.get_by_role("button", name="Discard").click()
    expect(failed).to_have_count(0)
    chat.page.reload()
    expect(chat.find(".own-message.confirmed")).to_have_count(2)
    chat.expect_texts("Yes", "No")
    chat.send("No")
    expect(failed).to_be_visible()
    take_back_and_edit(chat)
    assert mara.heard("Now it goes\nlater") == ["Now it goes\nlater"]
    expect(chat.find(".own-message.confirmed")).to_have_count(3)
    assert chat.page.evaluate("Object.keys(localStorage).filter(name => name.includes('draft.'))") == []


def take_back_and_edit(chat: ChatPage) -> None:
    """Edit the refused message with the keys, and send it."""
    failed, field = chat.find(".own:has(.failed)"), chat.find("#message")
    field.fill("later")
    failed.get_by_role("button", name="Edit").focus()
    chat.page.keyboard.press("Enter")
    expect(failed).to_have_count(0)
    expect(field).to_have_value("No\nlater")
    expect(field).to_be_focused()
    chat.page.keyboard.type("w it goes")
    chat.page.keyboard.press("Enter")
    expect(field).to_have_value("")


def test_a_resent_message_is_the_same_to_a_host_that_has_it(chat: ChatPage, new_peer: PeerFactory) -> None:
    lying = True
    ids = []

    def note(command: Message) -> Message:
        ids.extend([command["id"]] if command["type"] == "message" else [])
        return command

    def refuse(event: Message) -> Message:
        """Turn the host's confirmation into a refusal."""
        refusal = {"type": "error", "code": "bad_message", "content": "No.", "ref": event.get("id")}
        return refusal if lying and event["type"] == "message" else event

    chat.between(note, refuse)
    mara = new_peer("Mara")
    chat.join("Kit")
    chat.send("Once")
    failed = chat.find(".own:has(.failed)")
    expect(failed.locator(".reason")).to_have_text("No.")
    lying = False
    failed.get_by_role("button", name="Send again").click()
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    assert len(set(ids)) == 1
    chat.send("And then")
    assert mara.heard("And then") == ["Once", "And then"]
    chat.expect_texts("Once", "And then")


def test_an_error_that_names_nothing_is_shown_and_blamed_on_no_message(chat: ChatPage) -> None:
    held: list[Message] = []
    connections = chat.between(lambda command: held.append(command) if command["type"] == "message" else command)
    chat.join("Kit")
    chat.send("One")
    expect(chat.find(".own-message.pending")).to_have_count(1)
    for code in ("bad_message", "rate_limited"):
        connections[0].send(json.dumps({"type": "error", "code": code, "content": f"About {code}."}))
        expect(chat.find("#timeline").get_by_text(f"About {code}.")).to_be_visible()
    expect(chat.find(".own-message.pending")).to_have_count(1)
    expect(chat.find(".failed")).to_have_count(0)
    connections[0].send(json.dumps({"type": "error", "code": "bad_message", "content": "No.", "ref": held[0]["id"]}))
    expect(chat.find(".failed")).to_have_count(1)
    assert len(held) == 1


def test_what_waits_survives_a_reload(chat: ChatPage, new_peer: PeerFactory) -> None:
    held = True
    chat.between(lambda command: None if held and command["type"] == "message" else command)
    mara = new_peer("Mara")
    chat.join("Kit")
    chat.send("One")
    chat.send("Two")
    chat.find("#message").fill("half a sent")
    expect(chat.find(".own-message.pending")).to_have_count(2)
    held = False
    chat.page.reload()
    expect(chat.find(".own-message.confirmed")).to_have_count(2)
    assert mara.heard("Two") == ["One", "Two"]
    expect(chat.find("#message")).to_have_value("half a sent")


def test_a_message_whose_confirmation_was_lost_is_not_said_twice(chat: ChatPage, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara")
    connections: list[Any] = []

    def lose_the_confirmation(event: Message) -> Message | None:
        if len(connections) == 1 and event["type"] == "message":
            connections[0].close(code=1001)
            return None
        return event

    connections = chat.between(filter_event=lose_the_confirmation)
    chat.join("Kit")
    chat.send("Once")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    chat.send("And then")
    assert mara.heard("And then") == ["Once", "And then"]
    chat.expect_texts("Once", "And then")


@pytest.mark.parametrize("serving", [["--message-rate", "2"]], indirect=True)
def test_writing_too_fast_delays_messages_but_loses_none(chat: ChatPage, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara")
    chat.join("Kit")
    texts = [f"Line {number}" for number in range(7)]
    for text in texts:
        chat.send(text)
    expect(chat.find(".own-message.confirmed")).to_have_count(len(texts))
    assert mara.heard(texts[-1]) == texts
    chat.expect_texts(*texts)


def test_a_message_that_is_too_long_is_counted_and_not_sent(chat: ChatPage) -> None:
    chat.join("Kit")
    chat.find("#message").fill("x" * 8001)
    expect(chat.find("#message-count")).to_have_text("8001 of 8000 characters")
    expect(chat.find("#send")).to_be_disabled()
    chat.find("#message").press("Enter")
    expect(chat.find("#message")).to_have_value(re.compile("^x+$"))
    chat.find("#message").fill("x" * 8000)
    chat.find("#send").click()
    expect(chat.find(".own-message.confirmed")).to_be_visible()


@contextmanager
def locked(serving: Serving) -> Iterator[None]:
    """Lock the host's database, as another program may."""
    with closing(sqlite3.connect(serving.folder / "chat.db", isolation_level=None)) as database:
        database.execute("BEGIN IMMEDIATE")
        yield
        database.execute("ROLLBACK")


def test_messages_wait_over_a_reload_while_the_host_cannot_store_them(
    chat: ChatPage, serving: Serving, new_peer: PeerFactory
) -> None:
    mara = new_peer("Mara")
    chat.join("Kit")
    banner = chat.find("#banner")
    with locked(serving):
        chat.send("One")
        chat.send("Two")
        expect(banner).to_have_class("banner trouble")
        expect(banner.locator(".sentence")).not_to_be_empty()
        expect(chat.page.get_by_role("status").first).to_have_text(banner.inner_text())
        expect(chat.find(".own-message.pending")).to_have_count(2)
        chat.page.reload()
        expect(chat.find(".own-message.pending")).to_have_count(2)
        expect(banner).to_have_class("banner trouble")  # a newcomer is told, too
    expect(chat.find(".own-message.confirmed")).to_have_count(2)
    expect(banner).to_be_hidden()
    assert mara.heard("Two") == ["One", "Two"]


def test_reconnecting_waits_while_the_host_cannot_read_its_disk(chat: ChatPage) -> None:
    refusing = True

    def refuse(event: Message) -> Message:
        trouble = {"type": "error", "code": "storage", "content": "The disk cannot be read.", "ref": "join"}
        return trouble if refusing and len(connections) > 1 and event["type"] == "welcome" else event

    connections: list[Any] = []
    connections = chat.between(filter_event=refuse)
    chat.join("Kit")
    connections[0].close(code=4000)
    expect(chat.find("#chat-status")).to_have_text("Not connected")
    expect(chat.find("#banner")).to_contain_text("Connection lost.")
    refusing = False
    chat.try_now()
    expect(chat.find("#chat-status")).to_have_text("Open")
    chat.send("Here")
    expect(chat.find(".own-message.confirmed")).to_be_visible()


def test_an_id_that_belongs_to_another_message_is_replaced_by_itself(chat: ChatPage, new_peer: PeerFactory) -> None:
    chat.join("Kit")
    chat.send("First")
    expect(chat.find(".own-message.confirmed")).to_have_count(1)
    first = next(command["id"] for command in chat.sent if command["type"] == "message")
    new_peer("Mara").say(*(f"Line {number}" for number in range(60)))  # more than the page holds at first
    chat.page.wait_for_function(HAS_READ, arg=61)  # so that it begins at the end, where it does not load what is before
    chat.page.evaluate(
        """id => {
            const {nickname, token} = JSON.parse(localStorage.getItem('chatdesk.identity'));
            const mark = 'chatdesk.read.';
            const read = Object.keys(localStorage).find(key => key.startsWith(mark)).slice(mark.length);
            const place = JSON.stringify(JSON.parse(read).slice(0, 2));
            const owner = {place, nickname, token};
            const time = Date.now();
            const draft = {kind: 'own', key: `own:${id}`, id, content: 'Second', time, day: '', turn: 1, reason: ''};
            localStorage.setItem(`chatdesk.draft.${id}`, JSON.stringify({owner, draft}));
        }""",
        first,
    )
    chat.page.reload()
    expect(chat.message("Second").locator(".confirmed")).to_be_visible()
    expect(chat.find(".failed")).to_have_count(0)
    ids = [command["id"] for command in chat.sent if command.get("content") == "Second"]
    assert len(ids) == len(set(ids)) == 2, "once under its own id, and once more under another one"
    assert chat.page.evaluate("Object.keys(localStorage).filter(name => name.includes('draft.'))") == []


def test_what_one_tab_left_unsent_another_sends_once_and_in_order(chat: ChatPage, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara")
    chat.between(lambda command: None if command["type"] == "message" else command)
    chat.join("Kit")
    chat.send("One")
    chat.send("Two")
    expect(chat.find(".own-message.pending")).to_have_count(2)
    other = ChatPage(chat.context, chat.url).join("Kit")
    expect(other.find(".own-message.confirmed")).to_have_count(2)
    other.expect_texts("One", "Two")
    expect(chat.find(".own-message.pending")).to_have_count(0)  # the first tab hears of it
    chat.expect_texts("One", "Two")
    other.send("Three")
    assert mara.heard("Three") == ["One", "Two", "Three"]


def test_two_tabs_that_send_the_same_have_one_effect(chat: ChatPage, serving: Serving, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara")
    chat.join("Kit")
    other = ChatPage(chat.context, chat.url).join("Kit")
    with locked(serving):
        chat.send("One")
        chat.send("Two")
        expect(chat.find("#banner")).to_have_class("banner trouble")
        other.page.reload()
        expect(other.find(".own-message.pending")).to_have_count(2)
        other.send("Three")
    for page in (chat, other):
        expect(page.message("Three")).to_be_visible()
        expect(page.find(".own-message.pending")).to_have_count(0)
        page.expect_texts("One", "Two", "Three")
    assert mara.heard("Three") == ["One", "Two", "Three"]


def test_a_browser_that_stores_nothing_works_and_says_once_what_that_means(
    chat: ChatPage, new_peer: PeerFactory
) -> None:
    mara = new_peer("Mara")
    chat.page.add_init_script(
        "Object.defineProperty(window, 'localStorage', {get() { throw new DOMException('no', 'SecurityError'); }});"
    )
    chat.join("Kit")
    chat.send("One")
    chat.send("Two")
    expect(chat.find(".own-message.confirmed")).to_have_count(2)
    assert mara.heard("Two") == ["One", "Two"]
    sentence = "messages that are not sent yet will not survive a reload."
    expect(chat.find("#timeline").get_by_text(sentence)).to_have_count(1)
