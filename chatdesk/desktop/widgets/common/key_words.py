"""The four words of a key, as tiles with their numbers, large enough to be read aloud."""

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import paint_panel

# Pixels of the design, at 100 percent text.
_GAP, _INNER, _NUMBER = 8, 15, 18
_TILE_HEIGHT, _LINE_HEIGHT = 72, 34
_WIDEST = 145
_LARGE, _SMALL = 20, 16


class KeyWords(QWidget):
    """Tiles in two columns, or as lines in one; ``danger``: they are those of a key that is not the known one."""

    accessible_role = Role.Graphic

    def __init__(self, theme: Theme, words: Sequence[str], *, columns: int = 2, danger: bool = False) -> None:
        super().__init__()
        self._theme, self._words, self._columns, self._danger = theme, tuple(words), columns, danger
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(", ".join(f"{number} {word}" for number, word in enumerate(words, 1)))
        theme.changed.connect(self.updateGeometry)

    def set_words(self, words: Sequence[str]) -> None:
        """Show other words."""
        self._words = tuple(words)
        self.setAccessibleName(", ".join(f"{number} {word}" for number, word in enumerate(words, 1)))
        self.update()

    def sizeHint(self) -> QSize:
        rows = -(-len(self._words) // self._columns)
        width = self._columns * self._theme.px(_WIDEST) + (self._columns - 1) * _GAP
        return QSize(width, rows * self._tile_height() + (rows - 1) * _GAP)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        width = (self.width() - (self._columns - 1) * _GAP) / self._columns
        height = self._tile_height()
        for place, word in enumerate(self._words):
            row, column = divmod(place, self._columns)
            self._paint_tile(
                painter, QRectF(column * (width + _GAP), row * (height + _GAP), width, height), place, word
            )
        painter.end()

    def _paint_tile(self, painter: QPainter, tile: QRectF, place: int, word: str) -> None:
        theme = self._theme
        border = theme.color("border-strong") if theme.high_contrast else None
        ground = theme.color("danger-soft" if self._danger else "background")
        paint_panel(painter, tile, theme.tokens["radius"]["control"], ground, border)
        inner = tile.adjusted(theme.px(_INNER), 0, -theme.px(_INNER), 0)
        painter.setFont(theme.font("label"))
        painter.setPen(theme.color("danger-soft-text" if self._danger else "text-muted"))
        middle = Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft
        painter.drawText(inner, middle, str(place + 1))
        font = theme.font("code")
        font.setPixelSize(theme.px(_LARGE if self._columns == 2 else _SMALL))
        painter.setFont(font)
        painter.setPen(theme.color("danger-soft-text" if self._danger else "text"))
        painter.drawText(inner.adjusted(theme.px(_NUMBER), 0, 0, 0), middle, word)

    def _tile_height(self) -> int:
        return self._theme.px(_TILE_HEIGHT if self._columns == 2 else _LINE_HEIGHT)
