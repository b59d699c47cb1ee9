"""The timeline by mouse, keyboard and screen reader, and as painted."""

from datetime import timedelta

import pytest
from PySide6.QtCore import QEvent, QModelIndex, QPoint, QPointF, Qt
from PySide6.QtGui import QAccessible, QContextMenuEvent, QGuiApplication, QMouseEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from chatdesk.client.outbox import Outgoing
from chatdesk.desktop.models.rows import MessageRow, PresenceRow, UnsentRow
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline.row_actions import copied_text
from chatdesk.desktop.widgets.timeline.view import TimelineView
from chatdesk.protocol import events
from tests.desktop.inspection import HOSTILE
from tests.desktop.simulated_chat import NOON, SimulatedChat, timestamp
from tests.desktop.tooltips import tip
from tests.desktop.widgets.timeline.incoming import receive


def refuse(chat: SimulatedChat, content: str = "Hello") -> None:
    chat.apply_changes(chat.state.shown.queue(Outgoing("id", content, timestamp(NOON))))
    chat.receive(events.Error("too_long", "Too long.", "id"))


def place_of(view: TimelineView, kind: type) -> int:
    rows = [view.model().row(place) for place in range(view.model().rowCount())]
    return next(place for place, row in enumerate(rows) if isinstance(row, kind))


def point_of(view: TimelineView, place: int, wanted: str) -> QPoint:
    """Return a point of a row with this kind of click target."""
    rect = view.visualRect(view.model().index(place))
    for y in range(rect.top(), rect.bottom(), 3):
        for x in range(0, rect.width(), 3):
            if type(view._target_at(QPoint(x, y))).__name__ == wanted:
                return QPoint(x, y)
    raise AssertionError(f"no {wanted} in row {place}")


def click(qtbot: QtBot, view: TimelineView, point: QPoint) -> None:
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=point)


def move(view: TimelineView, point: QPoint, buttons: Qt.MouseButton = Qt.MouseButton.NoButton) -> None:
    where = QPointF(point)
    event = QMouseEvent(
        QEvent.Type.MouseMove,
        where,
        view.viewport().mapToGlobal(where),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(view.viewport(), event)


def test_a_click_on_a_link_opens_it_and_pointing_tells_where_it_goes(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot
) -> None:
    receive(chat, view, content="see https://example.org/?a=<b>&c")
    point = point_of(view, place_of(view, MessageRow), "Link")
    move(view, point)
    assert view.viewport().cursor().shape() == Qt.CursorShape.PointingHandCursor
    assert "https://example.org/?a=" in tip(view.viewport())
    assert "<b>" not in tip(view.viewport())
    with qtbot.waitSignal(view.link_clicked) as clicked:
        click(qtbot, view, point)
    assert clicked.args == ["https://example.org/?a="]


def test_a_press_beside_a_link_does_not_open_it(view: TimelineView, chat: SimulatedChat, qtbot: QtBot) -> None:
    receive(chat, view, content="see https://example.org")
    point = point_of(view, place_of(view, MessageRow), "Link")
    with qtbot.assertNotEmitted(view.link_clicked):
        qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=QPoint(20, point.y()))
        qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=point)
        qtbot.mouseClick(view.viewport(), Qt.MouseButton.RightButton, pos=point)


@pytest.mark.parametrize(
    ("word", "signal"),
    [("Resend", "resend_requested"), ("Edit", "edit_requested"), ("Discard", "discard_requested")],
)
def test_a_refused_message_has_its_words_to_click(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot, word: str, signal: str
) -> None:
    refuse(chat)
    point = point_of(view, place_of(view, UnsentRow), word)
    with qtbot.waitSignal(getattr(view, signal)) as blocker:
        click(qtbot, view, point)
    assert blocker.args == ["id"]


def test_a_refused_message_says_why_where_one_points(view: TimelineView, chat: SimulatedChat) -> None:
    refuse(chat)
    move(view, view.visualRect(chat.model.index(place_of(view, UnsentRow))).center())
    assert "Too long." in tip(view.viewport())


def test_a_refused_message_has_its_keys(view: TimelineView, chat: SimulatedChat, qtbot: QtBot) -> None:
    refuse(chat)
    view.setCurrentIndex(chat.model.index(place_of(view, UnsentRow)))
    with qtbot.waitSignal(view.resend_requested) as blocker:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert blocker.args == ["id"]
    with qtbot.waitSignal(view.edit_requested) as blocker:
        qtbot.keyClick(view, Qt.Key.Key_F2)
    assert blocker.args == ["id"]
    with qtbot.waitSignal(view.discard_requested) as blocker:
        qtbot.keyClick(view, Qt.Key.Key_Delete)
    assert blocker.args == ["id"]


def test_a_message_being_sent_has_no_action(view: TimelineView, chat: SimulatedChat, qtbot: QtBot) -> None:
    chat.apply_changes(chat.state.shown.queue(Outgoing("id", "Hello", timestamp(NOON))))
    view.setCurrentIndex(chat.model.index(place_of(view, UnsentRow)))
    with qtbot.assertNotEmitted(view.resend_requested):
        qtbot.keyClick(view, Qt.Key.Key_Return)


def test_a_presence_row_opens_by_click_and_by_key(view: TimelineView, chat: SimulatedChat, qtbot: QtBot) -> None:
    chat.join("a", "b", "c", "d", "e")
    place = place_of(view, PresenceRow)
    presence = chat.model.row(place)
    click(qtbot, view, point_of(view, place, "Toggle"))
    assert presence.is_expanded
    assert view.row_heights.total == sum(view.row_height(place) for place in range(chat.model.rowCount()))
    view.setCurrentIndex(chat.model.index(place))
    qtbot.keyClick(view, Qt.Key.Key_Space)
    assert not presence.is_expanded


def test_a_very_long_message_is_shown_to_its_end_by_click_or_key(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot
) -> None:
    receive(chat, view, content="x\n" * 4000)
    assert view.row_heights.total < 1100
    click(qtbot, view, point_of(view, 1, "Toggle"))
    assert view.row_heights.total > 4000 * 20
    assert not view.grab().isNull()
    receive(chat, view, content="y\n" * 4000)
    view.setCurrentIndex(chat.model.index(2))
    before = view.row_heights.total
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert view.row_heights.total > before + 4000 * 20


def test_one_message_is_copied_as_its_words(view: TimelineView, chat: SimulatedChat, qtbot: QtBot) -> None:
    receive(chat, view, content=HOSTILE)
    view.setCurrentIndex(chat.model.index(1))
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == HOSTILE


def test_several_are_chosen_by_dragging_and_copied_with_names(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot
) -> None:
    receive(chat, view, 3)
    first, last = view.visualRect(chat.model.index(1)).center(), view.visualRect(chat.model.index(3)).center()
    qtbot.mousePress(view.viewport(), Qt.MouseButton.LeftButton, pos=first)
    for step in range(1, 6):
        move(view, first + (last - first) * step / 5, Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(view.viewport(), Qt.MouseButton.LeftButton, pos=last)
    assert sorted(index.row() for index in view.selectedIndexes()) == [1, 2, 3]
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    time = chat.model.row(1).time
    assert QGuiApplication.clipboard().text() == "\n".join(f"Kit, {time}: Message {n}" for n in range(3))
    click(qtbot, view, first)
    assert view.selectedIndexes() == []


def test_copied_messages_name_their_senders_and_have_plain_line_breaks(view: TimelineView, chat: SimulatedChat) -> None:
    receive(chat, view, content="10\u00a0km\u2028far\r\nand\rwide")
    view.selectAll()
    view.copy()  # the line of the day is not copied
    assert QGuiApplication.clipboard().text() == "10\u00a0km\nfar\nand\nwide"
    refuse(chat)
    view.selectAll()
    view.copy()
    rows = [chat.model.row(1), chat.model.row(2)]
    names = rows[0].message.nickname, chat.state.nickname
    assert QGuiApplication.clipboard().text() == (
        f"{names[0]}, {rows[0].time}: 10\u00a0km\nfar\nand\nwide\n{names[1]}, {rows[1].time}: {rows[1].text}"
    )


def test_copying_what_has_no_words_keeps_the_clipboard(view: TimelineView, chat: SimulatedChat) -> None:
    QGuiApplication.clipboard().setText("before")
    view.copy()
    receive(chat, view)
    view.setCurrentIndex(chat.model.index(0))
    view.copy()
    assert QGuiApplication.clipboard().text() == "before"
    assert copied_text([], "Kit") == ""


@pytest.mark.parametrize("by_key", [True, False])
def test_the_menu_is_asked_for_with_the_row(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot, by_key: bool
) -> None:
    receive(chat, view, 2)
    view.setCurrentIndex(chat.model.index(2))
    point = view.visualRect(chat.model.index(2 if by_key else 1)).center()
    reason = QContextMenuEvent.Reason.Keyboard if by_key else QContextMenuEvent.Reason.Mouse
    target = view if by_key else view.viewport()
    with qtbot.waitSignal(view.menu_requested) as wanted:
        QApplication.sendEvent(target, QContextMenuEvent(reason, point, target.mapToGlobal(point)))
    index, where = wanted.args
    assert isinstance(index, QModelIndex)
    assert index.row() == (2 if by_key else 1)
    assert view.visualRect(index).contains(view.viewport().mapFromGlobal(where))


def test_a_screen_reader_finds_every_row(view: TimelineView, chat: SimulatedChat) -> None:
    chat.join("Priya")
    receive(chat, view, 2)
    refuse(chat, HOSTILE)
    interface = QAccessible.queryAccessibleInterface(view)
    assert interface.text(QAccessible.Text.Name) == "Messages"
    names = [interface.child(place).text(QAccessible.Text.Name) for place in range(interface.childCount())]
    assert names == [chat.model.index(place).data() for place in range(chat.model.rowCount())]
    assert names[-1] == f"Not sent: {HOSTILE}"


def test_the_ground_of_what_is_pointed_at_chosen_and_reached_by_keys(
    view: TimelineView, chat: SimulatedChat, theme: Theme, qtbot: QtBot
) -> None:
    receive(chat, view, 2)
    rect = view.visualRect(chat.model.index(1))
    corner = QPoint(rect.right() - 200, rect.top() + 3)  # beside the bar of actions

    def ground(point: QPoint) -> str:
        return view.viewport().grab().toImage().pixelColor(point).name()

    assert ground(corner) == theme.color("surface").name()
    move(view, rect.center())
    assert ground(corner) == theme.color("row-hover").name()
    QApplication.sendEvent(view, QEvent(QEvent.Type.Leave))
    view.setFocus(Qt.FocusReason.TabFocusReason)
    view.setCurrentIndex(chat.model.index(2))
    qtbot.keyClick(view, Qt.Key.Key_Up)
    assert ground(corner) == theme.color("surface-selected").name()
    assert ground(QPoint(1, rect.center().y())) == theme.color("focus").name()


def test_a_new_theme_paints_all_rows_anew(view: TimelineView, chat: SimulatedChat, theme: Theme) -> None:
    receive(chat, view, 3)
    light = view.viewport().grab().toImage()
    theme.choose("dark")
    dark = view.viewport().grab().toImage()
    assert dark.pixelColor(400, 300) == theme.color("surface")
    theme.choose("light")
    assert view.viewport().grab().toImage() == light


def test_what_is_kept_changes_its_picture_in_place(view: TimelineView, chat: SimulatedChat) -> None:
    chat.apply_changes(chat.state.shown.queue(Outgoing("id", "Hello", chat.clock.isoformat())))
    pending, total = view.viewport().grab().toImage(), view.row_heights.total
    chat.clock += timedelta()
    chat.receive(chat.new_message("Mara", "Hello", "id"))
    assert view.viewport().grab().toImage() != pending
    assert view.row_heights.total >= total


def test_enter_and_a_click_on_a_day_lead_to_others(view: TimelineView, chat: SimulatedChat, qtbot: QtBot) -> None:
    receive(chat, view, 2)
    with qtbot.waitSignal(view.calendar_requested):
        click(qtbot, view, point_of(view, 0, "OpenCalendar"))
    view.setCurrentIndex(chat.model.index(0))
    with qtbot.waitSignal(view.calendar_requested) as wanted:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert view.rect().contains(view.mapFromGlobal(wanted.args[0]))
    move(view, point_of(view, 0, "OpenCalendar"))
    assert "Ctrl G" in tip(view.viewport())
