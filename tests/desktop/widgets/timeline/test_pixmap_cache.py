"""Cached rows: equal to painted ones, painted once, and bounded in number."""

import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.models.rows import MessageRow
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline import pixmap_cache as module
from chatdesk.desktop.widgets.timeline import row_painter
from chatdesk.desktop.widgets.timeline.pixmap_cache import RowPixmapCache
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.protocol.events import Message


def row(number: int) -> MessageRow:
    return MessageRow(Message("Kit", f"Number {number}", "", seq=number), None, first=True, own=False)


@pytest.fixture
def layout(qapp: QApplication) -> RowLayout:
    return RowLayout(Theme(qapp, "light"), 500)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_picture_is_what_painting_the_row_gives(layout: RowLayout, ratio: float) -> None:
    shown = row(1)
    height = row_painter.height(layout, shown)
    painted = QImage(round(500 * ratio), round(height * ratio), QImage.Format.Format_RGB32)
    painted.setDevicePixelRatio(ratio)
    painted.fill(layout.theme.color("surface"))
    painter = QPainter(painted)
    row_painter.paint(painter, layout, shown, hovered=False)
    painter.end()
    pixmap = RowPixmapCache(layout, ratio).pixmap(shown, height).toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert (pixmap.size(), pixmap.devicePixelRatio()) == (painted.size(), ratio)
    assert pixmap == painted


def test_a_row_is_painted_once(layout: RowLayout) -> None:
    pixmaps, shown = RowPixmapCache(layout, 1.0), row(1)
    first = pixmaps.pixmap(shown, 50)
    assert pixmaps.pixmap(shown, 50).cacheKey() == first.cacheKey()
    assert pixmaps.pixmap(row(1), 50).cacheKey() != first.cacheKey()


def test_only_the_newest_pictures_are_kept(layout: RowLayout, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_MIN_PIXELS", 2 * 500 * 50)
    pixmaps, shown = RowPixmapCache(layout, 1.0), [row(number) for number in (1, 2, 3)]
    keys = [pixmaps.pixmap(each, 50).cacheKey() for each in shown]
    assert pixmaps.pixmap(shown[2], 50).cacheKey() == keys[2]
    assert pixmaps.pixmap(shown[0], 50).cacheKey() != keys[0]


def test_a_view_of_any_height_finds_room_with_what_is_next_to_it(layout: RowLayout) -> None:
    """On a large screen, each row that is drawn would else push out the one that is drawn next."""
    pixmaps, shown = RowPixmapCache(layout, 1.0), [row(number) for number in range(200)]
    pixmaps.make_room(100 * 300)
    keys = [pixmaps.pixmap(each, 300).cacheKey() for each in shown]
    assert [pixmaps.pixmap(each, 300).cacheKey() for each in shown] == keys
    assert pixmaps.missing((each, 300) for each in shown) is None
    assert pixmaps.missing([(shown[0], 300), (row(1), 301 + 20), (row(2), 300)]) == (row(2), 300)


def test_nothing_is_kept_of_what_is_right_of_the_longest_line(qapp: QApplication) -> None:
    wide = RowLayout(Theme(qapp, "light"), 3000)
    assert RowPixmapCache(wide, 1.0).pixmap(row(1), 50).width() == wide.text_left + wide.measure + wide.side
