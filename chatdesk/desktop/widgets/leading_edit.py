"""A line to type in with a picture before its words."""

from PySide6.QtCore import QEvent, QRectF, Qt
from PySide6.QtWidgets import QLineEdit

_OWN_MARGIN = 13
"""Pixels that a line edit keeps before its text, by stylesheet and by itself."""


class LeadingEdit(QLineEdit):
    """The picture, which a subclass paints, stands on the side where one begins to read."""

    _lead = 0.0

    def _set_lead(self, lead: float) -> None:
        """Let the text begin this many pixels from the edge."""
        self._lead = lead
        self._make_room()

    @property
    def _leftwards(self) -> bool:
        return self.layoutDirection() == Qt.LayoutDirection.RightToLeft

    def _mirrored(self, rect: QRectF) -> QRectF:
        """Where that place is when one reads from the right."""
        if self._leftwards:
            rect.moveLeft(self.width() - rect.right())
        return rect

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.LayoutDirectionChange:
            self._make_room()

    def _make_room(self) -> None:
        room = round(self._lead) - _OWN_MARGIN
        self.setTextMargins(0 if self._leftwards else room, 0, room if self._leftwards else 0, 0)
