"""The hard stop before a host that shows another key than the known one: nothing goes on by itself."""

from datetime import date

from PySide6.QtCore import QSize, Qt
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.client.known_hosts import KnownHost
from chatdesk.desktop.accessibility.announce import announce
from chatdesk.desktop.dialogs.host_key import day_and_month
from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, QUIET, Button, IconButton
from chatdesk.desktop.widgets.common.field import Field
from chatdesk.desktop.widgets.common.hairline import Hairline
from chatdesk.desktop.widgets.common.icon import Icon
from chatdesk.desktop.widgets.common.key_words import KeyWords
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.protocol.text import isolated

# Pixels as in the design, at 100 percent text.
_WIDTH, _BOTTOM = 536, 24


class ChangedKeySheet(Sheet):
    """``trusted``: the person has typed the words of the new key; ``look_for_others``: they want the start screen."""

    def __init__(self, theme: Theme, window: QWidget, known: KnownHost, shown: KnownHost, address: str) -> None:
        super().__init__(theme, window, QSize(_WIDTH, 0))
        self.border_role = "danger"
        self.trusted = False
        self._expected = shown.words
        self._close_button = IconButton(theme, "close", "Close", shortcut="Esc")
        self._leave = Button(theme, "Leave", PRIMARY, size="normal")
        self._trust = Button(theme, "Trust the new key", QUIET, size="normal")
        self._trust.setEnabled(False)
        self._fold = Button(theme, "The host has a new computer", QUIET, icon="chevron-right")
        self._typed = Field(theme, "The four new words", placeholder="Four words", height=40, font="ui")
        self._count = Label(theme, font="small", role="text-muted", tabular=True)
        for button in (self._close_button, self._leave):
            button.clicked.connect(self.dismiss)
        self._trust.clicked.connect(self._accept)
        self._fold.clicked.connect(self._unfold)
        self._typed.edit.textEdited.connect(lambda _: self._compare())
        self._title = "Not the host you know"
        sentence = (
            f"{address} says it is {isolated(shown.chat or known.chat)}, but shows another key than on "
            f"{day_and_month(known.day)}. Somebody may be posing as the host. "
        )
        self._sentence = sentence
        self.setAccessibleName(self._title)
        self.setAccessibleDescription(f"{sentence}Nothing was sent.")
        self.set_content(self._content(known, shown))

    def show_sheet(self) -> None:
        """Open over the window."""
        self.open(self._leave)
        known, new = (words.accessibleName() for words in self._lists)
        announce(self, f"{self._title}. {self.accessibleDescription()} You know: {known}. It shows: {new}.")

    def _content(self, known: KnownHost, shown: KnownHost) -> QWidget:
        theme, content = self._theme, QWidget()
        self._lists = (KeyWords(theme, known.words, columns=1), KeyWords(theme, shown.words, columns=1, danger=True))
        text = Label(theme, role="text-muted", wrap=True)
        text.set_text(f"{self._sentence}Nothing was sent.", "Nothing was sent.")
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 22, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(14)
        layout.addLayout(self._header())
        layout.addWidget(text)
        layout.addLayout(self._both_lists())
        layout.addWidget(Hairline(theme))
        layout.addWidget(self._fold, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addWidget(self._new_key())
        layout.addLayout(self._buttons())
        return content

    def _header(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(12)
        row.addWidget(Icon(self._theme, "warning", "danger", size=24))
        row.addWidget(Label(self._theme, self._title, font="heading", wrap=True), 1)
        row.addWidget(self._close_button, 0, Qt.AlignmentFlag.AlignTop)
        return row

    def _both_lists(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(16)
        for caption, role, words in zip(("You know", "It shows"), ("text", "danger"), self._lists, strict=True):
            column = QVBoxLayout()
            column.setSpacing(8)
            column.addWidget(Label(self._theme, caption, font="label", role=role))
            column.addWidget(words)
            row.addLayout(column, 1)
        return row

    def _new_key(self) -> QWidget:
        self._new = QWidget()
        hint = "Then they can read four new words to you. Type them as you hear them, not as they stand above."
        column = QVBoxLayout(self._new)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(8)
        column.addWidget(Label(self._theme, hint, font="label", role="text-muted", wrap=True))
        column.addWidget(self._typed)
        column.addWidget(self._count)
        self._new.hide()
        return self._new

    def _buttons(self) -> QHBoxLayout:
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self._trust)
        row.addStretch(1)
        row.addWidget(self._leave)
        self._trust.hide()
        return row

    def _unfold(self) -> None:
        self._new.show()
        self._trust.show()
        self._fold.set_look(QUIET, "chevron-down")
        self._compare()
        self._typed.edit.setFocus()

    def _compare(self) -> None:
        """Count the words that are right from the first on; the button works when all of them are."""
        typed = self._typed.text.lower().replace(",", " ").split()
        right = next(
            (place for place, pair in enumerate(zip(typed, self._expected, strict=False)) if pair[0] != pair[1]),
            min(len(typed), len(self._expected)),
        )
        done = right == len(self._expected) == len(typed)
        self._count.set_text(f"{right} of {len(self._expected)}")
        self._trust.setEnabled(done)
        self._position_card()

    def _accept(self) -> None:
        self.trusted = True
        self.dismiss()


def known_since(known: KnownHost) -> str:
    """What is said of a found host whose advert promises another key."""
    today = known.day == date.today()
    return f"Another key than {'today' if today else f'on {day_and_month(known.day)}'}"
