"""Tracks how far a person has read: the last message seen, those below it, and the distance to the newest."""

from collections.abc import Iterator
from contextlib import contextmanager

from PySide6.QtCore import QObject, Signal

from chatdesk.desktop.models.rows import MessageRow
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.widgets.timeline.anchored_list import AnchoredList

_FAR_PAGES = 2
"""Heights of the view between its lower edge and the end from which a button leads back."""


class ReadTracker(QObject):
    """Observes a timeline's view. ``last_seen_changed`` carries the sequence number of the last message seen.

    ``unseen_count_changed`` carries the number of messages below it, ``far_from_latest_changed`` whether the newest is
    far away, ``unread_above_changed`` the text of the unread separator until it has been visible, then an empty one.
    """

    last_seen_changed = Signal(object)
    unseen_count_changed = Signal(object)
    far_from_latest_changed = Signal(bool)
    unread_above_changed = Signal(str)

    def __init__(self, view: AnchoredList, timeline: TimelineModel) -> None:
        super().__init__(view)
        self._view, self._timeline = view, timeline
        self.last_seen = 0
        """The sequence number of the last message that has been visible."""
        self._unseen_count = self._unread_reached = 0
        self._far_from_latest = self._is_opening = False
        self._unread_above = ""

    def update(self) -> None:
        """Mark visible messages as seen, if the view is visible."""
        if self._is_opening:
            return
        view, newest, before = self._view, self._timeline.newest, self.last_seen
        if view.isVisible():
            self.last_seen = newest if view.following else max(before, self._last_visible())
        self.last_seen = min(self.last_seen, newest)
        if self.last_seen > before:
            self.last_seen_changed.emit(self.last_seen)
        if newest - self.last_seen != self._unseen_count:
            self._unseen_count = newest - self.last_seen
            self.unseen_count_changed.emit(self._unseen_count)
        self._update_distance()

    @contextmanager
    def opening(self) -> Iterator[None]:
        """Begin with the messages of another room: before their place is found, nothing of them counts as seen."""
        self.last_seen = self._unread_reached = 0
        self._is_opening = True
        try:
            yield
        finally:
            self._is_opening = False
        self.update()

    def update_unread(self) -> None:
        """Report the unread separator's text while it is above everything that has been visible."""
        unread, above = self._timeline.unread, ""
        if unread and unread.after != self._unread_reached:
            position = self._timeline.unread_position
            if position is None:
                above = unread.sentence if self._timeline.begins_after(unread.after) else ""
            elif self._view.visualRect(self._timeline.index(position)).bottom() < 0:
                above = unread.sentence
            elif self._view.isVisible():
                self._unread_reached = unread.after
        if above != self._unread_above:
            self._unread_above = above
            self.unread_above_changed.emit(above)

    def _update_distance(self) -> None:
        bar = self._view.verticalScrollBar()
        far_from_latest = self._timeline.behind or bar.maximum() - bar.value() > _FAR_PAGES * bar.pageStep()
        if far_from_latest != self._far_from_latest:
            self._far_from_latest = far_from_latest
            self.far_from_latest_changed.emit(far_from_latest)

    def _last_visible(self) -> int:
        """Return the sequence number of the last message that is visible to its end; 0 for none."""
        view = self._view
        for position in reversed(view.visible_positions):
            row = self._timeline.row(position)
            if (
                isinstance(row, MessageRow)
                and view.visualRect(self._timeline.index(position)).bottom() <= view.height()
            ):
                return row.message.seq
        return 0
