"""Menus: their entries, and that each one does what it says."""

import pytest
from PySide6.QtCore import QSize
from PySide6.QtWidgets import QMenu, QStyle, QWidget
from pytestqt.qtbot import QtBot

from chatdesk.desktop import menus
from chatdesk.desktop.models.rows import PresenceRow
from chatdesk.desktop.theme import Theme
from tests.desktop.people import tally
from tests.desktop.widgets.timeline.rows import said, unsent


class Recorder:
    """Replaces application and conversation; records all calls on it and on its attributes."""

    def __init__(self, calls: list[str], name: str = "", *, hosting: bool = False) -> None:
        self._calls, self._name = calls, name
        self.hosting = hosting

    def __getattr__(self, name: str) -> "Recorder":
        return Recorder(self._calls, f"{self._name}.{name}")

    def __call__(self, *arguments: object) -> bool:
        self._calls.append(f"{self._name}{arguments}")
        return True


@pytest.fixture
def parent(qtbot: QtBot) -> QWidget:
    made = QWidget()
    qtbot.addWidget(made)
    return made


def entries(menu: QMenu) -> list[str]:
    return [action.text() for action in menu.actions() if not action.isSeparator()]


def do_all(menu: QMenu) -> None:
    for action in menu.actions():
        action.trigger()


def test_the_menu_of_a_hosted_chat(theme: Theme, parent: QWidget) -> None:
    calls: list[str] = []
    menu = menus.chat_menu(theme, parent, Recorder(calls), Recorder(calls, hosting=True))
    assert entries(menu) == [
        "Invite people",
        "Show on projector",
        "Show the key",
        "Who may join",
        "Keeping order",
        "Copy address",
        "Check the connection",
        "Search\tCtrl+F",
        "Go to date\tCtrl+G",
        "Keys\tCtrl+/",
        "Export…",
        "Delete history…",
        "Close the room",
    ]
    do_all(menu)
    assert calls == [
        ".invitation.invite()",
        ".invitation.show_projector()",
        ".show_own_key()",
        ".invitation.sheet.entry_requested.emit()",
        ".board.open()",
        ".invitation.copy_address()",
        ".invitation.check_connection()",
        ".screen.open_search()",
        ".screen.calendar_requested.emit()",
        ".navigation.show_keys()",
        ".history.export()",
        ".history.delete()",
        ".leave()",
    ]


def test_the_menu_of_a_joined_chat(theme: Theme, parent: QWidget) -> None:
    calls: list[str] = []
    application = Recorder(calls)
    application.board = None
    menu = menus.chat_menu(theme, parent, application, Recorder(calls))
    assert entries(menu) == [
        "Copy address",
        "Check the connection",
        "Search\tCtrl+F",
        "Go to date\tCtrl+G",
        "Keys\tCtrl+/",
        "Export…",
        "Leave the room",
    ]
    do_all(menu)
    assert calls[0] == ".invitation.copy_address()"
    assert calls[-2:] == [".history.export()", ".leave()"]


def test_a_message_has_its_acts(theme: Theme, parent: QWidget) -> None:
    calls: list[str] = []
    menu = menus.row_menu(theme, parent, said(), Recorder(calls), Recorder(calls, "acts"))
    assert menu is not None
    assert entries(menu) == [
        *("Reply\tR", "React\t+", "Pin\tP", "Edit\tE", "Copy text", "Copy link to message"),
        *("Mark unread from here\tU", "Information\tI", "Delete…\tDel"),
    ]
    calls.clear()
    do_all(menu)
    assert calls == [
        "acts.act(Reply(seq=1),)",
        "acts.act(AddReaction(seq=1),)",
        "acts.act(Pin(seq=1, active=True),)",
        "acts.act(Rewrite(seq=1),)",
        ".screen.timeline.copy()",
        "acts.copy_link(1,)",
        ".screen.timeline.act_requested.emit(MarkUnread(seq=1),)",
        ".screen.timeline.act_requested.emit(ShowInfo(seq=1),)",
        "acts.act(Delete(seq=1),)",
    ]


def test_a_refused_message_can_be_sent_again_or_discarded(theme: Theme, parent: QWidget) -> None:
    calls: list[str] = []
    menu = menus.row_menu(theme, parent, unsent(error="Too long."), Recorder(calls), Recorder([]))
    assert menu is not None
    assert entries(menu) == ["Copy text", "Send again\tEnter", "Edit\tF2", "Discard\tDel"]
    do_all(menu)
    assert calls[1:] == [".client.resend('id',)", ".drafts.take_back('id',)", ".client.discard('id',)"]


def test_a_presence_row_has_no_menu(theme: Theme, parent: QWidget) -> None:
    assert menus.row_menu(theme, parent, PresenceRow(tally("Kit")), Recorder([]), Recorder([])) is None


def test_entries_have_icons_and_a_closed_menu_is_gone(theme: Theme, parent: QWidget, qtbot: QtBot) -> None:
    menu = menus.chat_menu(theme, parent, Recorder([]), Recorder([], hosting=True))
    assert not any(action.icon().isNull() for action in menu.actions() if not action.isSeparator())
    assert menu.accessibleName() == "Chat"
    menu.popup(parent.pos())
    with qtbot.waitSignal(menu.destroyed):
        menu.close()


@pytest.mark.parametrize("scale", [1.0, 2.0])
def test_icons_grow_with_the_text(theme: Theme, parent: QWidget, scale: float) -> None:
    theme.set_scale(scale)
    menu = menus.chat_menu(theme, parent, Recorder([]), Recorder([]))
    menu.popup(parent.pos())
    first = menu.actions()[0]
    icon_side = menu.style().pixelMetric(QStyle.PixelMetric.PM_SmallIconSize, None, menu)
    assert icon_side == round(18 * scale)
    assert first.icon().actualSize(QSize(100, 100)).width() >= icon_side
    image = menu.grab(menu.actionGeometry(first)).toImage()
    before_text = range(icon_side + 10)
    ground = image.pixelColor(1, image.height() // 2)
    inked = [x for x in before_text for y in range(image.height()) if image.pixelColor(x, y) != ground]
    assert max(inked) - min(inked) > 10 * scale
    menu.close()
