"""Certificates that the host has brought: ``--tls-cert`` and ``--tls-key``."""

import datetime
import logging
import ssl
import time
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization

from chatdesk.certificates.errors import CertificateError
from chatdesk.certificates.own import server_context
from chatdesk.given_file import read_given, why_unread

_LOOK_SECONDS = 10.0
"""How often the files are looked at, when somebody connects: programs that renew certificates need no signal."""
_MOST_BYTES = 1_000_000
"""A hundred times what a chain has."""
_Stamp = tuple[tuple[int, int], ...]

logger = logging.getLogger(__name__)


class GivenCertificates:
    """A certificate with its chain in PEM, and its key, in ``key`` or in the same file. Raises CertificateError.

    Both are read again when they have changed, and on ``reload``. A change that cannot be used changes nothing.
    """

    authority = b""
    """No authority of the chat's own: another one vouches for it, and there is no key to compare."""
    fingerprint = ""
    words: tuple[str, ...] = ()

    def __init__(self, certificate: Path, key: Path | None) -> None:
        self._certificate, self._key = certificate, key
        self._stamp = self._read_stamp()
        self._looked_at = time.monotonic()
        self._context = self._load()

    def context_for(self, address: str) -> ssl.SSLContext:
        """The context for a connection; the address of the machine does not matter."""
        now = time.monotonic()
        if now - self._looked_at > _LOOK_SECONDS:
            self._looked_at = now
            if (stamp := self._read_stamp()) != self._stamp:
                self._stamp = stamp
                logger.warning(self.reload())
        return self._context

    def set_announced_name(self, name: str) -> None:
        """Nothing to do: the certificate's names are given."""

    def reload(self) -> str:
        """Read the files again, or keep what it had; returns a sentence that says what came of it."""
        try:
            self._context = self._load()
        except CertificateError as error:
            return f"{error} The certificate that was read before is used on."
        return f"The certificate in {self._certificate} was read again: who connects from now on gets it."

    def _load(self) -> ssl.SSLContext:
        certificate = self._read_chain()[0]
        _check_dates(certificate, self._certificate)
        self._check_key(certificate)
        context = server_context()
        try:
            context.load_cert_chain(self._certificate, self._key)
        except (OSError, ssl.SSLError) as error:  # what has been read just now can be gone, or be refused by OpenSSL
            raise CertificateError(f"{self._certificate} cannot be used for --tls-cert ({error}).") from None
        return context

    def _read_chain(self) -> list[x509.Certificate]:
        try:
            chain = x509.load_pem_x509_certificates(_read(self._certificate, "--tls-cert"))
        except ValueError:
            raise CertificateError(
                f"{self._certificate} has no certificate in it: --tls-cert is a file in PEM, with the certificate "
                "first and those of its authorities after it."
            ) from None
        return chain

    def _check_key(self, certificate: x509.Certificate) -> None:
        file = self._key or self._certificate
        try:
            key = serialization.load_pem_private_key(_read(file, "--tls-key"), None)
        except TypeError:
            raise CertificateError(
                f"The key in {file} has a password, and nobody is here to type it: take it off, for example with "
                f"openssl pkey -in {file} -out open.key, and give --tls-key open.key."
            ) from None
        except ValueError:
            missing = "" if self._key else ": give the file of the key with --tls-key"
            raise CertificateError(f"{file} has no private key in PEM{missing}.") from None
        if key.public_key() != certificate.public_key():
            raise CertificateError(
                f"The key in {file} belongs to another certificate than {self._certificate}: give the two that were "
                "made together."
            )

    def _read_stamp(self) -> _Stamp:
        """What changes when a file does."""
        return tuple(_file_stamp(file) for file in (self._certificate, self._key) if file)


def _read(file: Path, option: str) -> bytes:
    try:
        data = read_given(file, _MOST_BYTES)
    except OSError as error:
        raise CertificateError(f"{file}, given with {option}, cannot be read ({why_unread(error)}).") from None
    if len(data) > _MOST_BYTES:
        raise CertificateError(f"{file}, given with {option}, is far too large for that.")
    return data


def _check_dates(certificate: x509.Certificate, file: Path) -> None:
    now = datetime.datetime.now(datetime.UTC)
    if now > certificate.not_valid_after_utc:
        raise CertificateError(
            f"The certificate in {file} ended on {certificate.not_valid_after_utc:%Y-%m-%d}: no browser takes it any "
            "more. Renew it."
        )
    if now < certificate.not_valid_before_utc:
        raise CertificateError(
            f"The certificate in {file} begins on {certificate.not_valid_before_utc:%Y-%m-%d}, and it is "
            f"{now:%Y-%m-%d} here: set the clock, or wait."
        )


def _file_stamp(file: Path) -> tuple[int, int]:
    try:
        status = file.stat()
    except OSError:
        return 0, 0
    return status.st_mtime_ns, status.st_ino
