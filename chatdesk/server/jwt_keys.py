"""Keys of tokens: what a file or a key set holds, each with the one algorithm that goes with its kind.

The algorithm is the key's and never the token's: else a public key could pass for a secret, or a token for one that
needs no signature (RFC 8725, sections 2.1 and 3.1).

Exceptions: KeyFileError
"""

from __future__ import annotations

import json
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, EllipticCurvePublicKey
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from cryptography.hazmat.primitives.serialization import (
    load_der_private_key,
    load_der_public_key,
    load_pem_private_key,
    load_pem_public_key,
)
from cryptography.x509 import load_der_x509_certificate, load_pem_x509_certificate

from chatdesk.given_file import read_given, why_unread

SECRET_BYTES = 32
"""RFC 7518, section 3.2: as many as the hash of HS256 has."""
KEYS = 32
"""Of a key set; more are no key set of a chat, and each could be tried for a token that names none."""
_RSA_BITS = 2048
"""RFC 7518, section 3.3."""
_FILE_BYTES = 256 * 1024
_CANNOT_LOAD = (ValueError, TypeError, KeyError, UnsupportedAlgorithm, jwt.PyJWTError)
"""What the libraries raise for bytes that are no key."""
_KINDS = "a secret of at least 32 bytes, a key in PEM (Ed25519, P-256, or RSA from 2048 bits), or a key set (JWKS)"


class KeyFileError(Exception):
    """A key cannot be used; the text is a sentence that says what to do."""


class Key(NamedTuple):
    """A key: its algorithm, the key as PyJWT takes it, its id in a key set, and whether it is private."""

    algorithm: str
    value: Any
    kid: str | None = None
    private: bool = False

    @property
    def signs(self) -> bool:
        """Whether who knows it can make tokens."""
        return self.private or self.algorithm == "HS256"


def read_keys(file: Path) -> tuple[Key, ...]:
    """The keys in a file. Raises KeyFileError."""
    try:
        data = read_given(file, _FILE_BYTES)
    except OSError as error:
        sentence = f"The key in {file} cannot be read ({why_unread(error)}): name another with --jwt-key."
        raise KeyFileError(sentence) from None
    if len(data) > _FILE_BYTES:
        raise KeyFileError(f"The file {file} is too large for a key: it holds {_KINDS}.")
    keys = _pem_key(data) if b"-----BEGIN" in data else _key_set_or_secret(data)
    if isinstance(keys, str):
        raise KeyFileError(f"{keys} --jwt-key is {_KINDS}. See {file}.")
    return keys


def may_sign(file: Path) -> bool:
    """Whether who reads this file can make tokens. Raises KeyFileError."""
    return any(key.signs for key in read_keys(file))


def read_key_set(data: bytes, *, published: bool = False) -> tuple[Key, ...]:
    """The usable keys of a key set (RFC 7517), at most ``KEYS``; others are left out. Raises ValueError.

    A secret in a ``published`` set is none: everybody can read it.
    """
    try:
        document = json.loads(data)
        members = document.get("keys", [document])
        return tuple(_usable(members[:KEYS], published=published))
    except (KeyError, TypeError, AttributeError, RecursionError) as error:
        raise ValueError("this is no key set") from error


def public(key: Key) -> Key:
    """What checks the tokens that a key has signed."""
    return key._replace(value=key.value.public_key(), private=False) if key.private else key


def _pem_key(data: bytes) -> tuple[Key, ...] | str:
    """The key in PEM, or a sentence that says what is wrong with it."""
    for load in (load_pem_public_key, _load_private, lambda pem: load_pem_x509_certificate(pem).public_key()):
        try:
            key = _of_kind(load(data))
        except _CANNOT_LOAD:
            continue
        return (key,) if key else "This kind of key, or its size, is not used here."
    return "This is no key that can be read without a password."


def _load_private(data: bytes) -> Any:
    return load_pem_private_key(data, None)


def _key_set_or_secret(data: bytes) -> tuple[Key, ...] | str:
    if data.lstrip()[:1] in (b"{", b"["):
        try:
            keys = read_key_set(data)
        except ValueError:
            return "This is JSON, but no key set."
        return keys or "No key of this key set is one for signing tokens."
    if _is_der(data) or data.lstrip().startswith((b"ssh-", b"ecdsa-")):
        return "This is a key in another form than PEM."  # as a secret it would be one that everybody knows
    secret = data.rstrip() if data.isascii() else data
    if len(secret) < SECRET_BYTES:
        return f"The secret has {len(secret)} bytes."
    return (Key("HS256", secret),)


def _is_der(data: bytes) -> bool:
    for load in (load_der_public_key, load_der_x509_certificate, lambda der: load_der_private_key(der, None)):
        try:
            load(data)
        except _CANNOT_LOAD:
            continue
        return True
    return False


def _usable(members: list[Any], *, published: bool) -> Iterator[Key]:
    for member in members:
        if not isinstance(member, dict) or member.get("use", "sig") != "sig":
            continue
        try:
            with warnings.catch_warnings(action="ignore"):  # of short keys, which are left out below
                key = _of_kind(jwt.PyJWK(member, algorithm=_algorithm(member)).key)
        except _CANNOT_LOAD:
            continue
        kid = member.get("kid")
        if key and member.get("alg", key.algorithm) == key.algorithm and not (published and key.algorithm == "HS256"):
            yield key._replace(kid=kid if isinstance(kid, str) else None)


def _algorithm(member: dict[str, Any]) -> str:
    """The algorithm by the kind of a JWK. Raises KeyError for a kind that is not used here."""
    return {"oct": "HS256", "EC": "ES256", "OKP": "EdDSA", "RSA": "RS256"}[member["kty"]]


def _of_kind(key: Any) -> Key | None:
    """The key with the algorithm of its kind; None for one that is too weak, or of another kind."""
    match key:
        case bytes() if len(key) >= SECRET_BYTES:
            return Key("HS256", key)
        case Ed25519PublicKey() | Ed25519PrivateKey():
            return Key("EdDSA", key, private=isinstance(key, Ed25519PrivateKey))
        case EllipticCurvePublicKey() | EllipticCurvePrivateKey() if isinstance(key.curve, SECP256R1):
            return Key("ES256", key, private=isinstance(key, EllipticCurvePrivateKey))
        case RSAPublicKey() | RSAPrivateKey() if key.key_size >= _RSA_BITS:
            return Key("RS256", key, private=isinstance(key, RSAPrivateKey))
    return None
