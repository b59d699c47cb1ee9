"""Text that is copied from the page reads as in the window: one message as its content, several as a transcript."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PeerFactory

SAID = ("one\n\n  three, see https://example.org", "4\u00a0km", "שלום")


@pytest.fixture
def talk(chat: ChatPage, new_peer: PeerFactory) -> ChatPage:
    """Mara and Kit have written, in two groups, with a join between them."""
    mara = new_peer("Mara Lindqvist")
    chat.join("Kit")
    mara.say(*SAID)
    expect(chat.find(".row .text")).to_have_count(3)
    new_peer("Priya")
    expect(chat.find(".line.event")).to_be_visible()
    chat.send("mine\ntwo")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    return chat


def copied(page: Page) -> str:
    """The clipboard's text, pasted into the empty field."""
    page.keyboard.press("Control+C")
    page.locator("#message").fill("")
    page.locator("#message").press("Control+V")
    value = page.locator("#message").input_value()
    page.locator("#message").fill("")
    return value


def drag(page: Page, start: str, end: str) -> None:
    """Drag the pointer from the start of one line to the end of another."""
    first, last = page.locator(start).bounding_box(), page.locator(end).bounding_box()
    assert first
    assert last
    page.mouse.move(first["x"] + 1, first["y"] + first["height"] / 2)
    page.mouse.down()
    page.mouse.move(last["x"] + last["width"] - 1, last["y"] + last["height"] / 2, steps=5)
    page.mouse.up()


def line(row: int, paragraph: int) -> str:
    return f":nth-match(.row .text, {row}) p:nth-child({paragraph})"


def test_one_message_is_copied_as_its_content(talk: ChatPage) -> None:
    drag(talk.page, line(1, 1), line(1, 3))
    assert copied(talk.page) == SAID[0]
    drag(talk.page, line(4, 1), ":nth-match(.row .text, 4) .receipt")
    assert copied(talk.page) == "mine\ntwo"
    talk.page.locator(line(1, 1)).click(click_count=3)  # the selection ends at the start of the next line
    assert copied(talk.page) == "one"
    talk.page.locator(line(4, 2)).click(click_count=2, position={"x": 3, "y": 8})
    assert copied(talk.page) == "two"


def test_several_messages_are_copied_as_a_transcript(talk: ChatPage) -> None:
    drag(talk.page, line(1, 3), line(4, 1))
    words = copied(talk.page)
    assert re.sub(r"\d\d:\d\d", "10:24", words).split("\n") == [
        f"Mara Lindqvist, 10:24: {SAID[0].splitlines()[2]}",
        "Mara Lindqvist, 10:24: 4\u00a0km",
        "Mara Lindqvist, 10:24: שלום",
        "Kit, 10:24: mine",
    ]
    time = talk.find(".row .byline time").text_content()
    assert f"Mara Lindqvist, {time}: " in words


def test_selecting_all_copies_the_messages_only(talk: ChatPage) -> None:
    talk.find(".line.event").click()
    talk.page.keyboard.press("Control+A")
    lines = re.sub(r"\d\d:\d\d", "10:24", copied(talk.page)).split("\n")
    assert lines == [
        "Mara Lindqvist, 10:24: one",
        *SAID[0].splitlines()[1:],
        "Mara Lindqvist, 10:24: 4\u00a0km",
        "Mara Lindqvist, 10:24: שלום",
        "Kit, 10:24: mine",
        "two",
    ]


def test_a_drag_carries_the_same_text_as_a_copy(talk: ChatPage) -> None:
    drag(talk.page, line(2, 1), line(4, 1))
    talk.page.evaluate("""() => addEventListener("dragstart", drag => {
        window.dragged = [...drag.dataTransfer.types, drag.dataTransfer.getData("text/plain")];
    })""")
    box = talk.page.locator(line(3, 1)).bounding_box()
    assert box
    talk.page.mouse.move(box["x"] + 4, box["y"] + 8)
    talk.page.mouse.down()
    talk.page.mouse.move(box["x"] + 40, box["y"] + 60, steps=5)
    kind, words = talk.page.evaluate("window.dragged")
    talk.page.mouse.up()
    assert kind == "text/plain"
    assert re.sub(r"\d\d:\d\d", "10:24", words).startswith(
        "Mara Lindqvist, 10:24: 4\u00a0km\nMara Lindqvist, 10:24: שלום\nKit"
    )


def test_pasted_text_is_cleaned_in_the_field_and_sent_clean(talk: ChatPage, new_peer: PeerFactory) -> None:
    """Text from another program, such as a terminal."""
    jonas = new_peer("Jonas")
    field = talk.find("#message")
    field.fill("before after")
    field.evaluate("field => field.setSelectionRange(7, 7)")
    talk.page.evaluate(
        """text => addEventListener("copy", copy => {
        copy.clipboardData.setData("text/plain", text);
        copy.preventDefault();
        copy.stopImmediatePropagation();
    }, {once: true, capture: true})""",
        "10\u00a0km\x0b\x1b[31mred\x1b[0m\u2028\ufeff",
    )
    talk.page.keyboard.press("Control+C")
    talk.page.keyboard.press("Control+V")
    expect(field).to_have_value("before 10\u00a0km\nred\nafter")
    talk.page.keyboard.type("and ")
    talk.page.keyboard.press("Enter")
    assert jonas.heard("before 10\u00a0km\nred\nand after") == ["before 10\u00a0km\nred\nand after"]


def test_text_outside_messages_is_copied_as_usual(talk: ChatPage) -> None:
    talk.find(".byline .name").click(click_count=3)
    assert copied(talk.page).strip() == "Mara Lindqvist"
    talk.find("#message").fill("a draft")
    talk.find("#message").press("Control+A")
    assert copied(talk.page) == "a draft"
