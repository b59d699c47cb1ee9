"""The card of raised hands of the shown room, in order."""

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.avatar import Avatar
from chatdesk.desktop.widgets.common.button import QUIET, Button
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.order.board_card import BoardCard
from chatdesk.desktop.widgets.order.board_row import BoardRow
from chatdesk.desktop.widgets.order.held_card import clock_time
from chatdesk.protocol.pace_events import Hand
from chatdesk.protocol.text import isolated

_AVATAR = 32
"""Pixels of the design, at 100 percent text."""
_NONE = "No hand is up. First come, first heard."


class HandRow(BoardRow):
    """``accepted``: the person is called; ``refused``: the hand is lowered."""

    def __init__(self, theme: Theme, hand: Hand) -> None:
        self._since, self._name = clock_time(hand.raised_at), isolated(hand.nickname)
        self._place = Label(theme, role="text-muted", tabular=True)
        avatar = Avatar(theme, _AVATAR, hand.nickname)
        avatar.set_person(hand.nickname, hand.author)
        words = QHBoxLayout()
        words.setSpacing(8)
        words.addWidget(Label(theme, hand.nickname, weight=500, elide=True))
        words.addWidget(Label(theme, self._since, font="small", role="text-muted", tabular=True))
        words.addStretch(1)
        super().__init__(theme, (self._place, avatar), words, "Lower", "Call")
        self.accept_button.setAccessibleName(f"Call {self._name}")
        self.refuse_button.setAccessibleName(f"Lower the hand of {self._name}")

    def set_place(self, place: int) -> None:
        """Show the place in the order, from 1."""
        self._place.set_text(str(place))
        self.setAccessibleName(f"{place}, {self._name}, since {self._since}")


class HandsCard(BoardCard[HandRow]):
    """Emits ``called`` and ``lowered`` with an author; an empty one lowers all hands."""

    called = Signal(str)
    lowered = Signal(str)

    def __init__(self, theme: Theme) -> None:
        self.all_button = Button(theme, "Lower all", QUIET)
        super().__init__(theme, "Raised hands", _NONE, self.all_button)
        self.all_button.clicked.connect(lambda: self.lowered.emit(""))

    def show_hands(self, hands: Sequence[Hand], count: int) -> None:
        """Show the first hands, in order, of so many."""
        self._draw({f"{hand.author} {hand.raised_at}": hand for hand in hands}, count, self._row)
        for place, row in enumerate(self.rows, 1):
            row.set_place(place)
        self.all_button.setVisible(count > 0)

    def _row(self, hand: Hand) -> HandRow:
        row = HandRow(self._theme, hand)
        row.accepted.connect(lambda: self.called.emit(hand.author))
        row.refused.connect(lambda: self.lowered.emit(hand.author))
        return row

    def _words(self, count: int) -> str:
        return "One hand is up" if count == 1 else f"{count} hands are up"
