"""Margins in an interface that reads from right to left."""

from PySide6.QtCore import QMargins, Qt
from PySide6.QtWidgets import QApplication, QHBoxLayout, QWidget

from chatdesk.desktop.widgets.common.margins import set_margins


def test_the_margin_at_the_start_is_where_lines_begin(qapp: QApplication) -> None:
    holder = QWidget()
    layout = QHBoxLayout(holder)
    set_margins(layout, 20, 1, 4, 2)
    assert layout.contentsMargins() == QMargins(20, 1, 4, 2)
    qapp.setLayoutDirection(Qt.LayoutDirection.RightToLeft)
    try:
        set_margins(layout, 20, 1, 4, 2)
        assert layout.contentsMargins() == QMargins(4, 1, 20, 2)
    finally:
        qapp.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
