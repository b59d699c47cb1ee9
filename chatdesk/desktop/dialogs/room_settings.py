"""The sheet of a room's settings: for everybody, as far as the person may change them, and for oneself."""

from PySide6.QtCore import QSize, Qt, Signal, SignalInstance
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.room_list import RoomSummary
from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.text import pluralized
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, SECONDARY, Button, ButtonLook, IconButton
from chatdesk.desktop.widgets.common.field import Field
from chatdesk.desktop.widgets.common.hairline import Hairline
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.segmented_control import SegmentedControl
from chatdesk.desktop.widgets.order.entry_form import EntryForm
from chatdesk.desktop.widgets.rooms.pace_form import PaceForm
from chatdesk.protocol.fields import Level, NewcomersSee
from chatdesk.protocol.limits import TOPIC_CHARS
from chatdesk.protocol.text import isolated

NOTIFY: dict[Level, str] = {"all": "Everything", "mentions": "Mentions", "nothing": "Nothing"}
"""What of a room the person may be told of."""

# Pixels as in the design, at 100 percent text.
_WIDTH, _NARROW_WIDTH, _GAP, _BOTTOM = 848, 438, 32, 28
_SEE: dict[NewcomersSee, str] = {"all": "All that was said", "joining": "From when they join"}
_DELETING = ButtonLook("surface-raised", "raised-hover", "danger", "border-strong")
_TOLD = "Changes for everybody are told in the room, with your name."
_NOT_YOURS = "Only the host can change what holds for everybody."


class RoomSettingsSheet(Sheet):
    """What has been changed is emitted once it is saved; archiving, opening and leaving happen at once.

    ``pace_chosen`` carries a ``PaceSettings``, if the person ``may_pace``.

    ``user_count`` is None where it is unknown; ``may_change`` tells whether the person may change what holds for
    everybody, ``may_guard`` who may enter, ``may_archive``, ``may_delete`` and ``may_leave`` whether it is another room
    than the one that everybody joins.
    """

    topic_chosen = Signal(str)
    newcomers_chosen = Signal(str)
    level_chosen = Signal(str)
    pace_chosen = Signal(object)
    archive_requested = Signal()
    open_requested = Signal()
    delete_requested = Signal()
    leave_requested = Signal()
    entry_chosen = Signal(object, object)

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        room: RoomSummary,
        *,
        user_count: int | None,
        may_change: bool,
        may_guard: bool,
        may_archive: bool,
        may_delete: bool,
        may_leave: bool,
        may_pace: bool = False,
    ) -> None:
        super().__init__(theme, window, QSize(_NARROW_WIDTH if room.partner else _WIDTH, 0))
        self._room, self._may_change, self._may_guard = room, may_change, may_guard
        self._may_archive, self._may_delete = may_archive, may_delete
        self._see: NewcomersSee = room.newcomers
        self._level: Level = room.level
        self._topic = Field(theme, "Topic", height=40, font="ui")
        self._topic.edit.setText(room.topic)
        self._topic.edit.setMaxLength(TOPIC_CHARS)
        self._left = Label(theme, font="small", role="text-muted", tabular=True)
        self._newcomers = SegmentedControl(theme, "Newcomers see", _SEE)
        self._entry = EntryForm(theme)
        self._entry.show_asks(room.entry)
        self._levels = SegmentedControl(theme, "Notify me of", NOTIFY)
        self._pace = PaceForm(theme, room.pace, may_change=may_pace)
        if room.partner is not None or not (may_pace or any(room.pace)):
            self._pace.hide()
        self._cancel, self._save = Button(theme, "Cancel"), Button(theme, "Save", PRIMARY)
        self._close_button = IconButton(theme, "close", "Close", shortcut="Esc")
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self.setAccessibleName("Room settings")
        self._fill(user_count, may_leave=may_leave)
        self._connect()

    def show_sheet(self) -> None:
        """Open over the window."""
        self.open(self._topic.edit if self._may_change else self._levels.current)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _connect(self) -> None:
        self._newcomers.set_value(self._see)
        self._levels.set_value(self._level)
        self._newcomers.chosen.connect(self._choose_newcomers)
        self._levels.chosen.connect(self._choose_level)
        self._topic.edit.textChanged.connect(self._count)
        self._topic.edit.returnPressed.connect(self._submit)
        self._save.clicked.connect(self._submit)
        for button in (self._cancel, self._close_button):
            button.clicked.connect(self.dismiss)
        self._theme.changed.connect(self._arrange)
        self._count()

    def _choose_newcomers(self, see: NewcomersSee) -> None:
        self._see = see

    def _choose_level(self, level: Level) -> None:
        self._level = level

    def _count(self) -> None:
        self._left.set_text(f"{len(self._topic.edit.text())} of {TOPIC_CHARS}")

    def _submit(self) -> None:
        topic = self._topic.text
        self.dismiss()
        if self._may_change and topic != self._room.topic:
            self.topic_chosen.emit(topic)
        if self._see != self._room.newcomers:
            self.newcomers_chosen.emit(self._see)
        if self._pace.chosen != self._room.pace and not self._pace.isHidden():
            self.pace_chosen.emit(self._pace.chosen)
        if self._level != self._room.level:
            self.level_chosen.emit(self._level)
        if self._may_guard and (self._entry.password, self._entry.locked) != (None, None):
            self.entry_chosen.emit(self._entry.password, self._entry.locked)

    def _arrange(self) -> None:
        """Put the columns side by side where both fit, else one below the other."""
        direction = QBoxLayout.Direction
        fits = self.width() >= self._theme.px(_WIDTH)
        self._columns.setDirection(direction.LeftToRight if fits else direction.TopToBottom)
        self._position_card()

    # Content

    def _fill(self, user_count: int | None, *, may_leave: bool) -> None:
        room, theme = self._room, self._theme
        people = f", {pluralized(user_count, 'person', 'people')}" if user_count is not None else ""
        about = f"With {isolated(room.title)}" if room.partner else f"{isolated(room.title)}{people}"
        content = QWidget()
        self._columns.setSpacing(_GAP)
        if room.partner is None:
            self._columns.addLayout(self._shared_column(), 1)
        self._columns.addLayout(self._own_column(may_leave=may_leave), 1)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 2, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(0)
        layout.addWidget(Label(theme, about, font="label", role="text-muted", elide=True))
        layout.addSpacing(20)
        layout.addLayout(self._columns)
        layout.addSpacing(24)
        layout.addLayout(self._buttons())
        self.set_content(content, sheet_header(theme, "Room settings", self._close_button))

    def _shared_column(self) -> QVBoxLayout:
        """What holds for everybody: controls for a person who may change it, plain values for others."""
        column, theme, room = _column(), self._theme, self._room
        self._add_heading(column, "For everybody")
        if not self._may_change:
            for name, value in (("Topic", room.topic or "None"), ("Newcomers see", _SEE[room.newcomers])):
                column.addWidget(Label(theme, name, font="label"))
                column.addSpacing(2)
                column.addWidget(Label(theme, value, role="text-muted", wrap=True))
                column.addSpacing(16)
            return self._end_shared(column)
        title = QHBoxLayout()
        title.addWidget(Label(theme, "Topic", font="label"), 1)
        title.addWidget(self._left)
        column.addLayout(title)
        column.addSpacing(6)
        column.addWidget(self._topic)
        column.addSpacing(16)
        self._add_choice(column, self._newcomers)
        return self._end_shared(column)

    def _end_shared(self, column: QVBoxLayout) -> QVBoxLayout:
        """The pace, for host and moderators."""
        column.addWidget(self._pace)
        column.addStretch(1)
        return column

    def _own_column(self, *, may_leave: bool) -> QVBoxLayout:
        column, room = _column(), self._room
        if self._may_guard:
            self._add_heading(column, "Who may enter")
            column.addWidget(self._entry)
            column.addSpacing(20)
        self._add_heading(column, "Only for you")
        self._add_choice(column, self._levels)
        if may_leave:
            leave = Button(self._theme, "Leave this room", icon="leave")
            leave.clicked.connect(lambda: self._close_and(self.leave_requested))
            column.addWidget(leave, 0, Qt.AlignmentFlag.AlignLeft)
        if self._may_change and room.closed:
            told = "Nobody else finds it. Once it is open, everybody reads all that was said here."
            self._add_act(column, "lock", "This room is for you alone", told, "Open to everybody", self.open_requested)
        if self._may_archive:
            told = "Stays readable and searchable. Nobody can write until you open it again."
            title, verb = ("This room is archived", "Open again") if room.archived else ("Archive this room", "Archive")
            self._add_act(column, "archive", title, told, verb, self.archive_requested)
        if self._may_delete:
            told = "With all that was said in it, for everybody and for good."
            self._add_act(column, "trash", "Delete this room", told, "Delete…", self.delete_requested, look=_DELETING)
        column.addStretch(1)
        return column

    def _add_heading(self, column: QVBoxLayout, words: str) -> None:
        column.addWidget(Label(self._theme, words, font="small", weight=SEMIBOLD, role="text-muted"))
        column.addSpacing(12)

    def _add_choice[Value](self, column: QVBoxLayout, choice: SegmentedControl[Value]) -> None:
        column.addWidget(Label(self._theme, choice.accessibleName(), font="label"))
        column.addSpacing(6)
        column.addWidget(choice)
        column.addSpacing(16)

    def _add_act(
        self,
        column: QVBoxLayout,
        icon: str,
        title: str,
        told: str,
        verb: str,
        requested: SignalInstance,
        *,
        look: ButtonLook = SECONDARY,
    ) -> None:
        """Add something that is done at once: what it means, and its button."""
        theme, words, row = self._theme, _column(), QHBoxLayout()
        button = Button(theme, verb, look)
        button.setAccessibleDescription(told)
        button.clicked.connect(lambda: self._close_and(requested))
        words.addWidget(Label(theme, title, font="label", wrap=True))
        words.addWidget(Label(theme, told, font="small", role="text-muted", wrap=True))
        row.setSpacing(12)
        row.addWidget(Icon(theme, icon, "text-muted"))
        row.addLayout(words, 1)
        row.addWidget(button)
        column.addSpacing(16)
        column.addWidget(Hairline(theme))
        column.addSpacing(16)
        column.addLayout(row)

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        note = "" if self._room.partner else _TOLD if self._may_change else _NOT_YOURS
        row.addWidget(Label(self._theme, note, font="small", role="text-muted", wrap=True), 1)
        row.addWidget(self._cancel)
        row.addWidget(self._save)
        return row

    def _close_and(self, requested: SignalInstance) -> None:
        self.dismiss()
        requested.emit()


def _column() -> QVBoxLayout:
    column = QVBoxLayout()
    column.setSpacing(0)
    return column
