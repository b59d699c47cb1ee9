"""The pill that jumps to the newest message."""

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.jump_pill import JumpPill


def test_it_is_visible_while_messages_are_unseen_and_counts_them(qtbot: QtBot, qapp: QApplication) -> None:
    pill = JumpPill(Theme(qapp, "light"))
    qtbot.addWidget(pill)
    assert pill.isHidden()
    pill.set_unseen(12)
    assert pill.isVisible()
    assert pill.text() == "12 new, jump to latest"
    narrow = pill.sizeHint().width()
    pill.set_unseen(12000)
    assert pill.sizeHint().width() > narrow
    with qtbot.waitSignal(pill.clicked):
        qtbot.mouseClick(pill, Qt.MouseButton.LeftButton)
    pill.set_unseen(0)
    assert pill.isHidden()


def test_it_is_visible_far_from_the_newest_message_too(qtbot: QtBot, qapp: QApplication) -> None:
    pill = JumpPill(Theme(qapp, "light"))
    qtbot.addWidget(pill)
    pill.set_far_from_latest(True)
    assert (pill.isVisible(), pill.text()) == (True, "Jump to latest")
    pill.set_unseen(3)
    assert pill.text() == "3 new, jump to latest"
    pill.set_unseen(0)
    assert (pill.isVisible(), pill.text()) == (True, "Jump to latest")
    pill.set_far_from_latest(False)
    assert pill.isHidden()


def test_it_is_32_high_with_room_for_its_shadow(qtbot: QtBot, qapp: QApplication) -> None:
    theme = Theme(qapp, "light")
    pill = JumpPill(theme)
    qtbot.addWidget(pill)
    pill.set_unseen(1)
    pill.adjustSize()
    image = pill.grab().toImage()
    middle = [image.pixelColor(image.width() // 3, y) for y in range(image.height())]
    edge = theme.color("border-strong")
    edges = [y for y, color in enumerate(middle) if color == edge]
    assert edges[-1] - edges[0] == 31
