"""The card of messages that wait for approval."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.date_format import format_time
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.avatar import Author, paint_author
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.order.board_card import BoardCard
from chatdesk.desktop.widgets.order.board_row import BoardRow
from chatdesk.protocol.pace_events import HeldMessage
from chatdesk.protocol.text import isolated
from chatdesk.protocol.times import local_time

_AVATAR = 36
"""Pixels of the design, at 100 percent text."""
_NONE = "Nothing waits. Where a room holds messages, they come here first."


class HeldRow(BoardRow):
    """``accepted``: everybody sees it; ``refused``: nobody does."""

    def __init__(self, theme: Theme, room: str, message: HeldMessage) -> None:
        where, name = f"{clock_time(message.timestamp)} in {isolated(room)}".strip(), isolated(message.nickname)
        head = QHBoxLayout()
        head.setSpacing(8)
        role = "text-muted" if message.nameless else "text"
        head.addWidget(Label(theme, message.nickname, weight=SEMIBOLD, role=role, elide=True))
        head.addWidget(Label(theme, where, font="small", role="text-muted", tabular=True))
        head.addStretch(1)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addLayout(head)
        words.addWidget(Label(theme, message.content, wrap=True))
        super().__init__(theme, (AuthorAvatar(theme, message),), words, "Refuse", "Show it")
        self.setAccessibleName(f"{name}, {where}: {isolated(message.content)}")
        self.accept_button.setAccessibleName(f"Show the message of {name}")
        self.refuse_button.setAccessibleName(f"Refuse the message of {name}")


class HeldCard(BoardCard[HeldRow]):
    """Emits ``decided`` with the number of a message and whether everybody is to see it."""

    decided = Signal(object, bool)

    def __init__(self, theme: Theme) -> None:
        super().__init__(theme, "Held for approval", _NONE)

    def show_held(self, waiting: Sequence[tuple[str, HeldMessage]]) -> None:
        """Show these messages with their rooms, the oldest first."""
        self._draw({str(message.held): (room, message) for room, message in waiting}, len(waiting), self._row)

    def _row(self, item: tuple[str, HeldMessage]) -> HeldRow:
        room, message = item
        row = HeldRow(self._theme, room, message)
        row.accepted.connect(lambda: self.decided.emit(message.held, True))
        row.refused.connect(lambda: self.decided.emit(message.held, False))
        return row

    def _words(self, count: int) -> str:
        return f"{'One message waits' if count == 1 else f'{count} messages wait'} for approval"


class AuthorAvatar(QWidget):
    """The avatar of an author, who may be nameless."""

    def __init__(self, theme: Theme, author: Author) -> None:
        super().__init__()
        self._theme, self._author = theme, author
        theme.changed.connect(self._resize)
        self._resize()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        paint_author(painter, QRectF(self.rect()), self._author, self._theme)
        painter.end()

    def _resize(self) -> None:
        self.setFixedSize(QSize(1, 1) * self._theme.px(_AVATAR))


def clock_time(timestamp: str) -> str:
    """Return the local time of day of a timestamp of the wire; empty if it is none."""
    moment = local_time(timestamp)
    return format_time(moment) if moment else ""
