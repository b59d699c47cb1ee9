"""Installed on a bare Debian, the program hosts a chat, every client joins, and an upgrade keeps what was said."""

import shutil
import signal
from collections.abc import Iterator
from pathlib import Path

import deb
import pytest
from playwright.sync_api import Browser, expect

from tests.debian import PERSON, Debian
from tests.e2e.browser import ChatPage
from tests.e2e.peer import Peer
from tests.e2e.wscat import Wscat
from tests.packaging.installed import CHAT, InstalledWindow, OpenWindow, host_in, send

pytestmark = [pytest.mark.slow, pytest.mark.timeout(900)]  # the first test waits for the build, and for a Debian


@pytest.fixture(scope="module")
def debian(dist: Path, package: Path, one_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Debian]:
    """A Debian with an earlier version, installed by apt with its dependencies; the later package is at hand."""
    brought, work = tmp_path_factory.mktemp("brought"), tmp_path_factory.mktemp("work")
    (materials,) = dist.glob("*-sbom.cdx.json")
    earlier = deb.build(dist / "chatdesk", materials, brought, work, version="0.0.1", packed=False)
    brought.chmod(0o755)
    for file in (package, one_file):
        shutil.copy(file, brought)
    with Debian(brought) as debian:
        assert not debian.has("python3")
        debian.install(f"/mnt/{earlier.name}")
        yield debian


def test_an_upgrade_keeps_the_history_and_window_one_file_link_browser_and_wscat_join(
    debian: Debian, package: Path, open_window: OpenWindow, one_file: Path, browser: Browser
) -> None:
    """The other tests are of the version that this one installs."""
    earlier = host_in(open_window)
    earlier.say("Said to the earlier version")
    earlier.wait_for("Said to the earlier version")
    assert earlier.end() == (0, "")
    debian.apt("install", "-y", "--no-install-recommends", f"/mnt/{package.name}")
    assert debian.run("dpkg-query", "-W", "-f", "${Version}", "chatdesk") == package.name.split("_")[1]
    host = host_in(open_window)
    host.wait_for("Said to the earlier version")
    second = open_window("join", host.url, "--nickname", "Tomas", program=f"/mnt/{one_file.name}", home="/tmp")
    second.wait_for_title(CHAT)
    third = joined_by_link(debian, host, open_window)
    with browser.new_context() as context, Wscat(host.url.replace("http", "ws") + "/ws") as wscat:
        page = ChatPage(context, host.url).join("Kit")
        wscat.type('{"type":"join","nickname":"test_user"}')
        wscat.wait_for("Welcome to the chat!")
        host.say("Good morning everyone")
        second.say("Here from the other window")
        third.say("Here by a link")
        page.send("Here from the browser")
        wscat.type('{"type":"message","content":"Hello from wscat!"}')
        said = ["Good morning everyone", "Here from the other window", "Here by a link", "Here from the browser"]
        said.append("Hello from wscat!")
        for text in said:
            wscat.wait_for(text)
            expect(page.message(text)).to_be_visible()
        for window in (host, second, third):
            window.wait_for(*said)
        assert page.complaints == []


def joined_by_link(debian: Debian, host: InstalledWindow, open_window: OpenWindow) -> InstalledWindow:
    """Open a link to a chat as a desktop does."""
    entry = debian.run("cat", "/usr/share/applications/chatdesk.desktop")
    (command,) = [line.removeprefix("Exec=") for line in entry.splitlines() if line.endswith("%u")]
    program, *arguments = command.replace("%u", host.url.replace("http", "chatdesk")).split()
    window = open_window(*arguments, "--nickname", "Ines", program=program, home="/var/tmp")
    window.wait_for_title(CHAT)
    return window


def test_it_serves_without_a_window(debian: Debian, alone: None, browser: Browser) -> None:
    """By two processes; its name is transliterated with data files beside the program."""
    options = ("--bind", "127.0.0.1", "--port", "0", "--name", "Łódź", "--workers", "2")
    process = debian.popen("chatdesk", "serve", *options)
    assert process.stdout
    url = process.stdout.readline().split()[-1]
    with browser.new_context() as context, Peer(url.replace("http", "ws") + "/ws", "Ines") as ines:
        page = ChatPage(context, url).join("Kit")
        page.send("Is anybody here?")
        ines.hear("Is anybody here?")
    send(process, signal.SIGTERM)
    assert process.communicate(timeout=60)[1] == ""
    assert process.returncode == 0


def test_without_a_display_it_says_what_to_do(debian: Debian, alone: None) -> None:
    process = debian.popen("chatdesk")
    _, errors = process.communicate(timeout=60)
    assert process.returncode == 2
    assert errors == "There is no display to open a window on. To host without a window: chatdesk serve.\n"


def test_what_the_menu_shows_is_there(debian: Debian, alone: None) -> None:
    icons = debian.run("find", "/usr/share/icons/hicolor", "-name", "chatdesk.*").split()
    assert "/usr/share/icons/hicolor/scalable/apps/chatdesk.svg" in icons
    assert "/usr/share/icons/hicolor/48x48/apps/chatdesk.png" in icons
    debian.run("test", "-s", "/usr/share/metainfo/org.chatdesk.ChatDesk.metainfo.xml")


def test_uninstalling_leaves_what_was_said_and_tells_where(debian: Debian, alone: None) -> None:
    process = debian.popen("chatdesk", "serve", "--bind", "127.0.0.1", "--port", "0", "--name", "Workshop")
    assert process.stdout
    url = process.stdout.readline().split()[-1]
    with Peer(url.replace("http", "ws") + "/ws", "Ines") as ines:
        ines.say("This is to stay")
    send(process, signal.SIGTERM)
    process.communicate(timeout=60)
    said = debian.apt("purge", "-y", "chatdesk")
    assert "~/.local/share/ChatDesk" in said
    assert not debian.has("chatdesk")
    assert debian.run("find", "/usr", "-name", "*chatdesk*") == ""
    kept = debian.run("find", f"/home/{PERSON}/.local/share/ChatDesk", "-name", "chat.db")
    assert "/workshop-" in kept
