"""Rows as pictures: the same as painted, painted once, and no more of them than are kept."""

import pytest
from PySide6.QtGui import QImage, QPainter
from PySide6.QtWidgets import QApplication

from chatdesk.desktop.models.rows import Said
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline import pixmap_cache as module
from chatdesk.desktop.widgets.timeline import row_painter as rows
from chatdesk.desktop.widgets.timeline.pixmap_cache import Pictures
from chatdesk.desktop.widgets.timeline.row_layout import Page
from chatdesk.protocol.events import Message


def row(number: int) -> Said:
    return Said(Message("Kit", f"Number {number}", "", seq=number), None, first=True, own=False)


@pytest.fixture
def page(qapp: QApplication) -> Page:
    return Page(Theme(qapp, "light"), 500)


@pytest.mark.parametrize("ratio", [1.0, 2.0])
def test_a_picture_is_what_painting_the_row_gives(page: Page, ratio: float) -> None:
    shown = row(1)
    height = rows.height(page, shown)
    painted = QImage(round(500 * ratio), round(height * ratio), QImage.Format.Format_RGB32)
    painted.setDevicePixelRatio(ratio)
    painted.fill(page.theme.color("surface"))
    painter = QPainter(painted)
    rows.paint(painter, page, shown, hovered=False)
    painter.end()
    picture = Pictures(page, ratio).picture(shown, height).toImage().convertToFormat(QImage.Format.Format_RGB32)
    assert (picture.size(), picture.devicePixelRatio()) == (painted.size(), ratio)
    assert picture == painted


def test_a_row_is_painted_once(page: Page) -> None:
    pictures, shown = Pictures(page, 1.0), row(1)
    first = pictures.picture(shown, 50)
    assert pictures.picture(shown, 50).cacheKey() == first.cacheKey()
    assert pictures.picture(row(1), 50).cacheKey() != first.cacheKey()


def test_only_the_newest_pictures_are_kept(page: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "_KEPT", 2)
    pictures, shown = Pictures(page, 1.0), [row(number) for number in (1, 2, 3)]
    keys = [pictures.picture(each, 50).cacheKey() for each in shown]
    assert pictures.picture(shown[2], 50).cacheKey() == keys[2]
    assert pictures.picture(shown[0], 50).cacheKey() != keys[0]
