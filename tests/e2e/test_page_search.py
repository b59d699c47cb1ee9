"""Searching from the page: results while typing, and jumps from them to the timeline."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from chatdesk.client.search_days import with_own_days
from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory

Steps = Callable[..., dict[str, Any]]

# Applies steps: each is the name of a method and its arguments. An answer is to what is wanted then, unless it says.
RUN = """async steps => {
    const {SearchState} = await import('/js/search.js');
    const search = new SearchState();
    for (const [name, value, asked] of steps) search[name](value, asked ?? search.wanted ?? {query: ''});
    const {hits, more, busy, wanted: command, refusal} = search;
    return {hits: hits.map(hit => hit.message.seq), more, busy, command, refusal};
}"""


@pytest.fixture
def search(modules: Page) -> Steps:
    """Applies steps to a new search, and returns its state."""
    return lambda *steps: modules.evaluate(RUN, [list(step) for step in steps])


def found(query: str, *seqs: int, more: bool = False) -> tuple[str, dict[str, Any]]:
    hits = [{"message": {"seq": seq, "room": "lobby"}, "parts": []} for seq in seqs]
    return "receive", {"room": "lobby", "query": query, "hits": hits, "more": more}


def test_only_the_answer_to_the_newest_query_counts(search: Steps) -> None:
    typed = [("start", "mo"), ("start", "motor")]
    assert search(*typed, found("mo", 9))["busy"]
    state = search(*typed, found("mo", 9), found("motor", 7))
    assert (state["hits"], state["busy"]) == ([7], False)
    assert search(("start", "x"), ("start", ""), found("x", 9))["hits"] == []


def test_further_hits_follow_and_none_comes_twice(search: Steps) -> None:
    first = [("start", "x"), found("x", 9, 7, more=True), ("loadMore",)]
    assert search(*first)["command"]["before"] == 7
    assert search(*first, found("x", 9, 7, more=True))["hits"] == [9, 7]  # a late answer to the first request
    assert search(*first, found("x", 5))["hits"] == [9, 7, 5]
    assert search(*first, found("x", 5), ("loadMore",))["command"] is None


def test_what_was_found_stays_until_the_next_answer_and_a_refusal_is_said(search: Steps) -> None:
    state = search(("start", "x"), found("x", 9), ("start", "xy"))
    assert (state["hits"], state["command"]["query"]) == ([9], "xy")
    assert search(("start", "x"), ("refuse", "No disk."))["refusal"] == "No disk."


def part_of_it(*seqs: int, more: bool, prepared: int) -> tuple[str, dict[str, Any]]:
    return "receive", {**found("x", *seqs, more=more)[1], "note": f"So far {prepared} %.", "prepared": prepared}


def test_while_the_host_prepares_the_search_goes_on_by_itself(search: Steps) -> None:
    first = [("start", "x"), part_of_it(9, more=False, prepared=3), ("refresh",)]
    state = search(*first)
    assert (state["busy"], state["command"].get("before"), state["command"]["limit"]) == (False, None, 50)
    assert search(*first, part_of_it(9, 7, more=False, prepared=60))["hits"] == [9, 7]
    assert search(*first, found("x", 9, 7), ("refresh",))["command"] is None
    plenty = search(("start", "x"), part_of_it(9, more=True, prepared=3), ("refresh",))
    assert (plenty["command"]["limit"], plenty["more"]) == (1, True)


LINES = [f"Line {number}{' of the old motor' if number % 4 == 0 else ''}" for number in range(900)]


def test_a_hit_far_back_is_shown_and_scrolling_leads_back_and_to_all_hits(
    chat: ChatPage, new_peer: PeerFactory
) -> None:
    mara = new_peer("Mara")
    mara.say("A needle, the first of all", *LINES)
    chat.join("Kit")
    chat.page.keyboard.press("Control+f")
    expect(chat.find("#search-field")).to_be_focused()
    chat.page.keyboard.type("NEEDLE first")
    hit = chat.find("#search-hits").get_by_role("option")
    expect(hit).to_have_count(1)
    expect(hit.locator("mark")).to_have_text(["needle", "first"])
    expect(hit).to_contain_text("Mara")
    chat.page.keyboard.press("Enter")
    row = chat.message("A needle, the first of all")
    expect(row).to_be_in_viewport(ratio=1)
    expect(row).to_have_class(re.compile(r"\bhighlighted\b"))
    expect(row).to_be_focused()
    expect(row).not_to_have_class(re.compile(r"\bhighlighted\b"))
    mara.say("Meanwhile")
    expect(chat.find("#jump")).to_have_text("1 new, jump to latest")
    expect(chat.message("Meanwhile")).to_have_count(0)
    to_end = "timeline => timeline.scrollTop = timeline.scrollHeight"
    while chat.message("Meanwhile").count() == 0:
        chat.find("#timeline").evaluate(to_end)
    chat.find("#timeline").evaluate(to_end)
    expect(chat.message("Meanwhile")).to_be_in_viewport()
    assert chat.texts() == [*LINES, "Meanwhile"][-len(chat.texts()) :]
    assert len(chat.texts()) <= 600
    expect(chat.find("#jump")).to_be_hidden()
    mara.say("Live again")
    expect(chat.message("Live again")).to_be_in_viewport()
    load_all_hits(chat)


def load_all_hits(chat: ChatPage) -> None:
    """They come while one scrolls, newest first."""
    chat.find("#search-field").fill("old motor")
    hits = chat.find("#search-hits [role=option]")
    expect(hits.first).to_contain_text("Line 896 of the old motor")
    expect(chat.find("#search-status")).to_have_text(re.compile(r"^\d+ newest, scroll for more$"))
    wanted = len(LINES) // 4
    while hits.count() < wanted:
        hits.last.scroll_into_view_if_needed()
    expect(chat.find("#search-status")).to_have_text(f"{wanted} messages found")
    assert hits.locator(".excerpt").all_text_contents() == [line for line in reversed(LINES) if "motor" in line]


def test_what_people_wrote_is_text_in_the_results_and_a_search_is_never_an_expression(
    chat: ChatPage, new_peer: PeerFactory
) -> None:
    mara = new_peer("Mara")
    mara.say('<img src=x onerror="document.title=1"> motor', '100% "quoted" OR NEAR(x)')
    chat.join("Kit")
    field = chat.find("#search-field")
    field.fill("<img motor")
    hit = chat.find("#search-hits [role=option]")
    expect(hit).to_have_text(re.compile(re.escape('<img src=x onerror="document.title=1"> motor')))
    assert chat.find("#search-hits img").count() == 0
    field.fill('"quoted OR NEAR(')
    expect(hit.locator(".excerpt")).to_have_text(['100% "quoted" OR NEAR(x)'])
    field.fill("* AND (")
    expect(chat.find("#search-status")).to_have_text("No message holds all of these words.")
    field.fill("*(")
    expect(chat.find("#search-status")).to_have_text("Type a word to search for.")
    field.fill("🎉")
    expect(chat.find("#search-status")).to_have_text("No message holds all of these words.")
    expect(hit).to_have_count(0)


def test_keys_choose_a_hit_and_lead_back_to_what_was_found(chat: ChatPage, new_peer: PeerFactory) -> None:
    new_peer("Mara").say("One apple", "Two apples", "Three apples")
    chat.join("Kit")
    expect(chat.find("#message")).to_be_focused()
    keys = chat.page.keyboard
    keys.press("Control+f")
    keys.type("apples")
    options = chat.find("#search-hits").get_by_role("option")
    expect(options).to_have_count(2)
    keys.press("ArrowDown")
    keys.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    field = chat.find("#search-field")
    expect(field).to_have_attribute("aria-activedescendant", options.nth(1).get_attribute("id") or "")
    expect(field).to_have_attribute("aria-expanded", "true")
    keys.press("Enter")
    expect(chat.message("Two apples")).to_be_focused()
    expect(chat.find("#search-panel")).to_be_hidden()
    expect(field).to_have_attribute("aria-expanded", "false")
    expect(field).to_have_value("apples")
    expect(chat.find("#search-key")).to_be_hidden()
    keys.press("Control+f")
    expect(options.nth(1)).to_be_visible()  # as it was left
    prevented = chat.page.evaluate("""() => {
        const find = new KeyboardEvent('keydown', {key: 'f', ctrlKey: true, bubbles: true, cancelable: true});
        return !document.activeElement.dispatchEvent(find);
    }""")
    assert not prevented  # pressed again, the browser's own search opens
    keys.press("ArrowUp")
    keys.press("Enter")
    expect(chat.message("Three apples")).to_be_focused()
    keys.press("Escape")
    expect(field).to_have_value("")
    expect(chat.find("#search-key")).to_be_visible()
    chat.find("#message").focus()
    keys.press("Control+f")
    keys.type("one")
    expect(chat.find("#search-hits mark")).to_have_text("One")
    keys.press("Escape")  # in the field: it clears it, and gives the keyboard back
    expect(chat.find("#message")).to_be_focused()
    expect(field).to_have_value("")
    expect(chat.find("#search-panel")).to_be_hidden()
    expect(chat.find("#search-key")).to_be_visible()
    keys.press("Control+f")
    expect(field).to_be_focused()
    expect(chat.find("#search-panel")).to_be_hidden()
    assert_highlights_fade_unless_motion_is_reduced(chat)


def assert_highlights_fade_unless_motion_is_reduced(chat: ChatPage) -> None:
    chat.find("#search-field").fill("one")
    hits = chat.find("#search-hits [role=option]")
    hits.filter(has_text="One").click()
    one, two = (chat.message(words) for words in ("One apple", "Two apples"))
    highlighted = re.compile(r"\bhighlighted\b")
    expect(one).to_have_class(highlighted)
    expect(one.locator("> :last-child")).to_have_css("animation-name", "highlight")
    chat.page.emulate_media(reduced_motion="reduce")
    chat.find("#search-field").fill("two")
    hits.filter(has_text="Two").click()  # not the hit of the search before
    expect(two).to_have_class(highlighted)
    expect(two.locator("> :last-child")).to_have_css("animation-name", "none")


def test_fast_typing_sends_few_searches_and_survives_a_lost_connection_and_the_rate_limit(
    chat: ChatPage, new_peer: PeerFactory
) -> None:
    new_peer("Mara").say("The only apple")
    lost: list[dict[str, Any]] = []

    def lose_once(command: dict[str, Any]) -> dict[str, Any] | None:
        if command["type"] != "search" or lost:
            return command
        lost.append(command)
        return None

    connections = chat.between(lose_once)
    chat.join("Kit")
    chat.find("#search-field").press_sequentially("apple", delay=20)
    expect(chat.find("#search-status")).to_have_text("Searching…")
    connections[0].close(code=4000)
    expect(chat.find("#search-hits mark")).to_have_text("apple")
    asked = [command["query"] for command in lost] + [
        command["query"] for command in chat.sent if command["type"] == "search"
    ]
    assert asked == ["apple", "apple"], "once before the connection was lost, and once after"
    for number in range(30):  # more than the host's rate limit allows
        chat.find("#search-field").fill(f"apple {number}")
        chat.find("#search-field").press("Enter")
    chat.find("#search-field").fill("only")
    expect(chat.find("#search-hits mark")).to_have_text("only")


def test_on_a_phone_the_search_fills_the_screen_and_the_back_button_closes_it(
    new_page: PageFactory, new_peer: PeerFactory
) -> None:
    new_peer("Mara").say("One apple", *(f"Line {number}" for number in range(60)))
    phone = new_page(viewport={"width": 360, "height": 740}, has_touch=True, is_mobile=True).join("Kit")
    opener = phone.page.get_by_role("button", name="Search messages")
    opener.tap()
    sheet = phone.page.get_by_role("dialog", name="Search messages")
    expect(sheet).to_be_visible()
    expect(phone.find("#search-field")).to_be_focused()
    phone.find("#search-field").fill("apple")
    expect(phone.find("#search-hits mark")).to_be_visible()
    phone.page.go_back()
    expect(sheet).to_be_hidden()
    expect(phone.find("#chat")).to_be_visible()
    opener.tap()
    phone.find("#search-hits [role=option]").tap()
    expect(sheet).to_be_hidden()
    expect(phone.message("One apple")).to_be_in_viewport(ratio=1)


def test_a_day_is_the_reader_s_own_and_sent_as_the_window_sends_it(modules: Page) -> None:
    own_days = "async (query) => (await import('/js/search-days.js')).withOwnDays(query)"
    for query in (
        "motor before:2026-11-23 AFTER:2026-03-29",
        "before:2026-13-01",
        "xbefore:2026-11-23",
        f"{'x' * 180} after:2026-11-23",
    ):
        assert modules.evaluate(own_days, query) == with_own_days(query)
