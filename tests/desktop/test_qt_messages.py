"""Qt's messages are logged; warnings are shown once there is a window."""

import logging

import pytest
from PySide6.QtCore import QLoggingCategory, qCWarning, qWarning

from chatdesk.desktop.qt_messages import QtMessages


def test_a_warning_is_one_once_there_is_a_window(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with QtMessages() as messages:
        qWarning("could not connect to display")
        messages.display_lost = lambda: None
        qWarning("This window is too large")
        qCWarning(QLoggingCategory("qt.qpa.wayland"), "This compositor is too old")
        qCWarning(QLoggingCategory("qt.accessibility.atspi"), "Could not find accessible on path: /1")
        qWarning("QSpiApplication::keyEventError NoReply")
    assert [(record.levelname, record.getMessage()) for record in caplog.records] == [
        ("INFO", "default: could not connect to display"),
        ("WARNING", "default: This window is too large"),
        ("INFO", "qt.qpa.wayland: This compositor is too old"),
        ("DEBUG", "qt.accessibility.atspi: Could not find accessible on path: /1"),
        ("DEBUG", "default: QSpiApplication::keyEventError NoReply"),
    ]


def test_where_the_compositor_comes_back_qt_may_wait_for_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("QT_WAYLAND_RECONNECT", "1")
    lost: list[bool] = []
    with QtMessages() as messages:
        messages.display_lost = lambda: lost.append(True)
        qWarning("The Wayland connection broke. Did the Wayland compositor die?")
    assert lost == []
    assert "The Wayland connection broke" in caplog.text
