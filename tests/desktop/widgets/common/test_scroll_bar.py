"""Scroll bars: when they are painted."""

import pytest
from PySide6.QtCore import QEvent
from PySide6.QtGui import QCursor
from PySide6.QtWidgets import QApplication, QScrollArea, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar


@pytest.fixture
def area(qtbot: QtBot) -> QScrollArea:
    made = QScrollArea()
    qtbot.addWidget(made)
    content = QWidget()
    content.resize(150, 1000)
    made.setWidget(content)
    made.setGeometry(300, 300, 200, 200)
    QCursor.setPos(0, 0)
    return made


def drawn(bar: ScrollBar) -> bool:
    """Return whether anything is painted in the middle column of the bar."""
    image = bar.grab().toImage()
    column = {image.pixelColor(image.width() // 2, y).rgba() for y in range(image.height())}
    return len(column) > 1


def test_it_is_painted_while_scrolling(qtbot: QtBot, qapp: QApplication, area: QScrollArea) -> None:
    bar = ScrollBar(Theme(qapp, "light"), area)
    area.show()
    assert area.verticalScrollBar() is bar
    assert not drawn(bar)
    bar.setValue(100)
    assert drawn(bar)
    qtbot.waitUntil(lambda: not bar.shown)
    assert not drawn(bar)


def test_it_is_painted_while_the_pointer_is_over_its_area(qapp: QApplication, area: QScrollArea) -> None:
    bar = ScrollBar(Theme(qapp, "dark"), area)
    area.show()
    for event, shown in ((QEvent.Type.Enter, True), (QEvent.Type.Leave, False)):
        QApplication.sendEvent(area, QEvent(event))
        assert drawn(bar) is shown


def test_in_high_contrast_it_is_always_painted(qapp: QApplication, area: QScrollArea) -> None:
    bar = ScrollBar(Theme(qapp, "high-contrast"), area)
    area.show()
    assert drawn(bar)


def test_as_a_hint_it_is_painted_from_the_start(qapp: QApplication, area: QScrollArea) -> None:
    bar = ScrollBar(Theme(qapp, "light"), area, hint=True)
    area.show()
    assert drawn(bar)


def test_without_anything_to_scroll_there_is_none(qapp: QApplication, area: QScrollArea) -> None:
    bar = ScrollBar(Theme(qapp, "high-contrast"), area)
    area.show()
    area.resize(200, 1200)
    QApplication.sendPostedEvents()
    assert not bar.shown
