"""The row being read stays visible when the window or the text changes its size."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.browser import ChatPage
from tests.e2e.conftest import PageFactory, PeerFactory

WORDS = "so that lines break elsewhere on every width and every row has a height of its own "
LINES = [f"Line {number}: {WORDS * (number * 7 % 11)}".strip() for number in range(50)]
READ = 14

AT_THE_EDGE = """timeline => {
    const edge = timeline.getBoundingClientRect().top;
    const row = [...timeline.querySelectorAll('.row')].find(row => row.getBoundingClientRect().bottom > edge + 1);
    const {top, height} = row.getBoundingClientRect();
    return [row.querySelector('.text').textContent.split(':')[0], (edge - top) / height];
}"""
"""The row at the upper edge, and how much of it is above the edge."""
Resize = Callable[[Page], None]


def size(width: int, height: int) -> Resize:
    return lambda page: page.set_viewport_size({"width": width, "height": height})


def letters(pixels: int) -> Resize:
    return lambda page: page.evaluate("pixels => document.documentElement.style.fontSize = `${pixels}px`", pixels)


def font(family: str) -> Resize:
    """As when a font arrives after the text."""
    script = "font => document.documentElement.style.setProperty('--font-sans', font)"
    return lambda page: page.evaluate(script, family)


RESIZES: dict[str, tuple[Resize, Resize]] = {
    "narrower window": (size(1400, 900), size(900, 900)),
    "people in a column": (size(1279, 800), size(1280, 800)),
    "turned phone": (size(390, 844), size(844, 390)),
    "keyboard": (size(390, 844), size(390, 460)),
    "larger text": (letters(16), letters(24)),
    "another font": (font("sans-serif"), font("monospace")),
}


@pytest.fixture
def chat(new_page: PageFactory, new_peer: PeerFactory) -> ChatPage:
    """A page in a room with many messages."""
    new_peer("Mara").say(*LINES)
    chat = new_page(viewport={"width": 1280, "height": 800}).join("Kit")
    expect(chat.message(LINES[-1])).to_be_in_viewport()
    return chat


def test_what_is_read_stays_visible(chat: ChatPage) -> None:
    """The end, a row further up, the rows near the end, and a hit of a search."""
    keep_the_end(chat)
    keep_the_row_being_read(chat)
    keep_what_is_seen_near_the_end(chat)
    keep_the_hit_being_read(chat)


def keep_the_end(chat: ChatPage) -> None:
    for _, after in RESIZES.values():
        after(chat.page)
        expect(chat.message(LINES[-1])).to_be_in_viewport()
        expect(chat.find("#jump")).to_be_hidden()
    for before, _ in reversed(RESIZES.values()):
        before(chat.page)
    chat.page.set_viewport_size({"width": 1280, "height": 800})


def keep_the_row_being_read(chat: ChatPage) -> None:
    read = chat.message(LINES[READ])
    for name, (before, after) in RESIZES.items():
        before(chat.page)
        settle(chat.page)  # where the end is followed, a change that is not reported yet would lead back to it
        read.evaluate("row => row.closest('#timeline').scrollTop = row.offsetTop + row.offsetHeight / 2")
        settle(chat.page)
        for change in (after, before, after):
            change(chat.page)
            settle(chat.page)
            assert where(chat) == [f"Line {READ}", pytest.approx(0.5, abs=0.1)], name
            expect(read).to_be_in_viewport()
        before(chat.page)


def keep_what_is_seen_near_the_end(chat: ChatPage) -> None:
    """Near the end the remaining rows fit into a wide page: that alone does not make the page follow the end."""
    size(420, 700)(chat.page)
    settle(chat.page)
    timeline = chat.find("#timeline")
    timeline.evaluate("it => it.scrollTop = it.scrollHeight - it.clientHeight - 300")
    settle(chat.page)
    before = where(chat)
    for width in (700, 1000, 1400, 900, 420):
        size(width, 700)(chat.page)
        settle(chat.page)
    assert where(chat) == [before[0], pytest.approx(before[1], abs=0.1)]


def keep_the_hit_being_read(chat: ChatPage) -> None:
    chat.page.set_viewport_size({"width": 390, "height": 700})
    chat.find("#search-open").click()
    chat.page.keyboard.type("line")
    hit = chat.find("#search-hits li").nth(30)
    hit.evaluate("hit => hit.parentElement.scrollTop = hit.offsetTop")
    settle(chat.page)
    chat.page.set_viewport_size({"width": 710, "height": 390})
    settle(chat.page)
    below = "hit => hit.getBoundingClientRect().top - hit.parentElement.getBoundingClientRect().top"
    assert hit.evaluate(below) == pytest.approx(0, abs=2)


def settle(page: Page) -> None:
    """Wait until the change is laid out and has been reported to the page."""
    page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")


def where(chat: ChatPage) -> list[object]:
    place: list[object] = chat.find("#timeline").evaluate(AT_THE_EDGE)
    return place
