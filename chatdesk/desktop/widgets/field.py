"""A field with what is wrong with it standing under it; it keeps what was typed."""

from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QAction, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QLineEdit, QToolButton, QVBoxLayout, QWidget

from chatdesk.desktop.icons import icon
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.avatar import paint_avatar, speaking_disc
from chatdesk.desktop.widgets.composition import Composition
from chatdesk.desktop.widgets.focus_events import CaretAtEnd
from chatdesk.desktop.widgets.label import Label
from chatdesk.desktop.widgets.leading_edit import LeadingEdit
from chatdesk.protocol.text import clean_line

_REGULAR = 400
_AVATAR_GAP = 10


class Field(QWidget):
    """One line to type in, ``height`` pixels at 100 percent, and under it the error, if there is one.

    ``on_hero`` is for the petrol panel.
    """

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
        Composition(self.edit)
        self.edit.setAccessibleName(name)
        CaretAtEnd(self.edit)
        self.edit.setPlaceholderText(placeholder)
        self.edit.setProperty("ground", "hero" if on_hero else "paper")
        self._wrong = "hero-text" if on_hero else "danger"  # no red can be read on petrol
        self._sign = QAction(self)
        self._error = Label(theme, font="label", weight=_REGULAR, role=self._wrong, wrap=True)
        self._error.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(6)
        layout.addWidget(self.edit)
        layout.addWidget(self._error)
        self.edit.textEdited.connect(self._forget_error)
        theme.changed.connect(self._restyle)
        self._restyle()

    @property
    def text(self) -> str:
        """What stands in it, clean and without surrounding spaces."""
        return clean_line(self.edit.text())

    @property
    def error(self) -> str:
        """What is wrong, or nothing."""
        return self._error.text()

    def set_error(self, sentence: str) -> None:
        """Say what is wrong and the way out; empty for nothing."""
        self._error.set_text(sentence)
        self._error.setVisible(bool(sentence))
        self.edit.setAccessibleDescription(sentence)
        self.edit.setProperty("wrong", bool(sentence))
        self.edit.style().polish(self.edit)
        if sentence and self._sign not in self.edit.actions():
            self.edit.addAction(self._sign, QLineEdit.ActionPosition.TrailingPosition)
            for button in self.edit.findChildren(QToolButton):
                button.setAccessibleName("Error")  # an action's text would be a tooltip, too
        elif not sentence:
            self.edit.removeAction(self._sign)

    def _forget_error(self) -> None:
        self.set_error("")

    def _restyle(self) -> None:
        self.edit.setFixedHeight(self._theme.px(self._height))
        self.edit.setFont(self._theme.font(self._font, _REGULAR))
        self._sign.setIcon(icon(self._theme, "warning", self._wrong, 18))


class NameEdit(LeadingEdit):
    """A nickname being typed, with the avatar it will have."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.textChanged.connect(self.update)
        theme.changed.connect(self._restyle)
        self._restyle()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._restyle()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        painter = QPainter(self)
        if nickname := self.text().strip():
            paint_avatar(painter, self._place(), nickname, self._theme)
        else:
            self._paint_nobody(painter)
        painter.end()

    def _paint_nobody(self, painter: QPainter) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(self._theme.color("border") if self._theme.high_contrast else Qt.PenStyle.NoPen)
        painter.setBrush(self._theme.color("surface-sunken"))
        painter.drawPath(speaking_disc(self._place(), self._theme, mirrored=self._leftwards))

    def _place(self) -> QRectF:
        """The avatar's square: as far from the edge as from top and bottom."""
        side = self._theme.px(self._theme.tokens["size"]["avatar"]["field"])
        top = (self.height() - side) / 2
        return self._mirrored(QRectF(top + 1, top, side, side))

    def _restyle(self) -> None:
        place = self._place()
        self._set_lead(place.top() + place.width() + self._theme.px(_AVATAR_GAP))
