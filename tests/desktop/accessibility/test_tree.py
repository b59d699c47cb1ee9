"""Each screen and state: what a screen reader finds, and where Tab leads."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date

import pytest
import pytest_asyncio
from PySide6.QtCore import QPoint
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QWidget

from chatdesk.client.client import ChatClient
from chatdesk.desktop.accessibility.roles import Role, install_accessible_roles
from chatdesk.desktop.application import Application
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.ask import AskSheet
from chatdesk.desktop.dialogs.calendar import Calendar
from chatdesk.desktop.dialogs.confirm import ConfirmSheet, confirm
from chatdesk.desktop.dialogs.doctor import DoctorSheet
from chatdesk.desktop.dialogs.export import ExportSheet
from chatdesk.desktop.dialogs.invite import InviteSheet
from chatdesk.desktop.dialogs.month_grid import MonthGrid
from chatdesk.desktop.dialogs.order_board import OrderBoard
from chatdesk.desktop.dialogs.settings import SettingsSheet
from chatdesk.desktop.dialogs.sheet import Sheet
from chatdesk.desktop.widgets.people.people_list import PeopleList
from tests.desktop.accessibility.tree import faults, names, tab_stops
from tests.desktop.program import Program
from tests.waiting import until

install_accessible_roles()

SIDEBAR = ["New room", "Rooms", "Write to somebody", "Find someone", "People", "Settings"]


@pytest_asyncio.fixture
async def talk(conversation: Conversation, priya: ChatClient) -> AsyncIterator[Conversation]:
    """A chat with messages."""
    priya.send("Good morning")
    await until(conversation.screen.timeline.isVisible)
    yield conversation


def check_keys(window: QWidget, *stops: str) -> None:
    """Tab reaches these widgets, among others, and Shift+Tab the same ones."""
    forward, backward = tab_stops(window), tab_stops(window, forward=False)
    assert forward == [backward[0], *reversed(backward[1:])]
    assert [stop for stop in forward if stop in stops] == list(stops)


def check_sheet(application: Application, kind: type[Sheet], name: str) -> None:
    """A sheet is a dialog with this name that keeps the focus, and everything in it has a name."""
    sheet = next(sheet for sheet in application.window.findChildren(kind) if sheet.isVisible())
    described = QAccessible.queryAccessibleInterface(sheet)
    assert (described.role(), described.text(QAccessible.Text.Name)) == (Role.Dialog, name)
    assert described.state().modal
    assert faults(application.window) == []
    check_keys(sheet)
    sheet.dismiss()


async def test_the_start_screen(program: Program) -> None:
    assert faults(program.window) == []
    assert names(program.window, Role.Window) == ["ChatDesk"]
    program.window.start.show_nickname_error("Somebody has this name.")
    program.window.start.show_address_error("Nobody answers.")
    assert faults(program.window) == []
    program.edit("Your name").setFocus()
    check_keys(program.window, "Your name", "Name of the room", "Host", "Address or code of the room", "Join")


async def test_an_empty_room(application: Application, conversation: Conversation) -> None:
    assert faults(application.window) == []
    assert names(application.window, Role.Graphic) == [f"QR code of {conversation.page_url.rstrip('/')}"]
    check_keys(application.window, "Message", *SIDEBAR, "Search messages", "1 person here", "Show on projector")


async def test_a_chat(application: Application, talk: Conversation) -> None:
    assert faults(application.window) == []
    check_keys(application.window, "Message", *SIDEBAR, "Search messages", "2 people here", "Messages")


async def test_a_list_tells_which_row_the_keys_are_on(
    application: Application, talk: Conversation, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []

    def hear(event: QAccessibleEvent) -> None:
        if event.type() is QAccessible.Event.Focus and event.child() >= 0:
            told.append(event.accessibleInterface().text(QAccessible.Text.Name))

    monkeypatch.setattr(QAccessible, "updateAccessibility", hear)
    monkeypatch.setattr(QAccessible, "isActive", lambda: True)
    for view, row in (
        (talk.screen.timeline, "Good morning"),
        (talk.screen.sidebar.people_panel.findChild(PeopleList), "Mara"),
    ):
        told.clear()
        view.setFocus()
        await until(lambda row=row: any(row in name for name in told))


async def test_a_search(application: Application, talk: Conversation) -> None:
    talk.screen.open_search()
    talk.screen.top_bar.search_field.setText("morning")
    await until(lambda: talk.search_hits.rowCount() == 1)
    assert faults(application.window) == []
    check_keys(application.window, "Search messages", "Found messages", "2 people here", "Messages", "Message")


async def test_a_wide_window_with_a_column_of_people(application: Application, talk: Conversation) -> None:
    application.window.resize(1500, 900)
    await until(lambda: not talk.screen.sidebar.isAncestorOf(talk.screen.sidebar.people_panel))
    assert faults(application.window) == []
    check_keys(application.window, "Message", "Settings", "Search messages", "Messages")


async def test_a_narrow_window_with_its_drawer(application: Application, talk: Conversation) -> None:
    application.window.resize(application.window.minimumSize())
    await until(lambda: not talk.screen.sidebar.isVisible())
    talk.screen.setFocus()
    assert faults(application.window) == []
    check_keys(application.window, "Message", "Show rooms and people", "Search messages", "2 people here", "Messages")
    talk.screen.columns.open_drawer()
    assert faults(application.window) == []
    check_keys(application.window, *SIDEBAR)


async def test_sheets(application: Application, talk: Conversation) -> None:
    application.invitation.invite()
    check_sheet(application, InviteSheet, "Invite people")
    application.invitation.check_connection()
    check_sheet(application, DoctorSheet, "Check the connection")
    assert application.board
    await until(lambda: application.board and application.board.possible)
    application.board.open()
    check_sheet(application, OrderBoard, "Keeping order")
    talk.screen.composer.sent.emit("/ask Why?")
    check_sheet(application, AskSheet, "Ask Mara")
    application.window.settings_sheet.show_sheet()
    check_sheet(application, SettingsSheet, "Settings")
    application.history.export()
    check_sheet(application, ExportSheet, "Export")


async def test_a_question(application: Application, talk: Conversation) -> None:
    asking = asyncio.create_task(confirm(application.theme, application.window, "Go?", "All of it is lost.", "Go"))
    await until(lambda: application.window.findChildren(ConfirmSheet))
    check_sheet(application, ConfirmSheet, "Go?")
    await asking


async def test_days_and_the_columns_they_stand_in_have_names(application: Application, talk: Conversation) -> None:
    application.history.open_calendar(QPoint())
    table = QAccessible.queryAccessibleInterface(*application.window.findChildren(MonthGrid))
    cells = [table.child(place).tableCellInterface() for place in range(table.childCount())]
    named = {header.text(QAccessible.Text.Name) for cell in cells if cell for header in cell.columnHeaderCells()}
    assert named == {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"}
    assert any(name.endswith(f"{date.today():%B %Y}, today") for name in names(application.window, Role.Cell))
    check_sheet(application, Calendar, "Go to a day")
