"""Own messages: outlined while being sent, filled once stored, red when refused."""

import pytest

from chatdesk.desktop.models.rows import MessageRow, UnsentRow
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline import own_message
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.desktop.widgets.timeline.targets import Discard, Edit, Link, Resend, Toggle
from tests.desktop.widgets.timeline.rows import hits, ink, picture, said, unsent

HANG = 12


@pytest.fixture
def layout(theme: Theme) -> RowLayout:
    return RowLayout(theme, 800)


def test_it_extends_to_the_left_so_that_its_text_stays_at_the_edge(layout: RowLayout) -> None:
    left, top, right, bottom = ink(picture(layout, said(own=True)), layout.theme.color("surface"))
    assert abs(left - (layout.text_left - HANG)) <= 1
    assert abs(top - layout.group_gap) <= 1
    assert right < layout.right
    assert abs(bottom - own_message.height(layout, said(own=True))) <= 1


@pytest.mark.parametrize(
    ("row", "filled"), [(said(own=True), True), (unsent(), False), (unsent(error="Too long."), False)]
)
def test_a_bubble_is_filled_once_the_host_has_stored_it(
    layout: RowLayout, row: MessageRow | UnsentRow, filled: bool
) -> None:
    image = picture(layout, row)
    inside = image.pixelColor(layout.text_left - HANG // 2, own_message.height(layout, row) - 8)
    assert inside == layout.theme.color("own-bubble" if filled else "surface")


def test_sent_and_stored_messages_have_the_same_place(layout: RowLayout) -> None:
    """A stored message takes the same place: nothing moves."""
    assert own_message.height(layout, unsent("Hello\nthere")) == own_message.height(
        layout, said("Hello\nthere", first=False, own=True)
    )


def test_high_contrast_gives_each_an_edge(theme: Theme, layout: RowLayout) -> None:
    light = picture(layout, said(own=True))
    theme.choose("high-contrast")
    contrast = RowLayout(theme, 800)
    edge = theme.color("own-bubble-border")
    shown = picture(contrast, said(own=True))
    assert shown != light
    assert any(
        shown.pixelColor(x, contrast.group_gap) == edge for x in range(contrast.text_left, contrast.text_left + 20)
    )


def test_a_refused_message_can_be_sent_again_edited_or_discarded(layout: RowLayout) -> None:
    assert set(hits(layout, unsent(error="Too long."))) == {Resend("id"), Edit("id"), Discard("id")}
    assert hits(layout, unsent()) == {}
    assert hits(layout, said(own=True)) == {}


@pytest.mark.parametrize("width", [260, 400, 800])
@pytest.mark.parametrize("words", ["ok", "word " * 60, "x" * 300])
@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_everything_is_within_the_row(theme: Theme, width: int, words: str, scale: float) -> None:
    theme.set_scale(scale)
    layout = RowLayout(theme, round(width * scale))
    for row in (said(words, own=True), unsent(words), unsent(words, "Too long.")):
        _, top, right, bottom = ink(picture(layout, row), theme.color("surface"))
        assert top >= 0
        assert bottom <= own_message.height(layout, row) + 1
        assert right <= layout.right + HANG * scale
    assert set(hits(layout, unsent(words, "Too long."))) == {Resend("id"), Edit("id"), Discard("id")}


def test_links_and_the_rest_of_a_long_one_can_be_pointed_at(layout: RowLayout) -> None:
    assert list(hits(layout, said("https://example.org", own=True))) == [Link("https://example.org")]
    assert list(hits(layout, unsent("x\n" * 100))) == [Toggle()]
