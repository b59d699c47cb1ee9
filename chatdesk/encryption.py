"""The certificates of a chat, as its configuration asks for them. Imported where a chat is encrypted, and only then."""

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

from chatdesk.certificates.common import CommonCertificate
from chatdesk.certificates.given import GivenCertificates
from chatdesk.certificates.own import OwnCertificates, own_authority, take_authority
from chatdesk.config import ServerConfig
from chatdesk.origin import parse_authority
from chatdesk.server.http.origin_check import own_host_names

Certificates = OwnCertificates | GivenCertificates
_LOOPBACK = ("127.0.0.1", "::1")


def open_certificates(
    config: ServerConfig, folder: Path, server_id: str, addresses: Callable[[], Iterable[str]]
) -> Certificates:
    """The certificates of a chat whose history is in ``folder``, which all its processes show. Raises CertificateError.

    ``addresses`` returns those of this machine at any time.
    """
    if config.tls_cert:
        return GivenCertificates(config.tls_cert, config.tls_key)
    kept = None if config.in_memory else folder
    common = CommonCertificate(folder) if config.workers > 1 else None
    names = partial(_names, config, addresses)
    return OwnCertificates(kept, config.name, server_id, names, common, shares_authority=bool(config.cluster))


class SharedAuthority:
    """The authority of a node of a cluster; see ``NodeAuthority``."""

    def __init__(self, config: ServerConfig, folder: Path, addresses: Callable[[], Iterable[str]]) -> None:
        self._config = config
        self._folder = folder
        self._addresses = addresses

    def own(self, server_id: str) -> bytes:
        """See ``NodeAuthority``."""
        return own_authority(self._folder, self._config.name, server_id, partial(_names, self._config, self._addresses))

    def take(self, pem: bytes) -> None:
        """See ``NodeAuthority``."""
        take_authority(self._folder, pem)


def _names(config: ServerConfig, addresses: Callable[[], Iterable[str]]) -> list[str]:
    allowed = (authority.name for text in config.allow_host if (authority := parse_authority(text)))
    return [*own_host_names([*addresses(), *_LOOPBACK]), *allowed]
