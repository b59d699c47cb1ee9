"""What stands above and below the words of a message: the one that it answers, reactions, that it was edited."""

import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from chatdesk.desktop.models.rows import MessageRow
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.timeline import row_painter
from chatdesk.desktop.widgets.timeline.row_layout import RowLayout
from chatdesk.desktop.widgets.timeline.targets import AddReaction, JumpTo, React
from chatdesk.desktop.widgets.timeline.view import TimelineView
from chatdesk.protocol.events import Reaction, Reactor
from tests.desktop.models.test_quotes import change
from tests.desktop.simulated_chat import SimulatedChat
from tests.desktop.tooltips import tip
from tests.desktop.widgets.timeline.incoming import receive
from tests.desktop.widgets.timeline.rows import hits
from tests.desktop.widgets.timeline.test_view import click, move

THUMBS = Reaction("👍", 6, (Reactor("Kit", "kit"), Reactor("Priya", "priya")))
OWN = Reaction("🎉", 1, (Reactor("Mara"),))


def test_reactions_and_the_quote_can_be_clicked_and_say_who(
    view: TimelineView, chat: SimulatedChat, qtbot: QtBot
) -> None:
    receive(chat, view, 2)
    change(chat, 2, reply_to=1, reactions=(THUMBS, OWN))
    layout, row = view._layout, chat.model.row(2)
    found = hits(layout, row)
    thumbs = React(2, "👍", True, 6, ("Kit", "Priya"))
    assert set(found) == {JumpTo(1), thumbs, React(2, "🎉", False, 1, ("Mara",)), AddReaction(2)}
    assert [part.target for part in row_painter.parts(layout, row)] == [JumpTo(1), *list(found)[1:]]
    point = view.visualRect(chat.model.index(2)).topLeft() + found[thumbs].toPoint()
    move(view, point)
    assert "Kit, Priya and 4 others" in tip(view.viewport())
    quote = view.visualRect(chat.model.index(2)).topLeft() + found[JumpTo(1)].toPoint()
    with qtbot.waitSignal(view.act_requested) as jumped:
        click(qtbot, view, quote)
    assert jumped.args == [JumpTo(1)]


def test_an_edited_message_says_so_and_when(view: TimelineView, chat: SimulatedChat) -> None:
    receive(chat, view, 2)
    plain = view.viewport().grab().toImage()
    for seq in (1, 2):  # the first of a group, and a further one
        change(chat, seq, edited="2026-11-24T12:01:00Z")
    assert view.viewport().grab().toImage() != plain
    move(view, view.visualRect(chat.model.index(2)).topLeft() + QPoint(40, 10))
    assert "Edited" in tip(view.viewport())


@pytest.mark.parametrize("scale", [1.0, 2.0])
@pytest.mark.parametrize("own", [True, False])
def test_quotes_and_reactions_are_within_the_row(theme: Theme, scale: float, own: bool) -> None:
    theme.set_scale(scale)
    chat = SimulatedChat()
    chat.receive_messages(1, "Mara")
    chat.receive_messages(1, "Mara" if own else "Kit")
    many = tuple(Reaction(emoji, 10, (Reactor("Mara"),)) for emoji in "👍🎉🙏😂👀✅🔧🚀🤖🍵🏁🎈")
    change(chat, 2, reply_to=1, reactions=many, edited="2026-11-24T12:01:00Z")
    layout = RowLayout(theme, round(420 * scale))
    row = next(row for row in reversed(chat.rows) if isinstance(row, MessageRow))
    height = row_painter.height(layout, row)
    parts = row_painter.parts(layout, row)
    assert len(parts) == len(many) + 2
    assert all(part.rect.bottom() <= height and part.rect.right() <= layout.right for part in parts)


def test_a_deleted_message_is_one_muted_line_with_a_bin(view: TimelineView, chat: SimulatedChat, theme: Theme) -> None:
    receive(chat, view, 2)
    change(chat, 2, content="", deleted="author", reply_to=1, reactions=(THUMBS,))
    row, layout = chat.model.row(2), view._layout
    assert row_painter.height(layout, row) == layout.group_gap + theme.line("label")
    assert row_painter.parts(layout, row) == []
    assert hits(layout, row) == {}
