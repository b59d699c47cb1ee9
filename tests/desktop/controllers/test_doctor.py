"""The connection check with real checks, on this computer's own address."""

import asyncio
import socket
from contextlib import closing
from dataclasses import replace

import pytest
from PySide6.QtWidgets import QPushButton

from chatdesk.desktop.application import Application
from chatdesk.desktop.controllers import doctor as module
from chatdesk.desktop.controllers.doctor import DoctorController, _with_first
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.invitation import Invitation
from chatdesk.desktop.menus import chat_menu
from tests.desktop.inspection import texts
from tests.desktop.invitations import AT_CABLE, CABLE, LOOPBACK, VPN, WIFI
from tests.desktop.program import Program
from tests.waiting import until


@pytest.fixture(autouse=True)
def no_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test sends anything to the network of this machine."""
    monkeypatch.setattr(module, "own_networks", list)


@pytest.fixture
def free_address() -> str:
    with closing(socket.create_server(("127.0.0.1", 0))) as free:
        port = free.getsockname()[1]
    return f"127.0.0.1:{port}"


def press(check: DoctorController, name: str) -> None:
    button = next(button for button in check.sheet.findChildren(QPushButton) if button.text() == name)
    button.click()


def says(check: DoctorController, sentence: str) -> bool:
    return any(sentence in text for text in texts(check.sheet))


def running() -> bool:
    return any(task.get_name() == "check" for task in asyncio.all_tasks())


async def test_a_host_is_told_what_keeps_others_out(application: Application) -> None:
    application.invitation.invite()
    application.invitation.sheet.check_requested.emit()
    assert not application.invitation.sheet.isVisible()
    assert application.doctor.sheet.isVisible()
    assert not running()
    press(application.doctor, "Check now")
    await until(lambda: says(application.doctor, "This computer is in no network, so nobody can reach it."))
    assert says(application.doctor, "It is ChatDesk.")
    assert not running()


async def test_behind_a_proxy_its_address_is_checked(application: Application) -> None:
    hosted = application.invitation._hosted
    assert hosted
    where = f"http://127.0.0.1:{hosted.port}"
    application.doctor.offer_host_check(replace(hosted, public_url=where))
    press(application.doctor, "Check now")
    await until(lambda: says(application.doctor, f"All is well: the chat at {where} can be joined."), 15)
    assert says(application.doctor, "files arrive, and its WebSocket opens.")


async def test_the_empty_room_leads_to_it(application: Application, conversation: Conversation) -> None:
    conversation.screen.empty_room.check_requested.emit()
    assert application.doctor.sheet.isVisible()


async def test_who_cannot_join_is_told_why(program: Program, free_address: str) -> None:
    program.edit("Address or code of the room").setText(free_address)
    program.press("Join")
    await until(lambda: program.at_start and program.edit("Address or code of the room").accessibleDescription())
    program.press("Check the connection")
    check = program.application.doctor
    diagnosis = "the very computer one sits at, and there nobody hosts a chat"
    await until(lambda: says(check, diagnosis) and not running())
    press(check, "Check again")
    assert not says(check, diagnosis)
    await until(lambda: says(check, diagnosis))


async def test_in_a_joined_chat_the_connection_to_the_host_is_checked(
    application: Application, conversation: Conversation
) -> None:
    application.invitation.set_conversation(conversation)
    menu = chat_menu(application.theme, application.window, application, conversation)
    next(action for action in menu.actions() if action.text() == "Check the connection").trigger()
    await until(lambda: says(application.doctor, "The connection"))
    await until(lambda: not running())


async def test_closing_stops_it(program: Program, free_address: str) -> None:
    check = program.application.doctor
    check.check_address(free_address)
    await until(running)
    check.sheet.dismiss()
    await until(lambda: not running())
    assert not says(check, "Copy report")


async def test_the_button_stops_it_and_it_can_be_run_again(program: Program, free_address: str) -> None:
    check = program.application.doctor
    check.check_address(free_address)
    press(check, "Stop")
    await until(lambda: not running())
    press(check, "Check again")
    await until(check.sheet._copy.isVisible)


async def test_an_invalid_address_is_reported(program: Program) -> None:
    program.application.doctor.check_address("no address at all")
    await until(lambda: says(program.application.doctor, "This is no address of a computer."))
    assert not running()


async def test_leaving_takes_it_away(application: Application) -> None:
    application.invitation.check_connection()
    application.leave()
    await until(application.window.start.isVisible)
    assert not application.doctor.sheet.isVisible()


@pytest.mark.parametrize(
    ("shown", "first"),
    [(AT_CABLE, "eth0"), (Invitation("10.8.0.2", 8080, VPN), "tun0"), (LOOPBACK, "wlan0"), (None, "wlan0")],
)
def test_the_network_that_others_are_given_is_looked_at_first(shown: Invitation | None, first: str) -> None:
    ordered = _with_first([WIFI, CABLE, VPN], shown)
    assert ordered[0].interface == first
    assert len(ordered) == 3
