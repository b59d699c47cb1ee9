"""Whom a message mentions: people of the room by their names, or everybody."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence

from chatdesk.markup.parse import parse
from chatdesk.protocol import markup
from chatdesk.protocol.commands import Mentioned
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.limits import ADDRESSES_FREELY, MENTIONS, NICKNAME_CHARS
from chatdesk.protocol.links import EAST_ASIAN
from chatdesk.protocol.names import EVERYBODY, nickname_key
from chatdesk.server.auth import Principal
from chatdesk.server.hub import Hub
from chatdesk.server.permissions import Right, may
from chatdesk.server.room import Room

_SIGN = re.compile(f'[@\uff20]"?(?=([^\n"@\uff20]{{1,{NICKNAME_CHARS}}}))')
_END = re.compile(rf"\b|(?<=\W)|(?<={EAST_ASIAN})")
"""Where a name may end, in scripts with and without spaces between words."""

Find = Callable[[str], Mentioned | None]
"""Returns whom a name means in the room, whatever its case; None for nobody."""


class Mentions:
    """Finds mentions among the people who belong to a room, whether or not they are connected."""

    def __init__(self, hub: Hub) -> None:
        self._hub = hub

    def of(
        self, content: str, room: Room, principal: Principal, meant: Sequence[Mentioned] = ()
    ) -> tuple[Mentioned, ...]:
        """Whom a text mentions that this principal writes in the room; ``meant``: whom their client means by names.

        Raises ProtocolError for a mention of everybody by somebody who may not.
        """
        if "@" not in content and "\uff20" not in content:
            return ()
        found = find_mentions(content, self._finder(room, meant), own=self._hub.author(principal.identity))
        people = len(room.presence.people)
        if people > ADDRESSES_FREELY and any(not mention.author for mention in found):
            self._check_everybody(principal, room, people)
        return found

    def _check_everybody(self, principal: Principal, room: Room, people: int) -> None:
        if not may(principal, Right.ADDRESS_ALL, room):
            sentence = (
                f"@{EVERYBODY} would tell {people} people: in a room of more than {ADDRESSES_FREELY} only the host "
                "and moderators may do that."
            )
            raise ProtocolError(ErrorCode.FORBIDDEN, sentence)

    def _belonging(self, meant: Sequence[Mentioned], room: Room) -> Iterator[Mentioned]:
        """Those of them who are in the room, or belong to it and are away."""
        absent: set[str] | None = None
        for mention in meant:
            person = self._hub.person_of(mention.author)
            if person and room.presence.people.get(person.key) is person:
                yield mention
                continue
            if absent is None:  # a look at all who belong to the room, once for all of these
                absent = set(map(self._hub.author, self._hub.subscriptions.in_room(room.name)))
            if mention.author in absent:
                yield mention

    def _finder(self, room: Room, meant: Sequence[Mentioned]) -> Find:
        """Whom names mean: first the client's choice, if it belongs to the room; then who is here, then who is away."""
        people = room.presence.people
        kept = self._hub.subscriptions.in_room(room.name)
        chosen = {mention.name.casefold(): mention for mention in self._belonging(meant, room)}
        away: dict[str, Mentioned] | None = None

        def find(name: str) -> Mentioned | None:
            nonlocal away
            folded = name.casefold()
            if folded == EVERYBODY:
                return Mentioned(EVERYBODY)
            if folded in chosen:
                return chosen[folded]
            person = people.get(nickname_key(name))
            if person and person.nickname.casefold() == folded:
                return Mentioned(person.nickname, person.author)
            if away is None:
                away = {
                    subscription.nickname.casefold(): Mentioned(subscription.nickname, identity)
                    for identity, subscription in kept.items()
                    if subscription.joined
                }
            if not (mention := away.get(folded)):
                return None
            return Mentioned(mention.name, self._hub.author(mention.author))

        return find


def find_mentions(content: str, find: Find, own: str = "") -> tuple[Mentioned, ...]:
    """Return whom a text mentions, at most MENTIONS, each once; not in code or quotes, and not ``own``, the author.

    Of several names at one sign the longest counts.
    """
    names = {mention.name: mention.author for mention in _candidates(content, find)}
    if not names:
        return ()
    found = dict.fromkeys(_in_blocks(parse(content, names) or ()))
    return tuple(mention for mention in found if not own or mention.author != own)[:MENTIONS]


def _candidates(content: str, find: Find) -> Iterator[Mentioned]:
    """Yield everybody whose name may stand behind a sign, as it is written in the room."""
    for number, match in enumerate(_SIGN.finditer(content)):
        if number >= MENTIONS:
            return
        written = match[1]
        for end in {place.end() for place in _END.finditer(written)} - {0}:
            if mention := find(written[:end]):
                yield mention


def _in_blocks(blocks: Iterable[markup.Block]) -> Iterator[Mentioned]:
    for block in blocks:
        match block:
            case markup.Paragraph():
                yield from _in_text(block.content)
            case markup.List():
                for item in block.items:
                    yield from _in_blocks(item)
            case markup.Table():
                for row in (block.head, *block.rows):
                    for cell in row:
                        yield from _in_text(cell)


def _in_text(content: Iterable[markup.Inline]) -> Iterator[Mentioned]:
    for piece in content:
        match piece:
            case markup.Mention():
                yield Mentioned(piece.name, piece.author)
            case markup.Strong() | markup.Emphasis() | markup.Strike():
                yield from _in_text(piece.content)
