"""The window with a hostile host: no text reverses a sentence, and no number is too large."""

import asyncio
import re
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from PySide6.QtCore import QAbstractItemModel, Qt
from PySide6.QtWidgets import QAbstractItemView, QApplication, QLabel, QWidget

from chatdesk import desktop
from chatdesk.client.people import MAX_PEOPLE
from chatdesk.desktop.conversation import Conversation
from chatdesk.protocol.events import Message
from tests.desktop.program import Program
from tests.hostile_host import HostileHost, Script
from tests.hostile_scripts import MANY, crowd_at_once, great_history, great_numbers, turning_names, welcome_again, wrong
from tests.waiting import until

pytestmark = pytest.mark.usefixtures("keep_loop_running")

OPENING, CLOSING = "\u2066\u2067\u2068", "\u2069"
TURNING = set("\u202a\u202b\u202c\u202d\u202e\u200e\u200f\u061c")


@pytest_asyncio.fixture
async def made(keep_loop_running: None, qapp: QApplication, tmp_path: Path) -> AsyncIterator[Program]:
    program = Program(qapp, tmp_path / "settings.ini")
    await asyncio.sleep(0)
    yield program
    await program.close()


async def join(program: Program, host: HostileHost) -> Conversation:
    program.application.join(host.url, "Robin")
    return await program.joined()


def words(widget: QWidget) -> Iterator[str]:
    """Yield all texts of a widget and its children, visible or for screen readers."""
    for part in (widget, *widget.findChildren(QWidget)):
        yield from (part.windowTitle(), part.accessibleName(), part.accessibleDescription(), part.toolTip())
        if isinstance(part, QLabel):
            yield part.text()
        if isinstance(part, QAbstractItemView) and part.model():
            yield from spoken(part.model())


def spoken(model: QAbstractItemModel) -> Iterator[str]:
    for place in range(model.rowCount()):
        for role in (Qt.ItemDataRole.AccessibleTextRole, Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            yield str(model.index(place, 0).data(role) or "")


async def test_names_turn_no_sentence_around(made: Program) -> None:
    with HostileHost(turning_names) as host:
        conversation = await join(made, host)
        await until(lambda: len(conversation.client.state.shown.people.typing) == 3)
        await asyncio.sleep(0.1)
        said = [text for text in words(made.window) if text]
        assert any("joined" in text for text in said)
        assert any("are typing" in text for text in said)
        for text in said:
            assert not set(text) & TURNING, ascii(text)
            depth = 0
            for char in text:
                depth += (char in OPENING) - (char in CLOSING)
                assert depth in (0, 1), ascii(text)
            assert depth == 0, ascii(text)
            assert "\n" not in text or "two" not in text, ascii(text)


@pytest.mark.parametrize("script", [great_history, great_numbers])
async def test_no_number_is_too_great(made: Program, script: Script) -> None:
    with HostileHost(script) as host:
        conversation = await join(made, host)
        newest = 2**31 + 29 if script is great_history else 2**31 + 7
        await until(lambda: conversation.timeline.newest == newest)
        await asyncio.sleep(0.1)
        conversation.screen.timeline.read_tracker.update()
        conversation.screen.search_panel.chosen.emit(Message("Kit", "", "", seq=2**31 + 1))
        conversation.show_latest()
        if script is great_history:
            assert conversation.client.state.shown.read_position.seq == newest


async def test_newcomers_are_there_once(made: Program) -> None:
    with HostileHost(welcome_again) as host:
        conversation = await join(made, host)
        await until(lambda: conversation.people.rowCount() == 3)
        await asyncio.sleep(0.1)
        names = [conversation.people.index(row).data() for row in range(conversation.people.rowCount())]
        assert names == ["Robin", "Ana", "Kit"]


async def test_of_endless_people_the_window_lists_some_and_says_so(made: Program) -> None:
    with HostileHost(crowd_at_once) as host:
        conversation = await join(made, host)
        await until(lambda: conversation.people.rowCount() == MAX_PEOPLE)
        await until(lambda: f"{MAX_PEOPLE} of {MANY} people are listed." in list(words(conversation.screen)))


async def test_a_host_that_breaks_the_rules_is_left_with_a_sentence(made: Program) -> None:
    with HostileHost(lambda visit: wrong(visit, "a page with gaps")) as host:
        conversation = await join(made, host)
        sentence = "This host sends a history with gaps: ChatDesk has left the chat."
        await until(lambda: any(text.startswith(sentence) for text in words(conversation.screen.banner)))
        assert len(host.visits) == 1


def test_no_signal_carries_a_number_of_a_host_as_a_c_integer() -> None:
    """The exceptions are pixels, addresses probed by this program itself, and choices about an invitation."""
    files = Path(desktop.__path__[0]).rglob("*.py")
    found = {name for file in files for name in re.findall(r"(\w+) = Signal\([^)]*\bint\b", file.read_text("utf-8"))}
    assert found == {"dragged", "scan_progressed", "wished"}
