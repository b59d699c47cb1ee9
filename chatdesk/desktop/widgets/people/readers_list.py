"""A list of those who have read a message: avatar, name, and when."""

from PySide6.QtCore import QRect, QRectF, Qt
from PySide6.QtGui import QFont, QFontMetricsF, QPainter
from PySide6.QtWidgets import QStyle

from chatdesk.desktop.models.readers import READER, ReadersModel, time_of
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.people.person_rows import GAP, Index, PersonDelegate, PersonList


class ReadersList(PersonList):
    """Shows a ReadersModel; nothing in it can be chosen."""

    def __init__(self, theme: Theme, model: ReadersModel) -> None:
        super().__init__(theme, model, "Read by")
        self.setItemDelegate(_ReaderDelegate(theme, self))
        self.viewport().setAutoFillBackground(False)


class _ReaderDelegate(PersonDelegate):
    def _font(self) -> QFont:
        return self._theme.font("label", 400)

    def _paint_end(self, painter: QPainter, rect: QRect, index: Index) -> int:
        time, font = time_of(index.data(READER)), self._theme.font("small", tabular=True)
        width = QFontMetricsF(font).horizontalAdvance(time)
        right = rect.right() + 1 - self._side
        place = QRect(round(right - width), rect.top(), round(width), rect.height())
        painter.setFont(font)
        painter.setPen(self._theme.color("text-muted"))
        shown = QRectF(QStyle.visualRect(painter.layoutDirection(), rect, place))
        painter.drawText(shown, Qt.AlignmentFlag.AlignCenter, time)
        return round(right - width - GAP)
