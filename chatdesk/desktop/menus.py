"""Factories for menus: each entry has an icon and an action. They are shown with ``popup``, never ``exec``."""

from collections.abc import Callable

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from chatdesk.desktop.application import Application
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.icons import icon
from chatdesk.desktop.models.rows import MessageRow, Row, UnsentRow
from chatdesk.desktop.stylesheet import MENU_ICON
from chatdesk.desktop.theme import Theme


def chat_menu(theme: Theme, parent: QWidget, application: Application, conversation: Conversation) -> QMenu:
    """Return the menu of the chat as a whole."""
    menu = _menu(theme, parent, "Chat")
    if conversation.hosting:
        _add(theme, menu, "Invite people", "qr", application.invitation.invite)
        _add(theme, menu, "Show on projector", "projector", application.invitation.show_projector)
    _add(theme, menu, "Copy address", "copy", application.invitation.copy_address)
    _add(theme, menu, "Check the connection", "wifi", application.invitation.check_connection)
    menu.addSeparator()
    _add(theme, menu, "Search", "search", conversation.screen.open_search, "Ctrl+F")
    _add(theme, menu, "Go to date", "calendar", conversation.screen.calendar_requested.emit, "Ctrl+G")
    _add(theme, menu, "Export…", "download", application.history.export)
    if conversation.hosting:
        delete = _add(theme, menu, "Delete history…", "trash", application.history.delete, role="danger")
        menu.setDefaultAction(delete)  # the only entry that a stylesheet can colour differently
    menu.addSeparator()
    _add(theme, menu, "Close the room" if conversation.hosting else "Leave the room", "leave", application.leave)
    return menu


def row_menu(theme: Theme, parent: QWidget, row: Row, conversation: Conversation) -> QMenu | None:
    """Return the menu of a row of the timeline; None if there is nothing to do with it."""
    if not isinstance(row, MessageRow | UnsentRow):
        return None
    menu, client = _menu(theme, parent, "Message"), conversation.client
    _add(theme, menu, "Copy text", "copy", conversation.screen.timeline.copy)
    if isinstance(row, UnsentRow) and row.failed:
        message_id = row.entry.id
        menu.addSeparator()
        _add(theme, menu, "Send again", "refresh", lambda: client.resend(message_id), "Enter")
        _add(theme, menu, "Edit", "edit", lambda: conversation.edit_refused(message_id), "F2")
        _add(theme, menu, "Discard", "close", lambda: client.discard(message_id), "Del")
    return menu


def _menu(theme: Theme, parent: QWidget, name: str) -> QMenu:
    menu = QMenu(parent)
    menu.setAccessibleName(name)
    menu.setFont(theme.font("label"))
    menu.aboutToHide.connect(menu.deleteLater)
    return menu


def _add(
    theme: Theme,
    menu: QMenu,
    name: str,
    picture: str,
    callback: Callable[[], object],
    keys: str = "",
    role: str = "text-muted",
) -> QAction:
    """``keys`` are only shown; the widget that has the focus handles them."""
    drawn = icon(theme, picture, role, theme.px(MENU_ICON))
    action = menu.addAction(drawn, f"{name}\t{keys}" if keys else name)
    action.triggered.connect(lambda _checked: callback())
    return action
