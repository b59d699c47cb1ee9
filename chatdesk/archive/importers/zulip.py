"""Reads a Zulip export: a tar archive with ``realm.json`` and the messages in many files.

What real exports have besides what is documented: the files of messages are in the order of several queries, so
private messages to people without an account come after all others, however old; reactions stand in ``realm.json`` or
beside the messages, by version; a private conversation of two is a recipient of its own or a group of two; its subject
is empty or one control character; an edit may have changed the topic alone.
"""

import re
import tarfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Annotated

from msgspec import Meta, MsgspecError, Raw, Struct
from msgspec.json import decode as decode_json

from chatdesk.archive.history_file import ArchiveError
from chatdesk.archive.importers.emoji import emoji_of
from chatdesk.archive.importers.names import room_name
from chatdesk.archive.importers.reading import Decoder, decode, read_limited
from chatdesk.archive.importers.stream import (
    LATEST_MS,
    Imported,
    ImportedAuthor,
    ImportedMessage,
    ImportedReaction,
    ImportedRoom,
    LeftOut,
)
from chatdesk.archive.importers.zulip_text import ZulipText

_MESSAGES = re.compile(r"messages-\d+\.json")
_NOTIFIERS = ("notification-bot@", "welcome-bot@")
"""Whose messages are notices of the program."""
_PERSONAL, _CHANNEL = 1, 2
"""Types of a recipient; 3 is a group."""
_NO_TOPIC = "general chat"
"""What Zulip calls the topic of a message without one."""


class _User(Struct):
    id: int
    full_name: str | None = None
    email: str | None = None
    is_bot: bool = False


class _Stream(Struct):
    id: int
    name: str
    description: str | None = None
    deactivated: bool = False
    invite_only: bool = False


class _Recipient(Struct):
    id: int
    type: int
    type_id: int


class _Subscription(Struct):
    recipient: int
    user_profile: int


class _Reaction(Struct):
    message: int
    user_profile: int
    emoji_name: str = ""
    emoji_code: str = ""
    reaction_type: str = "unicode_emoji"


class _Message(Struct):
    id: int
    sender: int
    recipient: int
    content: str
    date_sent: Annotated[float, Meta(ge=0, le=LATEST_MS / 1000)]
    subject: str = ""
    last_edit_time: float | None = None
    edit_history: object = None


class _Realm(Struct):
    zerver_userprofile: list[_User]
    zerver_stream: list[_Stream] = []
    zerver_recipient: list[_Recipient] = []
    zerver_subscription: list[_Subscription] = []
    zerver_userprofile_mirrordummy: list[_User] = []
    zerver_userprofile_crossrealm: list[_User] = []
    zerver_reaction: list[Raw] = []


class _Part(Struct):
    zerver_message: list[Raw] = []
    zerver_reaction: list[Raw] = []


def read(path: Path) -> Iterator[Imported]:
    """Yield what the archive holds. Raises ArchiveError."""
    for name, data in _members(path, re.compile(r"realm\.json")):
        return _Export(decode(data, _Realm, name)).read(path)
    raise ArchiveError(f"{path} holds no realm.json, so it is no export of Zulip's: choose another file.")


def _members(path: Path, wanted: re.Pattern[str]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of the files of this name; the archive is read once from start to end."""
    with tarfile.open(path, "r|*") as archive:
        for member in archive:
            name = PurePosixPath(member.name)
            if len(name.parts) <= 2 and wanted.fullmatch(name.name) and (file := archive.extractfile(member)):
                yield name.name, read_limited(file, name.name)


class _Export:
    def __init__(self, realm: _Realm) -> None:
        self._realm = realm
        system = realm.zerver_userprofile_crossrealm
        people = [*realm.zerver_userprofile, *realm.zerver_userprofile_mirrordummy, *system]
        self._people = {user.id: _name(user) for user in people}
        self._notifiers = {user.id for user in people if (user.email or "").startswith(_NOTIFIERS)}
        self._bots = {user.id for user in people if user.is_bot or user in system}
        self._recipients = {one.id: one for one in realm.zerver_recipient}
        self._groups: dict[int, list[int]] = {}
        for member in realm.zerver_subscription:
            recipient = self._recipients.get(member.recipient)
            if recipient and recipient.type not in (_PERSONAL, _CHANNEL):
                self._groups.setdefault(member.recipient, []).append(member.user_profile)
        self._conversations: set[str] = set()
        self._text = ZulipText({str(number): name for number, name in self._people.items()})
        self._decode_message = Decoder(_Message)
        self._decode_reaction = Decoder(_Reaction)

    def read(self, path: Path) -> Iterator[Imported]:
        for number, name in self._people.items():
            yield ImportedAuthor(str(number), name, number in self._bots)
        for stream in self._realm.zerver_stream:
            topic = self._text.convert(stream.description or "").content
            name, private = room_name(stream.name), stream.invite_only
            yield ImportedRoom(f"#{stream.id}", name, topic, stream.deactivated, private=private)
        yield from self._reactions(self._realm.zerver_reaction)
        for name, data in _members(path, _MESSAGES):
            part = decode(data, _Part, name)
            for message in self._decode_message.all(part.zerver_message):
                yield from self._message(message)
            yield from self._reactions(part.zerver_reaction)
        if self._decode_message.broken:
            yield LeftOut("unreadable messages", self._decode_message.broken)

    def _message(self, message: _Message) -> Iterator[Imported]:
        recipient = self._recipients.get(message.recipient)
        if message.sender in self._notifiers or recipient is None:
            yield LeftOut("notices" if recipient else "messages to nobody who is named in the export")
            return
        if message.sender not in self._people:
            yield self._missing(message.sender)
        in_channel = recipient.type == _CHANNEL
        if in_channel:
            room = f"#{recipient.type_id}"
        else:
            people = self._people_of(recipient, message.sender)
            room = ",".join(map(str, people))
            yield from self._conversation(room, people)
        text = self._text.convert(message.content)
        yield ImportedMessage(
            room,
            str(message.sender),
            int(message.date_sent * 1000),
            text.content,
            str(message.id),
            edited=_edited(message),
            heading=(message.subject or _NO_TOPIC) if in_channel else "",
            mentions=text.mentions,
            action=text.action,
        )
        if text.files:
            yield LeftOut("files", text.files)

    def _people_of(self, recipient: _Recipient, sender: int) -> list[int]:
        if recipient.type == _PERSONAL:
            return sorted({sender, recipient.type_id})
        return sorted({sender, *self._groups.get(recipient.id, [])})

    def _conversation(self, key: str, people: list[int]) -> Iterator[Imported]:
        if key not in self._conversations:
            self._conversations.add(key)
            yield from map(self._missing, [person for person in people if person not in self._people])
            name = ", ".join(self._people[person] for person in people)
            yield ImportedRoom(key, name, people=tuple(map(str, people)))

    def _missing(self, number: int) -> ImportedAuthor:
        self._people[number] = f"Unknown {number}"
        return ImportedAuthor(str(number), self._people[number])

    def _reactions(self, reactions: list[Raw]) -> Iterator[Imported]:
        for reaction in self._decode_reaction.all(reactions):
            emoji = _emoji(reaction)
            if emoji is None:
                yield LeftOut("reactions with emoji of their own")
                continue
            if reaction.user_profile not in self._people:
                yield self._missing(reaction.user_profile)
            yield ImportedReaction(str(reaction.message), str(reaction.user_profile), emoji)


def _name(user: _User) -> str:
    return user.full_name or (user.email or "").partition("@")[0] or f"Unknown {user.id}"


def _emoji(reaction: _Reaction) -> str | None:
    """Return the emoji by its code, such as ``1f1fa-1f1f8``; None for one of the organisation's own."""
    if reaction.reaction_type != "unicode_emoji":
        return None
    try:
        return "".join(chr(int(code, 16)) for code in reaction.emoji_code.split("-"))
    except (ValueError, OverflowError):
        return emoji_of(reaction.emoji_name)


def _edited(message: _Message) -> int | None:
    """Return when the text was edited; None if it never was, or the topic alone."""
    if message.last_edit_time is None:
        return None
    history = message.edit_history
    if isinstance(history, str):
        try:
            history = decode_json(history)
        except MsgspecError:
            history = None
    if isinstance(history, list) and not any("prev_content" in edit for edit in history if isinstance(edit, dict)):
        return None
    return int(message.last_edit_time * 1000)
