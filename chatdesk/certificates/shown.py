"""What a host shows of itself before it is trusted: the authority at the end of its chain, which proves nothing yet."""

from typing import NamedTuple

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import NameOID

from chatdesk.certificates.words import fingerprint

_SUFFIX = " (ChatDesk)"
_LONGEST = 64


class ShownKey(NamedTuple):
    """The authority's certificate in DER, the fingerprint of its key, and name and id of the chat that it claims."""

    authority: bytes
    fingerprint: str
    chat: str
    server_id: str


def read_shown_key(certificate: bytes) -> ShownKey | None:
    """What a certificate in DER shows; None for one that is no chat's own authority, such as that of a proxy.

    Anybody can call his authority so: only its key tells whether it is the right one.
    """
    try:
        parsed = x509.load_der_x509_certificate(certificate)
        values = {attribute.oid: str(attribute.value)[:_LONGEST] for attribute in parsed.subject}
        name = values.get(NameOID.COMMON_NAME, "")
        if parsed.issuer != parsed.subject or not name.endswith(_SUFFIX):
            return None
        server_id = values.get(NameOID.SERIAL_NUMBER, "")
        return ShownKey(certificate, _fingerprint(parsed), name.removesuffix(_SUFFIX), server_id)
    except ValueError:
        return None


def _fingerprint(certificate: x509.Certificate) -> str:
    encoding, form = serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo
    return fingerprint(certificate.public_key().public_bytes(encoding, form))
