"""Rows to paint, and a page to paint them on."""

from datetime import UTC, datetime

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QImage, QPainter

from chatdesk.client.outbox import Outgoing
from chatdesk.desktop.models.rows import Row, Said, Unsent
from chatdesk.desktop.widgets.timeline import row_painter as rows
from chatdesk.desktop.widgets.timeline.row_layout import Hit, Page
from chatdesk.protocol.events import Message

MOMENT = datetime(2026, 11, 24, 10, 24, tzinfo=UTC).astimezone()


def said(content: str = "Hello", nickname: str = "Kit", *, first: bool = True, own: bool = False) -> Said:
    return Said(Message(nickname, content, "2026-11-24T10:24:00Z", seq=1), MOMENT, first, own)


def unsent(content: str = "Hello", error: str | None = None) -> Unsent:
    return Unsent(Outgoing("id", content, "2026-11-24T10:24:00Z", error))


def picture(page: Page, row: Row, *, hovered: bool = False) -> QImage:
    image = QImage(page.width, rows.height(page, row) + 40, QImage.Format.Format_RGB32)
    image.fill(page.theme.color("surface"))
    painter = QPainter(image)
    rows.paint(painter, page, row, hovered=hovered)
    painter.end()
    return image


def ink(image: QImage, ground: QColor) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of all that is not ground."""
    points = [(x, y) for x in range(image.width()) for y in range(image.height()) if image.pixel(x, y) != ground.rgb()]
    xs, ys = [x for x, _ in points], [y for _, y in points]
    return min(xs), min(ys), max(xs), max(ys)


def hits(page: Page, row: Row) -> dict[Hit, QPointF]:
    """Everything that can be pointed at, with a point of it."""
    found: dict[Hit, QPointF] = {}
    for y in range(0, rows.height(page, row), 4):
        for x in range(0, page.width, 4):
            if hit := rows.hit(page, row, QPointF(x, y)):
                found.setdefault(hit, QPointF(x, y))
    return found
