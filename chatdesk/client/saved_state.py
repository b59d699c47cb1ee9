"""What a client keeps on disk for its next start: identities, read positions, unsent messages and drafts.

A server's id proves nothing: anybody who has heard it can claim it. A server at another address is a stranger until it
has proved that it issued the client's token (``proof_request``); then it is the same server, and all that is stored for
it is used again.

Each identity in each room has a folder of its own, and each unsent message a file of its own, so that two windows of
one person never overwrite each other. A file that cannot be read is renamed and counts as missing. A failed write
raises OSError.
"""

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import msgspec

from chatdesk.client.outbox import Outgoing
from chatdesk.client.unfinished import Unfinished
from chatdesk.protocol.names import nickname_key

MAX_ROOMS = 200
"""More rooms than anybody uses; beyond that the least recently used ones are deleted."""
_CREDENTIALS_FILE = "identity.json"
_MAX_BYTES = 16 * 1024 * 1024
"""A message is far smaller; more is not ours."""


class Credentials(msgspec.Struct):
    """Who the person is in a room of a server, how far they have read, and their draft.

    ``address`` is where the server was last reached: at another address the token is shown only to a server that
    has proved to have issued it. It is empty for a token that was not issued to a guest, such as the host's.
    ``held``: they have set back how far they have read, and what is in view does not count.
    ``unfinished`` are the answers and edits that belong to the draft. ``sign_in`` is the token (JWT) by which they have
    signed in there, empty for none.
    """

    address: str
    server: str
    room: str
    token: str
    nickname: str
    epoch: str = ""
    read: int = 0
    held: bool = False
    draft: str = msgspec.field(default="", name="written")
    unfinished: Unfinished = Unfinished()
    sign_in: str = ""


class KnownRoom:
    """One identity in one room."""

    def __init__(self, folder: Path, credentials: Credentials) -> None:
        self.credentials = credentials
        self._folder = folder
        self._unsent_files = dict(_read_unsent(folder))

    @property
    def unsent(self) -> list[Outgoing]:
        """Messages that were not acknowledged, in the order in which they were written."""
        return [entry for entry, _ in self._unsent_files.values()]

    def belongs_to(self, credentials: Credentials) -> bool:
        """Whether this is the room of that identity."""
        return _key(self.credentials) == _key(credentials)

    def has_message(self, message_id: str) -> bool:
        """Whether this message is stored here."""
        return message_id in self._unsent_files

    def save_credentials(self) -> None:
        """Write the credentials to disk."""
        _write(self._folder / _CREDENTIALS_FILE, msgspec.json.encode(self.credentials))

    def save_message(self, entry: Outgoing) -> None:
        """Write an unsent message, or its new state; it is on disk when this returns.

        One that is sent again goes behind all others.
        """
        stored, before = self._unsent_files.get(entry.id, (None, None))
        if stored == entry:
            return
        sent_again = stored is not None and stored.error is not None and entry.error is None
        new = self._folder / f"{self._next_number():08}.{entry.id}.unsent.json"
        file = new if before is None or sent_again else before
        _write(file, msgspec.json.encode(entry))
        if before and sent_again:
            del self._unsent_files[entry.id]
            before.unlink(missing_ok=True)
        self._unsent_files[entry.id] = entry, file

    def delete_message(self, message_id: str) -> None:
        """Remove a message that is no longer unsent."""
        if stored := self._unsent_files.pop(message_id, None):
            stored[1].unlink(missing_ok=True)

    def _next_number(self) -> int:
        return max((_number(file) for _, file in self._unsent_files.values()), default=0) + 1


class ClientStore:
    """All known rooms, in one folder, which may not exist yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def token_at(self, address: str, nickname: str) -> str | None:
        """Return the token that was last used at this address under this nickname."""
        return next((credentials.token for credentials in self._at(address, nickname)), None)

    def sign_in_at(self, address: str, nickname: str) -> str:
        """Return the token (JWT) by which the person has last signed in at this address under this nickname, if any."""
        return next((credentials.sign_in for credentials in self._at(address, nickname) if credentials.sign_in), "")

    def forget_sign_in(self, sign_in: str) -> None:
        """Forget a token (JWT) that opens nothing any more, wherever it is kept."""
        for credentials in list(self._all_credentials()):
            if credentials.sign_in == sign_in:
                credentials.sign_in = ""
                KnownRoom(self._folder_of(credentials), credentials).save_credentials()

    def tokens_elsewhere(self, address: str, nickname: str) -> list[str]:
        """Return the tokens that were used under this nickname at other addresses, the latest first."""
        key = nickname_key(nickname)
        return [
            credentials.token
            for credentials in self._all_credentials()
            if credentials.address != address and nickname_key(credentials.nickname) == key
        ]

    def room(self, credentials: Credentials) -> KnownRoom:
        """Return the stored room of this identity, or a new one, which exists once it is saved."""
        folder = self._folder_of(credentials)
        if stored_credentials := _read_credentials(folder):
            credentials.epoch, credentials.read = stored_credentials.epoch, stored_credentials.read
            credentials.held, credentials.sign_in = stored_credentials.held, stored_credentials.sign_in
            credentials.draft, credentials.unfinished = stored_credentials.draft, stored_credentials.unfinished
        return KnownRoom(folder, credentials)

    def similar_rooms(self, credentials: Credentials) -> list[KnownRoom]:
        """Return rooms that may have belonged to the same person in the same room, though nothing proves it.

        Another nickname at the same address is another person; at another address it may be the same person,
        whose nickname was taken.
        """
        return [self.room(other) for other in self._all_credentials() if _is_similar(credentials, other)]

    def delete_oldest(self) -> None:
        """Delete the least recently used rooms beyond MAX_ROOMS."""
        for folder in self._folders()[MAX_ROOMS:]:
            shutil.rmtree(folder, ignore_errors=True)

    def _at(self, address: str, nickname: str) -> Iterator[Credentials]:
        """The credentials at an address under a nickname, the latest first."""
        key, guests = nickname_key(nickname), self._all_credentials()
        return (it for it in guests if it.address == address and nickname_key(it.nickname) == key)

    def _folder_of(self, credentials: Credentials) -> Path:
        """The folder of this identity; earlier versions put the address into its name, too."""
        for folder in self._folders():
            stored_credentials = _read_credentials(folder)
            if stored_credentials and _key(stored_credentials) == _key(credentials):
                return folder
        return self._folder / _digest(*_key(credentials))

    def _all_credentials(self) -> Iterator[Credentials]:
        """The credentials of guests, the latest first."""
        credentials_list = (credentials for folder in self._folders() if (credentials := _read_credentials(folder)))
        return (credentials for credentials in credentials_list if credentials.address)

    def _folders(self) -> list[Path]:
        with contextlib.suppress(OSError):
            return [file.parent for file in sorted(self._folder.glob(f"*/{_CREDENTIALS_FILE}"), key=_age)]
        return []


def _age(file: Path) -> float:
    return -file.stat().st_mtime


def _key(credentials: Credentials) -> tuple[str, ...]:
    return "a guest" if credentials.address else "", credentials.server, credentials.room, credentials.token


def _is_similar(credentials: Credentials, other: Credentials) -> bool:
    same_room = (credentials.server, credentials.room) == (other.server, other.room) and _key(credentials) != _key(
        other
    )
    same_name = nickname_key(credentials.nickname) == nickname_key(other.nickname)
    return same_room and (same_name or credentials.address != other.address)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()[:32]


def _number(file: Path) -> int:
    number = file.name.partition(".")[0]
    return int(number) if number.isdecimal() else 0


def _read_unsent(folder: Path) -> Iterator[tuple[str, tuple[Outgoing, Path]]]:
    for file in sorted(folder.glob("*.unsent.json")):
        if entry := _read(file, Outgoing):
            yield entry.id, (entry, file)


def _read_credentials(folder: Path) -> Credentials | None:
    return _read(folder / _CREDENTIALS_FILE, Credentials)


def _read[Stored](file: Path, kind: type[Stored]) -> Stored | None:
    """Return what a file holds; rename one that cannot be read."""
    try:
        with file.open("rb") as stream:
            return msgspec.json.decode(stream.read(_MAX_BYTES), type=kind)
    except FileNotFoundError:
        return None
    except (OSError, ValueError):
        with contextlib.suppress(OSError):
            file.replace(file.with_name(f"{file.name}.damaged"))
        return None


def _write(file: Path, data: bytes) -> None:
    """Write the file atomically: a reader sees the old content or the new one. Only the user may read it."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    new = file.with_name(f"{file.name}.{os.getpid()}.new")
    descriptor = os.open(new, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as stream:
        stream.write(data)
        stream.flush()
        os.fsync(stream.fileno())
    new.replace(file)
