"""The program as a person uses it: host, join, be refused, leave, close, with a real server on loopback."""

import asyncio
import gc
import socket
import weakref
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QApplication

from chatdesk.client.client import ChatClient
from chatdesk.desktop import application as module
from chatdesk.desktop import last_nickname
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.text import display_address
from chatdesk.discovery.query import query_chat
from tests.desktop.found_hosts import host
from tests.desktop.inspection import HOSTILE, texts
from tests.desktop.program import Program
from tests.netns import Networks, inside
from tests.reverse_proxy import ReverseProxy, certificate
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("keep_loop_running")


async def other(conversation: Conversation, nickname: str) -> "tuple[ChatClient, asyncio.Task[None]]":
    client = ChatClient(conversation.client._url, nickname, on_changes=lambda _: None)
    task = asyncio.create_task(client.run())
    await until(lambda: client.state.online)
    return client, task


async def test_host_opens_a_room_and_is_in_it(program: Program) -> None:
    program.edit("Name of the room").setText("Robotics Workshop")
    program.press("Host")
    conversation = await program.joined()
    assert program.window.windowTitle() == "Robotics Workshop – ChatDesk"
    assert conversation.hosting
    assert (program.settings.nickname, program.settings.room_name) == ("Mara", "Robotics Workshop")
    assert program.settings.recents == []


async def test_a_nickname_taken_in_the_chat_is_the_one_of_the_next_start(
    program: Program, qapp: QApplication, tmp_path: Path
) -> None:
    program.press("Host")
    conversation = await program.joined()
    conversation.client.presence.rename("Mara the 2nd")
    await until(lambda: program.settings.nickname == "Mara the 2nd")
    conversation.leave()
    await until(lambda: program.at_start)
    assert program.edit("Your name").text() == "Mara the 2nd"
    await program.close()
    again = Program(qapp, tmp_path / "settings.ini")
    await until(lambda: again.at_start)
    assert again.edit("Your name").text() == "Mara the 2nd"
    await again.close()


async def test_two_presses_start_one_chat(program: Program) -> None:
    for _ in range(2):
        program.window.start.host.emit("One", "Mara")
        program.window.start.join.emit("127.0.0.1:9", "Mara")
    conversation = await program.joined()
    assert conversation.hosting
    program.application.join("127.0.0.1:9", "Mara")
    await asyncio.sleep(0)
    assert [task.get_name() for task in asyncio.all_tasks()].count("chat") == 1


async def test_closed_at_once_nothing_is_left_and_nothing_was_forgotten(qapp: QApplication, tmp_path: Path) -> None:
    made = Program(qapp, tmp_path / "settings.ini")
    await asyncio.sleep(0)
    made.application.host()
    made.application.join("127.0.0.1:9")
    await made.close()
    gc.collect()  # a coroutine that was never awaited would say so now
    assert asyncio.all_tasks() == {asyncio.current_task()}


@pytest.mark.parametrize("hosting", [True, False])
async def test_closing_the_window_ends_everything_and_opens_nothing_again(
    program: Program, qapp: QApplication, tmp_path: Path, hosting: bool
) -> None:
    program.press("Host")
    conversation = await program.joined()
    second = Program(qapp, tmp_path / "second.ini")
    second.application.join(conversation.page_url, "Priya")
    await second.joined()
    if hosting:
        await second.close()
        await program.close()
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection(*conversation.page_url.removeprefix("http://").split(":"))
        assert not program.window.isVisible()
    else:
        shown: list[str] = []
        second.window.windowTitleChanged.connect(shown.append)
        await second.close()
        assert shown == []
        assert not second.window.isVisible()
        await until(lambda: conversation.client.state.shown.people.count == 1)


async def test_a_name_that_is_taken_is_refused_under_the_name(
    program: Program, qapp: QApplication, tmp_path: Path
) -> None:
    program.press("Host")
    conversation = await program.joined()
    second = Program(qapp, tmp_path / "second.ini")
    await until(lambda: second.at_start)
    second.edit("Your name").setText("mara")
    second.edit("Address or code of the room").setText(conversation.page_url)
    second.press("Join")
    await until(lambda: second.at_start and second.edit("Your name").accessibleDescription())
    assert second.edit("Your name").text() == second.edit("Your name").selectedText() == "mara"
    assert second.edit("Address or code of the room").text() == conversation.page_url
    second.edit("Your name").setText("Priya")
    second.press("Join")
    await second.joined()
    assert second.edit("Your name").accessibleDescription() == ""
    assert [(recent.name, recent.address) for recent in second.settings.recents] == [
        ("ChatDesk", conversation.page_url.removeprefix("http://"))
    ]
    await second.close()


async def test_where_nobody_hosts_it_says_so_under_the_address(program: Program) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    address = program.edit("Address or code of the room")
    address.setText(f"127.0.0.1:{port}")
    program.press("Join")
    await until(lambda: program.at_start and address.accessibleDescription())
    assert address.accessibleDescription().startswith(f"Nobody hosts a chat at 127.0.0.1:{port}.")
    assert (address.text(), program.edit("Your name").text()) == (f"127.0.0.1:{port}", "Mara")
    assert program.settings.recents == []


async def test_behind_a_proxy_a_chat_is_joined_once_its_certificate_is_trusted_and_remembered_with_all_its_address(
    program: Program, qapp: QApplication, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program.press("Host")
    port = int((await program.joined()).page_url.rpartition(":")[2])
    second = Program(qapp, tmp_path / "second.ini")
    await until(lambda: second.at_start)
    second.edit("Your name").setText("Priya")
    typed = second.edit("Address or code of the room")
    with ReverseProxy(port, folder="/club/", tls=certificate(tmp_path)) as proxy:
        typed.setText(proxy.url)
        second.press("Join")
        await until(lambda: second.at_start and typed.accessibleDescription())
        assert typed.accessibleDescription().startswith(f"The certificate of {proxy.address}/club is signed by nobody")
        monkeypatch.setenv("SSL_CERT_FILE", str(tmp_path / "cert.pem"))
        second.press("Join")
        await second.joined()
        assert [recent.address for recent in second.settings.recents] == [proxy.url.rstrip("/")]
        await second.close()


async def test_where_nobody_answers_to_a_code_it_says_so_under_it(program: Program) -> None:
    with Networks() as networks, inside(networks.machine()):
        typed = program.edit("Address or code of the room")
        typed.setText("Kite 42")
        program.press("Join")
        await until(lambda: program.at_start and typed.accessibleDescription())
        assert typed.accessibleDescription().startswith("Nobody answers to Kite 42.")
        assert (typed.text(), typed.hasFocus()) == ("Kite 42", True)


async def test_a_found_chat_is_joined_where_it_can_be_reached(
    program: Program, qapp: QApplication, tmp_path: Path
) -> None:
    program.press("Host")
    conversation = await program.joined()
    address = display_address(conversation.page_url)
    found = await query_chat(address, 5)
    assert found
    second = Program(qapp, tmp_path / "second.ini")
    await until(lambda: second.at_start)
    second.edit("Your name").setText("Priya")
    second.window.start.join_card.found_chats.chosen.emit(replace(found, addresses=("127.0.0.1:9", address)))
    await second.joined()
    assert [recent.address for recent in second.settings.recents] == [address]
    await second.close()


async def test_a_found_chat_that_has_gone_meanwhile_is_said_under_the_address(program: Program) -> None:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    program.window.start.join_card.found_chats.chosen.emit(replace(host(1), addresses=(f"127.0.0.1:{port}",)))
    address = program.edit("Address or code of the room")
    await until(lambda: program.at_start and address.accessibleDescription())
    assert address.accessibleDescription().startswith(f"Nobody hosts a chat at 127.0.0.1:{port}.")
    assert address.text() == f"127.0.0.1:{port}"


async def test_a_program_that_may_not_look_says_so(program: Program) -> None:
    assert "Looking was turned off when ChatDesk was started." in texts(program.window.start)


async def test_leaving_leads_to_the_start_with_the_last_values(
    program: Program, qapp: QApplication, tmp_path: Path
) -> None:
    program.press("Host")
    conversation = await program.joined()
    second = Program(qapp, tmp_path / "second.ini")
    second.application.join(conversation.page_url, "Priya")
    await second.joined()
    second.application.leave()
    await until(lambda: second.at_start)
    assert second.window.windowTitle() == "ChatDesk"
    assert second.edit("Your name").text() == "Priya"
    assert "ChatDesk" in [recent.name for recent in second.settings.recents]
    await second.close()


async def test_a_host_is_asked_before_a_room_with_others_is_closed(program: Program) -> None:
    program.press("Host")
    conversation = await program.joined()
    client, task = await other(conversation, "Priya")
    await until(lambda: conversation.client.state.shown.people.count == 2)
    program.application.leave()
    await until(program.confirm_sheet)
    program.answer("Cancel")
    await until(lambda: program.confirm_sheet() is None)
    assert program.conversation is conversation
    program.application.leave()
    await until(program.confirm_sheet)
    program.answer("Close the room")
    await until(lambda: program.at_start)
    await until(lambda: not client.state.online)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_alone_the_room_is_closed_without_a_question_and_all_of_it_is_freed(program: Program) -> None:
    program.press("Host")
    conversation = weakref.ref(await program.joined())
    screen = weakref.ref(program.conversation.screen)
    program.application.leave()
    await until(lambda: program.at_start)
    assert program.confirm_sheet() is None
    await until(lambda: gc.collect() is not None and conversation() is None and screen() is None)


async def test_sheet_and_projector_show_the_invitation(program: Program) -> None:
    program.press("Host")
    conversation = await program.joined()
    program.press("Invite")
    await until(program.application.invitation.sheet.isVisible)
    shown = texts(program.application.invitation.sheet)
    assert any(conversation.page_url.removeprefix("http://") in text for text in shown)
    program.application.invitation.show_projector()
    assert program.application.invitation.projector.isVisible()
    program.application.leave()
    await until(lambda: program.at_start)
    assert not program.application.invitation.projector.isVisible()
    assert not program.application.invitation.sheet.isVisible()


async def test_the_address_is_copied_as_a_browser_takes_it(program: Program) -> None:
    program.application.invitation.copy_address()
    program.press("Host")
    conversation = await program.joined()
    program.application.invitation.copy_address()
    assert QGuiApplication.clipboard().text() == conversation.page_url
    assert "Address copied" in texts(program.window.toast)


@pytest.mark.parametrize(("answer", "opened"), [("Open", ["https://example.org/a?b=%3Cc%3E"]), ("Cancel", [])])
async def test_a_link_is_opened_once_its_address_is_confirmed(
    program: Program, monkeypatch: pytest.MonkeyPatch, answer: str, opened: list[str]
) -> None:
    found: list[str] = []
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: found.append(bytes(url.toEncoded().data()).decode()))
    program.application.open_link("https://example.org/a?b=%3Cc%3E")
    await until(program.confirm_sheet)
    asked = program.confirm_sheet()
    assert asked is not None
    assert texts(asked)[:2] == ["Open example.org?", "https://example.org/a?b=%3Cc%3E"]
    program.answer(answer)
    await until(lambda: program.confirm_sheet() is None)
    await until(lambda: found == opened)


@pytest.mark.parametrize("link", ["javascript:alert(1)", "file:///etc/passwd", "//host/share", "https://", "", HOSTILE])
async def test_only_web_addresses_are_opened(program: Program, monkeypatch: pytest.MonkeyPatch, link: str) -> None:
    monkeypatch.setattr(QDesktopServices, "openUrl", lambda url: pytest.fail(f"opened {QUrl(url)}"))
    program.application.open_link(link)
    await until(lambda: "This is no address that a browser opens." in texts(program.window.toast))
    assert program.confirm_sheet() is None


async def test_theme_and_text_size_are_chosen_and_remembered(program: Program) -> None:
    program.press("Dark theme")
    assert (program.application.theme.name, program.settings.theme) == ("dark", "dark")
    program.application.choose_scale(1.5)
    assert (program.application.theme.scale, program.settings.text_scale) == (1.5, 1.5)


async def test_an_internal_error_is_shown_and_the_program_goes_on(
    program: Program, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(module, "parse_address", lambda _: 1 / 0)
    program.application.join("127.0.0.1:9")
    await until(lambda: any("ZeroDivisionError" in text for text in texts(program.window.toast)))
    assert program.at_start
    assert "The task chat failed" in caplog.text


async def test_the_first_name_is_that_of_the_account_if_it_can_be_one(
    qapp: QApplication, tmp_path: Path, program: Program, monkeypatch: pytest.MonkeyPatch
) -> None:
    for account, name in (("mara", "Mara"), ("x" * 40, "Guest"), ("server", "Guest")):
        monkeypatch.setattr(last_nickname.getpass, "getuser", lambda account=account: account)
        second = Program(qapp, tmp_path / f"{account}.ini")
        await until(lambda second=second: second.at_start)
        assert second.edit("Your name").text() == name
        await second.close()


async def test_whether_the_person_looks_here_is_known_from_the_beginning(program: Program) -> None:
    watched: list[tuple[bool, bool]] = []

    def attend(conversation: Conversation) -> None:
        conversation.set_active = lambda here: watched.append((here, conversation.joined))  # type: ignore[method-assign]

    program.application.conversation_started.connect(attend)
    program.press("Host")
    await program.joined()
    assert (watched[0][1], watched[-1][1]) == (False, True)
    program.application.set_application_state(Qt.ApplicationState.ApplicationInactive)
    program.application.set_application_state(Qt.ApplicationState.ApplicationActive)
    assert watched[-2:] == [(False, True), (True, True)]
