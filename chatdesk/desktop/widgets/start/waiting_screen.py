"""What is shown while the host has to let the person in: the place in the queue, and the ways out of it."""

import time

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.changes import Waiting
from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.avatar import Avatar
from chatdesk.desktop.widgets.common.button import PRIMARY, Button, ButtonLook, LinkButton
from chatdesk.desktop.widgets.common.field import Field
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.protocol.appearance import short_name
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.names import clean_nickname
from chatdesk.protocol.text import isolated

# Pixels of the design, at 100 percent text.
_WIDTH, _SIDE, _TOP, _RADIUS, _AVATAR = 480, 32, 32, 12, 56
_LEAVING = ButtonLook(None, "surface-hover", "danger")
_LOST = "The host does not answer. Your place is kept while ChatDesk tries again."


class WaitingScreen(QWidget):
    """Emits ``name_chosen`` with another nickname, ``invitation_requested`` and ``left``. The heading has the focus."""

    name_chosen = Signal(str)
    invitation_requested = Signal()
    left = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._since = time.monotonic()
        self._nickname = ""
        self._card = _Card(theme)
        self._room = Label(theme, font="label", role="text-muted", elide=True)
        self._avatar = Avatar(theme, _AVATAR)
        self._heading = Label(theme, font="figure", weight=SEMIBOLD, wrap=True)
        self._age = Label(theme, font="label", weight=400, role="text-muted", wrap=True)
        self._words = Label(theme, role="text-muted", wrap=True)
        self._place = Label(theme, font="title", wrap=True)
        self._name = Field(theme, "Your name", height=40, font="ui")
        self.name_button = Button(theme, "Change the name", size="large")
        self._use = Button(theme, "Wait under this name", PRIMARY, size="large")
        self.invitation_button = LinkButton(theme, "I have an invitation")
        self.leave_button = Button(theme, "Leave the queue", _LEAVING, size="large")
        self._timer = QTimer(self, interval=1000)
        self._timer.timeout.connect(self._show_age)
        self.name_button.clicked.connect(self._edit_name)
        self._use.clicked.connect(self._choose_name)
        self._name.edit.returnPressed.connect(self._choose_name)
        self.invitation_button.clicked.connect(self.invitation_requested)
        self.leave_button.clicked.connect(self.left)
        self._heading.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self._lay_out()
        self._show_name_field(False)

    def show_waiting(self, waiting: Waiting) -> None:
        """Show how the person waits now."""
        host = isolated(short_name(waiting.host)) if waiting.host else "the host"
        self._since, self._nickname = waiting.since, waiting.nickname
        self._room.set_text(isolated(waiting.name))
        self._avatar.set_person(waiting.nickname, "")
        self._heading.set_text(f"Waiting for {host}")
        self._words.set_text(f"Keep this window open. As soon as {host} says yes, you are in.")
        self._say(_place(waiting.position - 1))
        self._show_name_field(False)
        self._show_age()
        self._timer.start()

    def show_lost(self) -> None:
        """The connection is lost; the client tries again by itself."""
        self._say(_LOST)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Focus the heading, so that a screen reader begins there."""
        self._heading.setFocus(reason)

    def _say(self, words: str) -> None:
        if words != self._place.text():
            self._place.set_text(words)
            announce(self, words)

    def _show_age(self) -> None:
        self._age.set_text(f"You knocked as {isolated(self._nickname)} {_age(int(time.monotonic() - self._since))}")

    def _edit_name(self) -> None:
        self._name.edit.setText(self._nickname)
        self._show_name_field(True)
        self._name.edit.setFocus()
        self._name.edit.selectAll()

    def _choose_name(self) -> None:
        try:
            name = clean_nickname(self._name.text)
        except ProtocolError as error:
            self._name.set_error(error.content)
            return
        self._show_name_field(False)
        self._heading.setFocus()
        if name != self._nickname:
            self.name_chosen.emit(name)

    def _show_name_field(self, shown: bool) -> None:
        self._name.setVisible(shown)
        self._use.setVisible(shown)
        self.name_button.setVisible(not shown)

    def _lay_out(self) -> None:
        titles = QVBoxLayout()
        titles.setSpacing(2)
        titles.addWidget(self._heading)
        titles.addWidget(self._age)
        who = QHBoxLayout()
        who.setSpacing(14)
        who.addWidget(self._avatar, 0, Qt.AlignmentFlag.AlignTop)
        who.addLayout(titles, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.name_button)
        buttons.addWidget(self._use)
        buttons.addStretch(1)
        buttons.addWidget(self.leave_button)
        inside = QVBoxLayout(self._card)
        inside.setContentsMargins(_SIDE, _TOP, _SIDE, _TOP - 4)
        inside.setSpacing(0)
        inside.addWidget(self._room)
        inside.addSpacing(14)
        inside.addLayout(who)
        inside.addSpacing(20)
        inside.addWidget(self._words)
        inside.addSpacing(10)
        inside.addWidget(self._place)
        inside.addSpacing(20)
        inside.addWidget(self._name)
        inside.addSpacing(8)
        inside.addLayout(buttons)
        inside.addSpacing(8)
        inside.addWidget(self.invitation_button)
        row = QHBoxLayout()
        row.addStretch(1)
        row.addWidget(self._card)
        row.addStretch(1)
        column = QVBoxLayout(self)
        column.addStretch(1)
        column.addLayout(row)
        column.addStretch(1)
        self._theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def _apply_theme(self) -> None:
        self._card.setFixedWidth(self._theme.px(_WIDTH))


class _Card(QWidget):
    accessible_role = Role.Grouping

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setAccessibleName("Waiting to be let in")

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme = QPainter(self), self._theme
        paint_panel(painter, self.rect().toRectF(), _RADIUS, theme.color("surface"), theme.color("border"))
        painter.end()


def _place(before: int) -> str:
    if not before:
        return "You are the next one"
    return "One person is before you" if before == 1 else f"{before} people are before you"


def _age(seconds: int) -> str:
    if seconds < 10:
        return "just now"
    if seconds < 60:
        return f"{seconds // 10 * 10} seconds ago"
    return "a minute ago" if seconds < 120 else f"{seconds // 60} minutes ago"
