"""The page as designed: positions and sizes, measured in the browser's layout."""

import re
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.browser import ChatPage
from tests.e2e.peer import Peer
from tests.e2e.serving import Serving

Box = dict[str, float]
Opener = Callable[..., ChatPage]

PHONES = (360, 390)
WIDE = (720, 1024, 1280, 1440)
HOST = "Mara Lindqvist"


def host(event: dict[str, Any]) -> dict[str, Any]:
    """Mark Mara as the host, as her window would."""
    if event["type"] == "welcome":
        event["server"]["host"] = HOST
    for user in event.get("users", []):
        user["host"] = user["nickname"] == HOST
    return event


@pytest.fixture(scope="module")
def serving() -> Iterator[Serving]:
    with Serving("--message-rate", "0", "--name", "Robotics Workshop") as serving:
        yield serving


@pytest.fixture(scope="module")
def new_page(browser: Browser, serving: Serving) -> Iterator[Opener]:
    with ExitStack() as stack:

        def new(change: Callable[[dict[str, Any]], dict[str, Any]] = host, **profile: Any) -> ChatPage:
            chat = ChatPage(stack.enter_context(browser.new_context(**profile)), serving.url)
            chat.between(filter_event=change)
            return chat

        yield new


@pytest.fixture(scope="module")
def chat(new_page: Opener, serving: Serving) -> Iterator[ChatPage]:
    """A room with one of everything that the design has."""
    with ExitStack() as stack:

        def come(nickname: str) -> Peer:
            return stack.enter_context(Peer(serving.websocket, nickname))

        mara = come(HOST)
        mara.say("Flash, then test on the short track first. One lap each 🏁")
        chat = new_page(viewport={"width": 1280, "height": 800}).join("Kit")
        for name in ("Priya Raman", "Tomás Oliveira", "Bench Seven"):
            come(name)
        expect(chat.find(".person")).to_have_count(5)
        mara.say("Look at bench 4")
        for words in ("Thanks", "That fixed ours, too"):
            chat.send(words)
        expect(chat.find(".own-message.confirmed")).to_have_count(2)
        yield chat


def box(chat: ChatPage, selector: str) -> Box:
    """The rectangle of the first matching element."""
    found: Box = chat.find(selector).first.evaluate("it => it.getBoundingClientRect().toJSON()")
    return found


def resize(chat: ChatPage, width: int) -> None:
    chat.page.set_viewport_size({"width": width, "height": 800})


@pytest.mark.parametrize("width", PHONES)
def test_the_bar_of_a_phone_is_56_high_with_the_nickname_on_one_line(chat: ChatPage, width: int) -> None:
    resize(chat, width)
    assert box(chat, ".top")["height"] == 56
    assert box(chat, "#you")["height"] == 16


def test_no_name_changes_the_height_of_the_bar(new_page: Opener) -> None:
    def lengthen(event: dict[str, Any]) -> dict[str, Any]:
        if event["type"] == "welcome":
            event["server"]["name"] = "Robotics Workshop of the North and of the Islands"
        return event

    chat = new_page(lengthen, viewport={"width": 1280, "height": 800}).join("Alexandrina von Hohenberg")
    for width in (320, *PHONES, 600):
        resize(chat, width)
        assert box(chat, ".top")["height"] == 56, width
        assert box(chat, "#you")["height"] <= 32, width
    for width in (*WIDE, 1023):
        resize(chat, width)
        assert box(chat, ".top")["bottom"] == box(chat, ".sidebar-header")["bottom"] == 52, width
        assert box(chat, ".top-text")["height"] <= 51, width


@pytest.mark.parametrize("width", WIDE)
def test_hairlines_run_through_from_one_column_to_the_next(chat: ChatPage, width: int) -> None:
    resize(chat, width)
    assert box(chat, ".top")["bottom"] == box(chat, ".sidebar-header")["bottom"] == 52
    assert box(chat, ".me")["top"] == 744
    if width >= 1280:
        assert box(chat, ".people-head")["bottom"] == 52


@pytest.mark.parametrize("width", [720, 1024])
def test_the_first_person_is_31_below_the_heading(chat: ChatPage, width: int) -> None:
    resize(chat, width)
    heading, person = box(chat, ".people-head"), box(chat, ".person")
    assert heading["height"] == 28
    assert (person["top"] + person["bottom"] - heading["top"] - heading["bottom"]) / 2 == 31
    assert heading["top"] - box(chat, "#rooms")["bottom"] == 10


@pytest.mark.parametrize("tag", ["#timeline .tag", "#people-list .tag"])
def test_the_hosts_tag_is_as_large_as_drawn_and_its_line_no_higher(chat: ChatPage, tag: str) -> None:
    resize(chat, 1280)
    size = box(chat, tag)
    assert (round(size["width"]), size["height"]) == (35, 18)
    assert box(chat, ".byline")["height"] == 20


@pytest.mark.parametrize("width", [390, 1280])
def test_joins_have_round_discs_apart_from_each_other_and_whole_names(chat: ChatPage, width: int) -> None:
    resize(chat, width)
    expect(chat.find(".event summary")).to_have_text("Priya Raman, Tomás Oliveira and Bench Seven joined")
    discs = chat.find(".event:has(summary) .disc").evaluate_all(
        """all => all.map(it => {
            const { borderRadius, boxShadow } = getComputedStyle(it);
            const { left, width, height } = it.getBoundingClientRect();
            return { left, width, height, borderRadius, cut: boxShadow };
        })"""
    )
    assert [disc["width"] for disc in discs] == [disc["height"] for disc in discs] == [14, 14, 14]
    assert [disc["left"] - discs[0]["left"] for disc in discs] == [0, 9, 18]
    ground = chat.find(".conversation").evaluate("it => getComputedStyle(it).backgroundColor")
    assert {disc["borderRadius"] for disc in discs} == {"50%"}
    assert all(re.fullmatch(rf"{re.escape(ground)} 0px 0px 0px 1(\.5)?px", disc["cut"]) for disc in discs)


@pytest.mark.parametrize(("width", "left", "right"), [(390, 0, 390), (720, 232, 720), (1280, 260, 1040)])
def test_a_row_under_the_pointer_is_highlighted_over_the_full_width_without_gaps(
    chat: ChatPage, width: int, left: int, right: int
) -> None:
    resize(chat, width)
    for words, element in (("Flash, then", ".message"), ("That fixed", ".own")):
        row = chat.message(words)
        row.hover()
        lit = row.locator(element)
        wanted = chat.page.evaluate("getComputedStyle(document.documentElement).getPropertyValue('--row-hover')")
        assert lit.evaluate("it => getComputedStyle(it).backgroundColor") == rgb(wanted)
        there = lit.evaluate("it => it.getBoundingClientRect().toJSON()")
        scrollbar = chat.find("#timeline").evaluate("it => it.offsetWidth - it.clientWidth")
        assert (there["left"], there["right"]) == (left, right - scrollbar)
    lit = box(chat, ".row:has(.avatar) > .message")
    assert box(chat, ".row .avatar")["top"] - lit["top"] == 5
    assert lit["bottom"] - box(chat, ".row .text")["bottom"] == 2


@pytest.mark.parametrize(("width", "edge", "group", "day"), [(390, 54, 12, 22), (1280, 332, 10, 19)])
def test_rows_groups_and_days_are_as_far_apart_as_drawn(
    chat: ChatPage, width: int, edge: int, group: int, day: int
) -> None:
    resize(chat, width)
    bubbles = chat.find(".own-message").evaluate_all("all => all.map(it => it.getBoundingClientRect().toJSON())")
    assert [bubble["left"] for bubble in bubbles] == [edge - 12, edge - 12]
    assert bubbles[1]["top"] - bubbles[0]["bottom"] == 2
    before = chat.find(".row:has(.own)").first.evaluate(
        "it => it.previousElementSibling.querySelector('.text').getBoundingClientRect().bottom"
    )
    assert bubbles[0]["top"] - before == group
    name = box(chat, ".day-name span")
    assert box(chat, ".row .avatar")["top"] - (name["top"] + name["bottom"]) / 2 == pytest.approx(day, abs=0.5)


FITS = "it => it.scrollWidth <= it.clientWidth && it.scrollHeight <= it.clientHeight"


@pytest.mark.parametrize("width", [360, 390, *WIDE])
def test_with_text_twice_as_large_only_long_names_are_cut(chat: ChatPage, width: int) -> None:
    resize(chat, width)
    chat.page.evaluate("() => { document.documentElement.style.fontSize = '32px' }")
    try:
        assert chat.find("#you").evaluate(FITS)
        assert chat.page.evaluate("document.documentElement.scrollWidth") == width
        line, field = box(chat, "#message"), box(chat, "#composer")
        assert field["height"] >= line["height"] >= 44, "the field holds a whole line"
        if width >= 720:
            assert box(chat, "#search .field")["right"] <= box(chat, ".top .to-date")["left"]
            assert box(chat, ".top")["bottom"] == box(chat, ".sidebar-header")["bottom"]
    finally:
        chat.page.evaluate("() => { document.documentElement.style.fontSize = '' }")


PLACES = (
    *(
        ".top h1",
        "#you",
        "#people-open",
        "#search-open",
        ".search",
        ".top .to-date",
        ".sidebar-header",
        ".rooms",
        ".me .avatar",
    ),
    *(
        "#people-find",
        ".person .avatar",
        ".person .presence",
        ".person .tag",
        ".row .avatar",
        ".byline .name",
        ".own-message",
    ),
    *(".event .disc", "#composer", "#send", "#jump", ".day", "dialog[open]", "#date-later", "#drawer .tag"),
)


@pytest.mark.parametrize(("width", "opener"), [(390, "#people-open"), (720, ".top .to-date"), (1280, ".top .to-date")])
def test_the_right_to_left_layout_is_a_mirror_image(chat: ChatPage, width: int, opener: str) -> None:
    resize(chat, width)
    chat.page.emulate_media(reduced_motion="reduce")
    chat.find(opener).click()
    chat.page.evaluate("() => { document.getElementById('jump').hidden = false }")
    measure = """places => Object.fromEntries(places.map(place => [place, document.querySelector(place)])
        .filter(([, it]) => it?.checkVisibility())
        .map(([place, it]) => [place, it.getBoundingClientRect().toJSON()]))"""
    try:
        drawn = chat.page.evaluate(measure, PLACES)
        chat.page.evaluate("() => { document.documentElement.dir = 'rtl' }")
        mirrored = chat.page.evaluate(measure, PLACES)
    finally:
        chat.page.evaluate("() => { document.documentElement.dir = '' }")
        chat.page.keyboard.press("Escape")
    assert len(drawn) > 12
    strayed = {
        place: (where["left"], width - mirrored[place]["right"])
        for place, where in drawn.items()
        if abs(where["left"] - (width - mirrored[place]["right"])) > 1
    }
    assert strayed == {}


def rgb(colour: str) -> str:
    """``#F6F3EF`` in the notation of computed styles."""
    number = colour.strip().lstrip("#")
    return f"rgb({', '.join(str(int(number[place : place + 2], 16)) for place in (0, 2, 4))})"
