"""Texts are plain, in their own direction, with links where they are painted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.text_painting import text_width
from chatdesk.desktop.widgets.timeline.blocks.paragraph import Style
from chatdesk.desktop.widgets.timeline.targets import Link, Toggle
from chatdesk.desktop.widgets.timeline.text_block import TextBlock
from tests.desktop.inspection import HOSTILE
from tests.shared_cases import LINKS
from tests.work import cpu_seconds

WIDTH, LINE = 400, 22


@pytest.fixture
def style(qapp: QApplication) -> Style:
    return Style(Theme(qapp, "light").font("message"), LINE, QColor("blue"))


def painted(block: TextBlock) -> QImage:
    image = QImage(WIDTH + 40, max(1, block.height), QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    block.paint(painter, 0, 0)
    painter.end()
    return image


def ink(image: QImage) -> tuple[int, int]:
    """Return the first and last column that is not background."""
    white = QColor("white").rgb()
    columns = [x for x in range(image.width()) if any(image.pixel(x, y) != white for y in range(image.height()))]
    return columns[0], columns[-1]


def links(block: TextBlock) -> list[str]:
    """Return all URLs that a pointer finds, from top left to bottom right."""
    points = ((x, y) for y in range(LINE // 2, block.height, LINE) for x in range(0, WIDTH, 2))
    targets = dict.fromkeys(block.target_at(x, y) for x, y in points)
    return [target.url for target in targets if isinstance(target, Link)]


def test_a_block_is_as_wide_as_its_words_and_as_high_as_its_lines(style: Style) -> None:
    short, two = TextBlock("ok", style, WIDTH), TextBlock("ok\nok", style, WIDTH)
    assert short.width == two.width < 40
    assert (short.height, two.height) == (LINE, 2 * LINE)
    assert 0 < short.last_width <= short.width


def test_a_word_without_end_is_broken_within_the_width(style: Style) -> None:
    block = TextBlock("x" * 200, style, WIDTH)
    assert block.width <= WIDTH
    assert block.height > LINE
    assert ink(painted(block))[1] <= WIDTH


def test_markup_is_text(style: Style) -> None:
    assert TextBlock("<b>bold</b>", style, WIDTH).width > TextBlock("bold", style, WIDTH).width + 20
    assert TextBlock(HOSTILE, style, WIDTH).height == LINE


def test_words_that_read_leftwards_begin_at_the_blocks_right_edge(style: Style) -> None:
    block = TextBlock("شكراً! المحرك يعمل\nok", style, WIDTH)
    assert block.width < 200
    assert ink(painted(block))[0] < 10
    assert block.last_width > 0
    turned = TextBlock("a longer line of words\nشكراً", style, WIDTH)
    second = painted(turned).copy(0, LINE, WIDTH, LINE)
    assert abs(ink(second)[1] - turned.width) < 6
    assert turned.last_width == 0


@pytest.mark.parametrize(
    "text", ["\u2068نور\u2069 and Kit joined", "\u2069123 ok", "12 נ in the middle is not first… ok"[:2]]
)
def test_an_isolated_name_does_not_decide_the_direction(style: Style, text: str) -> None:
    assert TextBlock(text, style, WIDTH).last_width > 0


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("see https://example.org/a, then", ["https://example.org/a"]),
        ("(https://example.org/a_(b))", ["https://example.org/a_(b)"]),
        ("🎉🎉 HTTP://example.org 🎉 https://b.org/?q=1&r=2!", ["HTTP://example.org", "https://b.org/?q=1&r=2"]),
        ("javascript:alert(1) file:///etc/passwd data:x //host/share ftp://x", []),
        ("https:// and http://.", []),
        ("a\nhttps://second.line/x", ["https://second.line/x"]),
        ('<a href="https://x.y/z">', ["https://x.y/z"]),
    ],
)
def test_links_are_http_and_https_without_the_sentences_punctuation(style: Style, text: str, found: list[str]) -> None:
    assert links(TextBlock(text, style, WIDTH)) == found


def test_a_link_is_where_it_is_seen_even_after_emoji(style: Style) -> None:
    block = TextBlock("🎉🎉🎉🎉 https://example.org", style, WIDTH)
    start = text_width("🎉🎉🎉🎉 ", style.font)
    assert block.target_at(start + 3, LINE / 2) == Link("https://example.org")
    assert block.target_at(start - 6, LINE / 2) is None
    assert block.target_at(block.width - 3, LINE / 2) == Link("https://example.org")


def test_beside_and_below_the_words_there_is_no_link(style: Style) -> None:
    block = TextBlock("https://example.org", style, WIDTH)
    assert block.target_at(block.width + 5, 5) is None
    assert block.target_at(5, LINE + 1) is None
    assert block.target_at(5, -1) is None


def test_hundreds_of_links_in_a_paragraph_are_laid_out_in_a_moment(style: Style) -> None:
    text = " ".join(f"https://a.b/{number}" for number in range(500))
    assert cpu_seconds(lambda: TextBlock(text, style, WIDTH)) < 0.05
    assert links(TextBlock(text, style, WIDTH)) == text.split()


@pytest.mark.parametrize(("text", "addresses"), LINKS)
def test_links_are_those_of_the_page_and_the_exports(style: Style, text: str, addresses: list[str]) -> None:
    assert set(links(TextBlock(text, style, WIDTH))) == set(addresses)  # in whatever direction it reads


@pytest.mark.parametrize("text", ["x\n" * 4000, "\u2028" * 7999, "word " * 1600])
def test_a_text_that_is_too_long_is_cut_and_can_be_shown(style: Style, text: str) -> None:
    block = TextBlock(text, style, WIDTH, max_lines=40)
    assert block.cut
    assert block.height == 41 * LINE
    assert block.target_at(10, 40 * LINE + 5) == Toggle()
    whole = TextBlock(text, style, WIDTH)
    assert not whole.cut
    assert whole.height > block.height


def test_a_text_of_just_so_many_lines_is_whole(style: Style) -> None:
    assert not TextBlock("x\n" * 39 + "x", style, WIDTH, max_lines=40).cut
    assert TextBlock("x\n" * 40 + "x", style, WIDTH, max_lines=40).cut


def test_the_text_show_all_in_a_message_is_no_link(style: Style) -> None:
    assert links(TextBlock("Show all", style, WIDTH)) == []


def test_of_a_long_text_what_is_to_be_seen_is_painted_at_its_place(style: Style) -> None:
    block = TextBlock("\n".join(str(number) for number in range(500)), style, WIDTH)
    image = QImage(WIDTH, 3 * LINE, QImage.Format.Format_RGB32)
    image.fill(Qt.GlobalColor.white)
    painter = QPainter(image)
    painter.translate(0, -300 * LINE)
    block.paint(painter, 0, 0)
    painter.end()
    assert image == painted(TextBlock("300\n301\n302", style, WIDTH)).copy(0, 0, WIDTH, 3 * LINE)


@pytest.mark.usefixtures("qapp")
@given(st.text())
def test_any_text_can_be_laid_out_and_pointed_at(text: str) -> None:
    block = TextBlock(text, Style(QFont(), LINE, QColor("blue")), WIDTH)
    assert 0 <= block.width <= WIDTH
    assert block.height >= LINE
    block.target_at(block.width / 2, block.height - 1)


def test_pictures_among_the_words_are_larger_than_these_and_leave_the_lines_as_high(style: Style) -> None:
    plain, pictured = TextBlock("Tea 🍵 and cake", style, 600), TextBlock("🍵" * 10, style, 600)
    assert plain.height == pictured.height == style.line
    letters = QFontMetricsF(style.font).horizontalAdvance("🍵" * 10)
    assert pictured.width > letters * 1.1


def test_a_link_behind_joined_pictures_is_where_it_is_seen(style: Style) -> None:
    block = TextBlock("👍🏽👨‍👩‍👧 https://example.org", style, 600)
    assert block.target_at(block.width - 4, 5) == Link("https://example.org")
    assert block.target_at(4, 5) is None
