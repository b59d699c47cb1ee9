"""Menus: small factories, each entry with its icon and what it does. They are shown with ``popup``."""

from collections.abc import Callable

from PySide6.QtWidgets import QMenu, QWidget

from chatdesk.desktop.application import Application
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.icons import icon
from chatdesk.desktop.models.rows import Row, Said, Unsent
from chatdesk.desktop.stylesheet import MENU_ICON
from chatdesk.desktop.theme import Theme


def chat_menu(theme: Theme, parent: QWidget, application: Application, *, hosting: bool) -> QMenu:
    """What can be done about the chat as a whole."""
    menu = _menu(theme, parent, "Chat")
    if hosting:
        _add(theme, menu, "Invite people", "qr", application.invite)
        _add(theme, menu, "Show on projector", "projector", application.project)
    _add(theme, menu, "Copy address", "copy", application.copy_address)
    menu.addSeparator()
    _add(theme, menu, "Close the room" if hosting else "Leave the room", "leave", application.leave)
    return menu


def row_menu(theme: Theme, parent: QWidget, row: Row, conversation: Conversation) -> QMenu | None:
    """What can be done with a row of the timeline; None for nothing."""
    if not isinstance(row, Said | Unsent):
        return None
    menu, client = _menu(theme, parent, "Message"), conversation.client
    _add(theme, menu, "Copy text", "copy", conversation.screen.timeline.copy)
    if isinstance(row, Unsent) and row.failed:
        message_id = row.entry.id
        menu.addSeparator()
        _add(theme, menu, "Send again", "refresh", lambda: client.resend(message_id))
        _add(theme, menu, "Discard", "close", lambda: client.discard(message_id))
    return menu


def _menu(theme: Theme, parent: QWidget, name: str) -> QMenu:
    menu = QMenu(parent)
    menu.setAccessibleName(name)
    menu.setFont(theme.font("label"))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _add(theme: Theme, menu: QMenu, name: str, picture: str, do: Callable[[], object]) -> None:
    menu.addAction(icon(theme, picture, size=theme.px(MENU_ICON)), name).triggered.connect(lambda _checked: do())
