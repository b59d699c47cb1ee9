"""Going to a day, exporting and deleting the history, in a real chat."""

import asyncio
import json
from datetime import date
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QFileDialog, QLineEdit, QPushButton

from chatdesk.client.client import ChatClient
from chatdesk.desktop.application import Application
from chatdesk.desktop.controllers.history import _file_name
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.confirm import ConfirmSheet
from chatdesk.desktop.models.rows import MessageRow
from chatdesk.export.formats import Format
from tests.desktop.inspection import texts
from tests.waiting import until


async def say(priya: ChatClient, conversation: Conversation, number: int) -> None:
    for place in range(number):
        priya.send(f"Message {place}")
    await until(lambda: conversation.timeline.position_of(number) is not None, 20)


def press(application: Application, name: str) -> None:
    buttons = [b for b in application.window.findChildren(QPushButton) if b.text() == name and b.isVisible()]
    QTest.mouseClick(buttons[0], Qt.MouseButton.LeftButton)


def chooser(application: Application) -> QFileDialog | None:
    return application.window.findChild(QFileDialog)


async def choose(application: Application, file: Path) -> None:
    """Choose a file, as a person does in the file dialog."""
    await until(lambda: chooser(application))
    dialog = chooser(application)
    assert dialog is not None
    edit = dialog.findChild(QLineEdit)
    assert edit is not None
    edit.setText(str(file))
    dialog.accept()


def left_of(name: str, folder: Path) -> list[Path]:
    return [file for file in folder.iterdir() if name in file.name]


def said(conversation: Conversation) -> list[str]:
    rows = [conversation.timeline.row(place) for place in range(conversation.timeline.rowCount())]
    return [row.text for row in rows if isinstance(row, MessageRow)]


async def test_a_day_leads_to_its_first_message(
    application: Application, conversation: Conversation, priya: ChatClient
) -> None:
    await say(priya, conversation, 60)
    timeline = conversation.screen.timeline
    assert timeline.following
    application.history.open_calendar(timeline.mapToGlobal(QPoint(100, 10)))
    assert application.history.calendar.isVisible()
    QTest.keyClick(application.history.calendar._days, Qt.Key.Key_Return)
    await until(lambda: timeline.currentIndex().row() == conversation.timeline.position_of(1))
    assert not timeline.following
    application.history.calendar.chosen.emit(date(2020, 1, 1))
    await until(lambda: timeline.currentIndex().row() == conversation.timeline.position_of(1))


@pytest.mark.parametrize(("name", "ending"), [("JSON Lines", "jsonl"), ("Table", "csv"), ("Web page", "html")])
async def test_all_that_was_said_is_taken_along(
    application: Application, conversation: Conversation, priya: ChatClient, tmp_path: Path, name: str, ending: str
) -> None:
    await say(priya, conversation, 5)
    application.history.export()
    sheet = application.history.sheet
    next(choice for choice in sheet._choices.values() if choice.accessibleName() == name).setChecked(True)
    press(application, "Choose file…")
    file = tmp_path / f"evening.{ending}"
    await choose(application, file.with_suffix(""))  # the suffix is added
    await until(lambda: not sheet.isVisible())
    await until(lambda: f"5 messages exported to {file}" in texts(application.window.toast))
    content = file.read_text("utf-8")
    assert all(f"Message {number}" in content for number in range(5))
    if ending == "jsonl":
        assert [json.loads(line)["content"] for line in content.splitlines()[2:]] == said(conversation)
    await until(lambda: chooser(application) is None)


async def test_a_file_that_cannot_be_written_is_said(
    application: Application, conversation: Conversation, priya: ChatClient, tmp_path: Path
) -> None:
    await say(priya, conversation, 1)
    application.history.export()
    application.history._start_export(tmp_path / "missing" / "evening.html", Format.HTML)
    await until(lambda: not application.history.sheet.isVisible())
    sentence = next(text for text in texts(application.window.toast))
    assert "evening.html" in sentence or "missing" in sentence
    assert not (tmp_path / "missing").exists()


async def test_a_cancelled_export_leaves_no_file(
    application: Application, conversation: Conversation, priya: ChatClient, tmp_path: Path
) -> None:
    await say(priya, conversation, 1)
    application.history.export()
    application.history._start_export(tmp_path / "evening.html", Format.HTML)
    press(application, "Cancel")
    assert not application.history.sheet.isVisible()
    await until(lambda: not any(task.get_name() == "export" for task in asyncio.all_tasks()))
    assert left_of("evening", tmp_path) == []


async def test_only_after_a_yes_the_history_goes_for_everybody(
    application: Application, conversation: Conversation, priya: ChatClient
) -> None:
    await say(priya, conversation, 3)
    application.history.delete()
    await until(lambda: application.window.findChild(ConfirmSheet))
    asked = application.window.findChild(ConfirmSheet)
    assert asked is not None
    assert any("3 messages in ChatDesk will be gone, for everybody here" in text for text in texts(asked))
    press(application, "Cancel")
    await until(lambda: application.window.findChild(ConfirmSheet) is None)
    assert len(said(conversation)) == 3
    application.history.delete()
    await until(lambda: application.window.findChild(ConfirmSheet))
    press(application, "Export first")
    await until(application.history.sheet.isVisible)
    assert len(said(conversation)) == 3
    application.history.sheet.dismiss()
    await until(lambda: application.window.findChild(ConfirmSheet) is None)
    application.history.delete()
    await until(lambda: application.window.findChild(ConfirmSheet))
    press(application, "Delete history")
    await until(lambda: said(conversation) == [] and priya.state.shown.transcript.messages == [])
    await until(lambda: "You have deleted the history." in texts(application.window.toast))


async def test_leaving_takes_calendar_and_sheet_away(application: Application, conversation: Conversation) -> None:
    application.history.export()
    application.leave()
    await until(lambda: not application.history.sheet.isVisible())
    await until(application.window.start.isVisible)
    application.history.export()
    application.history.delete()
    application.history.open_calendar(QPoint(0, 0))
    assert not application.history.sheet.isVisible()
    assert not application.history.calendar.isVisible()


@pytest.mark.parametrize(
    ("name", "begins"),
    [("Robotics Workshop", "Robotics Workshop "), ("a/b:c\n", "a-b-c- "), ("...", "Conversation "), ("教室", "教室 ")],
)
def test_the_file_is_called_after_the_chat_and_the_day(name: str, begins: str) -> None:
    assert _file_name(name, Format.CSV) == f"{begins}{date.today():%Y-%m-%d}.csv"
