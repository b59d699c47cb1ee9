"""Somebody who waits to come in, with the two answers."""

from PySide6.QtWidgets import QVBoxLayout

from chatdesk.desktop.text import pluralized
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.avatar import Avatar
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.order.board_row import BoardRow
from chatdesk.protocol.admission_events import Waiter
from chatdesk.protocol.text import isolated

_AVATAR = 36
"""Pixels of the design, at 100 percent text."""
_KINDS = {"window": "Window", "browser": "Browser", "phone": "Phone", "terminal": "Terminal", "bot": "Bot"}


class WaitingRow(BoardRow):
    """``accepted``: they are let in; ``refused``: they are turned away."""

    def __init__(self, theme: Theme, waiter: Waiter) -> None:
        self.author = waiter.author
        self._avatar = Avatar(theme, _AVATAR, waiter.nickname)
        self._name = Label(theme, weight=500, elide=True)
        self._about = Label(theme, font="label", weight=400, role="text-muted", elide=True)
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(self._name)
        words.addWidget(self._about)
        super().__init__(theme, (self._avatar,), words, "Turn away", "Let in")
        self.show_waiter(waiter)

    def show_waiter(self, waiter: Waiter) -> None:
        """Show how the person is called now, and for how long they have waited."""
        kind = _KINDS.get(waiter.client, "Browser")
        about = f"{kind}, connection lost" if waiter.lost else f"{kind}, {waited(waiter.waited)}"
        self._avatar.set_person(waiter.nickname, waiter.author)
        self._name.set_text(waiter.nickname)
        self._about.set_text(about)
        self.setAccessibleName(f"{isolated(waiter.nickname)}, {about}")
        self.accept_button.setAccessibleName(f"Let {isolated(waiter.nickname)} in")
        self.refuse_button.setAccessibleName(f"Turn {isolated(waiter.nickname)} away")


def waited(seconds: int) -> str:
    """Return for how long somebody has waited, in words."""
    if seconds < 10:
        return "just now"
    if seconds < 60:
        return f"waits {seconds} s"
    return f"waits {pluralized(seconds // 60, 'min', 'min')}"
