"""What a person does with the program: host, join, leave, find chats. One chat at a time."""

from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from dataclasses import replace
from datetime import date
from functools import partial
from urllib.parse import urlsplit

from PySide6.QtCore import QObject, Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QGuiApplication

from chatdesk.client.address import chat_page_url, parse_address
from chatdesk.client.changes import Ended
from chatdesk.client.known_hosts import KnownHosts
from chatdesk.client.saved_state import ClientStore
from chatdesk.config import NAME, ConfigError, ServerConfig
from chatdesk.desktop.controllers.discovery import DiscoveryController
from chatdesk.desktop.controllers.doctor import DoctorController
from chatdesk.desktop.controllers.history import HistoryController
from chatdesk.desktop.controllers.invitation import InvitationController
from chatdesk.desktop.controllers.joining import JoiningController
from chatdesk.desktop.controllers.navigation import NavigationController
from chatdesk.desktop.controllers.notifications import NotificationsController
from chatdesk.desktop.controllers.order_board import OrderBoardController
from chatdesk.desktop.controllers.trust import TrustController
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.date_watch import DateWatch
from chatdesk.desktop.dialogs.confirm import confirm, show_notices
from chatdesk.desktop.dialogs.secret import ask_for_entry
from chatdesk.desktop.emoji_habits import EmojiHabits
from chatdesk.desktop.entry_question import NOTHING_GIVEN, Given
from chatdesk.desktop.hosting import Hosted, HostError, OpenHost
from chatdesk.desktop.last_nickname import last_nickname
from chatdesk.desktop.main_window import MainWindow
from chatdesk.desktop.notifications.service import OpenNotifications, no_notifications
from chatdesk.desktop.settings import Settings, new_recent_chat
from chatdesk.desktop.tasks import Tasks
from chatdesk.desktop.text import display_address
from chatdesk.desktop.theme import Theme
from chatdesk.discovery.found_host import FoundHost
from chatdesk.discovery.short_code import looks_like_code

_ChatRun = Callable[[], Awaitable[Callable[[], None] | None]]
"""Hosts or joins a chat and returns when it is over; the result, if any, shows on the start screen why it failed.

Raises HostError if the server cannot be started.
"""


class Application(QObject):
    """Owns the window, the controllers, the tasks and at most one conversation. Create it on a running loop.

    ``run`` lasts until the window is closed. ``conversation_started`` carries each conversation before it connects.
    """

    conversation_started = Signal(Conversation)

    def __init__(
        self,
        theme: Theme,
        settings: Settings,
        open_host: OpenHost,
        config: ServerConfig,
        store: ClientStore | None = None,
        *,
        hosts: KnownHosts | None = None,
        open_notifications: OpenNotifications = no_notifications,
        discovery: bool = False,
    ) -> None:
        super().__init__()
        self.theme = theme
        self.window = MainWindow(theme, settings)
        self._settings, self._open_host, self._config, self._store = settings, open_host, config, store
        self.tasks = Tasks(self._show_failure)
        self.emoji_habits = EmojiHabits(settings)
        self.discovery = DiscoveryController(settings, self.tasks, allowed=discovery)
        self.history = HistoryController(theme, self.window, self.tasks, self.show_toast)
        self._closing = self._in_chat = False
        self.date_watch = DateWatch(self)
        self.doctor = DoctorController(theme, self.window, self.tasks)
        self.invitation = InvitationController(theme, self.window, self.tasks, self.doctor, self.show_toast)
        self.navigation = NavigationController(theme, self.window)
        self.trust = TrustController(theme, self.window, hosts or KnownHosts())
        self.notifications = NotificationsController(self.window, settings, self.tasks, open_notifications)
        self._conversation: Conversation | None = None
        self.joining = JoiningController(theme, self.window, self.window.start.join_card)
        self.board: OrderBoardController | None = None
        """Of the conversation."""
        self.show_remembered()

    @property
    def settings(self) -> Settings:
        """What is remembered between starts."""
        return self._settings

    async def run(self, begin: Callable[[], None], closed: Awaitable[object]) -> None:
        """Show the window, call ``begin``, and wait for ``closed``; then end all tasks and wait for them."""
        async with self.tasks:
            self._fill_start_screen()
            self.window.show_start()
            self.notifications.start()
            begin()
            if not self._in_chat:  # the command line may have started a chat
                self.discovery.start()
            try:
                await closed
            finally:  # also when cancelled because the display is gone
                self._closing = True
                self.date_watch.stop()
                self.discovery.stop()
            self.window.close()  # saying goodbye to clients goes on without the window

    # Hosting and joining

    def host(self, room: str | None = None, nickname: str | None = None) -> None:
        """Start a server on this computer and join it. ``room`` is its name, by default the configured one."""
        try:
            config = replace(self._config, name=room) if room else self._config
        except ConfigError as error:
            self.window.start.show_room_error(str(error))
            return
        self._start_chat(partial(self._host, config, nickname or last_nickname(self._settings)))

    def join(self, typed: str, nickname: str | None = None) -> None:
        """Join the chat at a typed address, in any form that ``parse_address`` accepts, or at a short code."""
        self._start_chat(partial(self._join_typed, typed, nickname or last_nickname(self._settings)))

    def join_found(self, host: FoundHost, nickname: str) -> None:
        """Join a chat that was found on the network."""
        self._start_chat(partial(self._join_found, host, nickname))

    def _start_chat(self, chat_run: _ChatRun) -> None:
        """Start the task, unless a chat is open or being opened."""
        if not self._in_chat:
            self._in_chat = True
            self.tasks.start(self._run_exclusively(chat_run), "chat")

    async def _run_exclusively(self, chat_run: _ChatRun) -> None:
        refuse: Callable[[], None] | None = None
        try:
            refuse = await chat_run()
        except HostError as error:
            refuse = partial(self.window.start.show_room_error, str(error))
        finally:
            self._in_chat = False
            if not self._closing:
                self.window.start.set_busy()
                self.window.show_start()
                self.discovery.start()
        if refuse:
            refuse()

    async def _host(self, config: ServerConfig, nickname: str) -> Callable[[], None] | None:
        self.window.start.set_nickname(nickname)
        self.window.start.set_room_name(self._shown_room_name(config.name))
        self.window.start.set_busy(hosting=True)
        async with AsyncExitStack() as stack:
            hosted = await self._open_server(stack, config)
            if hosted:
                self._settings.room_name = config.name
                if hosted.notices:
                    self.tasks.start(show_notices(self.theme, self.window, hosted.notices), "notices")
                urls = hosted.socket_url, hosted.page_url
                return await self._run_conversation(*urls, nickname, hosted, stored=not config.in_memory)
        return None

    async def _open_server(self, stack: AsyncExitStack, config: ServerConfig) -> Hosted | None:
        """Start the server, on another port if the person agrees; None if not. Raises HostError."""
        while True:
            try:
                return await stack.enter_async_context(self._open_host(config))
            except HostError as error:
                if error.free_port is None:
                    raise
                explanation = f"Another program uses it. ChatDesk can take {error.free_port} instead."
                verb = f"Use {error.free_port}"
                if not await confirm(self.theme, self.window, f"Port {config.port} is taken", explanation, verb):
                    return None
                config = replace(config, port=error.free_port)

    async def _join_typed(self, typed: str, nickname: str) -> Callable[[], None] | None:
        typed, given = self.joining.split(typed)
        self._show_joining(typed, nickname)
        if address := await self.discovery.resolve_code(typed) if looks_like_code(typed) else typed:
            return await self._join(address, nickname, given)
        sentence = f"Nobody answers to {typed}. Is the host’s window open, and is this the same network?"
        return partial(self.window.start.show_address_error, sentence)

    async def _join_found(self, host: FoundHost, nickname: str) -> Callable[[], None] | None:
        self._show_joining(host.addresses[0], nickname)
        address = await self.discovery.resolve_host(host)
        return await self._join(address, nickname, self.joining.given, host.key, host.host)

    def _show_joining(self, typed: str, nickname: str) -> None:
        self.window.start.set_nickname(nickname)
        self.window.start.set_address(typed)
        self.window.start.set_busy(joining=True)

    async def _join(
        self, address: str, nickname: str, given: Given, key: str = "", host: str = ""
    ) -> Callable[[], None] | None:
        """Join once the host is known to be the right one: ``key`` and ``host`` are what its advert says."""
        found = await self.trust.admit(parse_address(address), key, host)
        if isinstance(found, str):
            return partial(self.window.start.show_address_error, found) if found else None
        return await self._run_conversation(
            found.url, chat_page_url(found.url), nickname, authority=found.authority, given=given
        )

    def show_own_key(self) -> None:
        """Show the key of the hosted chat, to be read aloud."""
        self.tasks.start(self.trust.show_own(self.invitation.url(), self.invitation.key), "key")

    def compare_again(self, conversation: Conversation) -> None:
        """The host shows another key than before, in the middle of a chat: stop, and ask."""
        self.tasks.start(self._compare_again(conversation), "trust")

    async def _compare_again(self, conversation: Conversation) -> None:
        found = await self.trust.admit(conversation.socket_url)
        if self._conversation is not conversation:
            return
        if isinstance(found, str):
            conversation.leave()
        else:
            conversation.client.trust(found.authority)
            conversation.join_again()

    async def _run_conversation(
        self,
        socket_url: str,
        page_url: str,
        nickname: str,
        hosted: Hosted | None = None,
        *,
        stored: bool = True,
        authority: bytes = b"",
        given: Given = NOTHING_GIVEN,
    ) -> Callable[[], None] | None:
        """Run a conversation to its end; the result shows why it could not be joined."""
        token = hosted.token if hosted else None
        conversation = Conversation(
            self.theme,
            socket_url,
            page_url,
            nickname,
            token=token,
            store=self._store,
            stored=stored,
            authority=authority,
        )
        conversation.ask_for_entry = partial(ask_for_entry, self.theme, self.window)
        sign_in = conversation.client.state.sign_in
        sign_in.token, sign_in.invitation = given.token, given.invitation
        self._conversation = conversation
        self.history.set_conversation(conversation)
        self.invitation.set_conversation(conversation, hosted)
        self.navigation.set_conversation(conversation)
        self.notifications.set_conversation(conversation)
        self.conversation_started.emit(conversation)
        # Before any message arrives: otherwise it could count as seen.
        self.set_application_state(QGuiApplication.applicationState())
        try:
            await conversation.run()
        finally:
            self._conversation = self.board = None
            self.history.set_conversation(None)
            self.invitation.set_conversation(None)
            self.navigation.set_conversation(None)
            self.notifications.set_conversation(None)
            self.window.remove_chat(conversation.screen)
            self.show_remembered()
        return None if conversation.joined else partial(self._show_refusal, conversation)

    def show_conversation(self) -> None:
        """Show the chat that has been joined, and remember nickname and address, which are known to work."""
        if conversation := self._conversation:
            self._settings.nickname = conversation.client.state.nickname
            if not conversation.hosting:
                self.joining.forget()
                address = display_address(conversation.page_url)
                self._settings.add_recent(new_recent_chat(conversation.name, address))
            self._fill_start_screen()
            self.discovery.stop()
            self.window.show_chat(conversation.screen, conversation.name)
            host = conversation.client.state.server
            encryption = self.trust.described(conversation.socket_url, host.host if host else "")
            conversation.screen.sidebar.header.set_encryption(encryption)
            self.set_application_state(QGuiApplication.applicationState())

    def remember_nickname(self, nickname: str) -> None:
        """Remember the nickname that somebody has taken in a chat, for the next chat and the next start."""
        if nickname != self._settings.nickname:
            self._settings.nickname = nickname
            self.window.start.set_nickname(nickname)

    def _show_refusal(self, conversation: Conversation) -> None:
        """Show on the start screen why the chat could not be joined, under the field that can mend it."""
        status = conversation.client.state.status
        if not isinstance(status, Ended):
            return
        if status.nickname_error:
            self.window.start.show_nickname_error(status.sentence, joining=not conversation.hosting)
        elif conversation.hosting:
            self.window.start.show_room_error(status.sentence)
        else:
            self.window.start.show_address_error(status.sentence)

    # In a chat

    def refresh_times(self) -> None:
        """Update all texts with dates and times: the date or the time zone has changed."""
        self.window.start.join_card.recent_chats.set_today(date.today())
        self.history.set_today()
        if self._conversation:
            self._conversation.refresh_times()

    def set_application_state(self, state: Qt.ApplicationState) -> None:
        """Tell the conversation whether this program is the active one; messages are seen only then."""
        self.date_watch.check()
        if conversation := self._conversation:
            conversation.set_active(state == Qt.ApplicationState.ApplicationActive)

    def leave(self) -> None:
        """Leave the chat. A host is asked first if others are in it, because it ends for them."""
        self.tasks.start(self._leave(), "leave")

    async def _leave(self) -> None:
        conversation = self._conversation
        if conversation is None:
            return
        others = conversation.client.state.shown.people.count - 1
        if conversation.hosting and others > 0:
            who = "One other person is" if others == 1 else f"{others} others are"
            explanation = f"{who} in it. The chat ends for everyone."
            if not await confirm(self.theme, self.window, "Close the room?", explanation, "Close the room"):
                return
        conversation.leave()

    def open_link(self, url: str) -> None:
        """Open a page in the browser, once the person has confirmed its address."""
        self.tasks.start(self._open_link(url), "link")

    async def _open_link(self, url: str) -> None:
        link = QUrl(url, QUrl.ParsingMode.StrictMode)
        if not link.host() or link.scheme().lower() not in ("http", "https"):
            self.show_toast("This is no address that a browser opens.")
            return
        where = bytes(link.toEncoded().data()).decode()
        host = urlsplit(where).hostname or where
        if await confirm(self.theme, self.window, f"Open {host}?", where, "Open"):
            QDesktopServices.openUrl(link)

    # Appearance

    def choose_theme(self, choice: str) -> None:
        """Use this theme, one of ``theme.CHOICES``, and remember it."""
        self._settings.theme = choice
        self.theme.choose(choice)

    def choose_scale(self, scale: float) -> None:
        """Set the size of text, 1.0 being 100 percent, and remember it."""
        self._settings.text_scale = scale
        self.theme.set_scale(scale)

    def choose_typing(self, shown: bool) -> None:
        """Let others see that the person types, or not, and remember it; an open chat hears of it by itself."""
        self._settings.typing = shown

    def choose_receipts(self, given: bool) -> None:
        """Let others see what the person has read, or not, and remember it; an open chat hears of it by itself."""
        self._settings.receipts = given

    def show_remembered(self) -> None:
        """Show in the settings what is remembered: what holds in a chat is shown while it is open."""
        self.window.settings_sheet.show_typing(self._settings.typing)
        self.window.settings_sheet.show_receipts(given=self._settings.receipts)

    def show_toast(self, sentence: str, *, done: bool = False, undo: Callable[[], object] | None = None) -> None:
        """Show a sentence for a few seconds; ``done`` marks a success, ``undo`` takes it back."""
        self.window.toast.show_text(sentence, done=done, undo=undo)

    def _fill_start_screen(self) -> None:
        """Fill the start screen's fields with the last used values."""
        settings = self._settings
        self.window.start.prefill(
            last_nickname(self._settings), self._shown_room_name(settings.room_name), settings.recents, date.today()
        )

    def _shown_room_name(self, name: str) -> str:
        """Return a room's name for the start screen; empty for the default name."""
        return "" if name == NAME else name

    def _show_failure(self, error: BaseException) -> None:
        self.show_toast(f"Something went wrong inside ChatDesk ({type(error).__name__}). Please restart it.")
