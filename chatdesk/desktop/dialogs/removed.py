"""What somebody reads who was removed or banned: by whom, why and until when; unsent text can be copied."""

from datetime import datetime

from PySide6.QtCore import QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QGuiApplication, QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.date_format import format_day
from chatdesk.desktop.dialogs.sheet import Sheet
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, Button
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.protocol import events, times
from chatdesk.protocol.errors import ErrorCode
from chatdesk.protocol.text import isolated

# Pixels as in the design, at 100 percent text.
_WIDTH, _MARGIN, _BAR = 424, 26, 4
_TICK_MS = 15_000
_HOUR, _DAY = 60, 24 * 60


class RemovedSheet(Sheet):
    """``come_again``: the time is over, and the person wants to join again; ``leave``: they want to be elsewhere."""

    come_again = Signal()
    leave = Signal()

    def __init__(self, theme: Theme, window: QWidget, why: events.Error, host: str, unsent: list[str]) -> None:
        super().__init__(theme, window, QSize(_WIDTH, 0))
        self._why, self._unsent = why, unsent
        act = "banned" if why.code == ErrorCode.BANNED else "removed"
        title = f"{isolated(why.by) if why.by else 'The host'} {act} you"
        self._end = Label(theme, role="text-muted", wrap=True)
        self._again = Button(theme, "Come in again", PRIMARY)
        self._leave = Button(theme, "Leave")
        self._copy = Button(theme, "Copy my unsent message" if len(unsent) == 1 else "Copy my unsent messages")
        self._copy.setVisible(bool(unsent))
        self._again.clicked.connect(lambda: self._close(self.come_again.emit))
        self._leave.clicked.connect(lambda: self._close(self.leave.emit))
        self._copy.clicked.connect(self._copy_unsent)
        self.setAccessibleName(title)
        self.set_content(self._content(title, host))
        self._timer = QTimer(self, interval=_TICK_MS)
        self._timer.timeout.connect(self.update_end)
        self.update_end()
        self.setAccessibleDescription(" ".join(filter(None, (why.reason, self._end.text()))))

    @property
    def over(self) -> bool:
        """Whether the person may come in again."""
        until = times.local_time(self._why.until)
        if until is None:
            return self._why.code == ErrorCode.REMOVED
        return until <= datetime.now().astimezone()

    def show_sheet(self) -> None:
        """Open over the window."""
        self._timer.start()
        self.open(self._copy if self._unsent else self._leave)
        announce(self, f"{self.accessibleName()}. {self.accessibleDescription()}")

    def update_end(self) -> None:
        """Say when it ends; there is no button before."""
        self._again.setVisible(self.over)
        self._end.set_text(end_words(self._why.until, datetime.now().astimezone(), over=self.over))
        self._position_card()

    def _close(self, then: object) -> None:
        self.dismiss()
        if callable(then):
            then()

    def _copy_unsent(self) -> None:
        QGuiApplication.clipboard().setText("\n\n".join(self._unsent))
        announce(self, "Copied")

    def _content(self, title: str, host: str) -> QWidget:
        content, theme = QWidget(), self._theme
        layout = QVBoxLayout(content)
        layout.setContentsMargins(_MARGIN, _MARGIN, _MARGIN, _MARGIN - 2)
        layout.setSpacing(0)
        layout.addWidget(Label(theme, title, font="heading", wrap=True))
        layout.addSpacing(4)
        layout.addWidget(Label(theme, "You are out on every device.", role="text-muted", wrap=True))
        layout.addSpacing(14)
        if self._why.reason:
            layout.addWidget(_Reason(theme, self._why.reason))
            layout.addSpacing(14)
        layout.addLayout(_row(theme, "clock", self._end))
        if self._unsent:
            one = "1 message of yours was not sent. It is still here."
            several = f"{len(self._unsent)} messages of yours were not sent. They are still here."
            layout.addSpacing(10)
            words = Label(theme, one if len(self._unsent) == 1 else several, role="text-muted", wrap=True)
            layout.addLayout(_row(theme, "copy", words))
        layout.addSpacing(10)
        who = isolated(host) if host else "the host"
        mistake = f"A mistake? Only {who} and the moderators can undo it, or read the reason."
        layout.addLayout(_row(theme, "question", Label(theme, mistake, font="small", role="text-muted", wrap=True)))
        layout.addSpacing(20)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addStretch(1)
        for button in (self._copy, self._leave, self._again):
            buttons.addWidget(button)
        layout.addLayout(buttons)
        return content


class _Reason(QWidget):
    """The reason, behind a red bar."""

    def __init__(self, theme: Theme, reason: str) -> None:
        super().__init__()
        self._theme = theme
        layout = QVBoxLayout(self)
        layout.setContentsMargins(14 + _BAR, 10, 14, 10)
        layout.setSpacing(2)
        layout.addWidget(Label(theme, "Reason", font="small", role="text-muted"))
        layout.addWidget(Label(theme, reason, font="message", wrap=True))

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter, theme, rect = QPainter(self), self._theme, QRectF(self.rect())
        radius = theme.tokens["radius"]["control"]
        paint_panel(painter, rect, radius, theme.color("surface"), theme.color("border"))
        left = self.layoutDirection() != Qt.LayoutDirection.RightToLeft
        bar = QRectF(rect.left() if left else rect.right() - _BAR, rect.top(), _BAR, rect.height())
        painter.fillRect(bar, theme.color("danger"))
        painter.end()


def _row(theme: Theme, picture: str, words: Label) -> QHBoxLayout:
    row = QHBoxLayout()
    row.setSpacing(10)
    row.addWidget(Icon(theme, picture, "text-muted", size=18), 0, Qt.AlignmentFlag.AlignTop)
    row.addWidget(words, 1)
    return row


def end_words(until: str, now: datetime, *, over: bool) -> str:
    """When it ends, in words and by the clock."""
    if over:
        return "You can come in again."
    end = times.local_time(until)
    if end is None:
        return "It has no end. Only the host and moderators can let you in again."
    minutes = max(1, -(-int((end - now).total_seconds()) // 60))
    span = f"{minutes} min" if minutes < _HOUR else f"{minutes // _HOUR} h {minutes % _HOUR} min"
    if minutes >= 2 * _DAY:
        span = f"{minutes // _DAY} days"
    day = "today" if end.date() == now.date() else format_day(end.date(), now.date())
    return f"Ends {day} at {end:%H:%M}, in {span}. Then you can come in again."
