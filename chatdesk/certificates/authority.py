"""A chat's own certificate authority, and the certificates that it issues for the addresses of this machine.

To trust the authority is to trust it for little: it can vouch for servers in private networks and for the names of
this machine alone (name constraints, RFC 5280 section 4.2.1.10), for no site of the internet, and for no further
authority.
"""

import datetime
import ipaddress
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from chatdesk.ip import canonical_address

_PRIVATE = (
    *("10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "127.0.0.0/8", "100.64.0.0/10"),
    *("fc00::/7", "fe80::/10", "::1/128"),
)
"""Networks that are nobody's on the internet (RFC 6890); 100.64/10 is what some hotspots and VPNs give out."""
_PRIVATE_NETWORKS = tuple(map(ipaddress.ip_network, _PRIVATE))
_PRIVATE_NAMES = ("localhost", "local")
AUTHORITY_DAYS = 3650
"""Ten years: a phone that trusts it once need not be asked again, and it vouches for little."""
LEAF_DAYS = 90
"""Apple refuses more than 825 days also from private authorities, Android's Chrome more than 398 from public ones."""
_BACKDATED = datetime.timedelta(days=2)
"""For phones whose clock is slow."""
_CHAT_BYTES = 53
"""Of the chat's name: with what follows it, a common name has 64 (X.520)."""
_NAME = re.compile(r"(?=.{1,253}$)[a-z0-9_-]{1,63}(\.[a-z0-9_-]{1,63})*")
_USAGE = dict.fromkeys(
    (
        *("digital_signature", "content_commitment", "key_encipherment", "data_encipherment", "key_agreement"),
        *("key_cert_sign", "crl_sign", "encipher_only", "decipher_only"),
    ),
    False,
)


@dataclass(frozen=True, slots=True)
class Authority:
    """The authority's key and its certificate."""

    key: ec.EllipticCurvePrivateKey
    certificate: x509.Certificate

    @property
    def der(self) -> bytes:
        """The certificate in DER, as phones and the clients' pins take it."""
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def whole(self) -> bytes:
        """Key and certificate in PEM."""
        return _private_pem(self.key) + self.pem

    @property
    def pem(self) -> bytes:
        """The certificate in PEM."""
        return self.certificate.public_bytes(serialization.Encoding.PEM)

    def covers(self, name: str) -> bool:
        """Whether it may vouch for a name or an address."""
        address = _address(name)
        for part in _permitted(self.certificate):
            if address is not None and isinstance(part, x509.IPAddress):
                if address in ipaddress.ip_network(part.value):
                    return True
            elif address is None and isinstance(part, x509.DNSName) and f".{name}".endswith(f".{part.value}"):
                return True
        return False


def new_authority(chat: str, server_id: str, names: Iterable[str]) -> Authority:
    """An authority for a chat, that may vouch for private networks and for ``names``.

    These are the names and addresses of this machine, as ``canonical`` spells them.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    return Authority(key, _sign_authority(key, _subject(chat, server_id), _constraints(names)))


def reissued(authority: Authority, names: Iterable[str]) -> Authority:
    """The same authority with a new certificate, that covers ``names``, too.

    It is the same to all who compare keys; phones have to fetch the new certificate.
    """
    before = [str(part.value) for part in _permitted(authority.certificate)]
    constraints = _constraints([*before, *names])
    return Authority(authority.key, _sign_authority(authority.key, authority.certificate.subject, constraints))


def issue(authority: Authority, names: Iterable[str]) -> tuple[bytes, list[str], datetime.datetime]:
    """A new key and a certificate for ``names``: both in PEM, what it covers, and when it ends.

    Names for which the authority may not vouch are left out: one of them would make the whole certificate invalid.
    """
    key = ec.generate_private_key(ec.SECP256R1())
    covered = [name for name in dict.fromkeys(names) if authority.covers(name)]
    now = _now()
    until = now + datetime.timedelta(days=LEAF_DAYS)
    certificate = (
        _builder(key.public_key(), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "ChatDesk")]), now, until)
        .issuer_name(authority.certificate.subject)
        .add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
        .add_extension(x509.KeyUsage(**{**_USAGE, "digital_signature": True}), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.SubjectAlternativeName(list(map(_general_name, covered))), critical=False)
        .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key()), critical=False)
        .sign(authority.key, hashes.SHA256())
    )
    leaf = certificate.public_bytes(serialization.Encoding.PEM)
    return _private_pem(key) + leaf + authority.pem, covered, until


def read_issued(authority: Authority, pem: bytes) -> tuple[Authority, list[str], datetime.datetime] | None:
    """What ``issue`` has returned for an authority of the same key: that authority, what is covered, and when it ends.

    None if it is of another key. Raises ValueError.
    """
    leaf, issuer = x509.load_pem_x509_certificates(pem)
    if issuer.public_key() != authority.key.public_key():
        return None
    names = leaf.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return Authority(authority.key, issuer), [str(name.value) for name in names], leaf.not_valid_after_utc


def load_authority(file: Path) -> Authority | None:
    """The authority that was kept in ``file``; None if there is no such file. Raises OSError and ValueError."""
    try:
        data = file.read_bytes()
    except FileNotFoundError:
        return None
    return read_authority(data)


def read_authority(data: bytes) -> Authority:
    """The authority of this key and certificate in PEM. Raises ValueError."""
    key = serialization.load_pem_private_key(data, None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("the key is of another kind")
    certificate = x509.load_pem_x509_certificate(data)
    if certificate.public_key() != key.public_key():
        raise ValueError("key and certificate do not belong together")
    return Authority(key, certificate)


def keep_authority(authority: Authority, file: Path) -> None:
    """Keep key and certificate in one file; see ``write_private``."""
    file.parent.mkdir(parents=True, exist_ok=True)
    write_private(authority.whole, file)


def write_private(data: bytes, file: Path) -> None:
    """Write a file that nobody else can read, in place of the one that is there, or not at all. Raises OSError."""
    new = file.with_suffix(".new")
    new.unlink(missing_ok=True)
    with open(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as opened:  # noqa: PTH123
        opened.write(data)
        opened.flush()
        os.fsync(opened.fileno())
    new.replace(file)


def _permitted(certificate: x509.Certificate) -> list[x509.GeneralName]:
    return certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []


def _sign_authority(
    key: ec.EllipticCurvePrivateKey, name: x509.Name, constraints: list[x509.GeneralName]
) -> x509.Certificate:
    now = _now()
    public = key.public_key()
    return (
        _builder(public, name, now, now + datetime.timedelta(days=AUTHORITY_DAYS))
        .issuer_name(name)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(x509.KeyUsage(**{**_USAGE, "key_cert_sign": True, "crl_sign": True}), critical=True)
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
        .add_extension(x509.NameConstraints(constraints, None), critical=True)
        .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
        .sign(key, hashes.SHA256())
    )


def _builder(
    public: ec.EllipticCurvePublicKey, name: x509.Name, now: datetime.datetime, until: datetime.datetime
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(name).public_key(public)
    return builder.serial_number(x509.random_serial_number()).not_valid_before(now - _BACKDATED).not_valid_after(until)


def _subject(chat: str, server_id: str) -> x509.Name:
    """The name that phones list, and the chat's id, by which a client knows which chat it claims to be."""
    printable = "".join(char for char in chat if char.isprintable()).encode(errors="ignore")
    shown = printable[:_CHAT_BYTES].decode(errors="ignore").strip() or "Chat"
    attributes = [x509.NameAttribute(NameOID.COMMON_NAME, f"{shown} (ChatDesk)")]
    if server_id:
        attributes.append(x509.NameAttribute(NameOID.SERIAL_NUMBER, server_id))
    return x509.Name(attributes)


def _constraints(names: Iterable[str]) -> list[x509.GeneralName]:
    networks = list(_PRIVATE_NETWORKS)
    domains = list(_PRIVATE_NAMES)
    for name in names:
        if "/" in name:
            networks.append(ipaddress.ip_network(name))
            continue
        address = _address(name)
        if address is None:
            domains.append(name)
        elif not any(address in network for network in networks):
            networks.append(ipaddress.ip_network(f"{address}/{64 if address.version == 6 else 32}", strict=False))
    networks = list(dict.fromkeys(networks))
    return [*map(x509.IPAddress, networks), *map(x509.DNSName, dict.fromkeys(domains))]


def canonical(name: str) -> str:
    """The spelling of a name or an address in certificates; empty for what none can be made for."""
    if _address(name.partition("%")[0]):
        return canonical_address(name)
    plain = name.lower().rstrip(".")
    return plain if _NAME.fullmatch(plain) else ""


def _general_name(name: str) -> x509.GeneralName:
    address = _address(name)
    return x509.DNSName(name) if address is None else x509.IPAddress(address)


def _address(name: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    try:
        return ipaddress.ip_address(name)
    except ValueError:
        return None


def _private_pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    return key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )


def _now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)
