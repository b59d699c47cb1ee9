"""Sample rows, and their pictures."""

from datetime import UTC, datetime

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from chatdesk.client.outbox import Outgoing
from chatdesk.desktop.models.rows import MessageRow, Row, UnsentRow
from chatdesk.desktop.widgets.timeline import row_painter
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.desktop.widgets.timeline.targets import ClickTarget
from chatdesk.protocol.events import Message
from tests.pictures import painted

MOMENT = datetime(2026, 11, 24, 10, 24, tzinfo=UTC).astimezone()


def said(content: str = "Hello", nickname: str = "Kit", *, first: bool = True, own: bool = False) -> MessageRow:
    return MessageRow(Message(nickname, content, "2026-11-24T10:24:00Z", seq=1), MOMENT, first, own)


def unsent(content: str = "Hello", error: str | None = None) -> UnsentRow:
    return UnsentRow(Outgoing("id", content, "2026-11-24T10:24:00Z", error))


def picture(layout: RowLayout, row: Row, *, hovered: bool = False) -> QImage:
    image = QImage(layout.width, row_painter.height(layout, row) + 40, QImage.Format.Format_RGB32)
    image.fill(layout.theme.color("surface"))
    painter = QPainter(image)
    row_painter.paint(painter, layout, row, hovered=hovered)
    painter.end()
    return image


def ink(image: QImage, ground: QColor) -> tuple[int, int, int, int]:
    """Return left, top, right and bottom of all pixels that are not background."""
    around = painted(image, ground)
    return around.left(), around.top(), around.right(), around.bottom()


def hits(layout: RowLayout, row: Row) -> dict[ClickTarget, QPointF]:
    """Return all click targets, each with a point of it."""
    found: dict[ClickTarget, QPointF] = {}
    step = layout.theme.px(4)  # a target grows with the text
    for y in range(0, row_painter.height(layout, row), step):
        for x in range(0, layout.width, step):
            if hit := row_painter.target_at(layout, row, QPointF(x, y)):
                found.setdefault(hit, QPointF(x, y))
    return found
