"""Says above the composer why something was not sent, and offers to send it as text."""

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import SECONDARY, Button
from chatdesk.desktop.widgets.common.floating_card import FloatingCard
from chatdesk.desktop.widgets.common.label import Label

_PAD = (16, 10, 10, 10)


class NotSentCard(FloatingCard):
    """``as_text_requested`` is emitted when the person wants what is written sent as it is."""

    as_text_requested = Signal()

    def __init__(self, theme: Theme, anchor: QWidget) -> None:
        super().__init__(theme, anchor)
        self._sentence = Label(theme, wrap=True)
        self._as_text = Button(theme, "Send as text", SECONDARY)
        self._as_text.clicked.connect(self.as_text_requested)
        content = QWidget()
        layout = QHBoxLayout(content)
        layout.setContentsMargins(*_PAD)
        layout.setSpacing(12)
        layout.addWidget(self._sentence, 1, Qt.AlignmentFlag.AlignVCenter)
        layout.addWidget(self._as_text)
        self.set_content(content)

    def show_sentence(self, sentence: str) -> None:
        """Show a sentence until something else is written."""
        self._sentence.set_text(sentence)
        self.open_above()
        announce(self, f"{sentence} Not sent.")

    def _content_height(self, width: int) -> int:
        left, top, right, bottom = _PAD
        room = width - left - right - 12 - self._as_text.sizeHint().width()
        return max(self._sentence.heightForWidth(room), self._as_text.sizeHint().height()) + top + bottom
