"""Writing in the page: completion, the picker of emoji, slash commands. The focus stays in the field."""

import json
import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from chatdesk.client import completion, slash_commands
from chatdesk.protocol import emoji
from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PeerFactory

CASES: dict[str, list[tuple[str, Any]]] = json.loads(
    (Path(__file__).parents[1] / "writing_cases.json").read_text("utf-8")
)


def test_completion_begins_and_slashes_act_as_in_the_window(modules: Page) -> None:
    script = """async cases => {
      const { queryAt } = await import('/js/completion.js');
      const { parseMessage, COMMANDS } = await import('/js/slash-commands.js');
      const { EmojiList, withTone } = await import('/js/emoji-list.js');
      const list = new EmojiList();
      await list.load();
      const query = (text) => { const it = queryAt(text); return it && [it.kind, text.slice(it.start), it.text]; };
      return {
        queries: cases.queries.map(([text]) => query(text)),
        parsed: cases.parsed.map(([text]) => parseMessage(text)),
        commands: COMMANDS.map(({ name, argument, help }) => [name, argument, help]),
        completions: cases.starts.map((start) => list.completions(start, 8).map(([name, it]) => [name, it.text])),
        found: cases.searches.map((words) => list.search(words).map((it) => it.text)),
        toned: list.categories.flatMap((it) => it.emoji).map((it) => withTone(it, 3)),
      };
    }"""
    starts, searches = ["ro", "thumbs_u", "+1", "E"], ["smiling EYES", "tool", "crimping plier", " "]
    answers = modules.evaluate(script, CASES | {"starts": starts, "searches": searches})
    assert answers["queries"] == [found and [found[0], text[found[1] :], found[2]] for text, found in CASES["queries"]]
    assert answers["parsed"] == [meant for _, meant in CASES["parsed"]]
    assert answers["commands"] == [list(command[:3]) for command in slash_commands.COMMANDS]
    assert answers["completions"] == [
        [[name, found.text] for name, found in emoji.completions(start, completion.MOST)] for start in starts
    ]
    assert answers["found"] == [[found.text for found in emoji.search(words)] for words in searches]
    everything = [entry.text for category in emoji.categories() for entry in category.emoji]
    assert answers["toned"] == [emoji.with_tone(text, 3) for text in everything]


@pytest.fixture
def kit(chat: ChatPage, new_peer: PeerFactory) -> ChatPage:
    for name in ("Alexandrina von Hohenberg", "Bench 7, Alex"):
        new_peer(name)
    chat.join("Kit")
    expect(chat.page.get_by_text("Bench 7, Alex").first).to_be_visible()
    return chat


def test_names_and_emoji_are_completed_by_keys_while_the_focus_stays(kit: ChatPage) -> None:
    """Behaviour 9."""
    field, page = kit.find("#message"), kit.page
    field.press_sequentially("Ask @al")
    options = page.get_by_role("option")
    expect(options).to_have_count(3)
    expect(page.get_by_role("listbox", name="People in lobby")).to_be_visible()
    expect(field).to_be_focused()
    field.press("ArrowDown")
    active = field.get_attribute("aria-activedescendant")
    expect(page.locator(f"#{active}")).to_have_attribute("aria-selected", "true")
    expect(page.locator(f"#{active}")).to_contain_text("Bench 7, Alex")
    field.press("Enter")
    expect(field).to_have_value("Ask @Bench 7, Alex ")
    expect(options).to_have_count(0)
    field.press_sequentially(":thumbsu")
    expect(page.get_by_role("option", name=":thumbsup:")).to_be_visible()
    field.press("Escape")
    expect(options).to_have_count(0)
    field.press_sequentially("p:")
    expect(field).to_have_value("Ask @Bench 7, Alex 👍")


def test_people_outside_the_room_are_offered_last_and_said_to_hear_nothing(kit: ChatPage) -> None:
    kit.find("#room-create").click()
    kit.find("#new-room-name").fill("plans")
    kit.find("#new-room-name").press("Enter")
    expect(kit.find(".top h1")).to_have_text("plans")
    expect(kit.find("#people-list")).to_have_accessible_name("People 1")  # they arrive after the room itself
    kit.find("#message").press_sequentially("Ask @al")
    expect(kit.page.get_by_role("listbox", name="People in plans")).to_be_visible()
    options = kit.page.get_by_role("option")
    expect(options).to_have_text([re.compile("all 1 in this room"), *[re.compile("will not be told")] * 2])
    expect(options.first).not_to_have_class("muted")
    expect(options.last).to_have_class("muted")
    kit.find("#message").press_sequentially("e")
    expect(kit.page.get_by_role("listbox", name="People outside plans")).to_be_visible()


def test_an_emoji_is_picked_by_search_tone_and_arrows(kit: ChatPage) -> None:
    page = kit.page
    kit.find("#message").fill("Hi ")
    page.get_by_role("button", name="Emoji", exact=True).click()
    search = page.get_by_role("combobox", name="Search emoji")
    expect(search).to_be_focused()
    cells = page.get_by_role("gridcell", selected=True)
    expect(cells).to_have_text("👍")
    for key in ("ArrowRight", "ArrowDown", "ArrowLeft", "ArrowLeft"):
        search.press(key)
    expect(cells).to_have_accessible_name("wrench")
    search.fill("crimping plier")
    expect(page.get_by_text("No emoji by that name").first).to_be_visible()
    search.press("Escape")
    expect(search).to_have_value("")
    search.press("Tab")
    page.keyboard.press("Enter")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")
    search.fill("thumbs up")
    expect(cells).to_have_text("👍🏻")
    search.press("Enter")
    expect(kit.find("#message")).to_be_focused()
    expect(kit.find("#message")).to_have_value("Hi 👍🏻")
    page.get_by_role("button", name="Emoji", exact=True).click()
    expect(cells).to_have_text("👍🏻")
    search.press("Escape")
    expect(search).to_be_hidden()


def test_a_word_that_is_no_command_is_not_sent_by_accident(kit: ChatPage) -> None:
    field, page = kit.find("#message"), kit.page
    field.fill("//etc is a folder")
    field.press("Enter")
    expect(page.locator(".row .text", has_text="/etc is a folder")).to_be_visible()
    field.fill("/sudo make me a sandwich")
    field.press("Enter")
    expect(field).to_have_value("/sudo make me a sandwich")
    page.get_by_role("button", name="Send as text").click()
    expect(page.locator(".row .text", has_text="/sudo make me a sandwich")).to_be_visible()
    expect(field).to_have_value("")
    field.press("Control+ArrowUp")
    expect(field).to_have_value("/sudo make me a sandwich")
    field.fill("/help")
    field.press("Enter")
    expect(page.get_by_role("option", name="/shrug")).to_be_visible()
    field.fill("/nick Kit the 2nd")
    field.press("Enter")
    expect(page.locator("#you")).to_contain_text("Kit the 2nd")
    expect(page.locator("#people-list .self")).to_contain_text("Kit the 2nd")
    expect(page.locator(".line.event").last).to_contain_text("Kit is now Kit the 2nd")
    field.fill("/busy until four")
    field.press("Enter")
    expect(page.locator("#people-list .self .presence.busy")).to_be_visible()


def test_a_chosen_name_means_that_person_also_in_an_edit_and_after_a_reload(
    chat: ChatPage, new_peer: PeerFactory
) -> None:
    """Behaviours 9 and 10."""
    ana, bo = (new_peer(name, capabilities=["presence"]) for name in ("Ana", "Bo"))
    chat.join("Kit")
    field = chat.find("#message")
    expect(chat.find("#people-list")).to_contain_text("Bo")
    field.press_sequentially("@an")
    field.press("Tab")
    ana.send(type="nick", nickname="Anna")
    expect(chat.find("#people-list")).to_contain_text("Anna")
    chat.page.reload()
    expect(field).to_have_value("@Ana ")
    field.press("End")
    field.press_sequentially("look")
    field.press("Enter")
    said = bo.hear("@Ana look")
    (mention,) = said["mentions"]
    assert mention["author"] == ana.wait_for(lambda event: event["type"] == "message")["mentions"][0]["author"]
    expect(chat.find(".own-message.confirmed")).to_be_visible()  # the others may hear it first
    field.press("ArrowUp")
    field.press("End")
    field.press_sequentially(" and @bo")
    field.press("Tab")
    field.press("Enter")
    edited = bo.wait_for(lambda event: event["type"] == "updated")["message"]
    assert edited["content"] == "@Ana look and @Bo"
    assert [it["name"] for it in edited["mentions"]] == ["Ana", "Bo"]
    assert edited["mentions"][0] == mention


def test_a_message_to_one_person_waits_while_the_host_is_away(chat: ChatPage, new_peer: PeerFactory) -> None:
    ana, bo = (new_peer(name) for name in ("Ana", "Bo"))
    away = True
    connections = chat.between(lambda command: None if away and command["type"] == "message" else command)
    chat.join("Kit")
    expect(chat.find("#people-list")).to_contain_text("Ana")
    connections[-1].close(code=4000)
    chat.send("/msg Ana psst")
    slip = chat.find(".own-message.pending")
    expect(slip).to_contain_text("To Ana alone")
    away = False
    connections[-1].close(code=4000)
    expect(slip).to_have_count(0)
    expect(chat.find("#private-list")).to_contain_text("Ana")
    assert ana.hear("psst")["to"] == "Ana"
    chat.send("for all")
    expect(chat.find(".own-message.confirmed")).to_be_visible()
    assert "psst" not in bo.heard(until="for all")
