"""The certificates of ``--tls``: made here, and made again when an address or a name needs it, without a restart."""

import contextlib
import datetime
import logging
import os
import ssl
import tempfile
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from chatdesk.certificates.authority import (
    Authority,
    canonical,
    issue,
    keep_authority,
    load_authority,
    new_authority,
    read_authority,
    read_issued,
    reissued,
)
from chatdesk.certificates.common import CommonCertificate
from chatdesk.certificates.errors import CertificateError
from chatdesk.certificates.kept import AUTHORITY_FILE
from chatdesk.certificates.words import fingerprint, key_words

_RENEW = datetime.timedelta(days=30)
"""A certificate with less time left is renewed, and an authority with less than a year."""
_RENEW_AUTHORITY = datetime.timedelta(days=365)

logger = logging.getLogger(__name__)


class OwnCertificates:
    """Certificates by an authority of the chat's own, which is kept in ``folder``; None keeps it in memory alone.

    ``names`` returns the names and addresses of this machine at any time. With ``common`` other processes show the
    same certificate; with ``shares_authority`` nodes of other machines have the same authority, so that it is not made
    wider for names of this one. Raises CertificateError.
    """

    def __init__(
        self,
        folder: Path | None,
        chat: str,
        server_id: str,
        names: Callable[[], Iterable[str]],
        common: CommonCertificate | None = None,
        *,
        shares_authority: bool = False,
    ) -> None:
        self._shares_authority = shares_authority
        self._file = folder / AUTHORITY_FILE if folder else None
        self._common = common
        self._all_names = names
        self._announced = ""
        self._authority = self._open(chat, server_id)
        self._covered: frozenset[str] = frozenset()
        self._tried: set[str] = set()
        self._until = datetime.datetime.min.replace(tzinfo=datetime.UTC)
        self._context = server_context()
        self._take_common()
        self._renew_if(self._lacks_own_names)

    def context_for(self, address: str) -> ssl.SSLContext:
        """The context for a connection that has come to this address of the machine.

        So the certificate is renewed when it has to be, and by nothing else: when somebody comes to an address that it
        does not name yet, or when its end is near. Connections that are open keep theirs.
        """
        self._take_common()
        if self._lacks(address):
            self._renew_if(lambda: self._lacks(address))
            self._tried |= {address, self._announced}
        return self._context

    def set_announced_name(self, name: str) -> None:
        """Cover the mDNS name under which the chat is announced now; empty for none."""
        self._announced = canonical(name)

    @property
    def authority(self) -> bytes:
        """The authority's certificate in DER."""
        return self._authority.der

    @property
    def fingerprint(self) -> str:
        """The fingerprint of the authority's key: it stays when certificates are renewed."""
        return key_fingerprint(self._authority)

    @property
    def words(self) -> tuple[str, ...]:
        """The four words of the authority's key."""
        return key_words(self.fingerprint)

    def reload(self) -> str:
        """Make a new certificate now, as on SIGHUP; returns a sentence that says so."""
        self._renew_if(lambda: True)
        return "The chat has a new certificate of the same authority: who connects from now on gets it."

    def _names(self) -> list[str]:
        return [name for name in map(canonical, self._all_names()) if name]

    def _open(self, chat: str, server_id: str) -> Authority:
        with _explained(self._file):
            authority = load_authority(self._file) if self._file else None
            if authority is None:
                return self._keep(new_authority(chat, server_id, self._names()))
            if authority.certificate.not_valid_after_utc - _now() < _RENEW_AUTHORITY:
                return self._keep(reissued(authority, self._names()))
            return authority

    def _keep(self, authority: Authority) -> Authority:
        if self._file:
            keep_authority(authority, self._file)
        return authority

    def _lacks(self, address: str) -> bool:
        """Whether the certificate has to be renewed; for what no certificate can have, it is tried once."""
        new = {name for name in (address, self._announced) if name} - self._covered - self._tried
        return bool(new) or self._until - _now() < _RENEW

    def _lacks_own_names(self) -> bool:
        names = self._names()
        return self._has_outgrown(names) or any(it not in self._covered for it in names if self._authority.covers(it))

    def _take_common(self) -> None:
        """Show from now on what another process has renewed."""
        try:
            if self._common and (pem := self._common.news()) and (issued := read_issued(self._authority, pem)):
                self._authority, covered, self._until = issued
                self._covered = frozenset(covered)
                self._tried.discard(self._announced)
                self._context = context_from_pem(pem)
        except (OSError, ValueError) as error:  # somebody has changed it: it is made again when it has to be
            logger.warning("The certificate of all workers cannot be read (%s).", error)

    def _renew_if(self, needed: Callable[[], bool]) -> None:
        """Renew the certificate for all processes, where none has done it; while another one does, only for this one.

        What the other one makes is taken once it is there.
        """
        if not self._common:
            self._renew()
            return
        try:
            with self._common.alone() as alone:
                self._take_common()
                pem = self._renew() if needed() else b""
                if pem and alone:
                    self._common.write(pem)
        except OSError as error:
            logger.warning("The certificate of all workers cannot be kept (%s): each has its own.", error)
            self._renew()

    def _renew(self) -> bytes:
        """Make a new certificate, and return it with its key and chain."""
        names = [*self._names(), *([self._announced] if self._announced else [])]
        if self._has_outgrown(names):
            try:
                self._authority = self._keep(reissued(self._authority, names))
                logger.warning("The chat's certificate authority covers new names: phones have to trust it again.")
            except OSError as error:
                logger.warning("The authority cannot be kept with the names that are new (%s).", error)
        pem, covered, self._until = issue(self._authority, names)
        self._covered = frozenset(covered)
        self._context = context_from_pem(pem)
        return pem

    def _has_outgrown(self, names: Iterable[str]) -> bool:
        """Whether a name is not covered, or no address in a network. One IPv6 address of several is no reason."""
        addresses = [name for name in names if _is_address(name)]
        others = [name for name in names if not _is_address(name)]
        shared = [address for address in addresses if not _is_loopback(address)]
        unreachable = bool(shared) and not any(map(self._authority.covers, shared))
        return unreachable or not (self._shares_authority or all(map(self._authority.covers, others)))


def own_authority(folder: Path, chat: str, server_id: str, names: Callable[[], Iterable[str]]) -> bytes:
    """Key and certificate that are kept in a folder, or new ones, which are not kept yet. Raises CertificateError."""
    with _explained(folder / AUTHORITY_FILE):
        kept = load_authority(folder / AUTHORITY_FILE)
        return (kept or new_authority(chat, server_id, filter(None, map(canonical, names())))).whole


def take_authority(folder: Path, pem: bytes) -> None:
    """Keep this key and certificate there, unless it has a certificate of the same key. Raises CertificateError."""
    file = folder / AUTHORITY_FILE
    with _explained(file):
        kept, given = load_authority(file), read_authority(pem)
        if kept is None or key_fingerprint(kept) != key_fingerprint(given):
            keep_authority(given, file)


@contextlib.contextmanager
def _explained(file: Path | None) -> Iterator[None]:
    """Say in a sentence what is wrong with the file of an authority."""
    try:
        yield
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise CertificateError(f"The chat's own key in {file} cannot be kept or read ({reason}).") from None
    except ValueError:
        raise CertificateError(
            f"{file} has no key of a chat in it: put back the file that was there, or remove it. Then the "
            "chat has a new key, and all who know the old one are warned."
        ) from None


def key_fingerprint(authority: Authority) -> str:
    """The fingerprint of an authority's key."""
    return fingerprint(
        authority.key.public_key().public_bytes(
            serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
        )
    )


def server_context() -> ssl.SSLContext:
    """A context for a server, without a certificate yet: TLS 1.2 or later, HTTP/1.1, no renegotiation."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION | ssl.OP_NO_COMPRESSION
    context.num_tickets = 1  # the files of a page come over several connections
    context.set_alpn_protocols(["http/1.1"])
    return context


def context_from_pem(pem: bytes) -> ssl.SSLContext:
    """A context with key and certificates in PEM. Python reads them from files alone: from one that is gone at once."""
    context = server_context()
    handle, name = tempfile.mkstemp(prefix="chatdesk-")  # for this user alone
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(pem)
        context.load_cert_chain(name)
    finally:
        Path(name).unlink()
    return context


def _is_address(name: str) -> bool:
    return ":" in name or name.replace(".", "").isdigit()


def _is_loopback(address: str) -> bool:
    return address.startswith(("127.", "::1"))


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
