"""The card of those who wait to come in, and whether newcomers wait at all."""

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.toggle import Toggle
from chatdesk.desktop.widgets.order.board_card import BoardCard
from chatdesk.desktop.widgets.order.waiting_row import WaitingRow
from chatdesk.protocol.admission_events import Queue, Waiter


class WaitingCard(BoardCard[WaitingRow]):
    """Emits ``accepted`` and ``refused`` with an author, ``all_accepted``, and ``approval_chosen``.

    ``may_guard``: the person may say whether newcomers wait.
    """

    accepted = Signal(str)
    refused = Signal(str)
    all_accepted = Signal()
    approval_chosen = Signal(bool)

    def __init__(self, theme: Theme, *, may_guard: bool) -> None:
        ask = Label(theme, "Ask before letting in", font="label", weight=400, role="text-muted")
        self.toggle = Toggle(theme, "Ask before letting in")
        super().__init__(theme, "Waiting to come in", "", *((ask, self.toggle) if may_guard else ()))
        self._note = Label(theme, "People who leave the page leave the queue.", font="label", weight=400)
        self._note.set_role("text-muted")
        self.all_button = Button(theme, "Let all in")
        self._foot.addWidget(self._note, 1)
        self._foot.addWidget(self.all_button)
        self.toggle.clicked.connect(self.approval_chosen)
        self.all_button.clicked.connect(self.all_accepted)

    def show_queue(self, queue: Queue) -> None:
        """Show who waits now."""
        for waiter in queue.people:
            known = self._rows.get(waiter.author)
            if known and not known.gone:
                known.show_waiter(waiter)
        self._draw({waiter.author: waiter for waiter in queue.people}, queue.count, self._row)
        self.toggle.setChecked(queue.approval)
        self._none.set_text(_nobody(approval=queue.approval))
        self.all_button.setVisible(queue.count > 1)
        self.all_button.setText(f"Let all {queue.count} in")
        self._note.setVisible(queue.count > 0)

    @property
    def _has_note(self) -> bool:
        return True

    @property
    def _instead(self) -> QWidget:
        return self.toggle

    def _row(self, waiter: Waiter) -> WaitingRow:
        row = WaitingRow(self._theme, waiter)
        row.accepted.connect(lambda: self.accepted.emit(row.author))
        row.refused.connect(lambda: self.refused.emit(row.author))
        return row

    def _words(self, count: int) -> str:
        return f"{'One person waits' if count == 1 else f'{count} people wait'} to come in"


def _nobody(*, approval: bool) -> str:
    if approval:
        return "Nobody waits. Newcomers wait here until you let them in; people who have been here before do not."
    return "Newcomers come in by themselves."
