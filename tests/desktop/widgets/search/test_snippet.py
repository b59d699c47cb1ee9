"""Snippets: at most three lines, with the matches marked in place."""

import pytest
from PySide6.QtGui import QColor, QImage, QPainter
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.search.snippet import Snippet, SnippetStyle

GROUND = QColor("#F5DE87")


@pytest.fixture
def style(qapp: QApplication) -> SnippetStyle:
    theme = Theme(qapp, "light")
    return SnippetStyle(theme.font("label", 400), 18, GROUND, QColor("#192528"))


def marked(snippet: Snippet) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of what is marked."""
    image = QImage(300, 80, QImage.Format.Format_RGB32)
    image.fill(QColor("white"))
    painter = QPainter(image)
    snippet.paint(painter, 0, 0)
    painter.end()
    points = [(x, y) for x in range(300) for y in range(80) if image.pixelColor(x, y) == GROUND]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def test_matches_are_marked_in_place(style: SnippetStyle) -> None:
    left, _, right, bottom = marked(Snippet(["on ", "bench", " 4"], style, 300))
    assert 10 < left < 30
    assert right - left > 25
    assert bottom < 18
    first = marked(Snippet(["", "bench", ""], style, 300))
    assert first[0] <= 1


def test_marks_stand_right_behind_emoji_too(style: SnippetStyle) -> None:
    with_emoji = marked(Snippet(["🎉🎉 ", "bench", ""], style, 300))
    shifted = marked(Snippet(["🎉🎉 b", "ench", ""], style, 300))
    assert shifted[0] > with_emoji[0]


def test_it_is_as_high_as_its_lines_and_three_at_most(style: SnippetStyle) -> None:
    assert Snippet(["short"], style, 300).height == 18
    assert Snippet(["long words in a row " * 4, "bench", ""], style, 300).height == 36
    assert Snippet(["", "bench", " long words in a row" * 40], style, 300).height == 54
    assert Snippet(["one\ntwo\r\nthree\n\nfour"], style, 300).height == 18
    assert Snippet([], style, 300).height == 18


def test_line_breaks_become_spaces_also_before_a_match(style: SnippetStyle) -> None:
    snippet = Snippet(["one\n", "two", "\u2028three\rfour\r\nfive"], style, 300)
    assert snippet._layout.text() == "one two three four five"


@pytest.mark.parametrize("text", ["W" * 500, "🎉" * 300, "שלום " * 100, "ก" * 500])
def test_a_text_of_any_script_is_cut_with_three_dots(style: SnippetStyle, text: str) -> None:
    cut = Snippet([text], style, 200)
    assert cut._layout.text().endswith("…")
    assert cut._layout.lineCount() <= 3
