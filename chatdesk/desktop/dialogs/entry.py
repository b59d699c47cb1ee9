"""The sheet in which host and moderators say who may join the chat."""

from collections.abc import Sequence

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.dialogs.sheet import SIDE_MARGIN, Sheet, sheet_header
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import PRIMARY, Button, IconButton, LinkButton
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.toggle import Toggle, toggle_row
from chatdesk.desktop.widgets.order.entry_form import EntryForm

# Pixels as in the design, at 100 percent text.
_WIDTH, _BOTTOM = 480, 24
_APPROVAL, _APPROVED = "Ask before letting in", "Newcomers wait until you or a moderator lets them in."
_INVITED = "Whoever has an invitation comes in all the same."


class EntrySheet(Sheet):
    """``entry_chosen`` carries the password and the lock, each None if it stays; ``approval_chosen`` is for the host.

    ``invitations_requested``: the person wants to make an invitation, or take one back.
    """

    entry_chosen = Signal(object, object)
    approval_chosen = Signal(bool)
    invitations_requested = Signal()

    def __init__(self, theme: Theme, window: QWidget, *, may_approve: bool) -> None:
        super().__init__(theme, window, QSize(_WIDTH, 0))
        self.form = EntryForm(theme)
        self._had_approval = False
        self._approval = Toggle(theme, _APPROVAL)
        self._approval.setAccessibleDescription(_APPROVED)
        explanation = Label(theme, _APPROVED, font="small", role="text-muted", wrap=True)
        self._approval_row = toggle_row(theme, _APPROVAL, explanation, self._approval)
        if not may_approve:
            self._approval_row.hide()
        self._invitations = LinkButton(theme, "Invitations")
        self._cancel, self._save = Button(theme, "Cancel"), Button(theme, "Save", PRIMARY)
        self._close_button = IconButton(theme, "close", "Close", shortcut="Esc")
        for button in (self._cancel, self._close_button):
            button.clicked.connect(self.dismiss)
        self._save.clicked.connect(self._submit)
        self.form.field.edit.returnPressed.connect(self._submit)
        self._invitations.clicked.connect(self._request_invitations)
        self.setAccessibleName("Who may join")
        self.set_content(self._content(), sheet_header(theme, "Who may join", self._close_button))

    def show_sheet(self, asks: Sequence[str], *, approval: bool, password_in_file: bool = False) -> None:
        """Open over the window, and show what newcomers are asked for now; see ``EntryForm.show_asks``."""
        self.form.show_asks(asks, in_file=password_in_file)
        self._had_approval = approval
        self._approval.setChecked(approval)
        self.open(self.form.field.edit)

    def _submit(self) -> None:
        password, locked, approval = self.form.password, self.form.locked, self._approval.isChecked()
        self.dismiss()
        if (password, locked) != (None, None):
            self.entry_chosen.emit(password, locked)
        if approval != self._had_approval:
            self.approval_chosen.emit(approval)

    def _request_invitations(self) -> None:
        self.dismiss()
        self.invitations_requested.emit()

    def _content(self) -> QWidget:
        content = QWidget()
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self._invitations)
        buttons.addStretch(1)
        buttons.addWidget(self._cancel)
        buttons.addWidget(self._save)
        layout = QVBoxLayout(content)
        layout.setContentsMargins(SIDE_MARGIN, 10, SIDE_MARGIN, _BOTTOM)
        layout.setSpacing(0)
        layout.addWidget(self.form)
        layout.addSpacing(14)
        layout.addWidget(self._approval_row)
        layout.addSpacing(18)
        layout.addWidget(Label(self._theme, _INVITED, font="small", role="text-muted", wrap=True))
        layout.addSpacing(14)
        layout.addLayout(buttons)
        return content


def who_may_join(asks: Sequence[str], *, approval: bool, token: bool) -> tuple[str, str]:
    """Return an icon and words that tell what is asked of newcomers to a chat."""
    if "locked" in asks:
        return "lock", "Nobody new"
    needs = (
        "a token" if token else "",
        "the password" if "password" in asks else "",
        "your approval" if approval else "",
    )
    words = " and ".join(filter(None, needs))
    return ("lock", f"Anyone with {words}") if words else ("people", "Anyone who has the address")
