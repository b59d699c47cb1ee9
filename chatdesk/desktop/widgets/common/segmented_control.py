"""A segmented control: a radio group of a few short words, side by side in one frame."""

from collections.abc import Mapping

from PySide6.QtCore import QPoint, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QFontMetrics, QPainter, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QButtonGroup, QRadioButton, QSizePolicy, QStyle, QWidget

from chatdesk.desktop.accessibility.roles import Role
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.painting import paint_panel

# Pixels of the design, at 100 percent text.
_HEIGHT = 36
_INSET, _RADIUS = 3, 6
_PADDING = 10


class SegmentedControl[Value](QWidget):
    """``labels`` maps each value to its text; ``chosen`` carries the value that was clicked.

    Where the labels do not fit, they take several rows. ``name`` is what screen readers call the group.
    """

    accessible_role = Role.Grouping

    chosen = Signal(object)

    def __init__(self, theme: Theme, name: str, labels: Mapping[Value, str]) -> None:
        super().__init__()
        self._theme = theme
        self._group = QButtonGroup(self)
        self._segments = {value: _Segment(theme, label, self) for value, label in labels.items()}
        for value, segment in self._segments.items():
            self._group.addButton(segment)
            segment.setAccessibleDescription(name)
            segment.clicked.connect(lambda _checked, value=value: self.chosen.emit(value))
        self.setAccessibleName(name)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Minimum)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        theme.changed.connect(self._apply_theme)

    @property
    def current(self) -> QRadioButton:
        """The chosen segment, where the keyboard focus begins."""
        return next(segment for segment in self._segments.values() if segment.isChecked())

    def set_value(self, value: Value) -> None:
        """Show this value as chosen; emits nothing."""
        self._segments[value].setChecked(True)

    def sizeHint(self) -> QSize:
        return QSize(self._width(len(self._segments)), self.heightForWidth(self._width(len(self._segments))))

    def minimumSizeHint(self) -> QSize:
        return QSize(self._width(1), self._theme.px(_HEIGHT))

    def heightForWidth(self, width: int) -> int:
        rows = -(-len(self._segments) // self._columns(width))
        return rows * self._row() + 2 * _INSET

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter = self._theme, QPainter(self)
        radius = theme.tokens["radius"]["control"]
        paint_panel(painter, QRectF(self.rect()), radius, theme.color("surface-raised"), theme.color("border-strong"))
        painter.end()

    def _arrange(self) -> None:
        """Place the segments. No layout does it: it would answer for the height, whatever the width."""
        columns = self._columns(self.width())
        inner_width = self.width() - 2 * _INSET
        for index, segment in enumerate(self._segments.values()):
            row, column = divmod(index, columns)
            left, right = (inner_width * boundary // columns for boundary in (column, column + 1))
            rect = QRect(_INSET + left, _INSET + row * self._row(), right - left, self._row())
            segment.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), rect))

    def _columns(self, width: int) -> int:
        """Return the most columns that fit the width and give all rows the same length."""
        count = len(self._segments)
        fitting = (columns for columns in range(count, 1, -1) if count % columns == 0 and self._width(columns) <= width)
        return next(fitting, 1)

    def _width(self, columns: int) -> int:
        return columns * max(segment.sizeHint().width() for segment in self._segments.values()) + 2 * _INSET

    def _row(self) -> int:
        return self._theme.px(_HEIGHT) - 2 * _INSET

    def _apply_theme(self) -> None:
        self._arrange()
        self.updateGeometry()
        self.update()


class _Segment(QRadioButton):
    def __init__(self, theme: Theme, label: str, parent: QWidget) -> None:
        super().__init__(label, parent)
        self._theme = theme
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def sizeHint(self) -> QSize:
        text_width = QFontMetrics(self._theme.font("label", SEMIBOLD)).horizontalAdvance(self.text())
        return QSize(text_width + 2 * self._theme.px(_PADDING), self._theme.px(_HEIGHT) - 2 * _INSET)

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def hitButton(self, pos: QPoint) -> bool:
        return self.rect().contains(pos)

    def paintEvent(self, _event: QPaintEvent) -> None:
        theme, painter, chosen = self._theme, QPainter(self), self.isChecked()
        fill = "accent" if chosen else "raised-hover" if self.underMouse() else None
        if fill:
            paint_panel(painter, QRectF(self.rect()), _RADIUS, theme.color(fill))
        painter.setFont(theme.font("label", SEMIBOLD if chosen else None))
        painter.setPen(theme.color("accent-text" if chosen else "text"))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignCenter, self.text())
        painter.end()

    def _apply_theme(self) -> None:
        self.updateGeometry()
        self.update()
