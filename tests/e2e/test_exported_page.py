"""An exported conversation in a real browser, from the disk: it shows everything, and runs and loads nothing."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from chatdesk.export.formats import Format, open_writer
from chatdesk.export.metadata import ExportMetadata
from chatdesk.protocol.events import Message
from chatdesk.protocol.times import timestamp
from tests.e2e.accessibility import faults

MANY = 10_000  # a file of several MB, as of a year
SAID = (
    "Flash, then test on the short track first. One lap each 🏁",
    "شكراً! المحرك يعمل الآن في الاتجاه الصحيح",
    "See https://example.org/motors?bench=4 for the wiring.",
    "<script>document.title = 'taken over'</script><img src=x onerror=alert(1)><style>*{display:none}</style>",
    "one\n\n    three, indented",
    "w" * 500,
)
NAMES = ("Mara Lindqvist", "نور الهدى", "Alexandrina von Hohenberg-Castellanos", "<b>Kit</b>")

Opener = Callable[..., Page]


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return export(tmp_path_factory.mktemp("export") / "evening.html", MANY)


def export(path: Path, count: int, said: Sequence[str] = SAID) -> Path:
    """Export this many messages."""
    with path.open("wb") as file:
        writer = open_writer(Format.HTML, file, ExportMetadata("Robotics Workshop", "build-floor", "Mara Lindqvist"))
        for seq in range(1, count + 1):
            moment = timestamp(1_764_068_400_000 + seq * 40_000)
            writer.write(Message(NAMES[seq // 3 % 4], said[seq % len(said)], moment, "build-floor", seq))
        writer.close()
    return path


@pytest.fixture(scope="module")
def page(open_page: Opener) -> Page:
    """The file, opened once: it takes a second. Each test sets the width and the theme that it looks at."""
    return open_page(viewport={"width": 1280, "height": 800}, color_scheme="light")


@pytest.fixture(scope="module")
def open_page(browser: Browser, file: Path) -> Iterator[Opener]:
    """Opens the file; an error in the browser, or a request for anything else, fails the last test."""
    complaints: list[str] = []
    with ExitStack() as stack:

        def new(anchor: str = "", **profile: Any) -> Page:
            page = stack.enter_context(browser.new_context(**profile)).new_page()
            page.on("console", lambda message: complaints.append(message.text))
            page.on("pageerror", lambda error: complaints.append(str(error)))
            page.on("dialog", lambda dialog: complaints.append(dialog.message))
            page.on("request", lambda request: request.url.startswith(file.as_uri()) or complaints.append(request.url))
            page.goto(f"{file.as_uri()}{anchor}")
            return page

        yield new
        assert complaints == []


def color(page: Page, selector: str, name: str) -> str:
    value: str = page.locator(selector).first.evaluate("(it, name) => getComputedStyle(it)[name]", name)
    return value


def test_it_shows_what_was_said_as_text(page: Page) -> None:
    expect(page).to_have_title("build-floor – Robotics Workshop")
    expect(page.locator("article")).to_have_count(MANY)
    for seq in range(6):
        text = page.locator(f"#m{seq or 6} > [dir]").all_text_contents()
        assert text == SAID[seq].split("\n")
    expect(page.locator("#m9 .name")).to_have_text("<b>Kit</b>")
    expect(page.locator("#m2 a")).to_have_attribute("href", "https://example.org/motors?bench=4")
    expect(page.locator("footer")).to_contain_text("10,000 messages, from ")


@pytest.mark.parametrize("width", [390, 1280])
def test_nothing_stands_beyond_the_edge_and_all_words_begin_at_one(page: Page, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    assert page.evaluate("document.documentElement.scrollWidth") == width
    lefts = page.evaluate("""() => [
        'h1', '.room', 'footer p', '.day', '.name', '#m1 > [dir]', '#m2 > [dir]'
    ].map(selector => {
        const words = document.createRange();
        words.selectNodeContents(document.querySelector(selector));
        return Math.round(words.getBoundingClientRect().left);
    })""")
    assert len(set(lefts)) == 1, lefts
    measure = page.locator("#m5 > [dir]").bounding_box()
    assert measure
    assert measure["width"] <= 680


def test_what_is_copied_has_names_and_single_line_breaks(page: Page) -> None:
    select = """selectors => {
        const [first, last] = selectors.map(selector => document.querySelector(selector));
        getSelection().setBaseAndExtent(first, 0, last, last.childNodes.length);
    }"""
    times = page.locator("article time").all_text_contents()
    page.evaluate(select, ["#m3", "#m5"])
    assert (
        copied(page)
        == f"{NAMES[1]}, {times[2]}: {SAID[3]}\n{NAMES[1]}, {times[3]}: {SAID[4]}\n{NAMES[1]}, {times[4]}: {SAID[5]}"
    )
    page.evaluate(select, ["#m2", "#m3"])  # across two groups, including an avatar and the tag of the host
    assert copied(page) == f"{NAMES[0]}, {times[1]}: {SAID[2]}\n{NAMES[1]}, {times[2]}: {SAID[3]}"
    page.evaluate(select, ["#m4 > span[dir]", "#m4 > div:last-child"])
    assert copied(page) == SAID[4]


def copied(page: Page) -> str:
    """Return what another program gets, by pasting into a field of another page."""
    page.keyboard.press("Control+C")
    other = page.context.new_page()
    other.set_content("<textarea></textarea>")
    other.locator("textarea").press("Control+V")
    return other.locator("textarea").input_value()


def test_the_sum_stands_below_the_head(page: Page) -> None:
    page.evaluate("scrollTo(0, 0)")
    tops = page.evaluate("""() => ['header', 'footer', 'main']
        .map(selector => document.querySelector(selector).getBoundingClientRect().top)""")
    assert tops == sorted(tops)
    expect(page.locator("footer")).to_be_in_viewport()


def test_it_follows_the_systems_wish_for_light_or_dark_and_prints_on_white(browser: Browser, tmp_path: Path) -> None:
    with browser.new_context(color_scheme="light") as context:
        page = context.new_page()
        page.goto(export(tmp_path / "short.html", 6).as_uri())
        assert color(page, "html", "backgroundColor") == "rgb(252, 251, 249)"
        ink = color(page, "#m1 > [dir]", "color")
        page.emulate_media(color_scheme="dark")
        assert color(page, "html", "backgroundColor") == "rgb(20, 29, 31)"
        assert color(page, "#m1 > [dir]", "color") != ink
        page.emulate_media(media="print")
        assert color(page, "#m1 > [dir]", "color") == ink


def press_until_in_sight(page: Page, key: str, selector: str) -> None:
    """Rows are laid out when they become visible; they may be higher than estimated, and the first press fall short."""
    place = page.locator(selector)
    shown = "row => { const { top } = row.getBoundingClientRect(); return 0 <= top && top < innerHeight; }"
    while not place.evaluate(shown):
        page.keyboard.press(key)
        page.wait_for_timeout(50)


def test_a_number_leads_to_its_message_and_the_end_is_soon_reached(open_page: Opener) -> None:
    page = open_page(f"#m{MANY - 100}")
    expect(page.locator(f"#m{MANY - 100}")).to_be_in_viewport()
    assert color(page, f"#m{MANY - 100}", "backgroundColor") != color(page, "#m1", "backgroundColor")
    press_until_in_sight(page, "End", f"#m{MANY}")
    press_until_in_sight(page, "Home", "h1")


def test_a_screen_reader_gets_the_sender_and_the_time_of_every_message(page: Page) -> None:
    expect(page.get_by_role("main")).to_have_count(1)
    expect(page.get_by_role("heading", level=1)).to_have_text("Robotics Workshop")
    for seq in (3, 4, 5):
        article = page.locator(f"#m{seq}")
        expect(article.locator("bdi")).to_have_text("نور الهدى")
        expect(article.locator("time")).to_have_count(1)


MARKED = (
    "**Flash**, then `test`:\n```py\nfor bench in benches:  # every one of them, in the order of building\n```",
    "> a quote\n\n- one\n- two",
    f"|{'wide column|' * 12}\n|{'---|' * 12}\n|{'cell|' * 12}",
    "See [bank.example](https://evil.example/a) and :tada:",
)


def test_marks_are_drawn_scroll_in_their_place_and_copied_without_them(browser: Browser, tmp_path: Path) -> None:
    """Behaviours 36 and 42."""
    with browser.new_context(viewport={"width": 390, "height": 800}) as context:
        page = context.new_page()
        page.goto(export(tmp_path / "marked.html", len(MARKED), MARKED).as_uri())
        assert faults(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") == 390
        for scroller in ("pre", "table"):
            assert page.locator(scroller).evaluate("it => it.scrollWidth > it.clientWidth")
        expect(page.locator("#m3")).to_contain_text("bank.example (evil.example) and 🎉")
        page.evaluate("getSelection().selectAllChildren(document.querySelector('#m1'))")
        assert [line.strip() for line in copied(page).split("\n")][-3:] == ["a quote", "one", "two"]


def test_it_keeps_nobody_out(browser: Browser, tmp_path: Path) -> None:
    with browser.new_context() as context:
        page = context.new_page()
        for count in (0, 30):
            page.goto(export(tmp_path / f"{count}.html", count).as_uri())
            for width in (390, 1280):
                page.set_viewport_size({"width": width, "height": 800})
                assert faults(page) == [], (count, width)


def test_the_time_of_a_further_message_is_seen_while_one_points_at_it_and_where_nobody_can(
    browser: Browser, page: Page, tmp_path: Path
) -> None:
    assert color(page, "#m4 .gutter", "opacity") == "0"
    with browser.new_context(has_touch=True, is_mobile=True) as context:
        touched = context.new_page()
        touched.goto(export(tmp_path / "short.html", 6).as_uri())
        assert color(touched, "#m4 .gutter", "opacity") == "1"
