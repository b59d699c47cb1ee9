"""What newcomers of the chat or of a room are asked for: a password, and whether anybody new comes in at all."""

from collections.abc import Sequence

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import Button
from chatdesk.desktop.widgets.common.field import Field
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.toggle import Toggle, toggle_row
from chatdesk.protocol.limits import PASSWORD_CHARS

_LOCK, _LOCKED = "Lock", "Nobody new comes in. Whoever has been here comes back."
_NONE = "Empty: nobody is asked for one."
_KEPT = "There is one. It cannot be shown; write another to change it."
_IN_FILE = "It stands in a file on the host’s computer, and is changed there."
_REMOVED = "It is removed once you save."
_CHANGED = "Who is in stays. From the next time on, everybody is asked for it."


class EntryForm(QWidget):
    """``password`` and ``locked`` are what the person has changed; None for what stays as it is."""

    def __init__(self, theme: Theme) -> None:
        super().__init__()
        self._has_password = self._in_file = self._was_locked = self._removed = False
        self.field = Field(theme, "Password", height=40, font="ui")
        self.field.edit.setMaxLength(PASSWORD_CHARS)
        self.remove_button = Button(theme, "Remove")
        self.remove_button.setAccessibleName("Remove the password")
        self._hint = Label(theme, font="small", role="text-muted", wrap=True)
        self.lock = Toggle(theme, _LOCK)
        self.lock.setAccessibleDescription(_LOCKED)
        self.field.edit.textChanged.connect(self._typed)
        self.remove_button.clicked.connect(self._remove)
        row = QHBoxLayout()
        row.setSpacing(8)
        row.addWidget(self.field, 1)
        row.addWidget(self.remove_button)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        column.addWidget(Label(theme, "Password", font="label"))
        column.addLayout(row)
        column.addWidget(self._hint)
        column.addSpacing(8)
        explanation = Label(theme, _LOCKED, font="small", role="text-muted", wrap=True)
        column.addWidget(toggle_row(theme, _LOCK, explanation, self.lock))
        self.show_asks(())

    def show_asks(self, asks: Sequence[str], *, in_file: bool = False) -> None:
        """Show what newcomers are asked for now, as on the wire: ``password``, ``locked``.

        ``in_file``: a file has the password, and it cannot be changed here.
        """
        self._in_file = in_file
        self.field.edit.setReadOnly(in_file)
        self._has_password, self._was_locked, self._removed = "password" in asks, "locked" in asks, False
        self.field.edit.clear()
        self.lock.setChecked(self._was_locked)
        self._show()

    @property
    def password(self) -> str | None:
        """The new password; empty to have none any more."""
        if self._removed:
            return ""
        return self.field.text or None

    @property
    def locked(self) -> bool | None:
        """Whether it is locked from now on."""
        return None if self.lock.isChecked() == self._was_locked else self.lock.isChecked()

    def _typed(self, text: str) -> None:
        self._removed = self._removed and not text
        self._show()

    def _remove(self) -> None:
        self.field.edit.clear()
        self._removed = True
        self._show()
        self.field.edit.setFocus()

    def _show(self) -> None:
        kept = self._has_password and not self._removed and not self.field.text
        self.remove_button.setVisible(kept and not self._in_file)
        self.field.edit.setPlaceholderText("••••••" if kept else "")
        hint = _CHANGED if self.field.text else _REMOVED if self._removed else _KEPT if kept else _NONE
        hint = _IN_FILE if self._in_file else hint
        self._hint.set_text(hint)
        self.field.edit.setAccessibleDescription(hint)
