"""Reads the JSON of DiscordChatExporter: a file for each channel, thread or private conversation.

What real exports have besides what is documented: the text is formatted already, so that a mention is ``@Name``, unless
the export was made with ``--markdown false``; a type that the exporter does not know is a number; a thread names the
channel that it belongs to as its category, and has the id of the message that it began with; a large channel is split
into several files; a private conversation does not say who is in it.
"""

from collections.abc import Generator, Iterator

from msgspec import Raw, Struct, field

from chatdesk.archive.importers.discord_text import Mentioned, convert
from chatdesk.archive.importers.emoji import emoji_of
from chatdesk.archive.importers.markdown import quoted, with_files
from chatdesk.archive.importers.names import room_name
from chatdesk.archive.importers.reading import Decoder, decode
from chatdesk.archive.importers.stream import (
    Imported,
    ImportedAuthor,
    ImportedMessage,
    ImportedReaction,
    ImportedRoom,
    LeftOut,
)
from chatdesk.protocol.times import milliseconds

_SAID = {"Default", "Reply", "20", "23"}
"""Kinds of messages that say something; 20 and 23 are answers of a bot to a command. All others are notices."""
_CALL = "Call"
_DIRECT, _GROUP = "DirectTextChat", "DirectGroupTextChat"
_MIN_GROUP = 3


class _User(Struct):
    id: str
    name: str = ""
    nickname: str | None = None
    isBot: bool = False  # noqa: N815 - the exporter's name, as all of these

    @property
    def shown(self) -> str:
        return self.nickname or self.name or f"Unknown {self.id}"


class _Emoji(Struct):
    id: str | None = None
    name: str = ""


class _Reaction(Struct):
    emoji: _Emoji
    count: int = 0
    users: list[_User] = []


class _File(Struct):
    fileName: str = ""  # noqa: N815


class _Field(Struct):
    name: str = ""
    value: str = ""


class _Embed(Struct):
    title: str | None = None
    url: str | None = None
    description: str | None = None
    fields: list[_Field] = []


class _Named(Struct):
    name: str = ""


class _Reference(Struct):
    messageId: str | None = None  # noqa: N815
    type: str = "Default"


class _Forwarded(Struct):
    content: str = ""
    attachments: list[_File] = []


class _Message(Struct):
    id: str
    timestamp: str
    author: _User
    type: str = "Default"
    content: str = ""
    timestampEdited: str | None = None  # noqa: N815
    isPinned: bool = False  # noqa: N815
    attachments: list[_File] = []
    embeds: list[_Embed] = []
    stickers: list[_Named] = []
    reactions: list[_Reaction] = []
    mentions: list[_User] = []
    reference: _Reference | None = None
    forwardedMessage: _Forwarded | None = None  # noqa: N815


class _Channel(Struct):
    id: str
    name: str = ""
    type: str = "GuildTextChat"
    categoryId: str | None = None  # noqa: N815
    category: str | None = None
    topic: str | None = None

    @property
    def is_thread(self) -> bool:
        return self.type.endswith("Thread") and bool(self.categoryId)


class _Export(Struct):
    channel: _Channel
    messages: list[Raw] = field(default_factory=list)


def read(data: memoryview, name: str) -> Iterator[Imported]:
    """Yield what the file of this name holds. Raises ArchiveError."""
    export = decode(data, _Export, name)
    return _Reader(export.channel).read(export.messages)


class _Reader:
    def __init__(self, channel: _Channel) -> None:
        self._channel = channel
        self._room = channel.categoryId if channel.is_thread and channel.categoryId else channel.id
        self._people: dict[str, str] = {}
        self._speakers: dict[str, None] = {}
        self._decode = Decoder(_Message)

    def read(self, messages: list[Raw]) -> Iterator[Imported]:
        if not self._channel.is_thread:
            yield self._described()
        else:
            yield ImportedRoom(self._room, room_name(self._channel.category or self._channel.name))
        for message in self._decode.all(messages):
            if message.type in _SAID:
                yield from self._message(message)
            else:
                yield LeftOut("calls" if message.type == _CALL else "notices")
        if self._channel.type in (_DIRECT, _GROUP):
            yield from self._conversation()
        if self._decode.broken:
            yield LeftOut("unreadable messages", self._decode.broken)

    def _described(self) -> ImportedRoom:
        return ImportedRoom(self._room, room_name(self._channel.name), self._channel.topic or "")

    def _conversation(self) -> Iterator[Imported]:
        """Yield the conversation again, now that it is known who is in it: those who have spoken."""
        people = list(self._speakers)
        least = 2 if self._channel.type == _DIRECT else _MIN_GROUP
        while len(people) < least:
            silent = f"{self._channel.id}-{len(people)}"
            yield ImportedAuthor(silent, self._channel.name)
            people.append(silent)
        yield self._described()._replace(people=tuple(people))

    def _message(self, message: _Message) -> Iterator[Imported]:
        author = yield from self._person(message.author)
        self._speakers[author] = None
        mentioned: dict[str, Mentioned] = {}
        for user in message.mentions:
            mentioned[user.id] = Mentioned((yield from self._person(user)), (user.shown, user.name))
        content, mentions = convert(_said(message), mentioned)
        names = [file.fileName for file in _files(message)]
        reference = message.reference
        answered = reference.messageId if reference and reference.type == "Default" else None
        at = milliseconds(message.timestamp)
        yield ImportedMessage(
            self._room,
            author,
            -1 if at is None else at,
            with_files(content, names),
            message.id,
            reply_to=answered or (self._channel.id if self._channel.is_thread else ""),
            edited=milliseconds(message.timestampEdited) if message.timestampEdited else None,
            mentions=mentions,
            pinned=message.isPinned,
        )
        yield from _left_out(message, len(names))
        for reaction in message.reactions:
            yield from self._reaction(message.id, reaction)

    def _person(self, user: _User) -> Generator[Imported, None, str]:
        """Yield somebody who is new, and return the key; a webhook is somebody else under each name."""
        key = f"{user.id}/{user.shown}" if user.isBot else user.id
        if self._people.get(key) != user.shown:
            self._people[key] = user.shown
            yield ImportedAuthor(key, user.shown, user.isBot)
        return key

    def _reaction(self, key: str, reaction: _Reaction) -> Iterator[Imported]:
        emoji = None if reaction.emoji.id else emoji_of(reaction.emoji.name) or reaction.emoji.name
        if not emoji or emoji.isascii():
            yield LeftOut("reactions with emoji of their own", max(reaction.count, len(reaction.users)))
            return
        for user in reaction.users:
            yield ImportedReaction(key, (yield from self._person(user)), emoji)
        if reaction.count > len(reaction.users):
            yield LeftOut("reactions without a name", reaction.count - len(reaction.users))


def _said(message: _Message) -> str:
    """Return the text; else what was forwarded, or what a bot says in its embeds."""
    if message.content.strip():
        return message.content
    if message.forwardedMessage:
        return quoted(message.forwardedMessage.content) if message.forwardedMessage.content else ""
    return "\n".join(filter(None, map(_embedded, message.embeds))) if message.author.isBot else ""


def _embedded(embed: _Embed) -> str:
    title = f"[{embed.title}]({embed.url})" if embed.title and embed.url else embed.title
    fields = [f"**{one.name}**: {one.value}" for one in embed.fields]
    return "\n".join(filter(None, [title, embed.description, *fields]))


def _files(message: _Message) -> list[_File]:
    forwarded = message.forwardedMessage.attachments if message.forwardedMessage else []
    return [*message.attachments, *forwarded]


def _left_out(message: _Message, files: int) -> Iterator[LeftOut]:
    for kind, count in (("files", files), ("stickers", len(message.stickers))):
        if count:
            yield LeftOut(kind, count)
