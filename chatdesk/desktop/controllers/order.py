"""What host and moderators do to people, with ten seconds to undo it; and what is shown to somebody who is sent out."""

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import NamedTuple

from msgspec.structs import replace
from PySide6.QtCore import QObject, Signal
from shiboken6 import isValid

from chatdesk.client.order import Answer
from chatdesk.client.slash_commands import Invoked, recipient
from chatdesk.desktop.conversation import Conversation
from chatdesk.desktop.date_format import format_short_day
from chatdesk.desktop.dialogs.how_long import Act, HowLong, HowLongSheet
from chatdesk.desktop.dialogs.removed import RemovedSheet
from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.toast import Toast
from chatdesk.protocol import events, times
from chatdesk.protocol.events import User
from chatdesk.protocol.order_commands import (
    Ban,
    BanName,
    GivenRole,
    Mute,
    Neighbours,
    OrderCommand,
    Remove,
    Rename,
    SetRole,
    Unban,
    Unmute,
)
from chatdesk.protocol.order_events import Done, InForce, Standing
from chatdesk.protocol.order_events import Neighbours as Near
from chatdesk.protocol.text import isolated

_GUEST = "You are a guest here: you can read, and not write."
ANNOUNCE_ONLY = "Only the host and moderators write here: you can read and react."
_RANKS = ("guest", "member", "moderator", "host")
_ROLES: dict[GivenRole, str] = {
    "moderator": "Make a moderator",
    "member": "Make a member",
    "guest": "Let them only read, as a guest",
}
_ROLE_USE = "Write /role @name moderator, member or guest."
_MOST_DIGITS = 7
_RENAME_USE = "Write /rename @name new name."

Undo = Callable[[Done], OrderCommand]


class OrderChoice(NamedTuple):
    """What may be done to somebody, as a menu shows it."""

    words: str
    icon: str
    act: Callable[[], object]
    danger: bool = False


class OrderController(QObject):
    """Keeps order in one conversation. ``noticed`` carries a sentence; ``leave``: the person wants to.

    ``acted``: something was done to somebody. ``audit_requested``, ``in_force_requested``: the person wants to see it.
    """

    acted = Signal()
    audit_requested = Signal()
    in_force_requested = Signal()
    noticed = Signal(str)
    leave = Signal()

    def __init__(self, theme: Theme, conversation: Conversation, toast: Toast) -> None:
        super().__init__(conversation.screen)  # which is deleted at the end; the conversation is freed after that
        self._theme, self._screen, self._toast = theme, conversation.screen, toast
        self._conversation, self._client = conversation, conversation.client
        self._order = conversation.client.order
        self._undo: list[OrderCommand] = []
        """What takes back the acts that the notice is about."""
        self._removed: RemovedSheet | None = None

    @property
    def active(self) -> bool:
        """Whether the person keeps order in the shown room."""
        return bool(self._order.standing(self._room).rights)

    def refresh(self) -> None:
        """Say in the composer why the person cannot write in the shown room, if so."""
        closed = ANNOUNCE_ONLY if self._order.pace.closed(self._room) else ""
        self._screen.composer.forbid(_why_muted(self._order.standing(self._room)) or closed)
        if self._order.kept_out and self._conversation.joined and not self._removed:
            self._show_end(self._order.kept_out)

    def _show_end(self, why: events.Error) -> None:
        """The person was sent out: they read why."""
        state = self._client.state
        unsent = [entry.content for room in state.rooms.values() for entry in room.outbox]
        if draft := self._screen.composer.draft.strip():
            unsent.append(draft)
        host = state.server.host if state.server else ""
        sheet = self._removed = RemovedSheet(self._theme, self._screen.window(), why, host, unsent)
        self._screen.banner.allow_join_again(sheet.over)
        sheet.come_again.connect(self._come_again)
        sheet.leave.connect(self.leave)
        sheet.dismissed.connect(self._end_removed)
        self._show(sheet)

    def choices(self, person: User) -> list[OrderChoice]:
        """What the person may do to somebody."""
        standing = self._order.standing(self._room)
        role = "host" if person.host else person.role or "member"
        if self._client.state.is_mine(person) or _RANKS.index(role) >= _RANKS.index(standing.role):
            return []
        may = standing.rights.__contains__
        found: list[OrderChoice] = []
        if may("give_roles"):
            given = ((name, words) for name, words in _ROLES.items() if name != role)
            found += [OrderChoice(words, "shield", partial(self.give_role, person, name)) for name, words in given]
        if may("rename_others"):
            found.append(OrderChoice("Rename…", "edit", partial(self._ask, "rename", person)))
        if may("mute") and person.muted:
            found.append(OrderChoice("Let them speak again", "mute", partial(self._do, Unmute(_whom(person)))))
        elif may("mute"):
            found.append(OrderChoice("Mute…", "mute", partial(self._ask, "mute", person)))
        if may("remove"):
            found.append(OrderChoice("Remove…", "leave", partial(self._ask, "remove", person), danger=True))
        if may("ban"):
            found.append(OrderChoice("Ban…", "ban", partial(self._ask, "ban", person), danger=True))
        return found

    def choices_at(self, author: str, nickname: str) -> list[OrderChoice]:
        """What may be done to the author of a message, also if they are not here any more."""
        here = self._client.state.shown.people.here.values()
        person = next((it for it in here if it.author == author), None)
        person = person or User(nickname, "offline", "", author=author)
        name = person.nickname
        cannot_wait = [it for it in self.choices(person) if it.icon in ("mute", "leave", "ban")]
        return [it._replace(words=f"{it.words.removesuffix('…')} {name}…") for it in cannot_wait]

    def invoke(self, command: Invoked) -> bool:
        """Do what a slash command says. Returns whether it is one of keeping order."""
        match command.name:
            case "audit":
                self.audit_requested.emit()
            case "bans":
                self.in_force_requested.emit()
            case "mute" | "unmute" | "remove" | "ban" | "banname" | "unban" | "role" | "rename":
                self._invoke_on(command)
            case _:
                return False
        return True

    def give_role(self, person: User, role: GivenRole) -> None:
        """Give somebody a role; it can be taken back."""

        def undo(done: Done) -> OrderCommand:
            before: GivenRole = done.before if done.before in _ROLES else "member"
            return SetRole(f"@{done.author}", before)

        self._do(SetRole(_whom(person), role), undo)

    def end(self, held: InForce) -> None:
        """End what holds for somebody."""
        whom, room = f"@{held.author}", held.room or None
        self._do(Unmute(whom, room) if held.kind == "muted" else Unban(whom, room))

    @property
    def _room(self) -> str:
        return self._client.state.shown.name

    def _invoke_on(self, command: Invoked) -> None:
        here = self._client.state.shown.people.here
        nickname, rest = recipient(command.argument, here)
        person = here.get(nickname) or User(nickname, "offline", "")
        whom = _whom(person)
        match command.name:
            case "mute":
                minutes, _, reason = rest.partition(" ")
                counted = minutes.isascii() and minutes.isdecimal() and len(minutes) < _MOST_DIGITS
                mute = Mute(whom, None, reason.strip(), int(minutes)) if counted else Mute(whom, reason=rest)
                self._do(mute, _unmute)
            case "unmute":
                self._do(Unmute(whom))
            case "remove":
                self._do(Remove(whom, reason=rest))
            case "ban":
                self._do(Ban(whom, rest), _unban)
            case "banname":
                self._do(BanName(_without_at(command.argument)), _unban)
            case "unban":
                self._do(Unban(_without_at(command.argument)))
            case "role" if role := next((name for name in _ROLES if name == rest.casefold()), None):
                self.give_role(person, role)
            case "rename" if rest:
                self._do(Rename(whom, rest), _rename_back)
            case _:
                self.noticed.emit(_ROLE_USE if command.name == "role" else _RENAME_USE)

    def _ask(self, act: Act, person: User) -> None:
        sheet = HowLongSheet(self._theme, self._screen.window(), act, person.nickname)
        sheet.answered.connect(partial(self._answered, act, person))
        self._show(sheet)
        if act == "ban":

            def told(answer: Answer | str) -> None:
                if isinstance(answer, Near) and isValid(sheet):
                    sheet.show_neighbours(answer)

            self._order.ask(Neighbours(_whom(person)), told)

    def _answered(self, act: Act, person: User, answer: HowLong) -> None:
        whom, minutes = _whom(person), answer.minutes or 0
        match act:
            case "mute":
                self._do(Mute(whom, None, answer.reason, minutes), _unmute)
            case "remove":
                self._do(Remove(whom, None, answer.reason, minutes), _unban if minutes else None)
            case "ban":
                self._do(Ban(whom, answer.reason, answer.minutes, answer.address), _unban)
            case "rename" if answer.reason:
                self._do(Rename(whom, answer.reason), _rename_back)

    def _do(self, command: OrderCommand, undo: Undo | None = None) -> None:
        """Do it, and say what was done; a refusal comes as a notice."""

        def answered(answer: Answer | str) -> None:
            if isinstance(answer, str):
                self.noticed.emit(answer)
            elif isinstance(answer, Done):
                self._tell(answer, undo)
                self.acted.emit()

        self._order.ask(self._placed(command), answered)

    def _placed(self, command: OrderCommand) -> OrderCommand:
        """The command as a moderator of one room alone has to give it: with the room."""
        if not isinstance(command, SetRole | Remove | Unban | Mute | Unmute):
            return command
        if command.room or self._order.standing(self._room).everywhere:
            return command
        return replace(command, room=self._room)

    def _tell(self, done: Done, undo: Undo | None) -> None:
        words = done.content.removesuffix(".")
        if undo is None:
            self._toast.show_text(words, done=True)
            return
        if not (self._undo and self._toast.undoable):
            self._undo = []
        self._undo.append(undo(done))
        several = f"{len(self._undo)} acts, the last: {words}"
        self._toast.show_text(several if len(self._undo) > 1 else words, done=True, undo=self._take_back, counts=True)

    def _take_back(self) -> None:
        undo, self._undo = self._undo, []
        for command in reversed(undo):
            self._do(command)

    def _come_again(self) -> None:
        self._screen.banner.allow_join_again(True)
        self._conversation.join_again()

    def _end_removed(self) -> None:
        self._removed = None

    @staticmethod
    def _show(sheet: HowLongSheet | RemovedSheet) -> None:
        sheet.dismissed.connect(sheet.deleteLater)
        sheet.show_sheet()


def _why_muted(standing: Standing) -> str:
    """Why the person cannot write: a sentence, or empty."""
    if standing.role == "guest":
        return _GUEST
    if not standing.muted:
        return ""
    end = times.local_time(standing.until)
    day = format_short_day(end.date(), date.today()) if end else ""
    until = f" until {f'{day} {end:%H:%M}'.strip()}" if end else ""
    reason = f": {standing.reason}" if standing.reason else ""
    return f"{isolated(standing.by) if standing.by else 'The host'} has muted you{until}{reason}"


def _unmute(done: Done) -> OrderCommand:
    return Unmute(f"@{done.author}")


def _unban(done: Done) -> OrderCommand:
    return Unban(f"@{done.author}")


def _rename_back(done: Done) -> OrderCommand:
    return Rename(f"@{done.author}", done.before)


def _without_at(argument: str) -> str:
    """The name that a slash command is about."""
    return argument.removeprefix("@").removeprefix("\uff20")


def _whom(person: User) -> str:
    """How a command names somebody."""
    return f"@{person.author}" if person.author else person.nickname
