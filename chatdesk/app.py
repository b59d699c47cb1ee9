"""The composition root: builds server and window from a configuration, and runs them.

With ``headless`` the only module that creates event loops, and that imports both server and desktop; Qt only when a
window opens.
"""

from __future__ import annotations

import asyncio
import contextlib
import ipaddress
import logging
import os
import sys
from collections.abc import AsyncIterator, Callable
from functools import partial
from typing import TYPE_CHECKING

if sys.platform != "win32":
    import uvloop

from chatdesk import logging_setup, monitoring
from chatdesk.certificates.errors import CertificateError
from chatdesk.client.known_hosts import KnownHosts
from chatdesk.client.saved_state import ClientStore
from chatdesk.config import ServerConfig
from chatdesk.console import print_line, print_stderr
from chatdesk.desktop.display import DisplayError, choose_platforms
from chatdesk.desktop.hosting import Hosted, HostError
from chatdesk.desktop.notifications.service import Listener, NotificationService, ServiceError
from chatdesk.discovery.addresses import loopback_address, web_url
from chatdesk.discovery.advert import Advert
from chatdesk.discovery.found_host import FoundHost
from chatdesk.doctor_token import doctor_token
from chatdesk.file_limit import within_file_limit
from chatdesk.log.storage_errors import StoreError
from chatdesk.paths import joined_folder, settings_file
from chatdesk.printed_addresses import print_address, print_url, shared_url
from chatdesk.server.fanout import BESIDE_A_WINDOW, Pace
from chatdesk.server.http.static_files import page_files
from chatdesk.server.listening import PortTakenError, explain_listen_error, free_port_after
from chatdesk.server.password_file import PasswordFileError
from chatdesk.server.server import ChatServer
from chatdesk.server_parts import (
    check_debug_secret,
    open_certificates,
    open_sign_in,
    open_store,
    own_addresses,
    warn_of_open_secrets,
)
from chatdesk.start import Host, Join, StartError, StartScreen, check_start
from chatdesk.stop_signals import (
    EXIT_STOPPED,
    exiting_on_ctrl_c,
    signals_as_ctrl_c,
    stop_on_signals,
)

if TYPE_CHECKING:
    import argparse

    from PySide6.QtWidgets import QApplication

    from chatdesk.desktop.qt_messages import QtMessages
    from chatdesk.server.http.debug_endpoints import Measure
    from chatdesk.server.metrics import Metrics
    from chatdesk.workers.worker_store import WorkerOf

_SWITCH_SECONDS = 0.0005
"""How long the log's thread waits for Python while a fan-out runs; Python's own 5 ms, several times in a commit, are as
long as that fan-out."""

logger = logging.getLogger(__name__)


def run_hosts(seconds: float, *, as_json: bool) -> int:
    """Print the chats that discovery finds within so many seconds, or until Ctrl-C. Returns the exit code."""
    from chatdesk.discovery import hosts_command

    async def find() -> list[FoundHost]:
        stop = asyncio.Event()
        stop_on_signals(asyncio.get_running_loop(), stop.set)
        return await hosts_command.find_hosts(seconds, stop)

    with asyncio.Runner(loop_factory=headless_loop()) as runner:
        hosts = runner.run(find())
    if as_json or hosts:
        print_line(hosts_command.as_json(hosts) if as_json else hosts_command.as_lines(hosts))
    else:
        print_stderr(hosts_command.NOTHING_FOUND)
    return 0


def run_doctor(options: argparse.Namespace) -> int:
    """Examine a chat and print the report. Returns the exit code; raises StartError if nothing can be examined."""
    from chatdesk.doctor import doctor_command  # a tenth of what the program loads, and only this command uses it

    try:
        with signals_as_ctrl_c():
            return doctor_command.run_doctor(options, doctor_token)
    except doctor_command.DoctorError as error:
        raise StartError(str(error)) from None


def run_terminal(options: argparse.Namespace) -> int:
    """Talk to a chat from a terminal, until Ctrl-C. Returns the exit code; raises ConfigError for what cannot be."""
    from chatdesk import invite_command, people_command, room_command
    from chatdesk.terminal import commands  # with the client, a tenth of what the program loads

    as_host = {"people": people_command, "invite": invite_command, "room": room_command}.get(options.command)
    work = as_host.prepare(options) if as_host else commands.prepare(options)

    async def run() -> int:
        if task := asyncio.current_task():
            stop_on_signals(asyncio.get_running_loop(), task.cancel)
        return await work

    with asyncio.Runner() as runner:  # uvloop's does not try several addresses of a name at once
        try:
            return runner.run(run())
        except asyncio.CancelledError:
            return EXIT_STOPPED


def run_token(options: argparse.Namespace) -> int:
    """Issue, explain or revoke a token. Returns the exit code; raises ConfigError for what cannot be."""
    from chatdesk import token_command  # cryptography takes a quarter of a second

    return token_command.run(options)


@contextlib.asynccontextmanager
async def open_server(
    config: ServerConfig,
    pace: Pace,
    worker: WorkerOf | None = None,
    prepare: Callable[[ChatServer], object] = lambda _server: None,
) -> AsyncIterator[ChatServer]:
    """A running server with its store; of a ``worker`` the one that all share. Raises HostError if it cannot listen or
    store. ``prepare`` is called before it listens.
    """
    config = within_file_limit(config)
    sys.setswitchinterval(_SWITCH_SECONDS)
    check_debug_secret(config)
    async with contextlib.AsyncExitStack() as stack:
        try:
            store = await stack.enter_async_context(open_store(config, worker))
            server = ChatServer(
                config,
                store,
                page_files(),
                addresses=own_addresses,
                pace=pace,
                certificates=open_certificates(config, store.server_id),
                tokens=open_sign_in(config),
                deferred=partial(monitoring.endpoints, load_metrics=load_metrics, load_profile=_load_profile),
            )
            prepare(server)
            await stack.enter_async_context(server)
            if worker is None or worker.number == 1:
                warn_of_open_secrets(config)
        except (StoreError, CertificateError, PasswordFileError) as error:
            raise HostError(str(error)) from None
        except OSError as error:
            raise listen_error(config, error) from None
        logger.info("The chat is open on %s port %s.", config.bind, server.port)
        yield server
        logger.info("The chat is closed.")


def listen_error(config: ServerConfig, error: OSError) -> HostError:
    """The error that says why the server cannot listen; with a free port, if another one would help."""
    wanted = isinstance(error, PortTakenError) and not config.public_url  # a proxy expects this port
    free = free_port_after(config.bind, config.port) if wanted else None
    return HostError(explain_listen_error(config, error, free), free)


def load_metrics() -> type[Metrics]:
    """The figures for Prometheus, whose library takes a tenth of a second."""
    from chatdesk.server.metrics import Metrics

    return Metrics


def _load_profile() -> Measure:
    from chatdesk.server.loop_profile import measure_time

    return measure_time


@contextlib.asynccontextmanager
async def advertised(server: ChatServer) -> AsyncIterator[Callable[[], str]]:
    """Advertise the server in the network, unless that is turned off or only this machine can reach it.

    Yields a function that returns its mDNS name, empty if it has none.
    """
    config = server.config
    if not config.discovery or ipaddress.ip_address(config.bind).is_loopback:
        yield str
        return
    from chatdesk.discovery.advertiser import Advertiser  # only a host waits for this import

    def describe() -> Advert:
        about = server.reports.about()
        del about["service"], about["url"]  # who hears it is in the same network, and needs no proxy
        return Advert(server_id=about.pop("id"), **about)

    async with Advertiser(describe, config.bind, server.set_announced_name) as advertiser:
        yield lambda: advertiser.local_name


def headless_loop() -> Callable[[], asyncio.AbstractEventLoop] | None:
    """What makes the loops of servers without a window; None for Python's own."""
    return None if sys.platform == "win32" else uvloop.new_event_loop


def run_desktop(start: StartScreen | Host | Join, config: ServerConfig) -> int:
    """Open the window: at the start screen, hosting, or joining. Returns the exit code when it is closed.

    ``config`` is for chats that the window hosts. Raises StartError if no window can open, or if the nickname or the
    address is not valid.
    """
    check_start(start)
    try:
        platforms = choose_platforms()
    except DisplayError as error:
        raise StartError(f"{error} To host without a window: chatdesk serve.") from None
    with exiting_on_ctrl_c():
        from chatdesk.desktop.loop import new_event_loop  # not at the top: a machine that only serves has no Qt
        from chatdesk.desktop.qt_messages import QtMessages

    with QtMessages() as messages:
        qt = _new_qt(platforms)
        qt.setQuitOnLastWindowClosed(False)  # it would end the loop before the server has closed its connections
        with asyncio.Runner(loop_factory=lambda: new_event_loop(qt)) as runner:
            return runner.run(_run_window(qt, start, config, messages))


def show_failure(sentence: str) -> None:
    """Show in a window why the program cannot start. Does nothing if no window can open."""
    try:
        platforms = choose_platforms()
    except DisplayError:
        return
    from chatdesk.desktop.dialogs.startup_error import StartupErrorDialog
    from chatdesk.desktop.qt_messages import QtMessages
    from chatdesk.desktop.theme import Theme

    with QtMessages():
        qt = _new_qt(platforms)
        dialog = StartupErrorDialog(Theme(qt), sentence)
        dialog.show()
        qt.exec()


def _new_qt(platforms: str) -> QApplication:
    from PySide6.QtWidgets import QApplication

    from chatdesk.desktop.accessibility.roles import install_accessible_roles

    install_accessible_roles()
    qt = QApplication(["chatdesk", *(["-platform", platforms] if platforms else [])])
    qt.setApplicationName("ChatDesk")
    qt.setDesktopFileName("chatdesk")
    return qt


async def _run_window(
    qt: QApplication, start: StartScreen | Host | Join, config: ServerConfig, messages: QtMessages
) -> int:
    from chatdesk.desktop import wiring
    from chatdesk.desktop.application import Application
    from chatdesk.desktop.garbage_collection import MainThreadCollection
    from chatdesk.desktop.loop import cancel_and_finish
    from chatdesk.desktop.settings import Settings
    from chatdesk.desktop.theme import Theme

    if main := asyncio.current_task():
        messages.display_lost = partial(cancel_and_finish, main)
    settings = Settings(settings_file())
    theme = Theme(qt, settings.theme, settings.text_scale)
    closed = asyncio.Event()
    store = ClientStore(joined_folder())
    application = Application(
        theme,
        settings,
        host_beside_window,
        config,
        store,
        hosts=KnownHosts(joined_folder().with_name("known-hosts.json")),
        open_notifications=open_notifications,
        discovery=config.discovery,
    )
    wiring.connect(application)
    logging_setup.watch_loop(asyncio.get_running_loop(), application.show_toast)
    application.window.closed.connect(closed.set)
    stop_on_signals(asyncio.get_running_loop(), closed.set)

    def apply_start() -> None:
        match start:
            case StartScreen(nickname=str(nickname)):
                application.window.start.set_nickname(nickname)
            case Host(nickname=nickname):
                application.host(nickname=nickname)
            case Join(url=url, nickname=nickname):
                application.join(url, nickname)

    with MainThreadCollection():
        await application.run(apply_start, closed.wait())
    return 0


@contextlib.asynccontextmanager
async def host_beside_window(config: ServerConfig) -> AsyncIterator[Hosted]:
    """A running server for the window of this process, and what the window knows of it. Raises HostError."""
    async with open_server(config, BESIDE_A_WINDOW) as server, advertised(server) as local_name:
        print_address(config, server.port)
        socket_url = f"{web_url(loopback_address(config.bind), server.port).replace('http', 'ws', 1)}/ws"
        yield Hosted(
            socket_url,
            shared_url(config, server.port),
            config.bind,
            server.port,
            server.host_token,
            print_url,
            notices=server.notices,
            local_name=local_name,
            reached_addresses=server.reached_addresses,
            doctor_token=server.hub.identities.doctor_token,
            public_url=config.public_url,
            encrypted=config.encrypted,
            asks_token=bool(config.jwt_key) and not config.jwt_optional,
            key=server.key,
        )


async def open_notifications(listener: Listener) -> NotificationService:
    """The system's service for notifications. Raises ServiceError where there is none."""
    if sys.platform in ("win32", "darwin"):
        from chatdesk.desktop.notifications.tray import TrayService

        return TrayService(listener)
    if not os.environ.get("DBUS_SESSION_BUS_ADDRESS"):
        raise ServiceError("there is no session bus")
    from chatdesk.desktop.notifications.freedesktop import open_service

    return await open_service(listener)
