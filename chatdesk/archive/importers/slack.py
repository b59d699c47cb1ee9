"""Reads a Slack export: a zip archive with a folder for each channel, and in it a file for each day.

What real exports have besides what is documented: the folder of a direct conversation is named by its id; a bot writes
under its ``bot_id``, which is not its user id, and often says everything in ``attachments`` while ``text`` is empty;
a deleted message with answers stays as a ``tombstone``; files may be null; people of other workspaces are missing in
``users.json``; archives that were packed again have one more folder around everything.
"""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Annotated
from zipfile import ZipFile, ZipInfo

from msgspec import Meta, Raw, Struct, field

from chatdesk.archive.importers.emoji import emoji_of
from chatdesk.archive.importers.markdown import with_files
from chatdesk.archive.importers.reading import Decoder, decode, read_member
from chatdesk.archive.importers.slack_text import SlackText
from chatdesk.archive.importers.stream import (
    Imported,
    ImportedAuthor,
    ImportedMessage,
    ImportedReaction,
    ImportedRoom,
    LeftOut,
)

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.json")
_SAID = {None, "", "me_message", "file_share", "file_comment", "thread_broadcast", "bot_message", "slackbot_response",
         "reply_broadcast", "document_mention", "assistant_app_thread"}  # fmt: skip
"""Kinds of messages that say something; all others are notices."""
_SLACKBOT = "USLACKBOT"
"""Slack itself; it is missing in most lists of people."""
_CALLS = {"huddle_thread", "sh_room_created"}


_Seconds = Annotated[str, Meta(pattern=r"^\d{1,11}(\.\d+)?$")]
"""A time since 1970, which is also the id of a message within its channel."""


class _Profile(Struct):
    real_name: str | None = None
    display_name: str | None = None
    bot_id: str | None = None
    name: str | None = None


class _User(Struct):
    id: str
    name: str | None = None
    real_name: str | None = None
    is_bot: bool = False
    profile: _Profile = field(default_factory=_Profile)


class _Text(Struct):
    value: str | None = None


class _Pin(Struct):
    id: str | None = None


class _Channel(Struct):
    id: str
    name: str | None = None
    members: list[str] = []
    is_archived: bool = False
    topic: _Text = field(default_factory=_Text)
    purpose: _Text = field(default_factory=_Text)
    pins: list[_Pin] | None = None


class _File(Struct):
    name: str | None = None
    title: str | None = None


class _Attachment(Struct):
    """What a bot says, or the preview of a link, which has ``from_url``."""

    fallback: str | None = None
    pretext: str | None = None
    title: str | None = None
    title_link: str | None = None
    text: str | None = None
    from_url: str | None = None
    service_name: str | None = None


class _Comment(Struct):
    user: str | None = None
    comment: str | None = None


class _Reaction(Struct):
    name: str
    users: list[str] = []


class _Edited(Struct):
    ts: _Seconds


class _Message(Struct):
    ts: _Seconds
    type: str = "message"
    subtype: str | None = None
    user: str | None = None
    bot_id: str | None = None
    username: str | None = None
    text: str | None = None
    thread_ts: str | None = None
    edited: _Edited | None = None
    user_profile: _Profile | None = None
    bot_profile: _Profile | None = None
    attachments: list[_Attachment] | None = None
    file: _File | None = None
    files: list[_File | None] | None = None
    comment: _Comment | None = None
    reactions: list[_Reaction] | None = None
    pinned_to: object = None


def read(archive: ZipFile) -> Iterator[Imported]:
    """Yield what the archive holds. Raises ArchiveError."""
    return _Export(archive).read()


class _Export:
    def __init__(self, archive: ZipFile) -> None:
        self._archive = archive
        self._members = {member.filename.replace("\\", "/"): member for member in archive.infolist()}
        self._root = _root(self._members)
        self._people: dict[str, str] = {}
        self._bots: dict[str, str] = {}
        """User ids of bots by their bot ids."""
        self._rooms: dict[str, str] = {}
        self._text = SlackText(self._people, self._rooms)
        self._pinned: set[tuple[str, str]] = set()
        self._decode = Decoder(_Message)

    def read(self) -> Iterator[Imported]:
        yield from self._read_users()
        folders: dict[str, str] = {}
        for name in ("channels", "groups", "mpims", "dms"):
            for channel in self._list(f"{name}.json", _Channel):
                folders[channel.id] = folders[channel.name or channel.id] = channel.id
                self._pinned |= {(channel.id, pin.id) for pin in channel.pins or () if pin.id}
                yield self._room(channel, name)
        for name, member in sorted(self._members.items()):
            folder, _, day = name.removeprefix(self._root).rpartition("/")
            if name.startswith(self._root) and folder and "/" not in folder and _DAY.fullmatch(day):
                if folder not in folders:
                    folders[folder] = folder
                    yield ImportedRoom(folder, folder)
                yield from self._read_day(folders[folder], member)
        if self._decode.broken:
            yield LeftOut("unreadable messages", self._decode.broken)

    def _list[T](self, name: str, kind: type[T]) -> Iterator[T]:
        """Yield the entries of one of the lists beside the folders; none if it is missing, as is usual."""
        if member := self._members.get(self._root + name):
            decoder = Decoder(kind)
            yield from decoder.all(decode(read_member(self._archive, member), list[Raw], name))

    def _read_users(self) -> Iterator[Imported]:
        for user in self._list("users.json", _User):
            profile = user.profile
            name = profile.display_name or profile.real_name or user.real_name or user.name or user.id
            if profile.bot_id:
                self._bots[profile.bot_id] = user.id
            yield self._author(user.id, name, bot=user.is_bot or user.id == _SLACKBOT)

    def _author(self, key: str, name: str, *, bot: bool = False) -> ImportedAuthor:
        self._people[key] = name
        return ImportedAuthor(key, name, bot)

    def _room(self, channel: _Channel, kind: str) -> ImportedRoom:
        name = channel.name or channel.id
        people = tuple(dict.fromkeys(channel.members)) if kind in ("mpims", "dms") else ()
        if people:
            name = ", ".join(self._people.get(person, person) for person in people)
        self._rooms[channel.id] = name
        topic = channel.topic.value or channel.purpose.value or ""
        return ImportedRoom(
            channel.id, name, self._text.convert(topic)[0], channel.is_archived, people, private=kind == "groups"
        )

    def _read_day(self, room: str, member: ZipInfo) -> Iterator[Imported]:
        day = decode(read_member(self._archive, member), list[Raw], member.filename)
        for message in self._decode.all(day):
            if message.subtype in _SAID or message.subtype == "tombstone":
                yield from self._message(room, message)
            else:
                yield LeftOut("calls" if message.subtype in _CALLS else "notices")

    def _message(self, room: str, message: _Message) -> Iterator[Imported]:
        author = self._sender(message)
        if author.key not in self._people:
            yield self._author(author.key, author.name, bot=author.bot)
        key = f"{room}/{message.ts}"
        names = _file_names(message)
        content, mentions = self._text.convert(_said(message))
        for mention in mentions:
            if mention.author and mention.author not in self._people:
                yield self._author(mention.author, mention.name)
        answers = message.thread_ts and message.thread_ts != message.ts
        yield ImportedMessage(
            room,
            author.key,
            _milliseconds(message.ts),
            with_files(content, names),
            key,
            reply_to=f"{room}/{message.thread_ts}" if answers else "",
            edited=_milliseconds(message.edited.ts) if message.edited else None,
            mentions=mentions,
            action=message.subtype == "me_message",
            pinned=bool(message.pinned_to) or (room, message.ts) in self._pinned,
            removed="author" if message.subtype == "tombstone" else "",
        )
        if names:
            yield LeftOut("files", len(names))
        yield from self._reactions(key, message)

    def _reactions(self, key: str, message: _Message) -> Iterator[Imported]:
        for reaction in message.reactions or ():
            name, *tones = reaction.name.split("::")
            emoji = emoji_of(name, tones[0] if tones else "")
            if emoji is None:
                yield LeftOut("reactions with emoji of their own", len(reaction.users))
                continue
            for user in reaction.users:
                if user not in self._people:
                    yield self._author(user, f"Unknown {user}")
                yield ImportedReaction(key, user, emoji)

    def _sender(self, message: _Message) -> ImportedAuthor:
        """Return the author: a user, a bot by its bot id, or the name under which a bot posts."""
        user = (message.comment and message.comment.user) or message.user
        if user == _SLACKBOT and user not in self._people:
            return ImportedAuthor(user, "Slackbot", bot=True)
        profile = message.user_profile or _Profile()
        if user and (user in self._people or not message.bot_id):
            name = self._people.get(user) or profile.display_name or profile.real_name or f"Unknown {user}"
            return ImportedAuthor(user, name)
        bot = message.bot_id or ""
        if bot in self._bots and not message.username:
            return ImportedAuthor(self._bots[bot], "", bot=True)
        shown = message.username or (message.bot_profile and message.bot_profile.name) or f"Bot {bot}".strip()
        return ImportedAuthor(f"{bot}/{shown}", shown, bot=True)


def _root(members: dict[str, ZipInfo]) -> str:
    """Return the folder of the archive that everything is in: empty, or one that ends with a slash."""
    lists = [name for name in members if PurePosixPath(name).name in ("users.json", "channels.json")]
    shortest = min(lists, key=lambda name: name.count("/"), default="")
    return shortest[: shortest.rfind("/") + 1]


def _said(message: _Message) -> str:
    """Return what a message says; of a bot that has no text, what its attachments say."""
    if message.subtype == "tombstone":
        return ""
    text = (message.comment and message.comment.comment) or message.text or ""
    if text.strip():
        return text
    own = [part for part in message.attachments or () if not part.from_url]
    return "\n".join(filter(None, map(_attached, own)))


def _attached(part: _Attachment) -> str:
    title = f"<{part.title_link}|{part.title}>" if part.title and part.title_link else part.title
    return "\n".join(filter(None, [part.pretext, title, part.text])) or part.fallback or ""


def _file_names(message: _Message) -> list[str]:
    files = [*(message.files or ()), message.file] if message.subtype != "file_comment" else []
    return [file.name or file.title or "file" for file in files if file]


def _milliseconds(ts: str) -> int:
    """Return a Slack time, in seconds with a fraction, as milliseconds."""
    return int(float(ts) * 1000)
