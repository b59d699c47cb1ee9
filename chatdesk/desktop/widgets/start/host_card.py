"""The Host card of the start screen: one field, one button, and a picture of speech bubbles on a desk."""

from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QVBoxLayout, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.avatar import disc_with_corner
from chatdesk.desktop.widgets.common.button import ON_HERO, Button
from chatdesk.desktop.widgets.common.field import Field
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.painting import paint_panel, speech_bubble

# Pixels of the design, at 100 percent text.
_DESK = 10
_BUTTON = 88
_NAME_LENGTH = 64  # characters that the server accepts
_PEOPLE_HUES = ("honey", "coral", "jade")


class HostCard(QWidget):
    """Says what hosting means and asks for the room's name, which ``host`` carries."""

    host = Signal(str)

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self._room = Field(theme, "Name of the room", placeholder="ChatDesk", on_hero=True)
        self._room.edit.setMaxLength(_NAME_LENGTH)
        self._button = Button(theme, "Host", ON_HERO, size="large", min_width=_BUTTON)
        self._button.clicked.connect(self._submit)
        self._room.edit.returnPressed.connect(self._submit)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(24, 23, 24, 24)
        layout.setSpacing(0)
        layout.addWidget(Label(theme, "Host a room", font="figure", role="hero-text"))
        layout.addSpacing(4)
        explanation = "Your computer carries the chat. Phones and laptops nearby join it. No internet needed."
        layout.addWidget(Label(theme, explanation, role="hero-muted", wrap=True))
        layout.addSpacing(18)
        layout.addWidget(Label(theme, "Room", font="small", role="hero-muted"))
        layout.addSpacing(5)
        layout.addLayout(self._row())
        layout.addSpacing(24)
        layout.addWidget(_Bubbles(theme), 1)

    def set_room_name(self, name: str) -> None:
        """Set the text of the field."""
        self._room.edit.setText(name)

    def set_error(self, sentence: str) -> None:
        """Show why the room could not be opened; empty removes the error."""
        self._room.set_error(sentence)

    def set_focus(self) -> None:
        """Focus the field and select its text."""
        self._room.edit.setFocus()
        self._room.edit.selectAll()

    def set_locked(self, locked: bool, verb: str) -> None:
        """Disable or enable the card; ``verb`` is the text of its button."""
        self._room.setEnabled(not locked)
        self._button.setEnabled(not locked)
        self._button.setText(verb)
        self._button.updateGeometry()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        border = self._theme.color("border") if self._theme.high_contrast else None
        paint_panel(painter, QRectF(self.rect()), 16, self._theme.color("hero"), border)
        painter.end()

    def _row(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._room, 1)
        row.addWidget(self._button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _submit(self) -> None:
        self.host.emit(self._room.text or self._room.edit.placeholderText())


class _Bubbles(QWidget):
    """Three speech bubbles on a brass desk, the middle one with people in it."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumHeight(_DESK)
        theme.changed.connect(self.update)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        desk = self.height() - _DESK
        if desk >= 120 and self.width() >= 328:  # all of the picture fits; else the desk alone is painted
            painter.translate((self.width() - 336) / 2, desk - 118)
            self._paint_bubbles(painter)
            painter.resetTransform()
        painter.setBrush(self._theme.color("lamp"))
        painter.drawRoundedRect(QRectF(0, desk, self.width(), _DESK), _DESK / 2, _DESK / 2)
        painter.end()

    def _paint_bubbles(self, painter: QPainter) -> None:
        """In a space 336 wide whose desk is at 118."""
        painter.setBrush(self._theme.color("hero-line"))
        painter.drawPath(speech_bubble(QRectF(4, 56, 76, 44), 14, 118, (23, 42, 30)))
        painter.drawPath(speech_bubble(QRectF(248, 42, 84, 54), 16, 118, (311, 292, 304)))
        painter.setBrush(self._theme.color("hero-text"))
        painter.drawPath(speech_bubble(QRectF(98, 0, 132, 86), 22, 118, (126, 155, 134)))
        hues = {hue["name"]: hue["fill"] for hue in self._theme.tokens["avatar"]["light"]}
        for index, name in enumerate(_PEOPLE_HUES):
            painter.setBrush(hues[name])
            painter.drawPath(disc_with_corner(QRectF(116 + index * 35, 30, 26, 26), self._theme))
