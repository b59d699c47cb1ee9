"""Slash commands: what a message that begins with a slash does instead of being sent.

The page has the same rules in ``js/slash-commands.js``; ``tests/writing_cases.json`` keeps both equal.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from chatdesk.protocol.limits import SLOW_SECONDS
from chatdesk.protocol.pace_commands import Pace

SHRUG = "¯\\_(ツ)_/¯"


class SlashCommand(NamedTuple):
    """A command as completion and help show it; ``argument`` is what follows its name."""

    name: str
    argument: str
    help: str
    needs_argument: bool = False
    order: bool = False
    """Whether it is for those who keep order."""


COMMANDS = (
    SlashCommand("me", "does something", "Say it in italics behind your name", needs_argument=True),
    SlashCommand("nick", "new name", "Change your name", needs_argument=True),
    SlashCommand("away", "why, if you like", "Show others that you are away"),
    SlashCommand("busy", "why, if you like", "Show others that you are busy"),
    SlashCommand("back", "", "Be here again, without a status"),
    SlashCommand("topic", "what this room is about", "Change the topic of this room"),
    SlashCommand("open", "", "Let everybody into this room, as its host"),
    SlashCommand("lock", "", "Let nobody new into this room; in the first one, into the chat"),
    SlashCommand("unlock", "", "Let everybody in again"),
    SlashCommand("password", "words, or nothing", "Ask for these words at the door, or for none"),
    SlashCommand("invite", "", "Make an invitation, as host or moderator"),
    SlashCommand("msg", "@name text", "Write to one person alone", needs_argument=True),
    SlashCommand("hand", "off, to lower it", "Raise your hand"),
    SlashCommand("ask", "question", "Ask without your name, if the room allows it"),
    SlashCommand("slow", "seconds, or off", "Let each person write once in so many seconds", order=True),
    SlashCommand("hold", "off, to end it", "See each message before others do", order=True),
    SlashCommand("announce", "off, to end it", "Let only the host and moderators write", order=True),
    SlashCommand("shrug", "text, if you like", f"Send your text with {SHRUG} behind it"),
    SlashCommand("mute", "@name minutes why", "Let somebody only read, for a while", True, True),
    SlashCommand("unmute", "@name", "Let somebody speak again", True, True),
    SlashCommand("remove", "@name why", "Send somebody out of the chat", True, True),
    SlashCommand("ban", "@name why", "Keep somebody out until this evening", True, True),
    SlashCommand("banname", "name, or *part* of names", "Let nobody have this name", True, True),
    SlashCommand("unban", "@name", "Let somebody in again, or a name be had", True, True),
    SlashCommand("role", "@name moderator, member or guest", "Give somebody a role", True, True),
    SlashCommand("rename", "@name new name", "Give somebody another name", True, True),
    SlashCommand("bans", "", "Show who is banned, removed or muted", order=True),
    SlashCommand("audit", "", "Show what host and moderators have done", order=True),
    SlashCommand("help", "", "Show these commands"),
)
_BY_NAME = {command.name: command for command in COMMANDS}
_WORD = re.compile(r"/([^\W\d_][\w-]*)(?:\s+(.*))?", re.DOTALL)
"""A word after a slash. A path such as ``/etc/hosts`` is none, nor is a lone slash."""


@dataclass(frozen=True, slots=True)
class Text:
    """A message; ``action``: said by ``/me``."""

    content: str
    action: bool = False


@dataclass(frozen=True, slots=True)
class Invoked:
    """A command that is not a message, and its argument."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Refused:
    """A slash that does nothing; ``sentence`` says what to do. The text may be sent as it is."""

    sentence: str


def parse(content: str) -> Text | Invoked | Refused:
    """Return what a written message does. Two slashes at its beginning send one."""
    if content.startswith("//"):
        return Text(content[1:])
    match = _WORD.fullmatch(content)
    if not match:
        return Text(content)
    name, argument = match[1].casefold(), (match[2] or "").strip()
    command = _BY_NAME.get(name)
    if command is None:
        return Refused(f"There is no command /{match[1]}. /help lists all of them.")
    if command.needs_argument and not argument:
        return Refused(f"Write /{name} {command.argument}.")
    if name == "me":
        return Text(argument, action=True)
    if name == "shrug":
        return Text(f"{argument} {SHRUG}".strip())
    return Invoked(name, argument)


def recipient(argument: str, nicknames: Iterable[str]) -> tuple[str, str]:
    """Return to whom ``/msg`` writes, by the longest of the known nicknames or else the first word, and what."""
    written = argument.removeprefix("@").removeprefix("\uff20")
    known = [name for name in nicknames if f"{written} ".casefold().startswith(f"{name} ".casefold())]
    name = max(known, key=len, default=written.partition(" ")[0])
    return name, written[len(name) :].strip()


def is_on(invoked: Invoked) -> bool:
    """Whether a command such as ``/hold`` turns something on: it does, unless it says otherwise."""
    return invoked.argument.lower() not in ("off", "no", "0")


def pace_command(invoked: Invoked, room: str) -> Pace:
    """What ``/slow``, ``/hold`` and ``/announce`` ask the host for in a room."""
    argument, active = invoked.argument, is_on(invoked)
    seconds = int(argument) if argument.isascii() and argument.isdigit() else 30
    match invoked.name:
        case "slow":
            return Pace(slow=min(seconds, SLOW_SECONDS) if active else 0, room=room)
        case "hold":
            return Pace(hold=active, room=room)
        case _:
            return Pace(announce=active, room=room)
