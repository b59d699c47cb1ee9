"""Reads Mattermost's bulk export: JSON lines, alone or in a zip archive.

What real exports have besides what is documented: posts come in the order of random ids, not of time; replies have no
ids and stand within their post; ``null`` stands for every list that is empty; a person who was removed is missing, but
their posts are not; what a webhook said is in ``props``.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import PurePosixPath
from typing import Annotated

from msgspec import Meta, Struct

from chatdesk.archive.importers.emoji import emoji_of
from chatdesk.archive.importers.markdown import Conversion, with_files
from chatdesk.archive.importers.reading import Decoder
from chatdesk.archive.importers.stream import (
    LATEST_MS,
    Imported,
    ImportedAuthor,
    ImportedMention,
    ImportedMessage,
    ImportedReaction,
    ImportedRoom,
    LeftOut,
)
from chatdesk.protocol.names import EVERYBODY

_MENTION = re.compile(r"(?<![\w@./-])@([a-z0-9](?:[a-z0-9._-]*[a-z0-9_-])?)", re.IGNORECASE)
_CHANNEL = re.compile(r"(?<![\w~/])~([a-z0-9][a-z0-9_-]*)")
_EVERYBODY = {"all", "channel", "here"}


class _Channel(Struct):
    name: str
    team: str = ""
    display_name: str | None = None
    header: str | None = None
    purpose: str | None = None
    deleted_at: int | None = None
    type: str = "O"


class _User(Struct):
    username: str
    nickname: str | None = None
    display_name: str | None = None
    first_name: str | None = None
    last_name: str | None = None


class _Reaction(Struct):
    user: str
    emoji_name: str


class _Attachment(Struct):
    path: str = ""


class _Card(Struct):
    """What a webhook said beside, or in place of, its text."""

    pretext: str | None = None
    title: str | None = None
    text: str | None = None
    fallback: str | None = None


class _Props(Struct):
    override_username: str | None = None
    from_webhook: str | None = None
    from_bot: str | None = None
    attachments: list[_Card] | None = None


class _Post(Struct):
    user: str = ""
    message: str | None = None
    create_at: Annotated[int, Meta(ge=0, le=LATEST_MS)] = 0
    edit_at: int | None = None
    type: str | None = None
    team: str = ""
    channel: str = ""
    channel_members: list[str] | None = None
    is_pinned: bool | None = None
    props: _Props | None = None
    attachments: list[_Attachment] | None = None
    reactions: list[_Reaction] | None = None
    replies: list["_Post"] | None = None


class _Direct(Struct):
    members: list[str] | None = None
    header: str | None = None


class _Line(Struct):
    type: str
    channel: _Channel | None = None
    user: _User | None = None
    bot: _User | None = None
    post: _Post | None = None
    direct_channel: _Direct | None = None
    direct_post: _Post | None = None
    emoji: dict[str, object] | None = None


def read(rows: Iterable[bytes]) -> Iterator[Imported]:
    """Yield what these lines hold."""
    return _Export().read(rows)


class _Export:
    def __init__(self) -> None:
        self._people: dict[str, str] = {}
        self._rooms: dict[str, str] = {}
        self._direct: set[str] = set()
        self._number = 0

    def read(self, rows: Iterable[bytes]) -> Iterator[Imported]:
        decoder = Decoder(_Line)
        for row in rows:
            line = decoder(row)
            if line is not None:
                yield from self._line(line)
        if decoder.broken:
            yield LeftOut("unreadable lines", decoder.broken)

    def _line(self, line: _Line) -> Iterator[Imported]:
        if user := line.user or line.bot:
            yield self._author(user, bot=line.user is None)
        elif line.channel:
            yield self._channel(line.channel)
        elif line.direct_channel:
            yield from self._conversation(line.direct_channel.members or [], line.direct_channel.header or "")
        elif line.post:
            room = f"{line.post.team}/{line.post.channel}"
            if line.post.channel not in self._rooms:
                yield self._channel(_Channel(line.post.channel, line.post.team))
            yield from self._thread(room, line.post)
        elif line.direct_post:
            people = line.direct_post.channel_members or []
            yield from self._conversation(people)
            yield from self._thread(_direct_key(people), line.direct_post)
        elif line.type == "emoji":
            yield LeftOut("emoji of their own")

    def _author(self, user: _User, *, bot: bool) -> ImportedAuthor:
        full = f"{user.first_name or ''} {user.last_name or ''}".strip()
        name = user.nickname or user.display_name or full or user.username
        self._people[user.username] = name
        return ImportedAuthor(user.username, name, bot)

    def _channel(self, channel: _Channel) -> ImportedRoom:
        key = f"{channel.team}/{channel.name}"
        self._rooms[channel.name] = channel.name
        topic = self._convert(channel.header or channel.purpose or "")[0]
        return ImportedRoom(key, channel.name, topic, bool(channel.deleted_at), private=channel.type == "P")

    def _conversation(self, people: list[str], header: str = "") -> Iterator[Imported]:
        """Yield a private conversation, once; older exports have its posts and no line for itself."""
        key = _direct_key(people)
        if key not in self._direct:
            self._direct.add(key)
            yield from map(self._missing, [person for person in people if person not in self._people])
            name = ", ".join(self._people[person] for person in people)
            yield ImportedRoom(key, name, header, people=tuple(dict.fromkeys(people)))

    def _missing(self, username: str) -> ImportedAuthor:
        self._people[username] = username
        return ImportedAuthor(username, username)

    def _thread(self, room: str, post: _Post) -> Iterator[Imported]:
        self._number += 1
        key = str(self._number)
        yield from self._message(room, post, key, "")
        for number, reply in enumerate(post.replies or ()):
            yield from self._message(room, reply, f"{key}-{number}", key)

    def _message(self, room: str, post: _Post, key: str, reply_to: str) -> Iterator[Imported]:
        kind = post.type or ""
        if kind.startswith(("system_", "custom_")):
            yield LeftOut("calls" if "calls" in kind else "notices")
            return
        author = self._sender(post)
        if author.key not in self._people:
            self._people[author.key] = author.name
            yield author
        content, mentions = self._convert(_said(post))
        names = [PurePosixPath(file.path).name for file in post.attachments or ()]
        yield ImportedMessage(
            room,
            author.key,
            post.create_at,
            with_files(content, names),
            key,
            reply_to,
            edited=post.edit_at or None,
            mentions=mentions,
            action=kind == "me",
            pinned=bool(post.is_pinned),
        )
        if names:
            yield LeftOut("files", len(names))
        yield from self._reactions(key, post.reactions or ())

    def _sender(self, post: _Post) -> ImportedAuthor:
        shown = post.props and post.props.override_username
        if shown:
            return ImportedAuthor(f"{post.user}/{shown}", shown, bot=True)
        return ImportedAuthor(post.user, self._people.get(post.user) or post.user)

    def _reactions(self, key: str, reactions: Iterable[_Reaction]) -> Iterator[Imported]:
        for reaction in reactions:
            emoji = emoji_of(reaction.emoji_name)
            if emoji is None:
                yield LeftOut("reactions with emoji of their own")
                continue
            if reaction.user not in self._people:
                yield self._missing(reaction.user)
            yield ImportedReaction(key, reaction.user, emoji)

    def _convert(self, text: str) -> tuple[str, tuple[ImportedMention, ...]]:
        """Return Mattermost's text in our markdown, which differs in names only."""
        conversion = Conversion(text)
        conversion.keep_code()
        conversion.link_images()
        conversion.replace(_MENTION, lambda match: self._mention(conversion, match))
        conversion.replace(_CHANNEL, lambda match: f"#{match[1]}" if match[1] in self._rooms else match[0])
        conversion.name_emoji()
        return conversion.finish(), tuple(conversion.mentions.values())

    def _mention(self, conversion: Conversion, match: re.Match[str]) -> str:
        username = match[1].lower()
        if username in _EVERYBODY:
            return conversion.mention(EVERYBODY, "")
        if username not in self._people:
            return match[0]
        return conversion.mention(self._people[username], username)


def _direct_key(people: list[str]) -> str:
    return f"@{','.join(sorted(people))}"


def _said(post: _Post) -> str:
    """Return the text; of a webhook that has none, what its cards say."""
    text = post.message or ""
    if text.strip() or not post.props:
        return text
    cards = post.props.attachments or ()
    return "\n".join(
        "\n".join(filter(None, [card.pretext, card.title, card.text])) or card.fallback or "" for card in cards
    )
