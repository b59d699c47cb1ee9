"""How far somebody has read: what has been in sight, what has come below it, and whether the way back is long."""

from PySide6.QtCore import QObject, Signal

from chatdesk.desktop.models.rows import Said
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.widgets.timeline.anchored_list import StackedList

_FAR = 2
"""Heights of the window between what is read and the newest message that ask for a way back."""


class Sight(QObject):
    """Follows a view of a timeline. ``seen`` carries the number of the last message that has been in sight.

    ``unseen_changed`` tells how many there are below it, ``strayed`` whether the newest is far away, and
    ``unread_above`` what the divider says as long as it has not been in sight.
    """

    seen = Signal(object)
    unseen_changed = Signal(object)
    strayed = Signal(bool)
    unread_above = Signal(str)

    def __init__(self, view: StackedList, timeline: TimelineModel) -> None:
        super().__init__(view)
        self._view, self._timeline = view, timeline
        self.last = 0
        """The number of the last message that has been in sight."""
        self._unseen = self._met = 0
        self._strayed = False
        self._above = ""

    def look(self) -> None:
        """What is in sight is seen, once there is somebody who sees it."""
        view, newest, before = self._view, self._timeline.newest, self.last
        if view.isVisible():
            self.last = newest if view.following else max(before, self._last_in_sight())
        self.last = min(self.last, newest)
        if self.last > before:
            self.seen.emit(self.last)
        if newest - self.last != self._unseen:
            self._unseen = newest - self.last
            self.unseen_changed.emit(self._unseen)
        self._look_back()

    def look_for_unread(self) -> None:
        """Say what the divider says, as long as it stands above what has been in sight."""
        unread, above = self._timeline.unread, ""
        if unread and unread.after != self._met:
            place = self._timeline.unread_place
            if place is None:
                above = unread.sentence if self._timeline.begins_after(unread.after) else ""
            elif self._view.visualRect(self._timeline.index(place)).bottom() < 0:
                above = unread.sentence
            elif self._view.isVisible():
                self._met = unread.after
        if above != self._above:
            self._above = above
            self.unread_above.emit(above)

    def _look_back(self) -> None:
        bar = self._view.verticalScrollBar()
        strayed = self._timeline.behind or bar.maximum() - bar.value() > _FAR * bar.pageStep()
        if strayed != self._strayed:
            self._strayed = strayed
            self.strayed.emit(strayed)

    def _last_in_sight(self) -> int:
        """The number of the last message that can be read to its end; 0 for none."""
        view = self._view
        for place in reversed(view.shown):
            row = self._timeline.row(place)
            if isinstance(row, Said) and view.visualRect(self._timeline.index(place)).bottom() <= view.height():
                return row.message.seq
        return 0
