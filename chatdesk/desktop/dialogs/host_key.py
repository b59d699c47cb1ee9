"""Sheets about the key of an encrypted host: to compare it once, and to show one's own."""

import asyncio
from collections.abc import Sequence
from datetime import date

from PySide6.QtCore import QDate, QLocale, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QVBoxLayout, QWidget
from shiboken6 import isValid

from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, Button, IconButton
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.key_words import KeyWords
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.qr_code import QrCode
from chatdesk.protocol.text import isolated

# Pixels as in the design, at 100 percent text.
_WIDTH, _BOTTOM = 592, 24
_BESIDE = 540
"""Pixels of a sheet in which the code stands beside the words."""
_QR = 172
_GAP = 28


async def answered(sheet: Sheet) -> None:
    """Wait until an open sheet is closed, by the person or with the window; then remove it."""
    closed = asyncio.Event()
    for signal in (sheet.dismissed, sheet.destroyed):
        signal.connect(closed.set)
    try:
        await closed.wait()
    finally:
        if isValid(sheet):
            sheet.dismiss()
            sheet.deleteLater()


def day_and_month(day: date) -> str:
    """``12 November``; with the year if it is not this one."""
    pattern = "d MMMM" if day.year == date.today().year else "d MMMM yyyy"
    return QLocale.c().toString(QDate(day.year, day.month, day.day), pattern)


def compare_link(page_url: str, fingerprint: str) -> str:
    """The page that tells a phone which is in the chat already whether this is the chat's key."""
    return f"{page_url.rstrip('/')}/ca#{fingerprint}"


class KeySheet(Sheet):
    """Four words and the same as a code; ``accepted``: the person has said that they are the same."""

    def __init__(self, theme: Theme, window: QWidget, title: str, words: Sequence[str], link: str) -> None:
        super().__init__(theme, window, QSize(_WIDTH, 0))
        self.accepted = False
        self.refused = False
        self._close_button = IconButton(theme, "close", "Close", shortcut="Esc")
        self._close_button.clicked.connect(self.dismiss)
        self._words = KeyWords(theme, words)
        self._qr = QrCode(theme, _QR)
        self._qr.set_url(link)
        self._columns = QBoxLayout(QBoxLayout.Direction.LeftToRight)
        self._columns.setSpacing(_GAP)
        self.setAccessibleName(title)
        self._title = title

    def _show(self, parts: Sequence[QWidget], focus: QWidget) -> None:
        content = QWidget()
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 6, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(18)
        for part in parts:
            layout.addWidget(part)
        self.set_content(content, sheet_header(self._theme, self._title, self._close_button))
        self._arrange()
        self.open(focus)
        announce(self, f"{self._title} {self.accessibleDescription()} {self._words.accessibleName()}")

    def _key(self, above_words: str, below_words: str, above_code: str, below_code: str) -> QWidget:
        """The words at the left, the code at the right, each with what to do with it."""
        key = QWidget()
        self._columns.setContentsMargins(0, 0, 0, 0)
        self._columns.addLayout(self._captioned(above_words, self._words, below_words), 1)
        self._columns.addLayout(self._captioned(above_code, self._qr, below_code))
        key.setLayout(self._columns)
        return key

    def _captioned(self, above: str, part: QWidget, below: str) -> QVBoxLayout:
        column = QVBoxLayout()
        column.setSpacing(8)
        column.addWidget(Label(self._theme, above, font="label"))
        column.addWidget(part)
        caption = Label(self._theme, below, font="small", role="text-muted", wrap=True)
        if part is self._qr:
            caption.setMaximumWidth(_QR)
        column.addWidget(caption)
        column.addStretch(1)
        return column

    def _note(self, icon: str, text: str) -> QWidget:
        note = QWidget()
        row = QHBoxLayout(note)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Icon(self._theme, icon, size=16), 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(Label(self._theme, text, font="small", role="text-muted", wrap=True), 1)
        return note

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        beside = self.width() >= self._theme.px(_BESIDE)
        direction = QBoxLayout.Direction
        self._columns.setDirection(direction.LeftToRight if beside else direction.TopToBottom)
        self._position_card()


class OwnKeySheet(KeySheet):
    """The key of the chat that this window hosts, to be read aloud."""

    def __init__(self, theme: Theme, window: QWidget, words: Sequence[str], link: str) -> None:
        super().__init__(theme, window, "The key of this chat", words, link)
        text = "Who joins with ChatDesk is shown four words, and asks you for these. They stay the same for this chat."
        self.setAccessibleDescription(text)
        key = self._key("Read them aloud", "They are no secret.", "Or let it be scanned", "By a phone that is in.")
        intro = Label(theme, text, role="text-muted", wrap=True)
        phones = "Phones and browsers trust the chat once they have its certificate: the address with /ca says how."
        self._show((intro, key, self._note("phone", phones)), self._close_button)


class NewKeySheet(KeySheet):
    """Asks once for each host whether its key is the one that the host reads aloud."""

    def __init__(
        self, theme: Theme, window: QWidget, chat: str, person: str, words: Sequence[str], link: str, address: str
    ) -> None:
        chat, person = isolated(chat or "this chat"), isolated(person) if person else "the host"
        super().__init__(theme, window, f"Is this {chat}?", words, link)
        who = person[:1].upper() + person[1:]
        text = (
            f"You join {chat} for the first time. What you write is encrypted, but only four words tell whether it "
            f"goes to {person} or to somebody in between."
        )
        self.setAccessibleDescription(text)
        intro = Label(theme, role="text-muted", wrap=True)
        intro.set_text(text, chat)
        key = self._key(
            f"Ask {person} to read theirs aloud",
            f"{who} finds them under Invite.",
            "Or scan it",
            "A phone that is already in says whether it is the same.",
        )
        differ, join = (
            Button(theme, "They differ", size="normal"),
            Button(theme, "Same words, join", PRIMARY, size="normal"),
        )
        differ.clicked.connect(self._refuse)
        join.clicked.connect(self._accept)
        row = QHBoxLayout()
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(8)
        row.addWidget(Label(theme, address, font="code", role="text-muted", elide=True), 1)
        row.addWidget(differ)
        row.addWidget(join)
        buttons = QWidget()
        buttons.setLayout(row)
        once = "Asked once for each host. ChatDesk speaks up if the key ever changes."
        self._show((intro, key, buttons, self._note("lock", once)), join)

    def _accept(self) -> None:
        self.accepted = True
        self.dismiss()

    def _refuse(self) -> None:
        self.refused = True
        self.dismiss()
