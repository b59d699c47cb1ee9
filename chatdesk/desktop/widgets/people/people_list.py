"""The list of people in the room: avatar with presence, name, and the kind of their client."""

from collections.abc import Sequence

from PySide6.QtCore import QModelIndex, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QHelpEvent, QKeyEvent, QPainter
from PySide6.QtWidgets import QAbstractItemView, QStyle, QStyleOptionViewItem, QToolTip

from chatdesk.desktop.icons import paint_icon
from chatdesk.desktop.models.people import OWN, PERSON, PRESENCE, PeopleModel, badge_of
from chatdesk.desktop.text import tooltip_markup
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.painting import badge_size, paint_badge, paint_panel
from chatdesk.desktop.widgets.common.text_painting import elided, paint_line, text_width
from chatdesk.desktop.widgets.people.person_rows import GAP, Index, PersonDelegate, PersonList
from chatdesk.protocol.events import User

# Pixels of the design, at 100 percent text.
_RIGHT = 19
_ICON = 16
_MARK_GAP = 4
_YOU, _YOU_GAP = "you", 4
_ICONS = {"window": "window", "browser": "globe", "phone": "phone", "terminal": "terminal"}


class PeopleList(PersonList):
    """Shows a PeopleModel. ``more_requested`` is emitted near the end of the list, which may be a part of it.

    ``chosen`` carries somebody who is double-clicked or on whom Enter is pressed, ``menu_requested`` somebody and where
    on the screen the menu opens.
    """

    more_requested = Signal()
    chosen = Signal(object)
    menu_requested = Signal(object, QPoint)

    def __init__(self, theme: Theme, model: PeopleModel) -> None:
        super().__init__(theme, model, "People")
        self._people = model
        self.setItemDelegate(_PersonDelegate(theme, self))
        self.setMouseTracking(True)
        self.doubleClicked.connect(self._choose)
        self.verticalScrollBar().valueChanged.connect(self._request_more)
        self.verticalScrollBar().rangeChanged.connect(self._request_more)
        model.filter_changed.connect(self.scrollToTop)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Choose the current person with Enter."""
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._choose(self.currentIndex())
        else:
            super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        if index.isValid():
            point = self.visualRect(index).center() if by_key else event.pos()
            self.menu_requested.emit(index.data(PERSON), self.viewport().mapToGlobal(point))

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.chosen.emit(index.data(PERSON))

    def _request_more(self) -> None:
        bar = self.verticalScrollBar()
        if bar.value() + bar.pageStep() >= bar.maximum():
            self.more_requested.emit()

    def show_matches(self, text: str, found: Sequence[User] | None = None) -> int:
        """Show only people whose name matches the text, or those ``found`` for it; returns their number."""
        self._people.set_filter(text)
        if found is not None:
            self._people.set_found(found)
        return self._people.rowCount()


class _PersonDelegate(PersonDelegate):
    _side, _inset = 18, 8

    def _paint_ground(self, painter: QPainter, option: QStyleOptionViewItem) -> None:
        if option.state & (QStyle.StateFlag.State_MouseOver | QStyle.StateFlag.State_HasFocus):
            theme = self._theme
            ground = QRectF(QRect(option.rect).adjusted(self._inset, 0, -self._inset, 0))
            edge = theme.color("focus") if option.state & QStyle.StateFlag.State_HasFocus else None
            paint_panel(painter, ground, theme.tokens["radius"]["row"], theme.color("surface-hover"), edge)

    def _presence(self, index: Index) -> str | None:
        presence: str | None = index.data(PRESENCE)
        return presence

    def _paint_end(self, painter: QPainter, rect: QRect, index: Index) -> int:
        return self._paint_label(painter, rect, index.data(PERSON), painter.layoutDirection()) - GAP

    def _paint_name(self, painter: QPainter, rect: QRectF, index: Index) -> None:
        """Paint a name, and \"you\" behind it, from where lines begin."""
        mirrored = painter.layoutDirection() == Qt.LayoutDirection.RightToLeft
        align = Qt.AlignmentFlag.AlignRight if mirrored else Qt.AlignmentFlag.AlignLeft
        theme, font = self._theme, self._theme.font("ui")
        gap = theme.px(_YOU_GAP)
        you = text_width(_YOU, font) + gap if index.data(OWN) else 0.0
        name = elided(index.data(), font, rect.width() - you)
        painter.setFont(font)
        painter.setPen(theme.color("text"))
        paint_line(painter, rect, name, align)
        if you:
            painter.setPen(theme.color("text-muted"))
            taken = text_width(name, font) + gap
            rest = rect.adjusted(0, 0, -taken, 0) if mirrored else rect.adjusted(taken, 0, 0, 0)
            paint_line(painter, rest, _YOU, align)

    def helpEvent(
        self, event: QHelpEvent, view: QAbstractItemView, _option: QStyleOptionViewItem, index: Index
    ) -> bool:
        """Show the whole name as a tooltip, and what the person says about being there."""
        person: User | None = index.data(PERSON)
        words = filter(None, (person.nickname, person.status_text)) if person else ()
        QToolTip.showText(event.globalPos(), tooltip_markup(": ".join(words)), view)
        return True

    def _paint_label(self, painter: QPainter, rect: QRect, person: User, direction: Qt.LayoutDirection) -> int:
        """Paint the badge of the host or a bot, or the icon of the client; returns its edge towards the name.

        That is the left edge in a row that is not mirrored.
        """
        theme, right = self._theme, rect.right() + 1 - _RIGHT
        badge = badge_of(person)
        if badge in (None, "verified"):
            side = theme.px(_ICON)
            icon = QRect(right - side, rect.top() + (rect.height() - side) // 2, side, side)
            placed = QRectF(QStyle.visualRect(direction, rect, icon))
            picture = "mute" if person.muted else _ICONS[person.client]
            paint_icon(painter, placed, picture, theme.color("text-muted"))
            right = icon.left()
            if badge is None:
                return right
            right -= theme.px(_MARK_GAP)
        width = round(badge_size(theme, badge).width())
        tag = QRect(right - width + 1, rect.top(), width, rect.height())  # optically in line with the icons
        paint_badge(painter, QStyle.visualRect(direction, rect, tag).left(), rect.center().y() + 0.5, theme, badge)
        return tag.left()
