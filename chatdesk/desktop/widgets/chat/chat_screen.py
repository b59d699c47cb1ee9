"""The chat: sidebar, then timeline and composer."""

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QVBoxLayout, QWidget

from chatdesk.desktop.keys import writes
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.models.search_hits import SearchHitsModel
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.composer import Composer
from chatdesk.desktop.widgets.chat.connection_banner import ConnectionBanner
from chatdesk.desktop.widgets.chat.date_pill import DatePill
from chatdesk.desktop.widgets.chat.empty_room import EmptyRoom
from chatdesk.desktop.widgets.chat.jump_pill import FloatingPill, JumpPill
from chatdesk.desktop.widgets.chat.responsive_columns import ResponsiveColumns
from chatdesk.desktop.widgets.chat.side_panel import SidePanelSplit
from chatdesk.desktop.widgets.chat.sidebar import Sidebar
from chatdesk.desktop.widgets.chat.top_bar import TopBar
from chatdesk.desktop.widgets.chat.typing_indicator import TypingIndicator
from chatdesk.desktop.widgets.people.people_panel import PeopleColumn
from chatdesk.desktop.widgets.search.search_panel import SearchPanel
from chatdesk.desktop.widgets.timeline.view import TimelineView
from chatdesk.protocol.limits import CONTENT_CHARS

_DAY_KEYS = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_G)


class ChatScreen(QWidget):
    """Layout: what its parts mean to each other and to the client stands in ``wiring``.

    ``day_wanted`` asks by keys for a calendar.
    """

    calendar_requested = Signal()

    def __init__(
        self, theme: Theme, timeline: TimelineModel, people: PeopleModel, hits: SearchHitsModel, *, hosting: bool
    ) -> None:
        super().__init__()
        self._theme = theme
        self.sidebar = Sidebar(theme, people, hosting=hosting)
        self.top_bar = TopBar(theme)
        self.banner = ConnectionBanner(theme)
        self.timeline = TimelineView(theme, timeline)
        self.empty_room = EmptyRoom(theme)
        self.jump_pill = JumpPill(theme)
        self.unread_pill = FloatingPill(theme, "New messages", "chevron-up")
        self._timeline_area = QWidget()  # the pills float over the timeline, and are no rows of it
        self.date_pill = DatePill(theme, self.timeline, self._timeline_area)
        self.typing_indicator = TypingIndicator(theme)
        self.composer = Composer(theme, CONTENT_CHARS)
        self.search_panel = SearchPanel(theme, hits)
        self._timeline_or_empty = QStackedLayout()
        self._side_panel = SidePanelSplit(theme, self._make_conversation(), self.search_panel)
        self._people_column = PeopleColumn(theme)
        self.columns = ResponsiveColumns(theme, self.sidebar, self._make_centre(), self._people_column)
        self.columns.widened.connect(self._move_people)
        self.top_bar.calendar_requested.connect(self.calendar_requested)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.columns)
        self.setTabOrder(self.top_bar.search_field, self.search_panel.hits_list)
        for pill in (self.jump_pill, self.unread_pill):
            pill.setParent(self._timeline_area)
        self.timeline.installEventFilter(self)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Hand the keys on, without a focus proxy, as the composer does."""
        self.composer.setFocus(reason)

    @property
    def footer_height(self) -> int:
        """The height of the composer's place."""
        sizes = self._theme.tokens["size"]["composer"]
        return self._theme.px(sizes["min"]) + int(sizes["bottom"])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """What is written where nothing takes it goes into the composer."""
        if event.matches(QKeySequence.StandardKey.Find):
            self.open_search()
        elif event.keyCombination() == _DAY_KEYS:
            self.calendar_requested.emit()
        elif event.key() == Qt.Key.Key_Escape and self.top_bar.search_field.text():
            self.close_search()
        elif writes(event):
            self.composer.edit.setFocus()
            QApplication.sendEvent(self.composer.edit, event)
        else:
            super().keyPressEvent(event)

    def show_empty(self, empty: bool) -> None:
        """Show the timeline, or that there is nothing in it yet."""
        self._timeline_or_empty.setCurrentWidget(self.empty_room if empty else self._timeline_area)

    def set_unseen(self, number: int) -> None:
        """Offer the way to this many messages below."""
        self.jump_pill.set_unseen(number)
        self._place_pills()

    def set_far_from_latest(self, strayed: bool) -> None:
        """Offer the way back to the newest message, where it is far away."""
        self.jump_pill.set_far_from_latest(strayed)
        self._place_pills()

    def show_unread_above(self, sentence: str) -> None:
        """Offer the way up to where what is new begins."""
        self.unread_pill.show_text(sentence)
        self.date_pill.set_top_offset(self.unread_pill.sizeHint().height() - 8 if sentence else 0)
        self._place_pills()

    def open_search(self) -> None:
        """Put the keys into the search field, and show again what was found."""
        self.columns.close_drawer()
        self.top_bar.open_search()
        self.show_search_panel(bool(self.top_bar.search_field.text().strip()))

    def close_search(self) -> None:
        """Put the search away, and write on."""
        self.show_search_panel(False)
        self.top_bar.close_search()
        self.setFocus()

    def show_search_panel(self, shown: bool) -> None:
        """Show what was found, or put it away."""
        self._side_panel.set_open(shown)

    def uncover_timeline(self) -> None:
        """Show the timeline, where what was found lies over it; the words stay in the field."""
        if self._side_panel.covers and not self.search_panel.isHidden():
            self.show_search_panel(False)
            self.timeline.setFocus()

    def _move_people(self, wide: bool) -> None:
        if wide:
            self.sidebar.move_people_to(self._people_column)
        else:
            self.sidebar.move_people_back()

    def _place_pills(self) -> None:
        """The pills float at the ends of the timeline, in the middle of its words."""
        for pill in (self.jump_pill, self.unread_pill):
            pill.adjustSize()
            top = 0 if pill is self.unread_pill else self.timeline.height() - pill.height()
            pill.move(self.timeline.text_center - pill.width() // 2, top)
            pill.raise_()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Resize:
            self._place_pills()
        return False

    def _make_centre(self) -> QWidget:
        centre = _Centre(self._theme, self.composer)
        layout = QVBoxLayout(centre)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.top_bar)
        layout.addWidget(self.banner)
        layout.addWidget(self._side_panel, 1)
        return centre

    def _make_conversation(self) -> QWidget:
        """What is said, and where one says something."""
        talk = QWidget()
        composer = QVBoxLayout()
        sizes = self._theme.tokens["size"]["composer"]
        composer.setContentsMargins(sizes["side"], 0, sizes["side"], sizes["bottom"])
        composer.addWidget(self.composer)
        layout = QVBoxLayout(talk)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._timeline_or_empty, 1)
        ground = QVBoxLayout(self._timeline_area)
        ground.setContentsMargins(0, 0, 0, 0)
        ground.addWidget(self.timeline)
        self._timeline_or_empty.addWidget(self._timeline_area)  # not before: it would be shown, as a window of its own
        self._timeline_or_empty.addWidget(self.empty_room)
        layout.addWidget(self.typing_indicator)
        layout.addLayout(composer)
        return talk


class _Centre(QWidget):
    """The reading ground."""

    def __init__(self, theme: Theme, composer: Composer) -> None:
        super().__init__()
        self._theme, self._composer = theme, composer
        theme.changed.connect(self.update)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Hand the keys on, without a focus proxy, as the composer does."""
        self._composer.setFocus(reason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("surface"))
        painter.end()
