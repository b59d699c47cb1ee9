"""The layout of rows: columns, the longest line, texts laid out once."""

from chatdesk.desktop.models.rows import MessageRow
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.desktop.widgets.timeline.targets import Link, Toggle
from tests.desktop.widgets.timeline.rows import said


def test_words_begin_at_72_and_lines_are_at_most_680_long(theme: Theme) -> None:
    assert (RowLayout(theme, 800).text_left, RowLayout(theme, 800).measure) == (72, 680)
    assert RowLayout(theme, 3000).measure == 680
    assert RowLayout(theme, 500).measure == RowLayout(theme, 500).right - 72


def test_the_right_margin_begins_at_the_edge_under_the_scroll_bar(theme: Theme) -> None:
    assert RowLayout(theme, 800).right == 800 - 24


def test_it_grows_with_the_text(theme: Theme) -> None:
    theme.set_scale(2.0)
    assert (RowLayout(theme, 3000).text_left, RowLayout(theme, 3000).measure) == (144, 1360)


def test_even_the_narrowest_page_has_a_line(theme: Theme) -> None:
    assert RowLayout(theme, 10).measure > 0


def test_a_text_is_laid_out_once(theme: Theme) -> None:
    layout = RowLayout(theme, 800)
    assert layout.message(said("ok")) is layout.message(said("ok", "Priya"))
    assert layout.label("ok") is not layout.message(said("ok"))


def test_texts_laid_out_long_ago_are_forgotten(theme: Theme) -> None:
    layout = RowLayout(theme, 800)
    first = layout.label("first")
    for number in range(400):
        layout.label(str(number))
    assert layout.label("first") is not first


def test_texts_stay_laid_out_while_their_lines_stay_as_long(theme: Theme) -> None:
    """A wide window that becomes wider gets air, not longer lines."""
    layout = RowLayout(theme, 1000)
    words = layout.label("first")
    assert layout.resized(1200).label("first") is words
    assert layout.resized(1200).right == 1200 - layout.side
    assert layout.resized(500).label("first") is not words


def test_a_long_message_is_cut_until_it_is_to_be_whole(theme: Theme) -> None:
    layout, row = RowLayout(theme, 800), said("x\n" * 100)
    expanded = MessageRow(row.message, row.moment, row.first, row.own, is_expanded=True)
    assert layout.message(row).cut
    assert not layout.message(expanded).cut
    assert layout.message(row).target_at(5, layout.message(row).height - 5) == Toggle()
    assert layout.message(expanded).target_at(5, layout.message(expanded).height - 5) is None


def test_a_point_of_the_words_may_be_a_link(theme: Theme) -> None:
    layout = RowLayout(theme, 800)
    assert layout.message(said("https://a.b")).target_at(5, 5) == Link("https://a.b")
    assert layout.message(said("a.b")).target_at(5, 5) is None


def test_one_to_three_emoji_alone_are_large(theme: Theme) -> None:
    layout = RowLayout(theme, 800)
    few, many = (layout.message(said(text)) for text in ("🤖🎉", "🤖🎉 done"))
    assert (few.height, many.height) == (44, 22)
    assert few.width > 70
