"""How others come in to the chat one is in: told on a sheet, thrown on a wall, copied."""

from collections.abc import Callable

from PySide6.QtCore import QObject
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.invite import InviteSheet
from chatdesk.desktop.dialogs.projector import Projector
from chatdesk.desktop.theme import Theme


class WayIn(QObject):
    """Shows it over ``window``, for the conversation that was entered last."""

    def __init__(self, theme: Theme, window: QWidget, say: Callable[..., None]) -> None:
        super().__init__()
        self._say = say
        self._conversation: Conversation | None = None
        self.sheet = InviteSheet(theme, window)
        self.projector = Projector(theme, window)
        self.sheet.projector_wanted.connect(self.project)

    def enter(self, conversation: Conversation | None) -> None:
        """It is about this conversation from now on; None: there is none any more."""
        self._conversation = conversation
        self.sheet.dismiss()
        self.projector.close()

    def invite(self) -> None:
        """Show how others come in."""
        if conversation := self._conversation:
            self.sheet.set_people(conversation.client.state.user_count)
            self.sheet.open_for(conversation.name, conversation.page_url)

    def project(self) -> None:
        """Show the way in to a whole hall."""
        if conversation := self._conversation:
            self.projector.set_people(conversation.client.state.user_count)
            self.projector.show_for(conversation.name, conversation.page_url)

    def people_counted(self, number: int) -> None:
        """Say how many are in, wherever that is shown."""
        self.sheet.set_people(number)
        self.projector.set_people(number)

    def copy_address(self) -> None:
        """Copy the address that others are given."""
        if conversation := self._conversation:
            QGuiApplication.clipboard().setText(conversation.page_url)
            self._say("Address copied", done=True)
