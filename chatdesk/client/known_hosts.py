"""The keys of encrypted chats that the person has compared, in one file of the client's data.

The key is known, not the address: a host keeps it in every network. But an address at which one key was known does not
pass on to another one silently.
"""

import contextlib
import os
from collections.abc import Iterable
from datetime import date
from pathlib import Path

import msgspec

from chatdesk.certificates.words import key_words

_MAX_HOSTS = 500
"""More chats than anybody joins; the ones that were used least recently are forgotten."""
_MAX_ADDRESSES = 16
_MAX_BYTES = 4 * 1024 * 1024


class KnownHost(msgspec.Struct, frozen=True):
    """A host whose key was compared on a ``day``: ``authority`` is the certificate by which it is recognised, in DER.

    ``addresses`` are ``host:port`` where it was reached, the latest first.
    """

    fingerprint: str
    authority: bytes
    chat: str
    server_id: str
    day: date
    addresses: tuple[str, ...] = ()

    @property
    def words(self) -> tuple[str, ...]:
        """The four words of its key."""
        return key_words(self.fingerprint)


class KnownHosts:
    """The hosts in ``file``; None keeps them in memory. A file that cannot be read counts as none, and is put aside."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._hosts: list[KnownHost] = list(_read(file)) if file else []

    def at(self, address: str) -> KnownHost | None:
        """The host that was last known at ``host:port``."""
        return next((host for host in self._hosts if address in host.addresses), None)

    def with_key(self, fingerprint: str) -> KnownHost | None:
        """The host with this key."""
        return next((host for host in self._hosts if host.fingerprint == fingerprint), None)

    def with_id(self, server_id: str) -> KnownHost | None:
        """The host that said to be this chat."""
        return next((host for host in self._hosts if server_id and host.server_id == server_id), None)

    def trust(self, host: KnownHost, address: str) -> None:
        """Know this host, at this address, from now on; a key that was known for the same chat is forgotten.

        Without a disk it is known until the program ends.
        """
        known = self.with_key(host.fingerprint)
        earlier = known.addresses if known else ()
        kept = msgspec.structs.replace(
            host,
            day=known.day if known else host.day,
            addresses=tuple(dict.fromkeys((address, *earlier)))[:_MAX_ADDRESSES],
        )
        others = (_without(other, address) for other in self._hosts if not _is_same(other, host))
        self._hosts = [kept, *others][:_MAX_HOSTS]
        if self._file:
            with contextlib.suppress(OSError):
                _write(self._file, msgspec.json.encode(self._hosts))


def _is_same(one: KnownHost, other: KnownHost) -> bool:
    return one.fingerprint == other.fingerprint or bool(one.server_id and one.server_id == other.server_id)


def _without(host: KnownHost, address: str) -> KnownHost:
    """Another host that was known at an address: it is somewhere else now."""
    return msgspec.structs.replace(host, addresses=tuple(other for other in host.addresses if other != address))


def _read(file: Path) -> Iterable[KnownHost]:
    try:
        data = file.read_bytes()[:_MAX_BYTES]
    except OSError:
        return ()
    try:
        return msgspec.json.decode(data, type=list[KnownHost])
    except (msgspec.MsgspecError, ValueError):
        with contextlib.suppress(OSError):
            file.replace(file.with_suffix(".damaged"))
        return ()


def _write(file: Path, data: bytes) -> None:
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:  # noqa: PTH123
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)
