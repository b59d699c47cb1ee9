"""The board of those who keep order: what it shows, what they decide there, and the sentence that somebody waits."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QTimer
from PySide6.QtWidgets import QWidget
from shiboken6 import isValid

from chatdesk.client.order import Answer
from chatdesk.desktop.controllers.order import OrderController
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.order_board import OrderBoard
from chatdesk.desktop.theme import Theme
from chatdesk.protocol.order_commands import Audit, Bans
from chatdesk.protocol.order_events import Audit as AuditPage
from chatdesk.protocol.order_events import Bans as BansPage
from chatdesk.protocol.pace_commands import Approve, Call, Lower, Refuse
from chatdesk.protocol.text import isolated

_SETTLE_MS = 300
"""After a change until the records are asked for again: one's own act is told by its answer, and by the news of it."""
_NOT_YOURS = "Only the host and moderators can do this."


class OrderBoardController(QObject):
    """Of one conversation. ``show_toast`` shows a sentence for a few seconds, ``url`` returns the chat's address."""

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        conversation: Conversation,
        order: OrderController,
        show_toast: Callable[..., None],
        url: Callable[[], str],
    ) -> None:
        super().__init__(conversation)
        self._conversation, self._acts, self._show_toast, self._url = conversation, order, show_toast, url
        self._state, self._order = conversation.client.state, conversation.client.order
        self._admission = conversation.client.admission
        self._known = 0
        self.sheet = OrderBoard(theme, window, may_guard=conversation.hosting)
        conversation.destroyed.connect(self.sheet.deleteLater)
        self._reload = QTimer(self.sheet, singleShot=True, interval=_SETTLE_MS)
        self._reload.timeout.connect(self._load)
        self._connect_cards()
        conversation.screen.sidebar.order_row.clicked.connect(self.open)
        changes = (conversation.pace_changed, conversation.order_changed, conversation.rooms_changed)
        for changed in (*changes, conversation.admission_changed):
            changed.connect(self._show)
        for changed in (order.acted, conversation.admission_changed, conversation.order_changed):
            changed.connect(self._reload.start)

    def _connect_cards(self) -> None:
        waiting, invitations = self.sheet.waiting, self.sheet.invitations
        waiting.accepted.connect(self._admission.accept)
        waiting.refused.connect(self._admission.decline)
        waiting.all_accepted.connect(self._admission.accept_all)
        waiting.approval_chosen.connect(self._admission.set_approval)
        invitations.wished.connect(self._admission.invite)
        invitations.revoked.connect(self._admission.revoke)
        # Not by lambdas: these would keep the conversation, whose end destroys the sheet.
        self.sheet.held.decided.connect(self._decide)
        self.sheet.hands.called.connect(self._call)
        self.sheet.hands.lowered.connect(self._lower)
        self.sheet.in_force.ended.connect(self._acts.end)
        self.sheet.audit.more_requested.connect(self._load_audit)

    @property
    def possible(self) -> bool:
        """Whether the person keeps order in the shown room."""
        return self._acts.active

    def open(self) -> None:
        """Show the board."""
        self._open()

    def open_audit(self) -> None:
        """Show the board, at what was done."""
        self._open(self.sheet.audit.focus_first)

    def open_in_force(self) -> None:
        """Show the board, at who is banned, removed or muted."""
        self._open(self.sheet.in_force.focus_first)

    def invite(self) -> None:
        """Show the board, at the invitations, to make one."""
        if self._admission.queue is None:
            self._show_toast("Only the host and moderators can let people in and invite.")
        else:
            self._open(lambda: self.sheet.invitations.make_button)

    def _decide(self, held: int, shown: bool) -> None:
        self._order.pace.send(Approve(held) if shown else Refuse(held))

    def _call(self, author: str) -> None:
        self._order.pace.send(Call(author, self._room))

    def _lower(self, author: str) -> None:
        self._order.pace.send(Lower(author, self._room))

    @property
    def _room(self) -> str:
        return self._state.shown.name

    def _open(self, focus: Callable[[], QWidget] | None = None) -> None:
        if not self.possible:
            self._show_toast(_NOT_YOURS)
            return
        if self._admission.queue is not None:
            self._admission.ask_for_invitations()
        self._show()
        self.sheet.show_sheet(focus() if focus else None)
        self._load()

    def _show(self) -> None:
        """Show who and what waits for an answer."""
        queue, pace, row = self._admission.queue, self._order.pace, self._conversation.screen.sidebar.order_row
        row.setVisible(self.possible)
        held, mine = list(pace.waiting), pace.of(self._room)
        calls = self._order.may(self._room, "call_hands")
        hands = mine.count if calls else 0
        row.show_count((queue.count if queue else 0) + len(held) + hands)
        if not self.possible:
            self._known = 0
            self.sheet.dismiss()
            return
        sheet, may = self.sheet, self._order.may
        sheet.show_cards(
            admission=queue is not None,
            hands=calls,
            held=may(self._room, "approve"),
            records=may(self._room, "see_audit"),
        )
        sheet.held.show_held(held)
        sheet.hands.show_hands(mine.hands if calls else [], hands)
        if queue:
            sheet.waiting.show_queue(queue)
            sheet.invitations.show_invited(self._admission.invited, self._url())
            sheet.invitations.show_invitations(self._admission.invitations)
            self._tell(queue.count, queue.people[-1].nickname if queue.people else "")
        sheet.fit()

    def _tell(self, count: int, newest: str) -> None:
        """Say who waits to come in, if somebody has come while the board is closed."""
        if count > self._known and self.sheet.isHidden():
            others, name = count - 1, isolated(newest) if newest else "Somebody"
            who = f"{name} and one other" if others == 1 else f"{name} and {others} others" if others else name
            verb = "wait" if others else "waits"
            self._show_toast(f"{who} {verb} to come in: see Keeping order, in the list of rooms")
        self._known = count

    # What holds for whom, and what was done

    def _load(self) -> None:
        if not self.sheet.isHidden() and self._order.may(self._room, "see_audit"):
            self._order.ask(Bans(), self._answered)
            self._load_audit(None)

    def _load_audit(self, before: int | None) -> None:
        def answered(answer: Answer | str) -> None:
            if isinstance(answer, AuditPage) and isValid(self.sheet):
                self.sheet.audit.show_entries(answer.entries, behind=before is not None, more=answer.more)
                self.sheet.fit()
            elif isinstance(answer, str) and isValid(self.sheet):
                self.sheet.audit.show_problem(answer)

        self._order.ask(Audit(before), answered)

    def _answered(self, answer: Answer | str) -> None:
        if isinstance(answer, BansPage) and isValid(self.sheet):
            self.sheet.in_force.show_standings(answer.standings)
            self.sheet.fit()
        elif isinstance(answer, str) and isValid(self.sheet):
            self.sheet.in_force.show_problem(answer)
