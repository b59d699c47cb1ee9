"""What one has written arrives once, whatever happens; what is refused stays until one decides."""

import re
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PeerFactory

Message = dict[str, Any]


def refused_by_the_host(command: Message) -> Message:
    """The host's own refusal, of a message that it finds empty."""
    return {**command, "content": " "} if command.get("content") == "No" else command


def test_a_refused_message_offers_to_be_sent_again_or_discarded(chat: ChatPage, new_peer: PeerFactory) -> None:
    refusing = True
    chat.between(lambda command: refused_by_the_host(command) if refusing else command)
    mara = new_peer("Mara")
    chat.join("Kit")
    chat.send("No")
    chat.send("Yes")
    failed = chat.find(".own:has(.failed)")
    expect(failed).to_contain_text("Not sent")
    expect(failed.locator(".reason")).to_have_text("The message is empty.")
    assert mara.heard("Yes") == ["Yes"]  # it does not wait for the other
    failed.get_by_role("button", name="Send again").click()
    expect(failed.locator(".reason")).to_have_text("The message is empty.")
    refusing = False
    failed.get_by_role("button", name="Send again").click()
    expect(chat.find(".slip.kept")).to_have_count(2)
    assert mara.heard("No") == ["No"]
    refusing = True
    chat.send("No")
    failed.get_by_role("button", name="Discard").click()
    expect(failed).to_have_count(0)
    chat.expect_texts("Yes", "No")


def test_what_waits_survives_a_reload(chat: ChatPage, new_peer: PeerFactory) -> None:
    held = True
    chat.between(lambda command: None if held and command["type"] == "message" else command)
    mara = new_peer("Mara")
    chat.join("Kit")
    chat.send("One")
    chat.send("Two")
    chat.find("#message").fill("half a sent")
    expect(chat.find(".slip.pending")).to_have_count(2)
    held = False
    chat.page.reload()
    expect(chat.find(".slip.kept")).to_have_count(2)
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
    expect(chat.find(".slip.kept")).to_be_visible()
    chat.send("And then")
    assert mara.heard("And then") == ["Once", "And then"]
    chat.expect_texts("Once", "And then")


@pytest.mark.parametrize("serving", [["--message-rate", "2"]], indirect=True)
def test_who_writes_too_fast_waits_but_loses_nothing(chat: ChatPage, new_peer: PeerFactory) -> None:
    mara = new_peer("Mara")
    chat.join("Kit")
    texts = [f"Line {number}" for number in range(7)]
    for text in texts:
        chat.send(text)
    expect(chat.find(".slip.kept")).to_have_count(len(texts))
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
    expect(chat.find(".slip.kept")).to_be_visible()
