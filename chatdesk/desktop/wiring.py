"""The signal connections between the application, its parts and each conversation.

A controller connects the sheet that it owns, and a conversation its composer.
"""

from functools import partial

from PySide6.QtCore import QItemSelectionModel, QModelIndex, QPoint
from PySide6.QtGui import QGuiApplication

from chatdesk.desktop import menus
from chatdesk.desktop.application import Application
from chatdesk.desktop.controllers.entry import EntryController
from chatdesk.desktop.controllers.message_acts import MessageActs
from chatdesk.desktop.controllers.order import OrderController
from chatdesk.desktop.controllers.order_board import OrderBoardController
from chatdesk.desktop.controllers.pace import PaceController
from chatdesk.desktop.controllers.receipts import ReceiptsController
from chatdesk.desktop.controllers.rooms import RoomsController
from chatdesk.desktop.controllers.sign_in import SignInController
from chatdesk.desktop.controllers.waiting import WaitingController
from chatdesk.desktop.controllers.writing import WritingController
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.models.rows import MessageRow
from chatdesk.desktop.widgets.common.screen_reader import open_menu
from chatdesk.desktop.widgets.timeline.targets import Pin
from chatdesk.protocol.events import User

_MENU_EDGE = 12
"""Pixels between the chat's menu and the window's edge: the address card below it has the same margin."""
_CALENDAR_WIDTH = 276
"""Pixels of the calendar's width, to open it centred on the messages."""


def connect(application: Application) -> None:
    """Connect the application's signals now, and those of each conversation once it starts."""
    application.conversation_started.connect(lambda conversation: _connect_conversation(application, conversation))
    window = application.window
    application.navigation.actions = partial(menus.switcher_actions, application)
    window.start.host.connect(application.host)
    window.start.join.connect(application.join)
    window.start.join_card.check_requested.connect(application.doctor.check_address)
    window.start.join_found.connect(application.join_found)
    window.start.join_card.hosts.set_warning(application.trust.warning)
    window.start.dark_requested.connect(lambda dark: application.choose_theme("dark" if dark else "light"))
    window.start.settings_requested.connect(window.settings_sheet.show_sheet)
    window.settings_sheet.theme_chosen.connect(application.choose_theme)
    window.settings_sheet.scale_chosen.connect(application.choose_scale)
    notifications, settings = application.notifications, window.settings_sheet
    settings.show_notifications(on=notifications.enabled, text=notifications.text_shown)
    settings.notifications_chosen.connect(notifications.set_enabled)
    settings.text_chosen.connect(notifications.set_text_shown)
    settings.typing_chosen.connect(application.choose_typing)
    settings.receipts_chosen.connect(application.choose_receipts)
    application.date_watch.changed.connect(application.refresh_times)
    _connect_discovery(application)
    program = QGuiApplication.instance()
    if isinstance(program, QGuiApplication):
        program.applicationStateChanged.connect(application.set_application_state)


def _connect_discovery(application: Application) -> None:
    discovery, card, settings = (
        application.discovery,
        application.window.start.join_card,
        application.window.settings_sheet,
    )
    discovery.hosts_changed.connect(card.hosts.set_hosts)
    discovery.networks_changed.connect(card.searched_networks.show_networks)
    discovery.recent_answered.connect(card.recent_chats.show_open_chat)
    for part in (card, settings):
        part.show_state(discovery.state)
        discovery.state_changed.connect(part.show_state)
    discovery.scan_progressed.connect(card.discovery_prompt.show_progress)
    card.discovery_prompt.scan_requested.connect(discovery.scan)
    card.discovery_prompt.stop_requested.connect(discovery.stop_scan)
    card.discovery_prompt.turn_on_requested.connect(lambda: discovery.set_enabled(True))
    settings.discovery_chosen.connect(discovery.set_enabled)


def _connect_conversation(application: Application, conversation: Conversation) -> None:
    """Connect the parts of a chat's screen to its client, to each other and to the application."""
    screen, client = conversation.screen, conversation.client
    writing = WritingController(application.theme, conversation, application.emoji_habits)
    acts = MessageActs(application.theme, conversation, application.tasks, writing)
    rooms = RoomsController(application.theme, conversation, application.tasks)
    order = OrderController(application.theme, conversation, application.window.toast)
    writing.keep_order = order.invoke
    writing.ask_requested.connect(PaceController(application.theme, conversation).ask)
    order.noticed.connect(application.show_toast)
    order.leave.connect(application.leave)
    for changed in (conversation.order_changed, conversation.rooms_changed):
        changed.connect(order.refresh)
    ReceiptsController(application.theme, conversation, application.settings, application.window.settings_sheet)
    WaitingController(application.theme, application.window, conversation)
    show_toast, url = application.show_toast, application.invitation.url
    application.board = board = OrderBoardController(
        application.theme, application.window, conversation, order, show_toast, url
    )
    _connect_entry(application, conversation, board)
    order.audit_requested.connect(board.open_audit)
    order.in_force_requested.connect(board.open_in_force)
    writing.invite_requested.connect(board.invite)
    screen.composer.typing.connect(client.presence.set_typing)
    screen.banner.try_now.connect(client.reconnect_now)
    screen.banner.join_again.connect(conversation.join_again)
    screen.banner.renew.connect(SignInController(application.theme, conversation).renew)
    conversation.first_joined.connect(application.show_conversation)
    conversation.nickname_known.connect(application.remember_nickname)
    conversation.notice_received.connect(application.show_toast)
    conversation.key_changed.connect(application.compare_again)
    conversation.user_count_updated.connect(application.invitation.set_user_count)
    conversation.notifications_changed.connect(application.notifications.refresh)
    conversation.unread_updated.connect(application.window.set_unread)
    _connect_timeline(application, conversation, acts, order)
    _connect_rooms(application, conversation, rooms, order)
    _connect_search(conversation)
    _connect_calendar(application, conversation)

    screen.columns.narrowed.connect(screen.top_bar.set_narrow)
    screen.top_bar.sidebar_requested.connect(screen.columns.open_drawer)
    screen.top_bar.people_requested.connect(screen.columns.open_drawer)
    screen.top_bar.people_requested.connect(screen.sidebar.people_panel.open_search)
    screen.sidebar.people_panel.more_requested.connect(client.people.load_more)
    screen.sidebar.people_panel.query_changed.connect(client.people.find)

    def open_chat_menu() -> None:
        menu = menus.chat_menu(application.theme, application.window, application, conversation)
        open_menu(menu, sidebar.header.mapToGlobal(sidebar.header.rect().bottomLeft() + QPoint(_MENU_EDGE, 0)))

    sidebar = screen.sidebar
    sidebar.header.clicked.connect(open_chat_menu)
    sidebar.address_card.invite_requested.connect(application.invitation.invite)
    sidebar.address_card.copied.connect(lambda: application.show_toast("Address copied", done=True))
    sidebar.user_bar.settings_requested.connect(application.window.settings_sheet.show_sheet)
    screen.empty_room.projector_requested.connect(application.invitation.show_projector)
    screen.empty_room.copy_requested.connect(application.invitation.copy_address)
    screen.empty_room.check_requested.connect(application.invitation.check_connection)


def _connect_entry(application: Application, conversation: Conversation, board: OrderBoardController) -> None:
    window, invitation = application.window, application.invitation
    entry = EntryController(application.theme, window, conversation, asks_token=invitation.asks_token)
    entry.invitations_requested.connect(board.invite)
    for sheet in (invitation.sheet, window.settings_sheet):
        sheet.entry_requested.connect(entry.open)
        entry.changed.connect(sheet.set_entry)


def _connect_timeline(
    application: Application, conversation: Conversation, acts: MessageActs, order: OrderController
) -> None:
    screen, client = conversation.screen, conversation.client
    timeline = screen.timeline

    def open_link(url: str) -> None:
        if not conversation.follow(url):
            application.open_link(url)

    timeline.older_requested.connect(conversation.load_older)
    timeline.newer_requested.connect(conversation.load_newer)
    timeline.read_tracker.last_seen_changed.connect(client.mark_read)
    timeline.read_tracker.unseen_count_changed.connect(screen.set_unseen)
    timeline.read_tracker.far_from_latest_changed.connect(screen.set_far_from_latest)
    timeline.read_tracker.unread_above_changed.connect(screen.show_unread_above)
    screen.jump_pill.clicked.connect(conversation.show_latest)
    screen.unread_pill.clicked.connect(conversation.show_unread)
    timeline.link_clicked.connect(open_link)
    acts.refused.connect(application.show_toast)
    timeline.code_copied.connect(lambda: application.show_toast("Code copied", done=True))
    timeline.resend_requested.connect(client.resend)
    timeline.edit_requested.connect(conversation.drafts.take_back)
    timeline.discard_requested.connect(client.discard)

    def open_row_menu(index: QModelIndex, point: QPoint) -> None:
        row = conversation.timeline.row(index.row())
        timeline.selectionModel().setCurrentIndex(index, QItemSelectionModel.SelectionFlag.NoUpdate)
        author = row.message if isinstance(row, MessageRow) and order.active and not row.own else None
        choices = order.choices_at(author.author, author.nickname) if author and not author.nameless else ()
        menu = menus.row_menu(application.theme, timeline, row, conversation, acts, choices)
        if menu:
            open_menu(menu, point)

    timeline.menu_requested.connect(open_row_menu)
    screen.pinned_bar.clicked.connect(lambda: screen.pins_card.open_list(screen.pinned_bar, client.acts.pinned))
    screen.pins_card.chosen.connect(client.go_to)
    screen.pins_card.unpin_requested.connect(lambda seq: acts.act(Pin(seq, active=False)))


def _connect_rooms(
    application: Application, conversation: Conversation, rooms: RoomsController, order: OrderController
) -> None:
    panel, people = conversation.screen.sidebar.rooms_panel, conversation.screen.sidebar.people_panel

    def open_room_menu(name: str, point: QPoint) -> None:
        if room := rooms.summary(name):
            open_menu(menus.room_menu(application.theme, panel, room, rooms), point)

    def open_person_menu(person: User, point: QPoint) -> None:
        write = partial(rooms.write_to, person) if rooms.may_write_to(person) else None
        if write or order.choices(person):
            open_menu(menus.person_menu(application.theme, people, write, order.choices(person)), point)

    rooms.changed.connect(lambda done, undo: application.show_toast(done, done=True, undo=undo))
    panel.chosen.connect(conversation.show_room)
    panel.menu_requested.connect(open_room_menu)
    panel.create_requested.connect(rooms.create)
    panel.more_requested.connect(conversation.client.rooms.load_more)
    panel.settings_requested.connect(lambda: rooms.open_settings(conversation.client.state.shown.name))
    panel.private_requested.connect(application.navigation.toggle_switcher)
    people.menu_requested.connect(open_person_menu)
    people.chosen.connect(rooms.write_to)


def _connect_search(conversation: Conversation) -> None:
    screen, client = conversation.screen, conversation.client
    field, panel = screen.top_bar.search_field, screen.search_panel
    field.query_changed.connect(conversation.search)
    field.list_key_pressed.connect(panel.send_key)
    field.submitted.connect(panel.choose_current)
    field.escaped.connect(screen.close_search)
    panel.chosen.connect(conversation.go_to_message)
    panel.more_requested.connect(client.search_more)
    panel.closed.connect(screen.close_search)


def _connect_calendar(application: Application, conversation: Conversation) -> None:
    screen, history = conversation.screen, application.history
    screen.timeline.calendar_requested.connect(history.open_calendar)

    def open_under_the_bar() -> None:
        timeline = screen.timeline
        screen.date_pill.hide()  # it would show behind the calendar
        history.open_calendar(timeline.mapToGlobal(QPoint(timeline.text_center - _CALENDAR_WIDTH // 2, _MENU_EDGE)))

    screen.calendar_requested.connect(open_under_the_bar)
    screen.date_pill.clicked.connect(open_under_the_bar)
