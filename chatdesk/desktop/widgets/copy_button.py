"""A button that copies, and says for two seconds that it has."""

from PySide6.QtCore import QSize, QTimer
from PySide6.QtGui import QFontMetrics, QGuiApplication

from chatdesk.desktop.announce import announce
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.button import DONE, SECONDARY, Button
from chatdesk.desktop.widgets.tip import set_tip

_STAYS = 2000


class CopyButton(Button):
    """Copies a text that ``what`` names, as in "Copy address"; that is what is read out, ``verb`` is what is shown."""

    def __init__(self, theme: Theme, what: str, verb: str = "Copy") -> None:
        super().__init__(theme, verb, SECONDARY, icon="copy")
        self._what, self._verb, self._copied = what, verb, ""
        self.setAccessibleName(f"Copy {what}")
        self._back = QTimer(self, singleShot=True, interval=_STAYS)
        self._back.timeout.connect(self._rest)
        self.clicked.connect(self._copy)

    def set_copied(self, text: str) -> None:
        """Copy this from now on."""
        self._copied = text
        set_tip(self, text)
        self._rest()

    def sizeHint(self) -> QSize:
        """As wide as the wider word, so that nothing moves."""
        metrics = QFontMetrics(self.font())
        wider = max(*(metrics.horizontalAdvance(word) for word in ("Copied", self._verb)))
        wider -= metrics.horizontalAdvance(self.text())
        return super().sizeHint() + QSize(wider, 0)

    def _copy(self) -> None:
        QGuiApplication.clipboard().setText(self._copied)
        self.setText("Copied")
        self.set_look(DONE, "check")
        self._back.start()
        announce(self, f"Copied {self._what}")

    def _rest(self) -> None:
        self._back.stop()
        self.setText(self._verb)
        self.set_look(SECONDARY, "copy")
