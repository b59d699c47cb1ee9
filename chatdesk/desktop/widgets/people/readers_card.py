"""Who has read a message: a card at its ticks, with four names and a button for all of them; and when it was said."""

from PySide6.QtCore import QRect, Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.receipts import ShownReaders
from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.models.readers import ReadersModel, moment_of
from chatdesk.desktop.theme import SEMIBOLD, Theme
from chatdesk.desktop.widgets.common.button import ICON, Button
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.popover import Popover
from chatdesk.desktop.widgets.people.person_rows import GAP, SIDE
from chatdesk.desktop.widgets.people.readers_list import ReadersList
from chatdesk.protocol.text import isolated

# Pixels of the design, at 100 percent text.
_WIDTH, _HEAD, _PAD, _LINE_GAP, _MORE = 224, 36, 8, 4, 32
_GAP, _MARGIN = 6, 8
_NAMED = 4
"""Names before all are wanted."""
_ROWS_SHOWN = 7.5
"""Of all of them: half a row shows that there is more."""


class ReadersCard(Popover):
    """Opens by ``open_info`` for one message. ``more_requested``: further names are wanted; ``closed``: the card is."""

    more_requested = Signal()
    closed = Signal()

    def __init__(self, theme: Theme, anchor: QWidget) -> None:
        super().__init__(theme, anchor, _WIDTH)
        self._all = False
        self._shown: ShownReaders | None = None
        self._title = Label(theme, font="label", weight=SEMIBOLD, elide=True)
        self._beside = Label(theme, font="label", role="text-muted")
        self._details = Label(theme, font="small", role="text-muted", wrap=True)
        self._rows = ReadersModel()
        self.list = ReadersList(theme, self._rows)
        self.list.verticalScrollBar().valueChanged.connect(self._near_the_end)
        self.more = Button(theme, "", ICON, size="small")
        self.more.clicked.connect(self._show_all)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.set_content(self._content())
        theme.changed.connect(self._apply_theme)
        self._apply_theme()

    def open_info(self, anchor: QWidget, part: QRect, title: str, details: str = "") -> None:
        """Open at a part of ``anchor``; ``details`` are lines about the message. Who has read it follows."""
        self._all, self._shown = False, None
        self._rows.set_readers(())
        self._title.set_text(title)
        self._beside.hide()
        self._details.set_text(details)
        self._details.setVisible(bool(details))
        self.list.hide()
        self.more.hide()
        self.setAccessibleName(f"{title}. {details}".strip(". \n"))
        self.open_with_focus(anchor, part, self)
        announce(self, self.accessibleName())

    def show_readers(self, shown: ShownReaders | None) -> None:
        """Show who has read it, once that is known; what was known before stays until then."""
        if not self.isVisible() or (shown and shown.busy):
            return
        was_known, self._shown = self._shown is not None, shown
        if shown is None:
            self.close_card()
            return
        self._show(shown)
        if not was_known:
            announce(self, self._spoken(shown))
            if self.hasFocus():
                first = self.list if self.list.isVisible() else self
                first.setFocus(Qt.FocusReason.OtherFocusReason)

    def close_card(self) -> None:
        """Close; the focus goes back to where it was."""
        was_open = self.isVisible()
        super().close_card()
        if was_open:
            self.closed.emit()

    def place(self) -> None:
        """Move the card below its part, ending where that ends; above it where the window has no room below."""
        window, part = self._anchor.window(), self._part or self._anchor.rect()
        beside = QRect(self._anchor.mapTo(window, part.topLeft()), part.size())
        width = min(self._theme.px(_WIDTH), window.width() - 2 * _MARGIN)
        height = min(self._content_height(width), window.height() - 2 * _MARGIN)
        left = max(_MARGIN, min(beside.right() + 1 - width, window.width() - _MARGIN - width))
        below = beside.bottom() + 1 + _GAP
        fits = below + height <= window.height() - _MARGIN
        top = below if fits else max(_MARGIN, beside.top() - _GAP - height)
        around = self.card.topLeft()
        self.setGeometry(QRect(left, top, width, height).adjusted(-around.x(), -around.y(), around.x(), around.y()))

    def _show(self, shown: ShownReaders) -> None:
        words, beside = _head(shown)
        self._title.set_text(words)
        self._beside.set_text(beside)
        self._beside.setVisible(bool(beside))
        alone = shown.people == 1
        self._rows.set_readers(() if alone else shown.readers if self._all else shown.readers[:_NAMED])
        self.list.setVisible(bool(self._rows.rowCount()))
        hidden = shown.count - _NAMED
        self.more.setText(f"{hidden} more")
        self.more.setVisible(hidden > 0 and not self._all)
        self.setAccessibleName(f"{words} {beside}".strip())
        self.place()

    def _show_all(self) -> None:
        self._all = True
        if self._shown:
            self._show(self._shown)
        self.list.setFocus(Qt.FocusReason.OtherFocusReason)
        self._near_the_end()

    def _near_the_end(self) -> None:
        bar = self.list.verticalScrollBar()
        if self._all and self._shown and self._shown.more and bar.value() + bar.pageStep() >= bar.maximum():
            self.more_requested.emit()

    def _spoken(self, shown: ShownReaders) -> str:
        names = (f"{isolated(one.nickname)} {moment_of(one)}".strip() for one in shown.readers[:_NAMED])
        more = [self.more.text()] if self.more.isVisible() else []
        return f"{self.accessibleName()}: {', '.join([*names, *more])}" if shown.count else self.accessibleName()

    def _content_height(self, width: int) -> int:
        px, rows = self._theme.px, self._rows.rowCount()
        row = px(self._theme.tokens["size"]["personRow"])
        height = px(_HEAD) + round(row * min(rows, _ROWS_SHOWN)) + _PAD
        if self._details.isVisibleTo(self):
            height += self._details.heightForWidth(width - 2 * SIDE - 2) + _LINE_GAP
        return height + (px(_MORE) if self.more.isVisibleTo(self) else 0) + 2

    def _content(self) -> QWidget:
        content = QWidget()
        head = QHBoxLayout()
        head.setContentsMargins(SIDE, 0, SIDE, 0)
        head.setSpacing(6)
        head.addWidget(self._title)
        head.addWidget(self._beside)
        head.addStretch(1)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(1, 1, 1, _PAD)
        layout.setSpacing(0)
        layout.addLayout(head)
        details = QHBoxLayout()
        details.setContentsMargins(SIDE, 0, SIDE, 0)
        details.addWidget(self._details, 1, Qt.AlignmentFlag.AlignTop)
        layout.addLayout(details)
        layout.addWidget(self.list, 1)
        below = QHBoxLayout()
        below.addWidget(self.more, 0, Qt.AlignmentFlag.AlignLeft)
        self._below = below
        layout.addLayout(below)
        return content

    def _apply_theme(self) -> None:
        px = self._theme.px
        self._title.setFixedHeight(px(_HEAD))
        self._beside.setFixedHeight(px(_HEAD))
        avatar = px(self._theme.tokens["size"]["avatar"]["person"])
        self._below.setContentsMargins(SIDE + avatar + GAP - 13, 0, SIDE, 0)


def _head(shown: ShownReaders) -> tuple[str, str]:
    """Return what stands at the top: how many of how many, or in private who and when."""
    if shown.people == 1 and shown.readers:
        [reader] = shown.readers
        return f"Read by {isolated(reader.nickname)}", moment_of(reader)
    if not shown.count:
        return "Not read yet", f"by {shown.people}" if shown.people > 1 else ""
    return f"Read by {shown.count}", f"of {shown.people}"
