"""The timeline's widget: what pointer and keys do with its rows."""

from collections.abc import Callable

from PySide6.QtCore import QEvent, QModelIndex, QPersistentModelIndex, QPoint, QRect, QRectF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QGuiApplication,
    QKeyEvent,
    QKeySequence,
    QMouseEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QAbstractItemView, QApplication

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.keys import is_text_key
from chatdesk.desktop.models.rows import MessageRow, Row, UnsentRow
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.tooltip import set_tooltip
from chatdesk.desktop.widgets.timeline import row_painter
from chatdesk.desktop.widgets.timeline.blocks.block import Placed
from chatdesk.desktop.widgets.timeline.blocks.scrolled import all_scrolled, scrolled_at
from chatdesk.desktop.widgets.timeline.canvas import TimelineCanvas
from chatdesk.desktop.widgets.timeline.message_bar import MessageBar
from chatdesk.desktop.widgets.timeline.row_actions import (
    act_by_key,
    copied_text,
    enter_action,
    target_name,
    tooltip_text,
)
from chatdesk.desktop.widgets.timeline.targets import (
    AddReaction,
    ClickTarget,
    CopyCode,
    Discard,
    Edit,
    JumpTo,
    Link,
    ListReactors,
    OpenCalendar,
    Pin,
    React,
    Reply,
    Resend,
    ShowReaders,
    Toggle,
)
from chatdesk.desktop.widgets.timeline.text_selection import is_over_words

_SIDEWAYS_STEP = 80
"""Pixels that wide code scrolls with a key."""
_GIVEN_BACK = (
    Qt.FocusReason.OtherFocusReason,
    Qt.FocusReason.PopupFocusReason,
    Qt.FocusReason.ActiveWindowFocusReason,
)


class TimelineView(TimelineCanvas):
    """The timeline with pointer and keys.

    ``menu_requested`` carries a row and a point of the screen, ``calendar_requested`` such a point, ``code_copied``
    nothing, ``act_requested`` a ``MessageAct``; the other signals a URL or a message's id.
    """

    act_requested = Signal(object)
    calendar_requested = Signal(QPoint)
    code_copied = Signal()
    link_clicked = Signal(str)
    resend_requested = Signal(str)
    edit_requested = Signal(str)
    discard_requested = Signal(str)
    menu_requested = Signal(QModelIndex, QPoint)

    def __init__(self, theme: Theme, model: TimelineModel) -> None:
        super().__init__(theme, model)
        self._pressed: ClickTarget | None = None
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setMouseTracking(True)
        self.setAccessibleName("Messages")
        self._bar_row = QPersistentModelIndex()
        self._bar = MessageBar(theme, self.viewport())
        self._bar.react_requested.connect(lambda: self._act_by_bar(AddReaction))
        self._bar.reply_requested.connect(lambda: self._act_by_bar(Reply))
        self._bar.pin_requested.connect(self._pin_by_bar)
        self._bar.menu_requested.connect(self._open_menu_by_bar)
        self.verticalScrollBar().valueChanged.connect(self._place_bar)
        model.modelReset.connect(self._forget_bar)

    def place_of(self, seq: int) -> QRect:
        """Return where a message is in the viewport, up to the right edge of the text; empty if it is not loaded."""
        position = self._timeline.position_of(seq)
        rect = QRect() if position is None else self.visualRect(self._timeline.index(position))
        rect.setRight(self._layout.right)
        return rect & self.viewport().rect()

    def place_of_reaction(self, seq: int, emoji: str) -> QRect:
        """Return where a reaction to a message is in the viewport; empty if it is not loaded."""
        return self._place_of_part(seq, lambda target: isinstance(target, React) and target.emoji == emoji)

    def place_of_ticks(self, seq: int) -> QRect:
        """Return where the ticks of an own message are in the viewport; the message where it has no such button."""
        return self._place_of_part(seq, lambda target: isinstance(target, ShowReaders)) or self.place_of(seq)

    def _place_of_part(self, seq: int, is_meant: Callable[[ClickTarget], bool]) -> QRect:
        position = self._timeline.position_of(seq)
        if position is None:
            return QRect()
        corner = self.visualRect(self._timeline.index(position)).topLeft()
        parts = row_painter.parts(self._layout, self._timeline.row(position))
        rects = (part.rect for part in parts if is_meant(part.target))
        return next(rects, QRectF()).translated(corner).toAlignedRect()

    def copy(self) -> None:
        """Copy the selected words, else the selected rows, else the current row."""
        if words := self.text_selection.text:
            QGuiApplication.clipboard().setText(words)
            return
        chosen = sorted(self.selectedIndexes(), key=QModelIndex.row) or [self.currentIndex()]
        if text := copied_text(
            [self._timeline.row(index.row()) for index in chosen if index.isValid()], self._timeline.own_name
        ):
            QGuiApplication.clipboard().setText(text)

    # The bar with the actions of a message

    def _place_bar(self) -> None:
        """Show the bar at the message that is pointed at, or that the keys are on; while it has the keys, it stays."""
        focused = QApplication.focusWidget()
        if focused and self._bar.isVisible() and self._bar.isAncestorOf(focused):
            return
        index = self.currentIndex()
        if self._hovered is not None:
            index = self._timeline.index(self._hovered)
        elif not self._shows_focus(index):
            index = QModelIndex()
        row = self._timeline.row(index.row()) if index.isValid() else None
        if not isinstance(row, MessageRow) or row.removal:
            self._bar.hide()
            return
        self._bar_row = QPersistentModelIndex(index)
        self._bar.set_pinned(row.message.pinned)
        self._bar.place(self.visualRect(index), self._layout.right)

    def _forget_bar(self) -> None:
        """Hide the bar, as another room is shown."""
        self._set_hovered(None)

    def _set_hovered(self, position: int | None) -> None:
        super()._set_hovered(position)
        self._place_bar()

    def _act_by_bar(self, act: type[AddReaction | Reply]) -> None:
        if row := self._row_of_bar():
            self.act_requested.emit(act(row.message.seq))

    def _pin_by_bar(self) -> None:
        if row := self._row_of_bar():
            self.act_requested.emit(Pin(row.message.seq, not row.message.pinned))

    def _open_menu_by_bar(self) -> None:
        if self._row_of_bar():
            below = self._bar.more.mapToGlobal(self._bar.more.rect().bottomLeft())
            self.menu_requested.emit(self._timeline.index(self._bar_row.row()), below)

    def _row_of_bar(self) -> MessageRow | None:
        row = self._timeline.row(self._bar_row.row()) if self._bar_row.isValid() else None
        return row if isinstance(row, MessageRow) else None

    # Pointer and keyboard

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position().toPoint()
        index = self.indexAt(point)
        row = self._timeline.row(index.row()) if index.isValid() else None
        if event.buttons() & Qt.MouseButton.LeftButton and row and self.text_selection.is_in(row):
            self._select_words(index, point)
            return
        if event.buttons() & Qt.MouseButton.LeftButton:
            self.text_selection.collapse()
        super().mouseMoveEvent(event)
        self._set_hovered(index.row() if index.isValid() else None)
        target = self._target_at(point)
        self.viewport().setCursor(self._cursor_at(index, point, target))
        inside = (point - self.visualRect(index).topLeft()).toPointF()
        edited = isinstance(row, MessageRow) and row_painter.is_edited_mark(self._layout, row, inside)
        words = f"Edited {row.edited}" if edited and isinstance(row, MessageRow) else tooltip_text(target, row)
        set_tooltip(self.viewport(), words)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Select the word."""
        super().mouseDoubleClickEvent(event)
        point = event.position().toPoint()
        index = self.indexAt(point)
        if index.isValid() and (placed := self._body(index)):
            inside = point - self.visualRect(index).topLeft()
            self.text_selection.select_word(self._timeline.row(index.row()), placed, inside.x(), inside.y())
            self.clearSelection()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        super().mouseReleaseEvent(event)
        single = len(self.selectedIndexes()) <= 1
        if event.button() == Qt.MouseButton.LeftButton and single and not event.modifiers():
            self.clearSelection()
            point = event.position().toPoint()
            if (target := self._target_at(point)) == self._pressed and not self.text_selection.text:
                self._activate(self.indexAt(point).row(), target)

    def wheelEvent(self, event: QWheelEvent) -> None:
        """Scroll wide code or a wide table sideways, under the pointer."""
        turned = event.pixelDelta() if not event.pixelDelta().isNull() else event.angleDelta()
        sideways = turned.x() or (turned.y() if event.modifiers() & Qt.KeyboardModifier.ShiftModifier else 0)
        index, point = self.indexAt(event.position().toPoint()), event.position()
        placed = self._body(index) if index.isValid() and abs(sideways) >= abs(turned.y()) else None
        if placed:
            inside = point - self.visualRect(index).topLeft()
            wide = scrolled_at(placed.block, inside.x() - placed.x, inside.y() - placed.y)
            if wide and wide.scroll(-sideways):
                self._repaint_row(index)
                return
        super().wheelEvent(event)

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._set_hovered(None)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        by_key = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if by_key else self.indexAt(event.pos())
        reaction = self._reaction_of_menu(index, event.pos(), by_key=by_key) if index.isValid() else None
        if reaction:
            self.act_requested.emit(ListReactors(reaction.seq, reaction.emoji))
        elif index.isValid():
            point = self.visualRect(index).center() if by_key else event.pos()
            self.menu_requested.emit(index, self.viewport().mapToGlobal(point))

    def _reaction_of_menu(self, index: QModelIndex, point: QPoint, *, by_key: bool) -> React | None:
        """Return the reaction that is pointed at, or that the keys are on: its menu is the list of people."""
        part = self._part_focus.of(self._layout, self._timeline.row(index.row())) if by_key else None
        target = (part.target if part else None) if by_key else self._target_at(point)
        return target if isinstance(target, React) else None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        self._keyboard_focus = False
        point = event.position().toPoint()
        self._pressed = self._target_at(point)
        self.text_selection.clear()
        self.viewport().update()
        super().mousePressEvent(event)
        index = self.indexAt(point)
        if event.button() == Qt.MouseButton.LeftButton and not event.modifiers() and index.isValid():
            self._begin_words(index, point)

    def focusInEvent(self, event: QFocusEvent) -> None:
        """The keys act at once after Tab; and again, if they did before, when a card or a menu gives the focus back."""
        by_tab = event.reason() in (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._keyboard_focus = by_tab or (self._keyboard_focus and event.reason() in _GIVEN_BACK)
        super().focusInEvent(event)
        self._place_bar()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Clear the selection, unless the focus went to a menu or another window."""
        super().focusOutEvent(event)
        if event.reason() not in (Qt.FocusReason.PopupFocusReason, Qt.FocusReason.ActiveWindowFocusReason):
            self.clearSelection()
            self.text_selection.clear()
        self._place_bar()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        row = self._timeline.row(index.row()) if index.isValid() else None
        act = act_by_key(event, row) if self._shows_focus(index) else None  # who has clicked means the composer
        self._keyboard_focus = True
        if event.matches(QKeySequence.StandardKey.Copy):
            self.copy()
        elif act:
            self.act_requested.emit(act)
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter, Qt.Key.Key_Space):
            part = self._part_focus.of(self._layout, row) if row else None
            self._activate(index.row(), part.target if part else enter_action(self._layout, row))
        elif row and event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            step = 1 if event.key() == Qt.Key.Key_Right else -1
            self._go_sideways(index, row, step, event.modifiers())
        elif event.key() == Qt.Key.Key_Delete and isinstance(row, UnsentRow):
            self.discard_requested.emit(row.entry.id)
        elif event.key() == Qt.Key.Key_F2 and isinstance(row, UnsentRow):
            self.edit_requested.emit(row.entry.id)
        elif is_text_key(event):
            event.ignore()  # it is meant for the composer; Qt would search for a row
        else:
            super().keyPressEvent(event)
        self._place_bar()

    def _begin_words(self, index: QModelIndex, point: QPoint) -> None:
        """Begin to select words; the press has selected the row, which only a drag to another one means."""
        if placed := self._body(index):
            inside = point - self.visualRect(index).topLeft()
            self.text_selection.begin(self._timeline.row(index.row()), placed, inside.x(), inside.y())
            self.clearSelection()

    def _select_words(self, index: QModelIndex, point: QPoint) -> None:
        inside = point - self.visualRect(index).topLeft()
        self.text_selection.extend(inside.x(), inside.y())
        self.clearSelection()
        self.viewport().update()

    def _go_sideways(self, index: QModelIndex, row: Row, step: int, modifiers: Qt.KeyboardModifier) -> None:
        """Go to the next link or button of a message; with Shift, scroll its wide code and tables."""
        if modifiers & Qt.KeyboardModifier.ShiftModifier:
            if placed := self._body(index):
                for wide in all_scrolled(placed.block):
                    wide.scroll(step * self._theme.px(_SIDEWAYS_STEP))
                self._repaint_row(index)
        elif part := self._part_focus.move(self._layout, row, step):
            announce(self, target_name(part.target))
        self.viewport().update()

    def _body(self, index: QModelIndex) -> Placed | None:
        return row_painter.body(self._layout, self._timeline.row(index.row()))

    def _cursor_at(self, index: QModelIndex, point: QPoint, target: ClickTarget | None) -> Qt.CursorShape:
        if target:
            return Qt.CursorShape.PointingHandCursor
        placed = self._body(index) if index.isValid() else None
        inside = point - self.visualRect(index).topLeft()
        over = placed and is_over_words(placed.block, inside.x() - placed.x, inside.y() - placed.y)
        return Qt.CursorShape.IBeamCursor if over else Qt.CursorShape.ArrowCursor

    def _target_at(self, point: QPoint) -> ClickTarget | None:
        index = self.indexAt(point)
        if not index.isValid():
            return None
        inside = point - self.visualRect(index).topLeft()
        return row_painter.target_at(self._layout, self._timeline.row(index.row()), inside.toPointF())

    def _activate(self, position: int, target: ClickTarget | None) -> None:
        match target:
            case Link(url=url):
                self.link_clicked.emit(url)
            case JumpTo() | React() | AddReaction() | ShowReaders():
                self.act_requested.emit(target)
            case CopyCode(text=text):
                QGuiApplication.clipboard().setText(text)
                self.code_copied.emit()
            case Resend(id=message_id):
                self.resend_requested.emit(message_id)
            case Edit(id=message_id):
                self.edit_requested.emit(message_id)
            case Discard(id=message_id):
                self.discard_requested.emit(message_id)
            case Toggle():
                self._timeline.toggle(position)
            case OpenCalendar():
                rect = self.visualRect(self._timeline.index(position))
                self.calendar_requested.emit(self.viewport().mapToGlobal(QPoint(self._layout.text_left, rect.bottom())))
