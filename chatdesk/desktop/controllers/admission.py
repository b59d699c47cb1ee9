"""Lets people in: the sheet in which host and moderators decide, and the sentence that tells that somebody waits."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.admission import AdmissionSheet
from chatdesk.desktop.theme import Theme
from chatdesk.protocol.text import isolated


class AdmissionController(QObject):
    """Of one conversation. ``show_toast`` shows a sentence for a few seconds, ``url`` returns the chat's address."""

    def __init__(
        self,
        theme: Theme,
        window: QWidget,
        conversation: Conversation,
        show_toast: Callable[..., None],
        url: Callable[[], str],
    ) -> None:
        super().__init__(conversation)
        self._conversation, self._show_toast, self._url = conversation, show_toast, url
        self._admission = conversation.client.admission
        self._known = 0
        self.sheet = AdmissionSheet(theme, window, may_guard=conversation.hosting)
        conversation.destroyed.connect(self.sheet.deleteLater)
        waiting, invitations = self.sheet.waiting, self.sheet.invitations
        waiting.accepted.connect(self._admission.accept)
        waiting.refused.connect(self._admission.decline)
        waiting.all_accepted.connect(self._admission.accept_all)
        waiting.approval_chosen.connect(self._admission.set_approval)
        invitations.wished.connect(self._admission.invite)
        invitations.revoked.connect(self._admission.revoke)
        conversation.admission_changed.connect(self._show)

    @property
    def possible(self) -> bool:
        """Whether the person may let others in."""
        return self._admission.queue is not None

    def open(self) -> None:
        """Show who waits."""
        self._open(inviting=False)

    def invite(self) -> None:
        """Show the invitations, to make one."""
        self._open(inviting=True)

    def _open(self, *, inviting: bool) -> None:
        if not self.possible:
            self._show_toast("Only the host and moderators can let people in and invite.")
            return
        self._admission.ask_for_invitations()
        self._show()
        self.sheet.show_sheet(inviting=inviting)

    def _show(self) -> None:
        queue = self._admission.queue
        if queue is None:
            self._known = 0
            self.sheet.dismiss()
            return
        self.sheet.waiting.show_queue(queue)
        self.sheet.invitations.show_invited(self._admission.invited, self._url())
        self.sheet.invitations.show_invitations(self._admission.invitations)
        if queue.count > self._known and self.sheet.isHidden():
            newest = isolated(queue.people[-1].nickname) if queue.people else "Somebody"
            others = queue.count - 1
            who = (
                newest if not others else f"{newest} and one other" if others == 1 else f"{newest} and {others} others"
            )
            verb = "waits" if not others else "wait"
            self._show_toast(f"{who} {verb} to come in: see Admission, in the menu of the chat")
        self._known = queue.count
