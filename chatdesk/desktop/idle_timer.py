"""Somebody who looks elsewhere for minutes is away."""

from PySide6.QtCore import QTimer

from chatdesk.client.own_presence import OwnPresence

IDLE_MS = 5 * 60 * 1000
"""Long enough to read something elsewhere, short enough that others need not wait for an answer."""


class IdleTimer(QTimer):
    """Runs while the window is not the active one; at its end, others see that the person is away."""

    def __init__(self, presence: OwnPresence) -> None:
        super().__init__(singleShot=True, interval=IDLE_MS)
        self._presence = presence
        self.timeout.connect(self._become_idle)

    def _become_idle(self) -> None:
        self._presence.set_idle(True)
