"""The chat screen: sidebar, timeline with composer, search panel, people column."""

from PySide6.QtCore import QEvent, QKeyCombination, QObject, Qt, Signal
from PySide6.QtGui import QKeyEvent, QKeySequence, QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QStackedLayout, QVBoxLayout, QWidget

from chatdesk.desktop.keys import is_text_key
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.models.search_hits import SearchHitsModel
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.chat.composer import Composer
from chatdesk.desktop.widgets.chat.connection_banner import ConnectionBanner
from chatdesk.desktop.widgets.chat.date_pill import DatePill
from chatdesk.desktop.widgets.chat.empty_room import EmptyRoom
from chatdesk.desktop.widgets.chat.hand_bar import HandBar
from chatdesk.desktop.widgets.chat.jump_pill import FloatingPill, JumpPill
from chatdesk.desktop.widgets.chat.pinned_bar import PinnedBar
from chatdesk.desktop.widgets.chat.pins_card import PinsCard
from chatdesk.desktop.widgets.chat.responsive_columns import ResponsiveColumns
from chatdesk.desktop.widgets.chat.side_panel import SidePanelSplit
from chatdesk.desktop.widgets.chat.sidebar import Sidebar
from chatdesk.desktop.widgets.chat.top_bar import TopBar
from chatdesk.desktop.widgets.chat.typing_indicator import TypingIndicator
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.people.people_panel import PeopleColumn
from chatdesk.desktop.widgets.search.search_panel import SearchPanel
from chatdesk.desktop.widgets.timeline.view import TimelineView
from chatdesk.protocol.limits import CONTENT_CHARS

_CALENDAR_SHORTCUT = QKeyCombination(Qt.KeyboardModifier.ControlModifier, Qt.Key.Key_G)


class ChatScreen(QWidget):
    """Only the layout; the signals of its parts are connected in ``desktop/wiring.py``.

    ``calendar_requested`` is emitted by the shortcut and by the top bar.
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
        self.pinned_bar = PinnedBar(theme)
        self.pins_card = PinsCard(theme, self.pinned_bar)
        self.timeline = TimelineView(theme, timeline)
        self.empty_room = EmptyRoom(theme)
        self.jump_pill = JumpPill(theme)
        self.unread_pill = FloatingPill(theme, "New messages", "chevron-up")
        self._timeline_area = QWidget()  # the parent of the pills, which float over the timeline
        self.date_pill = DatePill(theme, self.timeline, self._timeline_area)
        self.typing_indicator = TypingIndicator(theme)
        self.composer = Composer(theme, CONTENT_CHARS)
        self.hand_bar = HandBar(theme)
        self._pause = Label(theme, font="small", role="text-muted", tabular=True, wrap=True)
        self._pause.hide()
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
        """Focus the composer, without a focus proxy; ``Composer.setFocus`` says why."""
        self.composer.setFocus(reason)

    @property
    def footer_height(self) -> int:
        """The height of an empty composer with the margin below it, in pixels."""
        sizes = self._theme.tokens["size"]["composer"]
        return self._theme.px(sizes["min"]) + int(sizes["bottom"])

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Handle shortcuts; a key that writes, pressed where nothing accepts text, goes into the composer."""
        if event.matches(QKeySequence.StandardKey.Find):
            self.open_search()
        elif event.keyCombination() == _CALENDAR_SHORTCUT:
            self.calendar_requested.emit()
        elif event.key() == Qt.Key.Key_Escape and self.top_bar.search_field.text():
            self.close_search()
        elif event.key() == Qt.Key.Key_Escape and self.timeline.hasFocus():
            self.setFocus()
        elif is_text_key(event):
            self.composer.edit.setFocus()
            QApplication.sendEvent(self.composer.edit, event)
        else:
            super().keyPressEvent(event)

    def show_empty(self, empty: bool) -> None:
        """Show the timeline, or in its place that it is still empty."""
        shown = self.empty_room if empty else self._timeline_area
        if shown is not self._timeline_or_empty.currentWidget():
            self._timeline_or_empty.setCurrentWidget(shown)

    def pause(self, sentence: str) -> None:
        """Say above the composer why nothing can be sent yet; empty if it can."""
        self._pause.set_text(sentence)
        self._pause.setVisible(bool(sentence))
        self.composer.pause(sentence)

    def set_unseen(self, number: int) -> None:
        """Show how many unseen messages are below, as a pill that jumps to them."""
        self.jump_pill.set_unseen(number)
        self._place_pills()

    def set_far_from_latest(self, far: bool) -> None:
        """Show or hide the pill that jumps to the newest message, where that is far away."""
        self.jump_pill.set_far_from_latest(far)
        self._place_pills()

    def show_unread_above(self, sentence: str) -> None:
        """Show the pill that jumps up to the first unread message; an empty sentence hides it."""
        self.unread_pill.show_text(sentence)
        self.date_pill.set_top_offset(self.unread_pill.sizeHint().height() - 8 if sentence else 0)
        self._place_pills()

    def open_search(self) -> None:
        """Focus the search field, and show the results of its text again."""
        self.columns.close_drawer()
        self.top_bar.open_search()
        self.show_search_panel(bool(self.top_bar.search_field.text().strip()))

    def close_search(self) -> None:
        """Clear and hide the search, and focus the composer."""
        self.show_search_panel(False)
        self.top_bar.close_search()
        self.setFocus()

    def show_search_panel(self, shown: bool) -> None:
        """Show or hide the search panel."""
        self._side_panel.set_open(shown)

    def uncover_timeline(self) -> None:
        """Hide the search panel if it covers the timeline; the search field keeps its text."""
        if self._side_panel.covers and not self.search_panel.isHidden():
            self.show_search_panel(False)
            self.timeline.setFocus()

    def _move_people(self, wide: bool) -> None:
        if wide:
            self.sidebar.move_people_to(self._people_column)
        else:
            self.sidebar.move_people_back()

    def _place_pills(self) -> None:
        """Move the pills to the ends of the timeline, centred on its text."""
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
        layout.addWidget(self.pinned_bar)
        layout.addWidget(self._side_panel, 1)
        return centre

    def _make_conversation(self) -> QWidget:
        """Return a widget with timeline, typing indicator and composer."""
        conversation = QWidget()
        composer = QVBoxLayout()
        sizes = self._theme.tokens["size"]["composer"]
        composer.setContentsMargins(sizes["side"], 0, sizes["side"], sizes["bottom"])
        composer.setSpacing(8)
        composer.addWidget(self.hand_bar)
        composer.addWidget(self._pause)
        composer.addWidget(self.composer)
        layout = QVBoxLayout(conversation)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(self._timeline_or_empty, 1)
        area = QVBoxLayout(self._timeline_area)
        area.setContentsMargins(0, 0, 0, 0)
        area.addWidget(self.timeline)
        self._timeline_or_empty.addWidget(self._timeline_area)  # earlier, without a parent, it would open as a window
        self._timeline_or_empty.addWidget(self.empty_room)
        layout.addWidget(self.typing_indicator)
        layout.addLayout(composer)
        return conversation


class _Centre(QWidget):
    """The background of the centre."""

    def __init__(self, theme: Theme, composer: Composer) -> None:
        super().__init__()
        self._theme, self._composer = theme, composer
        theme.changed.connect(self.update)

    def setFocus(self, reason: Qt.FocusReason = Qt.FocusReason.OtherFocusReason) -> None:
        """Focus the composer, without a focus proxy; ``Composer.setFocus`` says why."""
        self._composer.setFocus(reason)

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self._theme.color("surface"))
        painter.end()
