"""One conversation in the three faces at once: what is done in the window, the page or wscat is seen in the others.

All tests share one hosting window, one page and one wscat, and continue one conversation in their order.
"""

import json
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from urllib.request import Request, urlopen

import pytest
from playwright.sync_api import Browser, Locator, expect

from chatdesk.log.hook_file import HookFile
from tests import warm_program
from tests.e2e.browser import ChatPage
from tests.e2e.window import Window
from tests.e2e.wscat import Wscat

_HOST = ("host", "--bind", "127.0.0.1", "--port", "0", "--no-discovery", "--name", "Workshop", "--nickname", "Mara")
_BASE_TYPES = {
    "welcome",
    "system",
    "users",
    "history",
    "user_joined",
    "user_left",
    "typing",
    "message",
    "updated",
    "search",
    "read",
}
"""All that somebody gets who types only base messages, ``read``, ``search`` and ``enter``."""
_TIMELINE = (840, 650)
"""A place in the window's timeline below the few messages."""


class Faces(NamedTuple):
    """Mara has the hosting window, Kit the page, Ana wscat. ``folder`` has the chat's history."""

    mara: Window
    kit: ChatPage
    ana: Wscat
    folder: Path


@pytest.fixture(scope="module")
def faces(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Faces]:
    folder = tmp_path_factory.mktemp("chat")
    with Window(folder / "home", *_HOST, "--data-dir", str(folder / "log")) as mara, browser.new_context() as context:
        websocket = mara.wait_for_address().replace("http", "ws") + "/ws"
        mara.wait_for_title("Workshop")
        kit = ChatPage(context, mara.url).join("Kit")
        with Wscat(websocket) as ana:
            type_in(ana, type="join", nickname="Ana")
            ana.wait_for("Welcome to the chat!")
            yield Faces(mara, kit, ana, folder / "log")
            assert kit.complaints == []
            assert {event["type"] for event in ana.received()} == _BASE_TYPES


def type_in(wscat: Wscat, **command: Any) -> None:
    wscat.type(json.dumps(command))


def press_on_last(window: Window, *keys: str) -> None:
    """Press keys on the last message of the window."""
    window.screen.click(*_TIMELINE)
    window.screen.press("End", *keys)


def reactions(row: Locator) -> Locator:
    return row.locator(".reaction[data-emoji]")


def test_text_with_marks_is_drawn_by_window_and_page_and_stays_text_in_a_terminal(faces: Faces) -> None:
    type_in(faces.ana, type="message", content="The **left** motor")
    expect(faces.kit.message("The left motor").locator("strong")).to_have_text("left")
    faces.mara.wait_for("The left motor")
    faces.ana.wait_for('"content":"The **left** motor"')
    faces.kit.send("Check `drive()`, @Mara")
    faces.mara.wait_for("Check drive(), @Mara")
    faces.ana.wait_for('"mentions":[{"name":"Mara"')


def test_replies_quote_the_message_in_the_page_and_name_it_in_a_terminal(faces: Faces) -> None:
    press_on_last(faces.mara, "r")
    faces.mara.screen.type("The sign is wrong")
    faces.mara.screen.press("Return")
    expect(faces.kit.message("The sign is wrong").locator(".quote")).to_contain_text("Check drive()")
    faces.ana.wait_for('"reply_to":2')
    type_in(faces.ana, type="message", content="I swap them", reply_to=1)
    expect(faces.kit.message("I swap them").locator(".quote")).to_contain_text("The left motor")
    faces.mara.wait_for("I swap them")


def test_a_reaction_of_the_page_is_joined_in_the_window_and_counted_in_a_terminal(faces: Faces) -> None:
    faces.kit.send("It runs")
    row = faces.kit.message("It runs")
    row.hover()
    row.get_by_role("button", name="React").click()
    faces.kit.find("#emoji-picker input").fill("party popper")
    expect(faces.kit.find("#emoji-picker [aria-selected=true]")).to_have_text("🎉")
    faces.kit.find("#emoji-picker input").press("Enter")
    expect(reactions(row)).to_have_text("🎉1")
    type_in(faces.ana, type="message", content="Hear, hear")
    faces.mara.wait_for("Hear, hear")
    press_on_last(faces.mara, "Up", "Right", "Return")
    expect(reactions(row)).to_have_text("🎉2")
    faces.ana.wait_for('"emoji":"🎉","count":2')


def test_edits_in_page_and_window_are_seen_everywhere(faces: Faces) -> None:
    faces.kit.send("Bench for")
    faces.ana.wait_for("Bench for")
    expect(faces.kit.find(".own-message.confirmed").last).to_contain_text("Bench for")
    faces.kit.find("#message").press("ArrowUp")
    faces.kit.send("Bench four")
    faces.mara.wait_for("Bench four")
    faces.ana.wait_for('"content":"Bench four"')
    faces.mara.say("Bench fife")
    faces.ana.wait_for("Bench fife")  # it is stored
    faces.mara.wait_for("Bench fife")
    faces.mara.write("")
    faces.mara.screen.press("Up", "ctrl+a")
    faces.mara.screen.type("Bench five")
    faces.mara.screen.press("Return")
    expect(faces.kit.message("Bench five").locator(".edited")).to_be_visible()
    faces.ana.wait_for('"content":"Bench five"')


def test_a_message_pinned_in_the_page_is_unpinned_in_the_window(faces: Faces) -> None:
    row = faces.kit.message("Bench five")
    row.hover()
    row.get_by_role("button", name="Pin for everybody").click()
    expect(faces.kit.find("#pinned")).to_contain_text("Bench five")
    faces.ana.wait_for('"pinned":true')
    type_in(faces.ana, type="message", content="Good to keep")
    faces.mara.wait_for("Good to keep")
    press_on_last(faces.mara, "Up", "p")
    expect(faces.kit.find("#pinned")).to_be_hidden()


def test_a_message_deleted_in_the_window_is_gone_everywhere(faces: Faces) -> None:
    faces.mara.say("Never mind")
    faces.ana.wait_for("Never mind")  # it is stored
    faces.mara.wait_for("Never mind")
    press_on_last(faces.mara, "Delete")
    faces.mara.wait_for_question()
    faces.mara.screen.press("Tab", "space")
    expect(faces.kit.find(".deleted")).to_have_text("Mara took a message back")
    faces.ana.wait_for('"deleted":"author"')
    faces.mara.wait_until_without("Never mind")


def test_what_one_does_is_said_of_one(faces: Faces) -> None:
    faces.mara.say("/me fetches a meter")
    expect(faces.kit.message("Mara fetches a meter")).to_be_visible()
    faces.ana.wait_for('"content":"fetches a meter"')
    faces.kit.send("/me nods")
    faces.mara.wait_for("nods")
    faces.ana.wait_for('"action":true')


def test_who_has_read_in_the_window_and_a_terminal_is_counted_in_the_page(faces: Faces) -> None:
    faces.kit.send("Who reads this?")
    faces.mara.wait_for("Who reads this?")
    faces.ana.wait_for("Who reads this?")
    [seq] = [event["seq"] for event in faces.ana.received() if event.get("content") == "Who reads this?"]
    type_in(faces.ana, type="read", seq=seq)
    ticks = faces.kit.message("Who reads this?").get_by_role("button", name="Read by 2")
    ticks.click()
    expect(faces.kit.page.get_by_role("dialog", name="Read by 2 of 2").get_by_role("listitem")).to_have_count(2)
    faces.kit.page.keyboard.press("Escape")


def test_a_program_sends_to_all_three(faces: Faces) -> None:
    own = {**os.environ, "XDG_CONFIG_HOME": str(faces.folder / "script")}
    sent = warm_program.run("send", "--nickname", "Script", "--address", faces.mara.url, "Tests *pass*", env=own)
    assert sent.returncode == 0, sent.stderr
    expect(faces.kit.message("Tests pass").locator("em")).to_have_text("pass")
    faces.mara.wait_for("Script, ", "Tests pass")
    faces.ana.wait_for('"content":"Tests *pass*"')


def test_a_search_finds_the_same_in_the_page_and_a_terminal(faces: Faces) -> None:
    faces.kit.find("#search-field").fill("motor from:Ana")
    expect(faces.kit.find("#search-hits li")).to_have_count(1)
    expect(faces.kit.find("#search-hits li")).to_contain_text("motor")
    faces.kit.find("#search-field").press("Escape")
    type_in(faces.ana, type="search", query="motor from:Ana", id="s1")
    faces.ana.wait_for('"ref":"s1"')
    [found] = [event for event in faces.ana.received() if event.get("ref") == "s1"]
    assert [(hit["message"]["seq"], hit["message"]["nickname"]) for hit in found["hits"]] == [(1, "Ana")]


def test_a_webhook_speaks_in_the_room_as_a_bot(faces: Faces) -> None:
    secret = HookFile(faces.folder).add("CI", "lobby")
    body = json.dumps({"text": "Build **41** is green"}).encode()
    post = Request(f"{faces.mara.url}/hooks/{secret}", data=body, headers={"Content-Type": "application/json"})
    with urlopen(post, timeout=10) as answer:
        assert answer.read().strip() == b"ok"
    expect(faces.kit.message("Build 41 is green").locator(".bot")).to_be_visible()
    faces.mara.wait_for("CI, ", "Build 41 is green")
    faces.ana.wait_for('"bot":true')


def test_a_private_message_from_a_terminal_is_answered_in_the_page_and_not_heard_by_the_host(faces: Faces) -> None:
    type_in(faces.ana, type="message", to="Kit", content="Between us")
    faces.kit.find("#private-list").get_by_role("button", name="Ana").click()
    expect(faces.kit.message("Between us")).to_be_visible()
    faces.kit.send("Of course")
    faces.ana.wait_for('"content":"Of course"')
    type_in(faces.ana, type="message", content="In the lobby")
    assert not {"Between us", "Of course"} & set(re.split(r": |\n", faces.mara.wait_for("In the lobby")))


def test_a_room_made_in_the_page_is_entered_from_a_terminal_and_the_window(faces: Faces) -> None:
    faces.kit.find("#room-create").click()
    faces.kit.find("#new-room-name").fill("build-floor")
    faces.kit.find("#new-room-name").press("Enter")
    expect(faces.kit.find(".top h1")).to_have_text("build-floor")
    faces.kit.send("First here")
    type_in(faces.ana, type="enter", room="build-floor")
    faces.ana.wait_for("First here")
    faces.mara.screen.press("ctrl+k")
    faces.mara.screen.type("build")
    faces.mara.screen.press("Return")
    faces.mara.wait_for("First here")
    faces.mara.say("Here from the window")
    type_in(faces.ana, type="message", room="build-floor", content="Here from a terminal")
    for text in ("Here from the window", "Here from a terminal"):
        expect(faces.kit.message(text)).to_be_visible()
    faces.ana.wait_for("Here from the window")
    assert "Bench five" not in faces.mara.wait_for("Here from a terminal")
