"""Custom widgets have a role for screen readers."""

import gc

from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import QPushButton, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop.accessibility.roles import Role, install_accessible_roles

install_accessible_roles()


class Card(QWidget):
    accessible_role = Role.Dialog


class Part(Card):
    """It inherits the role."""


def test_a_widget_is_what_it_says_it_is(qtbot: QtBot) -> None:
    part = Part()
    qtbot.addWidget(part)
    part.setAccessibleName("Invite people")
    part.show()
    described = QAccessible.queryAccessibleInterface(part)
    gc.collect()
    assert described.role() is Role.Dialog
    assert described.text(QAccessible.Text.Name) == "Invite people"
    assert described.state().modal
    assert not described.state().invisible


def test_widgets_that_qt_knows_are_left_to_qt(qtbot: QtBot) -> None:
    button = QPushButton("Send")
    qtbot.addWidget(button)
    described = QAccessible.queryAccessibleInterface(button)
    assert described.role() is Role.Button
    assert described.actionInterface().actionNames()[0] == "Press"
