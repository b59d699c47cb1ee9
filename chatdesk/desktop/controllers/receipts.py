"""Who has read what: the card at a message, marking messages as unread, and what holds for the person and the chat."""

from datetime import date

from PySide6.QtCore import QObject

from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.date_format import format_short_day
from chatdesk.desktop.dialogs.settings import SettingsSheet
from chatdesk.desktop.models.rows import MessageRow
from chatdesk.desktop.settings import Settings
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.people.readers_card import ReadersCard
from chatdesk.desktop.widgets.timeline.targets import MarkUnread, MessageAct, ShowInfo, ShowReaders
from chatdesk.protocol.text import isolated


class ReceiptsController(QObject):
    """Serves one conversation; ``sheet`` shows what holds in it while it lasts, and else what is remembered."""

    def __init__(self, theme: Theme, conversation: Conversation, settings: Settings, sheet: SettingsSheet) -> None:
        super().__init__(conversation.screen)  # which is deleted at the end; the conversation is freed after that
        self._client, self._screen, self._hosting = conversation.client, conversation.screen, conversation.hosting
        self._timeline, self._settings, self._sheet = conversation.timeline, settings, sheet
        self.card = ReadersCard(theme, self._screen.timeline)
        self.card.more_requested.connect(self._client.receipts.load_more_readers)
        self.card.closed.connect(self._client.receipts.hide_readers)
        self._screen.timeline.verticalScrollBar().valueChanged.connect(self.card.close_card)
        self._screen.timeline.act_requested.connect(self.act)
        conversation.timeline.modelReset.connect(self.card.close_card)
        conversation.readers_changed.connect(self._show_readers)
        conversation.receipt_settings_changed.connect(self._settings_told)
        self._client.presence.shows_typing = settings.typing
        sheet.typing_chosen.connect(self._choose_typing)
        sheet.receipts_chosen.connect(self._choose_receipts)
        sheet.chat_receipts_chosen.connect(self._client.receipts.allow)
        sheet.private_chosen.connect(self._client.rooms.allow_private)
        conversation.rooms_changed.connect(self._rooms_told)

    def act(self, act: MessageAct) -> None:
        """Do what concerns reading; the rest is not for this controller."""
        match act:
            case ShowReaders(seq=seq):
                self._open(seq, with_details=False)
            case ShowInfo(seq=seq):
                self._open(seq, with_details=True)
            case MarkUnread(seq=seq):
                self._client.mark_unread(seq)

    def _open(self, seq: int, *, with_details: bool) -> None:
        position = self._timeline.position_of(seq)
        row = None if position is None else self._timeline.row(position)
        if not isinstance(row, MessageRow):
            return
        asks = row.own and self._client.state.receipts.active
        if asks and row.readers:
            title = f"Read by {row.readers}"
        else:
            title = "Your message" if row.own else f"Message by {isolated(row.message.nickname)}"
        timeline = self._screen.timeline
        details = _details(row) if with_details else ""
        self.card.open_info(timeline.viewport(), timeline.place_of_ticks(seq), title, details)
        if asks:
            self._client.receipts.show_readers(seq)

    def _show_readers(self) -> None:
        shown = self._client.receipts.readers
        if shown or not self._client.state.receipts.active:
            self.card.show_readers(shown)

    def _settings_told(self) -> None:
        told = self._client.state.receipts
        if told.given and not self._settings.receipts:
            self._client.receipts.give(False)
        self._sheet.show_receipts(
            given=told.given and self._settings.receipts, allowed=told.allowed, hosting=self._hosting
        )

    def _rooms_told(self) -> None:
        self._sheet.show_private(self._client.state.list.private_messages)

    def _choose_typing(self, shown: bool) -> None:
        self._client.presence.shows_typing = shown

    def _choose_receipts(self, given: bool) -> None:
        self._client.receipts.give(given)


def _details(row: MessageRow) -> str:
    """Return when a message was sent and edited: ``Sent Mon 23 Nov 10:24``."""
    day = format_short_day(row.moment.date(), date.today()) if row.moment else ""
    sent = f"Sent {day} {row.time}" if day else f"Sent today {row.time}"
    return "\n".join([sent, *([f"Edited {row.edited}"] if row.edited else [])])
