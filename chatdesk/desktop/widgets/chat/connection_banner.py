"""The banner below the top bar: a lost connection, the end of the chat, or a host that cannot store messages."""

from dataclasses import dataclass
from math import ceil
from time import monotonic

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chatdesk.client.changes import Ended, Lost, Online, Resumed, Status
from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.text import pluralized
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.countdown_ring import CountdownRing
from chatdesk.desktop.widgets.common.button import DANGER, Button, ButtonLook
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.margins import set_margins

_SILENT_LOSS_SECONDS = 5.0
"""Seconds: most losses, such as of a sleeping Wi-Fi, are over by then, and need no attention."""

_BACK_ONLINE_MS = 3000  # long enough to read two short sentences
_TRY_NOW = ButtonLook(None, "surface-raised", "warning-soft-text", "warning-soft-text")


@dataclass(frozen=True, slots=True)
class _Severity:
    """The colour role of the background, which also names that of the text, and the icon."""

    background: str
    icon: str

    @property
    def text(self) -> str:
        return f"{self.background}-text"


_LOST = _Severity("warning-soft", "wifi-off")
_ENDED = _Severity("danger-soft", "warning")
_EXPIRING = _Severity("warning-soft", "clock")
_SOON_SECONDS = 60
_NEW_TOKEN = "New token"  # noqa: S105
_STORAGE_FAILED = _Severity("danger-soft", "disk")
_BACK_ONLINE = _Severity("success-soft", "check")
_STORAGE_WORKS = "Messages are kept again."

_ALWAYS_SHOWN = ("some", "none")
"""Results of a reconnect with lost messages, which are shown however short the loss was."""

_RESUMED: dict[Resumed, str] = {
    "all": "Back online. Nothing was missed.",
    "some": "Back online. Some messages were missed, the host no longer has them.",
    "none": "Back online. The host has started afresh, earlier messages are gone.",
}


class ConnectionBanner(QWidget):
    """Hidden while there is nothing to say. At most one button: ``try_now``, ``join_again`` or ``renew``."""

    try_now = Signal()
    join_again = Signal()
    renew = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._status: Status | None = None
        self._waiting = 0
        self._may_join_again = True
        self._storage_problem = ""
        self._severity = _LOST
        self._icon = Icon(theme, _LOST.icon, _LOST.text)
        self._text = Label(theme, wrap=True, tabular=True)
        self._ring = CountdownRing(theme, _LOST.text)
        self._try_now_button = Button(theme, "Try now", _TRY_NOW)
        self._join_again_button = Button(theme, "Join again", DANGER)
        self._renew_button = Button(theme, _NEW_TOKEN, _TRY_NOW)
        self._renew_button.clicked.connect(self.renew)
        self._sign_in_ends: float | None = None
        self._sign_in_timer = QTimer(self, singleShot=True)
        self._sign_in_timer.timeout.connect(self._show_sign_in)
        self._try_now_button.clicked.connect(self.try_now)
        self._join_again_button.clicked.connect(self.join_again)
        self._countdown_timer = QTimer(self, interval=1000)
        self._countdown_timer.timeout.connect(self._show_countdown)
        self._hide_timer = QTimer(self, singleShot=True, interval=_BACK_ONLINE_MS)
        self._hide_timer.timeout.connect(self.hide)
        self._lay_out()
        theme.changed.connect(self._apply_theme)
        self._apply_theme()
        self.hide()

    def allow_join_again(self, allowed: bool) -> None:
        """Whether somebody whose connection has ended may try again; who is banned may not before the end."""
        self._may_join_again = allowed
        if isinstance(self._status, Ended):
            self._show_sentence(_ENDED, self._status.sentence)

    def show_status(
        self, status: Status, waiting: int, storage_problem: str = "", sign_in_ends: float | None = None
    ) -> None:
        """Show the state of the connection; ``waiting`` is the number of messages in the outbox.

        ``sign_in_ends`` is when the token ends, by ``time.monotonic``; a minute before, another one is asked for.

        ``storage_problem`` is why the host cannot store messages. It is more serious than a lost connection, and less
        than the end.
        """
        was_lost = isinstance(self._status, Lost) and not self.isHidden()
        storage_works = bool(self._storage_problem) and not storage_problem
        changed = status != self._status or storage_problem != self._storage_problem
        if changed:
            self._hide_timer.stop()
            self._countdown_timer.stop()
        renewed = sign_in_ends != self._sign_in_ends
        self._sign_in_ends = sign_in_ends
        self._waiting, self._status, self._storage_problem = waiting, status, storage_problem
        match status:
            case Ended():
                self._show_sentence(_ENDED, status.sentence)
            case _ if storage_problem:
                self._show_sentence(_STORAGE_FAILED, storage_problem)
            case Lost():
                if changed and status.retry_at is not None:
                    self._ring.run_until(status.retry_at)
                self._countdown_timer.start()
                self._show_countdown()
            case Online() if storage_works:
                self._show_back_online(_STORAGE_WORKS)
            case Online() if was_lost or (changed and status.resumed in _ALWAYS_SHOWN):
                self._show_back_online(_RESUMED[status.resumed or "all"])
            case _ if changed or renewed:
                self.hide()
        self._show_sign_in()

    def _show_sign_in(self) -> None:
        """Count down to the end of the token, once it is soon and nothing more serious is shown."""
        self._sign_in_timer.stop()
        if self._sign_in_ends is None or not isinstance(self._status, Online) or self._storage_problem:
            return None
        left = ceil(self._sign_in_ends - monotonic())
        if left > _SOON_SECONDS:
            return self._sign_in_timer.start((left - _SOON_SECONDS) * 1000)
        self._sign_in_timer.start(1000)
        when = f"ends in {left}\u00a0s" if left > 0 else "has ended"
        strong = f"{left}\u00a0s" if left > 0 else ""
        return self._show_sentence(_EXPIRING, f"Your sign-in {when}. With a new token you stay in the chat.", strong)

    def _show_back_online(self, sentence: str) -> None:
        self._show_sentence(_BACK_ONLINE, sentence)
        self._hide_timer.start()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color(self._severity.background))
        if self._theme.high_contrast:
            painter.fillRect(0, self.height() - 1, self.width(), 1, self._theme.color("border"))
        painter.end()

    def _show_countdown(self) -> None:
        """Show that the connection is lost, and the seconds until the next attempt."""
        lost = self._status
        if not isinstance(lost, Lost) or (monotonic() - lost.since < _SILENT_LOSS_SECONDS and not lost.goodbye):
            return
        left = ceil(lost.retry_at - monotonic()) if lost.retry_at is not None else 0
        when = f"in {left}\u00a0s" if left > 0 else "now"
        what, again = ("The host has closed the chat", "Looking") if lost.goodbye else ("Connection lost", "Trying")
        waiting = ""
        if self._waiting and not lost.goodbye:
            waiting = f", {pluralized(self._waiting, 'message waits', 'messages wait')}"
        self._show_sentence(
            _LOST, f"{what}{waiting}. {again} again {when}.", strong=f"{left}\u00a0s", counting=left > 0
        )

    def _show_sentence(self, severity: _Severity, sentence: str, strong: str = "", *, counting: bool = False) -> None:
        new = self.isHidden() or severity is not self._severity
        self._severity = severity
        self._icon.set_icon(severity.icon, severity.text)
        self._text.set_role(severity.text)
        self._text.set_text(sentence, strong)
        self._ring.setVisible(counting and self._theme.motion("base") > 0)
        self._ring.update()
        self._try_now_button.setVisible(counting)
        self._renew_button.setVisible(severity is _EXPIRING)
        self._join_again_button.setVisible(severity is _ENDED and self._may_join_again)
        needs_token = isinstance(self._status, Ended) and self._status.token_needed
        self._join_again_button.setText(_NEW_TOKEN if needs_token else "Join again")
        self.show()
        self.update()
        if new:
            announce(self, sentence)

    def _lay_out(self) -> None:
        layout = QHBoxLayout(self)
        set_margins(layout, 16, 6, 9, 6)
        layout.setSpacing(12)
        layout.addWidget(self._icon)
        layout.addWidget(self._text, 1)
        for part in (self._ring, self._try_now_button, self._renew_button, self._join_again_button):
            layout.addWidget(part)

    def _apply_theme(self) -> None:
        self.setMinimumHeight(self._theme.px(self._theme.tokens["size"]["banner"]))
        self.update()
