"""Who has reacted to a message with an emoji: a card above the pill, with everybody's name."""

from PySide6.QtCore import QAbstractListModel, QModelIndex, QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.reactors import ShownReactors
from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.text import pluralized, tooltip_markup
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.popover import Popover
from chatdesk.desktop.widgets.people.person_rows import SIDE, Index, PersonDelegate, PersonList
from chatdesk.protocol.events import Reactor
from chatdesk.protocol.text import isolated

# Pixels of the design, at 100 percent text.
_WIDTH, _HEAD, _BELOW = 224, 40, 8
_ROWS_SHOWN = 7.5
"""Half a row shows that there is more."""


class ReactorsCard(Popover):
    """Opens above a pill by ``open_list``. ``more_requested``: the end of the list is near; ``closed``: the card is."""

    more_requested = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, anchor: QWidget) -> None:
        super().__init__(theme, anchor, _WIDTH)
        self._title = Label(theme, font="label", weight=SEMIBOLD, elide=True)
        self._rows = _ReactorsModel()
        self.list = PersonList(theme, self._rows, "People")
        self.list.setItemDelegate(PersonDelegate(theme, self.list))
        self.list.viewport().setAutoFillBackground(False)
        self.list.verticalScrollBar().valueChanged.connect(self._request_more)
        self.list.verticalScrollBar().rangeChanged.connect(self._request_more)
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(1, 1, 1, _BELOW)
        layout.setSpacing(0)
        head = QHBoxLayout()
        head.setContentsMargins(SIDE, 0, SIDE, 0)
        head.addWidget(self._title)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        self.set_content(content)
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def open_list(self, anchor: QWidget, part: QRect, shown: ShownReactors) -> None:
        """Open above a part of ``anchor`` with this list."""
        self._show(shown)
        self.open_with_focus(anchor, part, self.list)
        announce(self, self.accessibleName())

    def show_reactors(self, shown: ShownReactors | None) -> None:
        """Show what is known now; close where nobody has reacted any more."""
        if not self.isVisible():
            return
        if shown is None or not shown.count:
            self.close_card()
        else:
            self._show(shown)
            self.place()

    def close_card(self) -> None:
        """Close; the focus goes back to where it was."""
        was_open = self.isVisible()
        super().close_card()
        if was_open:
            self.closed.emit()

    def _show(self, shown: ShownReactors) -> None:
        words = f"{shown.emoji}  {pluralized(shown.count, 'person', 'people')}"
        self._title.set_text(words)
        self.setAccessibleName(f"Who reacted with {words}")
        self._rows.set_people(shown.people)
        if not self.list.currentIndex().isValid():
            self.list.setCurrentIndex(self._rows.index(0))

    def _request_more(self) -> None:
        bar = self.list.verticalScrollBar()
        if self.isVisible() and bar.value() + bar.pageStep() >= bar.maximum():
            self.more_requested.emit()

    def _content_height(self, _width: int) -> int:
        px, row = self._theme.px, self._theme.px(self._theme.tokens["size"]["personRow"])
        return px(_HEAD) + round(row * min(self._rows.rowCount(), _ROWS_SHOWN)) + _BELOW + 1

    def _apply_theme(self) -> None:
        self._title.setFixedHeight(self._theme.px(_HEAD))


class _ReactorsModel(QAbstractListModel):
    """Those who have reacted, in that order."""

    def __init__(self) -> None:
        super().__init__()
        self._people: tuple[Reactor, ...] = ()

    def rowCount(self, parent: Index | None = None) -> int:
        return 0 if parent is not None and parent.isValid() else len(self._people)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        if not index.isValid():
            return None
        person = self._people[index.row()]
        if role == Qt.ItemDataRole.UserRole:
            return person
        if role == Qt.ItemDataRole.AccessibleTextRole:
            return isolated(person.nickname)
        if role == Qt.ItemDataRole.ToolTipRole:
            return tooltip_markup(person.nickname)
        return person.nickname if role == Qt.ItemDataRole.DisplayRole else None

    def set_people(self, people: tuple[Reactor, ...]) -> None:
        """Show these; a page more goes below those that are there."""
        before = self._people
        if people[: len(before)] == before:
            if len(people) > len(before):
                self.beginInsertRows(QModelIndex(), len(before), len(people) - 1)
                self._people = people
                self.endInsertRows()
            return
        self.beginResetModel()
        self._people = people
        self.endResetModel()
