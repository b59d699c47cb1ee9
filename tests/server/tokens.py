"""Keys and tokens for tests of signing in."""

from __future__ import annotations

import base64
import json
import time
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import ec, ed25519, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

from chatdesk.server.jwt_keys import Key
from chatdesk.server.jwt_sign_in import FixedKeys, JwtSignIn

SECRET = b"a secret that has enough bytes: 40 in all"


@cache
def private_key(algorithm: str) -> Any:
    """The private key of this algorithm, made once."""
    if algorithm == "RS256":
        return rsa.generate_private_key(65537, 2048)
    return ec.generate_private_key(ec.SECP256R1()) if algorithm == "ES256" else ed25519.Ed25519PrivateKey.generate()


def public_pem(algorithm: str) -> bytes:
    """The public key, as a file has it."""
    return bytes(private_key(algorithm).public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def private_pem(algorithm: str) -> bytes:
    """The private key, as a file has it."""
    return bytes(private_key(algorithm).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))


def claims(**changed: Any) -> dict[str, Any]:
    """What a token says: valid for an hour, unless changed; None leaves a claim out."""
    said = {"sub": "kit", "exp": time.time() + 3600, **changed}
    return {name: value for name, value in said.items() if value is not None}


def token(key: Any = SECRET, algorithm: str = "HS256", header: dict[str, Any] | None = None, **changed: Any) -> str:
    """A token that is signed with this key."""
    return jwt.encode(claims(**changed), key, algorithm, header)


def raw_token(header: object, payload: object, signature: bytes = b"") -> str:
    """A token of any parts."""
    parts = (json.dumps(header).encode(), json.dumps(payload).encode(), signature)
    return ".".join(base64.urlsafe_b64encode(part).decode().rstrip("=") for part in parts)


def sign_in(**options: Any) -> JwtSignIn:
    """A sign-in by the secret."""
    return JwtSignIn(FixedKeys([Key("HS256", SECRET)]), **options)
