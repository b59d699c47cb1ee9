"""Menus say that they open."""

import pytest
from PySide6.QtWidgets import QMenu, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.widgets import menu as module
from chatdesk.desktop.widgets.menu import open_menu


def test_a_menu_is_named_as_it_opens(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    heard: list[str] = []
    monkeypatch.setattr(module, "announce", lambda _source, text: heard.append(text))
    parent = QWidget()
    qtbot.addWidget(parent)
    menu = QMenu(parent)
    menu.setAccessibleName("Network")
    menu.addAction("Wi-Fi")
    open_menu(menu, parent.pos())
    assert heard == ["Network menu"]
    assert menu.isVisible()
    menu.close()
