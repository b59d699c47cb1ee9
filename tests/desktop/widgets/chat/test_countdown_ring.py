"""The ring that shows how much of a countdown is left."""

from time import monotonic

from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.countdown_ring import CountdownRing


def test_it_is_full_at_first_and_empty_at_the_end(qtbot: QtBot, qapp: QApplication) -> None:
    ring = CountdownRing(Theme(qapp, "light"), "text")
    qtbot.addWidget(ring)
    ring.run_until(monotonic() + 100)
    assert ring.remaining > 0.9
    full = ring.grab().toImage()
    ring.run_until(monotonic() - 1)
    assert ring.remaining == 0
    assert ring.grab().toImage() != full
