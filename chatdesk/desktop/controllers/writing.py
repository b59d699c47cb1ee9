"""What happens between composer and client: completion, emoji, what was sent before, slash commands."""

from collections.abc import Callable

from PySide6.QtCore import QObject, QRect, Signal

from chatdesk.client.completion import Place, Query, addresses_all, people_outside
from chatdesk.client.slash_commands import Invoked, Refused, Text, is_on, pace_command, parse, recipient
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.dialogs.confirm import ConfirmSheet
from chatdesk.desktop.emoji_habits import EmojiHabits
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.writing.completer import Completer
from chatdesk.desktop.widgets.writing.emoji_picker import EmojiPicker
from chatdesk.desktop.widgets.writing.not_sent_card import NotSentCard
from chatdesk.desktop.widgets.writing.sent_texts import SentTexts
from chatdesk.protocol.events import User
from chatdesk.protocol.limits import ADDRESSES_FREELY
from chatdesk.protocol.names import EVERYBODY


class WritingController(QObject):
    """Serves the composer of one conversation. ``habits`` are the person's with emoji.

    ``ask_requested`` carries the beginning of a question.
    """

    ask_requested = Signal(str)
    invite_requested = Signal()

    def __init__(self, theme: Theme, conversation: Conversation, habits: EmojiHabits) -> None:
        super().__init__(conversation.screen)  # which is deleted at the end; the conversation is freed after that
        self._theme = theme
        self._client, self._composer, self._habits = conversation.client, conversation.screen.composer, habits
        edit = self._composer.edit
        self.keep_order: Callable[[Invoked], bool] = lambda _command: False
        """Does what a command of keeping order says; returns whether it is one."""
        self._not_sent = NotSentCard(theme, self._composer)
        self.picker = EmojiPicker(theme, self._composer.emoji_button, habits)
        self.sent_texts = SentTexts(edit)
        self.completer = Completer(theme, edit, self._composer, self._place, lambda: habits.tone)
        self._composer.sent.connect(self.submit)
        self._composer.emoji_button.clicked.connect(self._pick_emoji)
        self._not_sent.as_text_requested.connect(self._send_as_text)
        edit.textChanged.connect(self._not_sent.close_card)
        conversation.found_people_changed.connect(self.completer.refresh)

    def submit(self, content: str) -> None:
        """Send what was written, or do what it says."""
        meant = parse(content)
        if isinstance(meant, Refused):
            self._composer.prepend_message(content)
            self._not_sent.show_sentence(meant.sentence)
            return
        place = self._place()
        asks = place.user_count > ADDRESSES_FREELY and place.may_address_all  # who may not hears it from the server
        if isinstance(meant, Text) and asks and addresses_all(meant.content):
            self._ask_for_all(content, meant, place)
        else:
            self._do(content, meant)

    def _ask_for_all(self, content: str, text: Text, place: Place) -> None:
        """Ask before everybody in a large room is told; somebody who says no has the text back."""
        title, accept = f"Tell all {place.user_count} people?", f"Tell {place.user_count} people"
        told = f"@{EVERYBODY} notifies everyone in {place.room}, also those who are away."
        sheet = ConfirmSheet(self._theme, self._composer.window(), title, told, accept)

        def answered() -> None:
            sheet.deleteLater()
            if sheet.answer == accept:
                self._do(content, text)
            else:
                self._composer.prepend_message(content)

        sheet.dismissed.connect(answered)
        sheet.show_sheet()

    def _do(self, content: str, meant: Text | Invoked) -> None:
        self.sent_texts.add(content)
        if isinstance(meant, Text):
            answered, mentions = self._composer.answered, self.completer.take_mentions(meant.content)
            self._client.send(meant.content, reply_to=answered, mentions=mentions, action=meant.action)
        else:
            self._invoke(meant)

    def _invoke(self, invoked: Invoked) -> None:
        argument = invoked.argument
        match invoked.name:
            case "nick":
                self._client.presence.rename(argument)
            case "away" | "busy" as status:
                self._client.presence.set_status(status, argument)
            case "back":
                self._client.presence.set_status("online")
            case "topic":
                self._client.rooms.set_topic(self._client.state.shown.name, argument)
            case "open":
                self._client.rooms.open_to_everybody(self._client.state.shown.name)
            case "invite":
                self.invite_requested.emit()
            case "lock" | "unlock":
                self._client.rooms.set_entry(self._client.state.shown.name, locked=invoked.name == "lock")
            case "password":
                self._client.rooms.set_entry(self._client.state.shown.name, password=argument)
            case "slow" | "hold" | "announce":
                self._client.order.pace.send(pace_command(invoked, self._client.state.shown.name))
            case "hand":
                self._client.order.pace.raise_hand(is_on(invoked))
            case "ask":
                self.ask_requested.emit(argument)
            case "msg":
                self._write_privately(*recipient(argument, self._client.state.shown.people.here))
            case _ if self.keep_order(invoked):
                pass
            case "help":
                self._composer.insert("/")  # completion lists all of them

    def _write_privately(self, to: str, text: str) -> None:
        """Write to the person who has this nickname now: it may be free, and another's, before the message arrives."""
        person = self._client.state.shown.people.here.get(to)
        author = person.author if person else ""
        if text:
            self._client.send(text, to, to_author=author)
        else:
            self._client.rooms.open_private(f"@{author}" if author else to)

    def _send_as_text(self) -> None:
        content = self._composer.edit.text
        self._composer.edit.clear()
        self.sent_texts.add(content)
        self._client.send(content, reply_to=self._composer.answered)
        self._composer.leave_task()
        self._composer.setFocus()

    def _pick_emoji(self) -> None:
        button = self._composer.emoji_button
        self.picker.pick(button, self._composer.insert, QRect(-button.pos(), self._composer.size()))

    def _place(self, query: Query | None = None) -> Place:
        """Where one writes. In a room that is not known to its end, the server is asked for whom the query may mean."""
        state = self._client.state
        people, known = state.shown.people, dict(state.shown.people.here)
        if query and query.kind == "person" and not people.complete:
            self._client.people.find(query.text)
            found = state.shown.people_search.found
            known |= {person.nickname: person for person in (found.people if found else ())}
        others = [person for person in known.values() if not state.is_mine(person)]
        may_address_all = state.is_host(state.own) or people.count <= ADDRESSES_FREELY
        outside: list[User] = []
        if people.complete and not state.shown_info.private_with:
            outside = people_outside(state.home.people.here.values(), known.values())
        keeps_order = bool(self._client.order.standing(state.shown.name).rights)
        return Place(state.shown.name, others, people.count, may_address_all, outside, keeps_order)
