"""A line to type in, with its error below it, and a line edit that keeps room for a picture."""

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLineEdit, QToolButton, QVBoxLayout, QWidget

from chatdesk.desktop.icons import icon
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.input_method import CompositionGuard
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.screen_reader import CaretAtEnd
from chatdesk.protocol.text import clean_line

_REGULAR = 400
_OWN_MARGIN = 13
"""Pixels that a line edit keeps before its text: the padding of the stylesheet and Qt's own margin."""


class Field(QWidget):
    """A line edit, ``height`` pixels at 100 percent text, with the accessible name ``name``, and its error below it.

    ``edit`` replaces the plain line edit; ``on_hero`` is for a field on the petrol card.
    """

    _has_error_icon = True

    def __init__(
        self,
        theme: Theme,
        name: str,
        *,
        placeholder: str = "",
        height: int = 44,
        font: str = "message",
        on_hero: bool = False,
        edit: QLineEdit | None = None,
    ) -> None:
        super().__init__()
        self._theme, self._height, self._font = theme, height, font
        self.edit = edit or QLineEdit()
        CompositionGuard(self.edit)
        self.edit.setAccessibleName(name)
        CaretAtEnd(self.edit)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setProperty("ground", "hero" if on_hero else "paper")
        self._error_role = "hero-text" if on_hero else "danger"  # no red is legible on petrol
        self._error_icon = QAction(self)
        self._error = Label(theme, font="label", weight=_REGULAR, role=self._error_role, wrap=True)
        self._error.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.edit)
        layout.addWidget(self._error)
        self.edit.textEdited.connect(self._clear_error)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    @property
    def text(self) -> str:
        """The typed text, cleaned as for the wire, without surrounding spaces."""
        return clean_line(self.edit.text())

    @property
    def error(self) -> str:
        """The error that is shown; empty for none."""
        return self._error.text()

    def set_error(self, sentence: str) -> None:
        """Show this error below the field, also to screen readers; an empty sentence removes it."""
        self._error.set_text(sentence)
        self._error.setVisible(bool(sentence))
        self.edit.setAccessibleDescription(sentence)
        self.edit.setProperty("wrong", bool(sentence))
        self.edit.style().polish(self.edit)
        if sentence and self._has_error_icon and self._error_icon not in self.edit.actions():
            self.edit.addAction(self._error_icon, QLineEdit.ActionPosition.TrailingPosition)
            for button in self.edit.findChildren(QToolButton):
                button.setAccessibleName("Error")  # the text of an action would be a tooltip as well
        elif not sentence:
            self.edit.removeAction(self._error_icon)

    def _clear_error(self) -> None:
        self.set_error("")

    def _apply_theme(self) -> None:
        self.edit.setFixedHeight(self._theme.px(self._height))
        self.edit.setFont(self._theme.font(self._font, _REGULAR))
        self._error_icon.setIcon(icon(self._theme, "warning", self._error_role, 18))


class LeadingIconEdit(QLineEdit):
    """A line edit that keeps room for a picture at the start of its text; a subclass paints the picture."""

    _text_start = 0.0

    def _set_text_start(self, start: float) -> None:
        """Start the text this many pixels from the edge."""
        self._text_start = start
        self._update_margins()

    @property
    def _right_to_left(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _mirrored(self, rect: QRectF) -> QRectF:
        """Mirror a rectangle where text is read from right to left."""
        if self._right_to_left:
            rect.moveLeft(self.width() - rect.right())
        return rect

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._update_margins()

    def _update_margins(self) -> None:
        margin = round(self._text_start) - _OWN_MARGIN
        self.setTextMargins(0 if self._right_to_left else margin, 0, margin if self._right_to_left else 0, 0)
