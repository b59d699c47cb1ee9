"""The window is entirely on its screen. The screen here is 1920x1080, without a panel."""

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QByteArray, QDataStream, QIODevice, QPoint, QRect, QSize
from PySide6.QtWidgets import QApplication, QWidget

from chatdesk.desktop.window_geometry import WindowGeometry

NEVER = QByteArray()
SCREEN = QRect(0, 0, 1920, 1080)
CHAT = QSize(1200, 800)


@pytest.fixture
def window(qapp: QApplication) -> Iterator[QWidget]:
    assert qapp.primaryScreen().geometry() == SCREEN
    made = QWidget()
    yield made
    made.close()


def kept(place: QRect, screen: QRect, *, number: int = 0, maximized: bool = False) -> QByteArray:
    """Return what saveGeometry returns for a window at a place on a screen of this size."""
    data = QByteArray()
    stream = QDataStream(data, QIODevice.OpenModeFlag.WriteOnly)
    stream.setVersion(QDataStream.Version.Qt_4_0)
    stream.writeUInt32(0x1D9D0CB)
    stream.writeUInt16(3)
    stream.writeUInt16(0)
    for rect in (place, place):
        stream << rect
    stream.writeInt32(number)
    stream.writeUInt8(maximized)
    stream.writeUInt8(False)
    stream.writeInt32(screen.width())
    stream << place
    return data


def test_without_a_saved_geometry_it_has_the_given_size(window: QWidget) -> None:
    WindowGeometry(window).restore(NEVER, CHAT)
    assert window.size() == CHAT


def test_a_saved_geometry_is_restored(window: QWidget) -> None:
    place = QRect(300, 200, 1000, 700)
    WindowGeometry(window).restore(kept(place, SCREEN), CHAT)
    window.show()
    assert window.geometry() == place


@pytest.mark.parametrize("size", [QSize(2400, 800), QSize(1200, 1200), QSize(4000, 4000)])
def test_a_window_larger_than_the_screen_is_made_smaller(window: QWidget, size: QSize) -> None:
    WindowGeometry(window).restore(NEVER, size)
    assert window.width() <= SCREEN.width()
    assert window.height() <= SCREEN.height() - 30  # its title bar is visible too


@pytest.mark.parametrize(
    ("place", "screen", "number"),
    [
        (QRect(2500, 100, 1200, 800), QRect(0, 0, 2560, 1440), 1),
        (QRect(-1800, 100, 1200, 800), SCREEN, 2),
        (QRect(100, -900, 1200, 800), SCREEN, 0),
        (QRect(1500, 700, 1200, 800), QRect(0, 0, 3840, 2160), 0),
        (QRect(100, 100, 3600, 1900), QRect(0, 0, 3840, 2160), 0),
    ],
)
def test_a_window_from_a_screen_that_is_gone_is_on_this_one(
    window: QWidget, place: QRect, screen: QRect, number: int
) -> None:
    WindowGeometry(window).restore(kept(place, screen, number=number), CHAT)
    window.show()
    assert SCREEN.contains(window.geometry()), window.geometry()


def test_a_window_that_grows_stays_on_the_screen(window: QWidget) -> None:
    geometry = WindowGeometry(window)
    geometry.restore(kept(QRect(1000, 500, 900, 500), SCREEN), CHAT)
    window.show()
    geometry.restore(NEVER, CHAT)
    assert window.size() == CHAT
    assert SCREEN.contains(window.frameGeometry())


@pytest.mark.parametrize("fill", [QWidget.showMaximized, QWidget.showFullScreen])
def test_a_window_that_fills_the_screen_is_left_so(window: QWidget, fill: object) -> None:
    assert callable(fill)
    fill(window)
    whole = window.geometry()
    WindowGeometry(window).restore(NEVER, CHAT)
    assert window.geometry() == whole
    assert window.isMaximized() or window.isFullScreen()


def test_one_that_was_maximized_is_so_again(window: QWidget) -> None:
    WindowGeometry(window).restore(kept(QRect(100, 100, 900, 640), SCREEN, maximized=True), CHAT)
    assert window.isMaximized()


def test_a_window_too_far_down_is_moved_up(window: QWidget) -> None:
    window.move(QPoint(1900, 1070))
    window.show()
    WindowGeometry(window).restore(NEVER, CHAT)
    assert window.frameGeometry().bottomRight() == SCREEN.bottomRight()
