"""The authority that is kept in a chat's folder, for programs that only have to recognise the chat; no cryptography."""

import re
import ssl
from pathlib import Path

AUTHORITY_FILE = "authority.pem"
_CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\s*", re.DOTALL)


def kept_certificate(folder: Path) -> bytes:
    """The authority's certificate in DER; empty if the chat has none of its own. Raises OSError and ValueError."""
    try:
        text = (folder / AUTHORITY_FILE).read_text("ascii")
    except FileNotFoundError:
        return b""
    found = _CERTIFICATE.search(text)
    if not found:
        raise ValueError("there is no certificate in it")
    return ssl.PEM_cert_to_DER_cert(found[0])
