"""The certificates of a chat, as its configuration asks for them. Imported where a chat is encrypted, and only then."""

from collections.abc import Callable, Iterable
from pathlib import Path

from chatdesk.certificates.common import CommonCertificate
from chatdesk.certificates.given import GivenCertificates
from chatdesk.certificates.own import OwnCertificates
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

    def names() -> list[str]:
        allowed = (authority.name for text in config.allow_host if (authority := parse_authority(text)))
        return [*own_host_names([*addresses(), *_LOOPBACK]), *allowed]

    kept = None if config.in_memory else folder
    common = CommonCertificate(folder) if config.workers > 1 else None
    return OwnCertificates(kept, config.name, server_id, names, common)
