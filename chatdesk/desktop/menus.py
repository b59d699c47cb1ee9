"""Factories for menus: each entry has an icon and an action. They are shown with ``popup``, never ``exec``."""

from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMenu, QWidget

from chatdesk.client.room_list import RoomSummary
from chatdesk.client.switcher import SwitcherAction
from chatdesk.desktop.application import Application
from chatdesk.desktop.controllers.message_acts import MessageActs
from chatdesk.desktop.controllers.navigation import NamedAction
from chatdesk.desktop.controllers.order import OrderChoice
from chatdesk.desktop.controllers.rooms import RoomsController
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.room_settings import NOTIFY
from chatdesk.desktop.icons import icon
from chatdesk.desktop.models.rows import MessageRow, Row, UnsentRow
from chatdesk.desktop.stylesheet import MENU_ICON
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.targets import AddReaction, Delete, MarkUnread, Pin, Reply, Rewrite, ShowInfo
from chatdesk.protocol.text import isolated


def chat_menu(theme: Theme, parent: QWidget, application: Application, conversation: Conversation) -> QMenu:
    """Return the menu of the chat as a whole."""
    menu = _menu(theme, parent, "Chat")
    if conversation.hosting:
        _add(theme, menu, "Invite people", "qr", application.invitation.invite)
        _add(theme, menu, "Show on projector", "projector", application.invitation.show_projector)
        if application.invitation.key:
            _add(theme, menu, "Show the key", "lock", application.show_own_key)
    if application.board and application.board.possible:
        if conversation.client.admission.entry is not None:
            _add(theme, menu, "Who may join", "lock", application.invitation.sheet.entry_requested.emit)
        _add(theme, menu, "Keeping order", "shield", application.board.open)
    _add(theme, menu, "Copy address", "copy", application.invitation.copy_address)
    _add(theme, menu, "Check the connection", "wifi", application.invitation.check_connection)
    menu.addSeparator()
    _add(theme, menu, "Search", "search", conversation.screen.open_search, "Ctrl+F")
    _add(theme, menu, "Go to date", "calendar", conversation.screen.calendar_requested.emit, "Ctrl+G")
    _add(theme, menu, "Keys", "question", application.navigation.show_keys, "Ctrl+/")
    _add(theme, menu, "Export…", "download", application.history.export)
    if conversation.hosting:
        delete = _add(theme, menu, "Delete history…", "trash", application.history.delete, role="danger")
        menu.setDefaultAction(delete)  # the only entry that a stylesheet can colour differently
    menu.addSeparator()
    _add(theme, menu, "Close the room" if conversation.hosting else "Leave the room", "leave", application.leave)
    return menu


def switcher_actions(application: Application, conversation: Conversation) -> list[NamedAction]:
    """Return what the switcher can do besides going to rooms and people."""
    hosting, screen = conversation.hosting, conversation.screen
    invite = ("invite", "Invite people", "", application.invitation.invite)
    projector = ("projector", "Show on projector", "", application.invitation.show_projector)
    actions: list[tuple[str, str, str, Callable[[], object]]] = [
        *((invite, projector) if hosting else ()),
        ("date", "Go to a day", "Ctrl G", screen.calendar_requested.emit),
        ("read", "Mark all as read", "", conversation.client.rooms.mark_all_read),
        ("export", "Export…", "", application.history.export),
        ("keys", "Keys", "Ctrl /", application.navigation.show_keys),
        ("settings", "Settings", "", application.window.settings_sheet.show_sheet),
        ("leave", "Close the room" if hosting else "Leave the room", "", application.leave),
    ]
    return [(SwitcherAction(name, title, keys), act) for name, title, keys, act in actions]


def row_menu(
    theme: Theme,
    parent: QWidget,
    row: Row,
    conversation: Conversation,
    acts: MessageActs,
    order: Sequence[OrderChoice] = (),
) -> QMenu | None:
    """Return the menu of a row of the timeline; None if there is nothing to do with it."""
    if not isinstance(row, MessageRow | UnsentRow) or (isinstance(row, MessageRow) and row.removal):
        return None
    menu, client = _menu(theme, parent, "Message"), conversation.client
    if isinstance(row, MessageRow):
        _add_acts(theme, menu, row, acts, may_edit=client.acts.may_edit(row.message))
    _add(theme, menu, "Copy text", "copy", conversation.screen.timeline.copy)
    if isinstance(row, MessageRow):
        seq, act = row.message.seq, conversation.screen.timeline.act_requested.emit
        _add(theme, menu, "Copy link to message", "link", lambda: acts.copy_link(seq))
        _add(theme, menu, "Mark unread from here", "eye", lambda: act(MarkUnread(seq)), "U")
        _add(theme, menu, "Information", "question", lambda: act(ShowInfo(seq)), "I")
        if client.acts.may_delete(row.message):
            menu.addSeparator()
            delete = _add(theme, menu, "Delete…", "trash", lambda: acts.act(Delete(row.message.seq)), "Del", "danger")
            menu.setDefaultAction(delete)  # the only entry that a stylesheet can colour differently
        _add_order(theme, menu, order)
    if isinstance(row, UnsentRow) and row.failed:
        message_id = row.entry.id
        menu.addSeparator()
        _add(theme, menu, "Send again", "refresh", lambda: client.resend(message_id), "Enter")
        _add(theme, menu, "Edit", "edit", lambda: conversation.drafts.take_back(message_id), "F2")
        _add(theme, menu, "Discard", "close", lambda: client.discard(message_id), "Del")
    return menu


def room_menu(theme: Theme, parent: QWidget, room: RoomSummary, rooms: RoomsController) -> QMenu:
    """Return the menu of a room in the list; what the person is told of is ticked."""
    menu = _menu(theme, parent, isolated(room.title).replace("&", "&&"))
    if room.joined:
        for level, words in NOTIFY.items():
            name = f"Notify me of {words.lower()}"
            entry = _add(
                theme, menu, name, "check" if level == room.level else "", partial(rooms.set_level, room, level)
            )
            entry.setCheckable(True)
            entry.setChecked(level == room.level)
        menu.addSeparator()
    _add(theme, menu, "Mark all as read", "eye", rooms.mark_all_read)
    _add(theme, menu, "Room settings…", "sliders", partial(rooms.open_settings, room.name))
    if rooms.may_archive(room):
        name = "Open again" if room.archived else "Archive"
        _add(theme, menu, name, "archive", partial(rooms.archive, room, active=not room.archived))
    if rooms.may_delete(room):
        _add(theme, menu, "Delete this room…", "trash", partial(rooms.ask_to_delete, room))
    if rooms.may_leave(room):
        menu.addSeparator()
        _add(theme, menu, "Leave this room", "leave", partial(rooms.leave, room))
    return menu


def person_menu(
    theme: Theme, parent: QWidget, write: Callable[[], object] | None, order: Sequence[OrderChoice] = ()
) -> QMenu:
    """Return the menu of somebody in the list of people; ``order`` is what host and moderators may do to them."""
    menu = _menu(theme, parent, "Person")
    if write:
        _add(theme, menu, "Message privately", "edit", write, "Enter")
    _add_order(theme, menu, order)
    return menu


def _add_order(theme: Theme, menu: QMenu, order: Sequence[OrderChoice]) -> None:
    if order and not menu.isEmpty():
        menu.addSeparator()
    for choice in order:
        _add(theme, menu, choice.words, choice.icon, choice.act, role="danger" if choice.danger else "text-muted")


def _add_acts(theme: Theme, menu: QMenu, row: MessageRow, acts: MessageActs, *, may_edit: bool) -> None:
    seq, pinned = row.message.seq, row.message.pinned
    _add(theme, menu, "Reply", "reply", lambda: acts.act(Reply(seq)), "R")
    _add(theme, menu, "React", "smile", lambda: acts.act(AddReaction(seq)), "+")
    _add(theme, menu, "Unpin" if pinned else "Pin", "pin", lambda: acts.act(Pin(seq, not pinned)), "P")
    if may_edit:
        _add(theme, menu, "Edit", "edit", lambda: acts.act(Rewrite(seq)), "E")
    menu.addSeparator()


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
    action = menu.addAction(f"{name}\t{keys}" if keys else name)
    if picture:
        action.setIcon(icon(theme, picture, role, theme.px(MENU_ICON)))
    action.triggered.connect(lambda _checked: callback())
    return action
