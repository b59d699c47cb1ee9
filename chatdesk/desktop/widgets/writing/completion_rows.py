"""The rows of a completion: a model of its choices, and how each is painted."""

from collections.abc import Sequence

from PySide6.QtCore import QAbstractListModel, QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QFontMetricsF, QPainter, QTextCharFormat, QTextLayout, QTextOption
from PySide6.QtWidgets import QStyle, QStyledItemDelegate, QStyleOptionViewItem, QWidget

from chatdesk.client.completion import Choice
from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.avatar import paint_avatar
from chatdesk.desktop.widgets.common.painting import paint_panel
from chatdesk.desktop.widgets.common.text_painting import (
    elided,
    emoji_formats,
    format_range,
    paint_line,
    text_width,
    utf16_length,
)
from chatdesk.protocol.events import User
from chatdesk.protocol.text import isolated

CHOICE = Qt.ItemDataRole.UserRole
"""The role for the ``Choice`` itself."""
ROW_HEIGHT = 38
# Pixels of the design, at 100 percent text.
_INSET, _PICTURE, _GAP, _DETAIL_GAP = 4, 24, 12, 10
_PICTURE_LEFT = 16
_ICON = 20
_GLYPH = 22
_KEY, _KEY_HEIGHT, _KEY_PADDING, _KEY_RIGHT = "Tab", 20, 6, 16

_Index = QModelIndex | QPersistentModelIndex


class ChoicesModel(QAbstractListModel):
    """Rows of ``Choice``."""

    def __init__(self) -> None:
        super().__init__()
        self._choices: Sequence[Choice] = ()

    def set_choices(self, choices: Sequence[Choice]) -> None:
        """Show these choices."""
        self.beginResetModel()
        self._choices = choices
        self.endResetModel()

    def rowCount(self, parent: _Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._choices)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        choice = self._choices[index.row()]
        if role == CHOICE:
            return choice
        if role == Qt.ItemDataRole.DisplayRole:
            return choice.label
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return ", ".join(filter(None, (isolated(choice.label), choice.detail)))
        return None


class ChoiceDelegate(QStyledItemDelegate):
    """Paints picture, label with what was typed in semibold, what is said of it, and the key that takes it."""

    def __init__(self, theme: Theme, parent: QWidget) -> None:
        super().__init__(parent)
        self._theme = theme

    def sizeHint(self, _option: QStyleOptionViewItem, _index: _Index) -> QSize:
        return QSize(120, self._theme.px(ROW_HEIGHT))

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: _Index) -> None:
        choice: Choice = index.data(CHOICE)
        theme, row = self._theme, QRectF(option.rect)
        chosen = bool(option.state & QStyle.StateFlag.State_Selected)
        painter.save()
        if chosen:
            border = theme.color("focus") if theme.high_contrast else None
            background = row.adjusted(_INSET, 0, -_INSET, 0)
            paint_panel(painter, background, theme.tokens["radius"]["row"], theme.color("surface-selected"), border)
        elif option.state & QStyle.StateFlag.State_MouseOver:
            background = row.adjusted(_INSET, 0, -_INSET, 0)
            paint_panel(painter, background, theme.tokens["radius"]["row"], theme.color("raised-hover"))
        side = theme.px(_PICTURE)
        picture = self._mirrored(row, _PICTURE_LEFT, side, option)
        self._paint_picture(painter, QRectF(picture.left(), row.center().y() - side / 2, side, side), choice.picture)
        end = self._paint_key(painter, row, option) if chosen else _KEY_RIGHT
        start = _PICTURE_LEFT + side + _GAP
        self._paint_words(painter, self._mirrored(row, start, row.width() - start - end, option), choice)
        painter.restore()

    def _mirrored(self, row: QRectF, start: float, width: float, option: QStyleOptionViewItem) -> QRectF:
        """A part of the row, ``start`` pixels from where its text begins."""
        left = row.right() - start - width if option.direction == Qt.LayoutDirection.RightToLeft else row.left() + start
        return QRectF(left, row.top(), max(width, 0), row.height())

    def _paint_picture(self, painter: QPainter, rect: QRectF, picture: User | str) -> None:
        theme = self._theme
        if isinstance(picture, User):
            presence = picture.status if picture.status in ("away", "busy") else "online"
            paint_avatar(painter, rect, picture.nickname, theme, presence, author=picture.author)
        elif picture.isascii():
            side = theme.px(_ICON)
            at = rect.center() - QPointF(side / 2, side / 2)
            paint_icon(painter, QRectF(at.x(), at.y(), side, side), picture, theme.color("text-muted"))
        else:
            font = theme.font("ui")
            font.setPixelSize(theme.px(_GLYPH))
            painter.setFont(font)
            painter.drawText(rect.adjusted(-8, -8, 8, 8), Qt.AlignmentFlag.AlignCenter, picture)

    def _paint_key(self, painter: QPainter, row: QRectF, option: QStyleOptionViewItem) -> float:
        """Paint the key that takes the choice; returns how much of the row's end it takes."""
        theme, font = self._theme, self._theme.font("small")
        width = QFontMetricsF(font).horizontalAdvance(_KEY) + 2 * theme.px(_KEY_PADDING)
        place = self._mirrored(row, row.width() - _KEY_RIGHT - width, width, option)
        height = theme.px(_KEY_HEIGHT)
        cap = QRectF(place.left(), round(row.center().y() - height / 2), width, height)
        border = theme.color("border-strong" if theme.high_contrast else "border")
        paint_panel(painter, cap, theme.tokens["radius"]["small"], theme.color("surface-raised"), border)
        painter.setFont(font)
        painter.setPen(theme.color("text-muted"))
        painter.drawText(cap, Qt.AlignmentFlag.AlignCenter, _KEY)
        return _KEY_RIGHT + width + _GAP

    def _paint_words(self, painter: QPainter, rect: QRectF, choice: Choice) -> None:
        """Paint label and detail; the label may take all of the room, but not of the words about somebody outside."""
        theme, font, small = self._theme, self._theme.font("ui"), self._theme.font("label", 400)
        kept = text_width(choice.detail, small) + theme.px(_DETAIL_GAP) + 1 if choice.muted else 0
        label = elided(choice.label, font, rect.width() - kept)
        layout = self._layout(label, choice.found, painter)
        width = layout.lineAt(0).naturalTextWidth()
        rightwards = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        left = rect.right() - width if rightwards else rect.left()
        painter.setPen(theme.color("text-muted" if choice.muted else "text"))
        layout.draw(painter, QPointF(left, rect.center().y() - layout.lineAt(0).height() / 2))
        room = rect.width() - width - theme.px(_DETAIL_GAP)
        if choice.detail and room > text_width("…", small):
            painter.setFont(small)
            painter.setPen(theme.color("text-muted"))
            beside = QRectF(rect.left() if rightwards else rect.right() - room, rect.top(), room, rect.height())
            align = Qt.AlignmentFlag.AlignRight if rightwards else Qt.AlignmentFlag.AlignLeft
            paint_line(painter, beside, elided(choice.detail, small, room), align)

    def _layout(self, label: str, found: tuple[int, int], painter: QPainter) -> QTextLayout:
        """The label as one line, with the letters that were typed in semibold."""
        font = self._theme.font("ui")
        bold = QTextCharFormat()
        bold.setFontWeight(SEMIBOLD)
        start, length = (utf16_length(label[: found[0]]), utf16_length(label[found[0] : found[1]]))
        layout = QTextLayout(label, font, painter.device())
        layout.setFormats([*emoji_formats(label, font), *([format_range(start, length, bold)] if length else [])])
        option = QTextOption()
        option.setTextDirection(Qt.LayoutDirection.LayoutDirectionAuto)
        option.setWrapMode(QTextOption.WrapMode.NoWrap)
        layout.setTextOption(option)
        layout.beginLayout()
        layout.createLine()
        layout.endLayout()
        return layout
