"""Shows that the person waits to be let in, until they are or go elsewhere."""

from PySide6.QtCore import QObject

from chatdesk.client.changes import Ended, Lost, Online, Status, Waiting
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.secret import SecretSheet, own_invitation_sheet
from chatdesk.desktop.main_window import MainWindow
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.start.waiting_screen import WaitingScreen


class WaitingController(QObject):
    """Of one conversation: its screen is in the window while the host has not decided."""

    def __init__(self, theme: Theme, window: MainWindow, conversation: Conversation) -> None:
        super().__init__(conversation)
        self._theme, self._window, self._conversation = theme, window, conversation
        self._screen: WaitingScreen | None = None
        conversation.status_changed.connect(self._show)
        self._sheet: SecretSheet | None = None
        self._returning = False

    @property
    def screen(self) -> WaitingScreen | None:
        """What is shown; None while the person does not wait."""
        return self._screen

    def _show(self, status: Status) -> None:
        if isinstance(status, Waiting):
            self._returning = False
            is_new = self._screen is None
            screen = self._screen or self._add()
            screen.show_waiting(status)
            if is_new:
                self._window.show_waiting(screen, status.name)
        elif isinstance(status, Lost) and self._screen:
            self._screen.show_lost()
        elif isinstance(status, Online) or (isinstance(status, Ended) and not self._returning):
            self._remove()

    def _add(self) -> WaitingScreen:
        screen = self._screen = WaitingScreen(self._theme)
        screen.name_chosen.connect(self._wait_as)
        screen.invitation_requested.connect(self._ask_for_invitation)
        screen.left.connect(self._conversation.leave)
        self._conversation.destroyed.connect(screen.deleteLater)
        return screen

    def _wait_as(self, nickname: str) -> None:
        self._returning = True
        self._conversation.client.admission.wait_as(nickname)

    def _ask_for_invitation(self) -> None:
        """Ask for the code; meanwhile the person goes on waiting."""
        sheet = self._sheet = own_invitation_sheet(self._theme, self._window)
        sheet.given.connect(self._come_by)
        sheet.dismissed.connect(sheet.deleteLater)
        sheet.dismissed.connect(self._forget_sheet)
        sheet.show_sheet()

    def _forget_sheet(self) -> None:
        self._sheet = None

    def _come_by(self, code: str) -> None:
        if self._sheet:
            self._sheet.dismiss()
        self._returning = True
        self._conversation.client.admission.come_by(code)

    def _remove(self) -> None:
        if self._sheet:
            self._sheet.dismiss()
        if self._screen:
            self._window.remove_chat(self._screen)
            self._screen = None
