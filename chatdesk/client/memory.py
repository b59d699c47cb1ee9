"""What a client knows again after a restart: who it was in a chat, what it had read, and not sent, and not finished.

A server's id proves nothing: whoever has heard it can claim it. What is reached at another address is a stranger, until
it has proved that it issued one's token (``proving``); then it is the same server, and all of this is there again.

Each identity in each room has a folder of its own, and each unsent message a file of its own: two windows of one person
never write over what the other one has said. Whatever cannot be read is put aside, and counts as forgotten; what
cannot be written raises OSError.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from chatdesk.client.outbox import Outgoing
from chatdesk.protocol.nickname import nickname_key

MAX_PLACES = 200
"""Places remembered; those where one has not been for longest go."""
_CARD = "identity.json"
_MAX_BYTES = 16 * 1024 * 1024


class Card(msgspec.Struct):
    """Who one is in a room of a server, up to where one has read there, and what one is writing.

    ``address`` is where one was last: elsewhere the token is shown only to who has proved to have issued it. It is
    empty for one that was not issued to a guest, such as the host's.
    """

    address: str
    server: str
    room: str
    token: str
    nickname: str
    epoch: str = ""
    read: int = 0
    written: str = ""


class Place:
    """One identity in one room."""

    def __init__(self, folder: Path, card: Card) -> None:
        self.card = card
        self._folder = folder
        self._kept = dict(_unsent(folder))

    @property
    def unsent(self) -> list[Outgoing]:
        """What was said here and not acknowledged, in the order it was said."""
        return [entry for entry, _ in self._kept.values()]

    def is_of(self, card: Card) -> bool:
        """Whether this is the place of that identity."""
        return _key(self.card) == _key(card)

    def has(self, message_id: str) -> bool:
        """Whether this message is kept here."""
        return message_id in self._kept

    def save(self) -> None:
        """Keep the card."""
        _write(self._folder / _CARD, msgspec.json.encode(self.card))

    def keep(self, entry: Outgoing) -> None:
        """Keep an unsent message, or what has become of it; it is safe when this returns."""
        kept, file = self._kept.get(entry.id, (None, None))
        if kept == entry:
            return
        file = file or self._folder / f"{self._next_number():08}.{entry.id}.unsent.json"
        _write(file, msgspec.json.encode(entry))
        self._kept[entry.id] = entry, file

    def drop(self, message_id: str) -> None:
        """It is no longer unsent."""
        if kept := self._kept.pop(message_id, None):
            kept[1].unlink(missing_ok=True)

    def _next_number(self) -> int:
        return max((_number(file) for _, file in self._kept.values()), default=0) + 1


class Memory:
    """All places, under one folder, which may not exist yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def token_at(self, address: str, nickname: str) -> str | None:
        """Who one last was at this address, under this nickname."""
        key = nickname_key(nickname)
        cards = (card for card in self._cards() if card.address == address and nickname_key(card.nickname) == key)
        return next((card.token for card in cards), None)

    def tokens_elsewhere(self, address: str, nickname: str) -> list[str]:
        """Who one was at other addresses under this nickname, the latest first."""
        key = nickname_key(nickname)
        return [card.token for card in self._cards() if card.address != address and nickname_key(card.nickname) == key]

    def place(self, card: Card) -> Place:
        """The place of this identity, as it was left, or a new one. It is remembered once it is saved."""
        folder = self._folder_of(card)
        if left := _read_card(folder):
            card.epoch, card.read, card.written = left.epoch, left.read, left.written
        return Place(folder, card)

    def like(self, card: Card) -> list[Place]:
        """Where the person may have been in the same room, but nothing proves it.

        Another nickname at the same address is another person; at another address it may be the same one, whose
        nickname was taken.
        """
        return [self.place(other) for other in self._cards() if _is_like(card, other)]

    def forget_oldest(self) -> None:
        """Make room for others."""
        for folder in self._folders()[MAX_PLACES:]:
            shutil.rmtree(folder, ignore_errors=True)

    def _folder_of(self, card: Card) -> Path:
        """Earlier versions of this program had the address in the folder's name, too."""
        for folder in self._folders():
            left = _read_card(folder)
            if left and _key(left) == _key(card):
                return folder
        return self._folder / _digest(*_key(card))

    def _cards(self) -> Iterator[Card]:
        """Those of guests, the latest first."""
        cards = (card for folder in self._folders() if (card := _read_card(folder)))
        return (card for card in cards if card.address)

    def _folders(self) -> list[Path]:
        with contextlib.suppress(OSError):
            return [file.parent for file in sorted(self._folder.glob(f"*/{_CARD}"), key=_age)]
        return []


def _age(file: Path) -> float:
    return -file.stat().st_mtime


def _key(card: Card) -> tuple[str, ...]:
    return "a guest" if card.address else "", card.server, card.room, card.token


def _is_like(card: Card, other: Card) -> bool:
    same_room = (card.server, card.room) == (other.server, other.room) and _key(card) != _key(other)
    same_name = nickname_key(card.nickname) == nickname_key(other.nickname)
    return same_room and (same_name or card.address != other.address)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _number(file: Path) -> int:
    number = file.name.partition(".")[0]
    return int(number) if number.isdecimal() else 0


def _unsent(folder: Path) -> Iterator[tuple[str, tuple[Outgoing, Path]]]:
    for file in sorted(folder.glob("*.unsent.json")):
        if entry := _read(file, Outgoing):
            yield entry.id, (entry, file)


def _read_card(folder: Path) -> Card | None:
    return _read(folder / _CARD, Card)


def _read[Kept](file: Path, kind: type[Kept]) -> Kept | None:
    """What a file holds. One that cannot be read is put aside."""
    try:
        with file.open("rb") as opened:
            return msgspec.json.decode(opened.read(_MAX_BYTES), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        with contextlib.suppress(OSError):
            file.replace(file.with_name(f"{file.name}.damaged"))
        return None


def _write(file: Path, data: bytes) -> None:
    """Write all of it, or nothing: whoever reads sees the old or the new. For the person's eyes only."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as opened:
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)
