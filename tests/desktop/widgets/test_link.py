"""Links: a few words to be pressed, large enough to be hit."""

from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.link import Link


def test_it_is_pressed_by_mouse_and_keys(qtbot: QtBot, theme: Theme) -> None:
    link = Link(theme, "Check the connection")
    qtbot.addWidget(link)
    link.show()
    with qtbot.waitSignal(link.clicked):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(link.clicked):
        qtbot.keyClick(link, Qt.Key.Key_Return)


def test_it_is_underlined_in_the_colour_of_links(qtbot: QtBot, theme: Theme) -> None:
    link = Link(theme, "il")
    qtbot.addWidget(link)
    link.resize(link.sizeHint())
    image = link.grab().toImage()
    wanted = theme.color("link")
    rows = [sum(image.pixelColor(x, y) == wanted for x in range(image.width())) for y in range(image.height())]
    assert max(rows) >= image.width() - 10
    assert image.height() >= theme.tokens["size"]["hit"]["pointer"]


def test_it_grows_with_the_text(theme: Theme, qtbot: QtBot) -> None:
    link = Link(theme, "Check")
    qtbot.addWidget(link)
    before = link.sizeHint()
    theme.set_scale(2.0)
    assert link.sizeHint().height() == 2 * before.height()
    assert link.sizeHint().width() > 1.8 * before.width()
