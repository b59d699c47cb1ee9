"""What a person does with the history: go to a day, export it, delete it."""

import asyncio
from collections.abc import Callable
from datetime import date
from pathlib import Path

from PySide6.QtCore import QObject, QPoint, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from chatdesk.client.export import ExportError
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.calendar import Calendar
from chatdesk.desktop.dialogs.confirm import confirm
from chatdesk.desktop.dialogs.export import ExportSheet
from chatdesk.desktop.tasks import Tasks
from chatdesk.desktop.text import pluralized, safe_file_name
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.button import DANGER
from chatdesk.export.formats import Format
from chatdesk.protocol.text import isolated

ShowToast = Callable[..., None]

_FILTERS = {
    Format.HTML: "Web page (*.html)",
    Format.CSV: "CSV table (*.csv)",
    Format.JSONL: "JSON Lines (*.jsonl)",
}
_DELETE, _EXPORT = "Delete history", "Export first"


class HistoryController(QObject):
    """Works on one conversation at a time, with dialogs over ``window``; ``show_toast`` shows the result."""

    def __init__(self, theme: Theme, window: QWidget, tasks: Tasks, show_toast: ShowToast) -> None:
        super().__init__()
        self._theme, self._window, self._tasks, self._show_toast = theme, window, tasks, show_toast
        self._conversation: Conversation | None = None
        self._exporting: asyncio.Task[None] | None = None
        self.calendar = Calendar(theme, window)
        self.sheet = ExportSheet(theme, window)
        self.calendar.chosen.connect(self._go_to_day)
        self.sheet.file_requested.connect(self._choose_file)
        self.sheet.dismissed.connect(self._cancel_export)

    def set_conversation(self, conversation: Conversation | None) -> None:
        """Set the conversation to work on; None when there is none."""
        self._conversation = conversation
        self.calendar.dismiss()
        self.sheet.dismiss()

    def open_calendar(self, corner: QPoint) -> None:
        """Open the calendar, with its upper left corner at a point of the screen."""
        if conversation := self._conversation:
            today = date.today()
            self.calendar.open_at(corner, conversation.screen.timeline.day_at_top or today, today)

    def set_today(self) -> None:
        """Update the calendar: it is another day."""
        self.calendar.set_today(date.today())

    def export(self) -> None:
        """Open the export dialog."""
        if self._conversation:
            self.sheet.offer()

    def delete(self) -> None:
        """Delete the whole history, once the person has confirmed it."""
        if conversation := self._conversation:
            self._tasks.start(self._delete(conversation), "delete history")

    def _go_to_day(self, day: date) -> None:
        if conversation := self._conversation:
            conversation.show_day(day)

    async def _delete(self, conversation: Conversation) -> None:
        newest = conversation.client.state.shown.transcript.newest
        what = pluralized(newest, "message", "messages") if newest else "Everything said"
        where = isolated(conversation.name)
        explanation = f"{what} in {where} will be gone, for everybody here and for good. This cannot be undone."
        title = "Delete the history?"
        answer = await confirm(self._theme, self._window, title, explanation, _DELETE, look=DANGER, alternative=_EXPORT)
        if answer == _DELETE:
            conversation.client.clear_history()
        elif answer == _EXPORT:
            self.export()

    # Export

    def _choose_file(self, form: Format) -> None:
        if self._conversation is None:
            return
        folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
        name = _file_name(self._conversation.name, form)
        chooser = QFileDialog(self._window, "Export the conversation", folder, _FILTERS[form])
        chooser.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        chooser.setDefaultSuffix(form.value)
        chooser.selectFile(name)
        chooser.fileSelected.connect(lambda file: self._start_export(Path(file), form))
        chooser.finished.connect(chooser.deleteLater)
        chooser.open()

    def _start_export(self, file: Path, form: Format) -> None:
        if (conversation := self._conversation) and self.sheet.isVisible():
            self.sheet.show_started(file.name)
            self._exporting = self._tasks.start(self._export(conversation, file, form), "export")

    async def _export(self, conversation: Conversation, file: Path, form: Format) -> None:
        try:
            number = await conversation.client.export(file, form, self.sheet.show_progress)
        except ExportError as error:
            self._show_toast(str(error))
        else:
            self._show_toast(f"{pluralized(number, 'message', 'messages')} exported to {file}", done=True)
        finally:
            self._exporting = None
            self.sheet.dismiss()

    def _cancel_export(self) -> None:
        if self._exporting:
            self._exporting.cancel()
            self._exporting = None


def _file_name(name: str, form: Format) -> str:
    return f"{safe_file_name(name) or 'Conversation'} {date.today():%Y-%m-%d}.{form.value}"
