"""What a message is written in: as high as its text, with Enter that sends and Shift+Enter that breaks the line."""

from math import ceil

from PySide6.QtCore import QMimeData, QSize, Qt, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QResizeEvent, QTextOption
from PySide6.QtWidgets import QFrame, QPlainTextEdit

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.input_method import CompositionGuard
from chatdesk.desktop.widgets.common.scroll_bar import ScrollBar
from chatdesk.protocol.text import clean_text

_MAX_SHARE_OF_WINDOW = 0.28
"""The text's largest share of the window's height, so that the messages being answered stay visible."""


class MessageEdit(QPlainTextEdit):
    """The editor: as high as its text, up to the design's number of lines."""

    submitted = Signal()
    escaped = Signal()
    focus_changed = Signal()

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme, self._hint = theme, ""
        self._composition = CompositionGuard(self)
        self._composition.changed.connect(self._show_hint)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setAccessibleName("Message")
        self.setTabChangesFocus(True)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setWordWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
        self.document().setDocumentMargin(0)
        ScrollBar(theme, self)
        self.document().documentLayout().documentSizeChanged.connect(self.fit_to_text)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    @property
    def text(self) -> str:
        """The cleaned text. ``toPlainText`` would replace non-breaking spaces."""
        return clean_text(self.document().toRawText())

    def insertFromMimeData(self, source: QMimeData) -> None:
        """Insert what is pasted or dropped as cleaned plain text."""
        self.insertPlainText(clean_text(source.text()))
        self.ensureCursorVisible()

    def createMimeDataFromSelection(self) -> QMimeData:
        """Return what is copied, cut or dragged, with its non-breaking spaces.

        Qt makes the object: without X11 or Wayland (VNC, a framebuffer) it deletes what is on the clipboard only after
        Python has ended, and one made here would crash the program then.
        """
        data = super().createMimeDataFromSelection()
        data.text()  # Qt fills it in when it is first read, which would bring back all that is cleared now
        data.clear()
        data.setText(clean_text(self.textCursor().selectedText()))
        return data

    def set_hint(self, hint: str) -> None:
        """Set the placeholder, which is elided to one line."""
        if hint != self._hint:
            self._hint = hint
            self.setAccessibleDescription(hint)
            self.fit_to_text()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if enter and not event.modifiers() & Qt.KeyboardModifier.ShiftModifier:
            self.submitted.emit()
        elif event.key() == Qt.Key.Key_Escape and not event.modifiers():
            self.escaped.emit()
            event.ignore()  # others may close something, too
        else:
            super().keyPressEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.fit_to_text()
        self.ensureCursorVisible()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.focus_changed.emit()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.focus_changed.emit()

    def minimumSizeHint(self) -> QSize:
        return QSize(80, self._line_height())

    def fit_to_text(self) -> None:
        """Adjust the height to the text, within the limits."""
        lines = max(1, ceil(self.document().size().height()))  # the layout of a plain text document counts in lines
        fitting = int(self.window().height() * _MAX_SHARE_OF_WINDOW) // self._line_height()
        max_lines = max(1, min(self._theme.tokens["size"]["composer"]["maxLines"], fitting))
        extra_height = max(0, self._theme.px(36) - self._line_height())
        self.setViewportMargins(0, extra_height // 2, 0, extra_height - extra_height // 2)
        self.setFixedHeight(min(lines, max_lines) * self._line_height() + extra_height)
        self._show_hint()
        scroll = Qt.ScrollBarPolicy.ScrollBarAsNeeded if lines > max_lines else Qt.ScrollBarPolicy.ScrollBarAlwaysOff
        self.setVerticalScrollBarPolicy(scroll)

    def _show_hint(self) -> None:
        """Set Qt's placeholder, but not during a composition, as Qt would paint both."""
        width = self.viewport().width()
        hint = self.fontMetrics().elidedText(self._hint, Qt.TextElideMode.ElideRight, width)
        self.setPlaceholderText("" if self._composition.active else hint)

    def _line_height(self) -> int:
        return self.fontMetrics().lineSpacing()

    def _apply_theme(self) -> None:
        self.setFont(self._theme.font("message"))
        self.viewport().setFont(self.font())  # for the placeholder
        self.fit_to_text()
