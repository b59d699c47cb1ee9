"""One's own part in the pace of a room: the raised hand, questions, and how long a slow room lets one wait."""

from PySide6.QtCore import QObject, QTimer
from shiboken6 import isValid

from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.ask import AskSheet
from chatdesk.desktop.theme import Theme

_SECOND_MS = 1000


class PaceController(QObject):
    """Serves the shown room of one conversation."""

    def __init__(self, theme: Theme, conversation: Conversation) -> None:
        super().__init__(conversation.screen)  # which is deleted at the end; the conversation is freed after that
        self._theme, self._screen, self._client = theme, conversation.screen, conversation.client
        self._pace = conversation.client.order.pace
        self._tick = QTimer(self, interval=_SECOND_MS)
        self._tick.timeout.connect(self._count_down)
        bar = self._screen.hand_bar
        bar.lowered.connect(lambda: self._pace.raise_hand(False))
        bar.thanked.connect(self._pace.seen_call)
        self._screen.composer.hand_button.clicked.connect(self._ask_anything)
        for changed in (conversation.pace_changed, conversation.order_changed, conversation.rooms_changed):
            changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show what concerns the person in the shown room."""
        mine = self._pace.of(self._room)
        self._screen.hand_bar.show_hand(mine.place, mine.called_by)
        self._screen.composer.hand_button.setVisible(self._may_raise)
        self._count_down()

    def ask(self, text: str = "") -> None:
        """Open the sheet for a question, of which ``text`` is written already."""
        state = self._client.state
        host = state.server.host if state.server else ""
        window = self._screen.window()
        sheet = AskSheet(self._theme, window, host, nameless=state.shown_info.nameless, text=text)
        sheet.hand_raised.connect(self._pace.raise_hand)
        sheet.dismissed.connect(sheet.deleteLater)

        def asked(content: str, nameless: bool) -> None:
            if nameless:
                self._pace.ask(content, answered)
            else:
                self._client.send(content)
                sheet.dismiss()

        def answered(refusal: str) -> None:
            if isValid(sheet) and refusal:
                sheet.show_problem(refusal)
            elif isValid(sheet):
                sheet.dismiss()

        sheet.asked.connect(asked)
        sheet.show_sheet()

    def _ask_anything(self) -> None:
        self.ask()

    @property
    def _room(self) -> str:
        return self._client.state.shown.name

    @property
    def _may_raise(self) -> bool:
        """Whether there is somebody here who calls hands, and it is not the person."""
        state, order = self._client.state, self._client.order
        standing, about = order.standing(self._room), state.shown_info
        calls = order.may(self._room, "call_hands") or state.is_host(state.own)
        is_room = bool(state.list.rooms) and about.private_with is None and not about.archived
        return is_room and standing.role != "guest" and not (standing.muted or calls)

    def _count_down(self) -> None:
        wait = self._pace.wait(self._room)
        self._screen.pause(f"Slow mode: you can write again in {clock(wait)}." if wait else "")
        if not wait:
            self._tick.stop()
        elif not self._tick.isActive():
            self._tick.start()


def clock(seconds: int) -> str:
    """Return a short time, such as ``12 s`` or ``1:05``."""
    return f"{seconds} s" if seconds < 60 else f"{seconds // 60}:{seconds % 60:02}"
