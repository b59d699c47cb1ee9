"""The sheet in which a room is made: its name and its topic."""

import re

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, Button, IconButton
from chatdesk.desktop.widgets.common.field import Field
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.limits import NICKNAME_CHARS, TOPIC_CHARS
from chatdesk.protocol.names import clean_room

# Pixels as in the design, at 100 percent text.
_WIDTH, _BOTTOM = 480, 24
_NAMELESS = "Give the room a name, such as build-floor."


class NewRoomSheet(Sheet):
    """``made`` carries the name and the topic of the room."""

    made = Signal(str, str)

    def __init__(self, theme: Theme, window: QWidget) -> None:
        super().__init__(theme, window, QSize(_WIDTH, 0))
        self._name = Field(theme, "Name", height=40, font="ui")
        self._name.edit.setMaxLength(NICKNAME_CHARS + 1)
        self._topic = Field(theme, "Topic", height=40, font="ui")
        self._topic.edit.setMaxLength(TOPIC_CHARS)
        self._cancel = Button(theme, "Cancel")
        self._make = Button(theme, "Make the room", PRIMARY)
        self._close_button = IconButton(theme, "close", "Close", shortcut="Esc")
        for button in (self._cancel, self._close_button):
            button.clicked.connect(self.dismiss)
        self._make.clicked.connect(self._submit)
        self.setAccessibleName("New room")
        self.set_content(self._content(), sheet_header(theme, "New room", self._close_button))

    def show_sheet(self) -> None:
        """Open over the window."""
        self.open(self._name.edit)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Make the room on Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._submit()
        else:
            super().keyPressEvent(event)

    def _submit(self) -> None:
        name, topic = room_name(self._name.text), self._topic.text
        try:
            clean_room(name)
        except ProtocolError as error:
            self._name.set_error(error.content if name else _NAMELESS)
            self._position_card()
            self._name.edit.setFocus()
        else:
            self.dismiss()
            self.made.emit(name, topic)

    def _content(self) -> QWidget:
        content, theme = QWidget(), self._theme
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._make)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 10, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(0)
        for field in (self._name, self._topic):
            layout.addWidget(Label(theme, field.edit.accessibleName(), font="label"))
            layout.addSpacing(6)
            layout.addWidget(field)
            layout.addSpacing(14)
        layout.addWidget(
            Label(theme, "Everybody in the chat can find it and come in.", font="small", role="text-muted", wrap=True)
        )
        layout.addSpacing(20)
        layout.addLayout(buttons)
        return content


def room_name(typed: str) -> str:
    """Return a name as rooms have it: without the sign before it, and with hyphens for spaces."""
    return re.sub(r"\s+", "-", typed.strip().removeprefix("#").strip())
