"""The question whether nobody appears: as much of it as there is room for."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.nobody_appears import NobodyAppears
from tests.desktop.looking import texts


def test_it_says_less_where_there_is_less_room(qtbot: QtBot, theme: Theme) -> None:
    nobody = NobodyAppears(theme)
    qtbot.addWidget(nobody)
    link = nobody.findChild(QPushButton)
    assert link is not None
    for width, fits, question, words in (
        (400, True, True, "Check the connection"),
        (200, True, False, "Check the connection"),
        (60, False, False, "Check"),
        (400, True, True, "Check the connection"),
    ):
        assert nobody.fit(width) is fits
        assert ("Nobody appears?" in texts(nobody)) is question
        assert link.text() == words
        assert nobody.sizeHint().width() <= width
        assert link.accessibleName() == "Check the connection"


def test_it_leads_to_the_check(qtbot: QtBot, theme: Theme) -> None:
    nobody = NobodyAppears(theme)
    qtbot.addWidget(nobody)
    link = nobody.findChild(QPushButton)
    with qtbot.waitSignal(nobody.check_wanted):
        qtbot.mouseClick(link, Qt.MouseButton.LeftButton)
