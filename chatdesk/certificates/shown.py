"""What a host shows of itself before it is trusted: the authority at the end of its chain, which proves nothing yet."""

from typing import NamedTuple

from cryptography import x509
from cryptography.x509.oid import NameOID

from chatdesk.certificates.given import certificate_fingerprint

_SUFFIX = " (ChatDesk)"
_LONGEST = 64


class ShownKey(NamedTuple):
    """The authority's certificate in DER, the fingerprint of its key, and name and id of the chat that it claims."""

    authority: bytes
    fingerprint: str
    chat: str
    server_id: str


def read_shown_key(certificate: bytes) -> ShownKey | None:
    """What a self-signed certificate in DER shows; None for one that another authority has signed, or that is none."""
    try:
        parsed = x509.load_der_x509_certificate(certificate)
        if parsed.issuer != parsed.subject:
            return None
        values = {attribute.oid: str(attribute.value)[:_LONGEST] for attribute in parsed.subject}
        name = values.get(NameOID.COMMON_NAME, "").removesuffix(_SUFFIX)
        return ShownKey(certificate, certificate_fingerprint(certificate), name, values.get(NameOID.SERIAL_NUMBER, ""))
    except ValueError:
        return None
