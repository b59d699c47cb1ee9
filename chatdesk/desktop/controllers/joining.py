"""What the person brings to the next chat that they join: a token or the code of an invitation."""

from PySide6.QtCore import QObject
from PySide6.QtWidgets import QWidget

from chatdesk.client.sign_in import token_in
from chatdesk.desktop.dialogs.secret import TOKEN_OR_INVITATION, SecretSheet
from chatdesk.desktop.entry_question import NOTHING_GIVEN, Given
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.start.join_card import JoinCard
from chatdesk.protocol.invitation_code import looks_like_code, split_invitation

_WHY = "A chat that asks for a token tells where to get one. An invitation has a code such as k7f-m2x-4rw."


class JoiningController(QObject):
    """Asks for it over ``window``, and shows on the ``card`` that there is something; ``given`` is that."""

    def __init__(self, theme: Theme, window: QWidget, card: JoinCard) -> None:
        super().__init__(window)
        self._theme, self._window, self._card = theme, window, card
        self.given = NOTHING_GIVEN
        card.secret_requested.connect(self._ask)

    def split(self, typed: str) -> tuple[str, Given]:
        """The address in what was typed or pasted, and what the person brings: in a link to the chat, or besides."""
        address, invitation = split_invitation(typed)
        address, token = token_in(address)
        return address, Given(token or self.given.token, invitation=invitation or self.given.invitation)

    def forget(self) -> None:
        """The person has joined: what they brought is for that chat alone."""
        self._bring(NOTHING_GIVEN)

    def _ask(self) -> None:
        sheet = SecretSheet(self._theme, self._window, "Token or invitation", _WHY, TOKEN_OR_INVITATION)
        sheet.given.connect(lambda text: self._take(sheet, text))
        sheet.dismissed.connect(sheet.deleteLater)
        sheet.show_sheet()

    def _take(self, sheet: SecretSheet, text: str) -> None:
        self._bring(Given(invitation=text) if looks_like_code(text) else Given(token=text))
        sheet.dismiss()

    def _bring(self, given: Given) -> None:
        self.given = given
        self._card.show_secret("With a token" if given.token else "With an invitation" if given.invitation else "")
