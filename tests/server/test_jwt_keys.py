"""What a file with a key may hold, and what would be a mistake that opens the chat to everybody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ec, ed448, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from jwt.algorithms import ECAlgorithm, OKPAlgorithm, RSAAlgorithm

from chatdesk.server.jwt_keys import KEYS, KeyFileError, public, read_key_set, read_keys
from tests.server.tokens import SECRET, private_key, private_pem, public_pem

_JWK: dict[str, Any] = {"ES256": ECAlgorithm, "EdDSA": OKPAlgorithm, "RS256": RSAAlgorithm}


def jwk(algorithm: str, **more: object) -> dict[str, Any]:
    key: dict[str, Any] = _JWK[algorithm].to_jwk(private_key(algorithm).public_key(), as_dict=True)
    return {**key, **more}


def written(folder: Path, data: bytes | object) -> Path:
    file = folder / "chat.key"
    file.write_bytes(data if isinstance(data, bytes) else json.dumps(data).encode())
    return file


@pytest.mark.parametrize("algorithm", ["ES256", "EdDSA", "RS256"])
def test_a_key_in_pem_has_the_algorithm_of_its_kind(tmp_path: Path, algorithm: str) -> None:
    (key,) = read_keys(written(tmp_path, public_pem(algorithm)))
    assert (key.algorithm, key.private) == (algorithm, False)
    (key,) = read_keys(written(tmp_path, private_pem(algorithm)))
    assert (key.algorithm, key.private, public(key).private) == (algorithm, True, False)


def test_a_secret_is_the_text_without_the_line_break_that_an_editor_adds(tmp_path: Path) -> None:
    (key,) = read_keys(written(tmp_path, SECRET + b"\r\n"))
    assert (key.algorithm, key.value) == ("HS256", SECRET)
    binary = bytes(range(200, 232)) + b"\n"
    assert read_keys(written(tmp_path, binary))[0].value == binary


def der(key: Any) -> bytes:
    return bytes(key.public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo))


USELESS = {
    "nothing": b"",
    "31 bytes": b"a" * 31,
    "blanks": b" " * 40,
    "a public key in DER": der(private_key("RS256").public_key()),
    "a private key in DER": private_key("ES256").private_bytes(Encoding.DER, PrivateFormat.PKCS8, NoEncryption()),
    "a key of SSH": private_key("EdDSA").public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH),
    "a short RSA key": rsa.generate_private_key(65537, 1024)
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "another curve": ec.generate_private_key(ec.SECP384R1())
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "Ed448": ed448.Ed448PrivateKey.generate()
    .public_key()
    .public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo),
    "broken PEM": b"-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n",
    "JSON that is no key set": {"secret": "a" * 40},
    "a list": ["a" * 40],
    "an empty key set": {"keys": []},
    "a key set for encryption": {"keys": [jwk("RS256", use="enc")]},
    "a key set for another algorithm": {"keys": [jwk("RS256", alg="RS512")]},
    "too much": b"a" * 300_000,
}


@pytest.mark.parametrize("useless", USELESS)
def test_what_is_no_key_opens_nothing_and_the_sentence_says_what_is_one(tmp_path: Path, useless: str) -> None:
    with pytest.raises(KeyFileError, match="a secret of at least 32 bytes"):
        read_keys(written(tmp_path, USELESS[useless]))


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(KeyFileError, match="no such file"):
        read_keys(tmp_path / "chat.key")


def test_a_key_set_has_the_keys_that_can_be_used() -> None:
    secret = {"kty": "oct", "k": "QUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFBQUFB", "kid": "s"}
    odd: list[object] = [
        7,
        {"kty": "EC"},
        {"kty": "oct", "k": "AAAA"},
        {"kty": "EC", "crv": "P-256", "x": "A", "y": "B"},
    ]
    members = [jwk("ES256", kid="e"), jwk("RS256", alg="RS256", use="sig"), jwk("EdDSA", kid=7), secret, *odd]
    data = json.dumps({"keys": members}).encode()
    assert [(key.algorithm, key.kid) for key in read_key_set(data)] == [
        ("ES256", "e"),
        ("RS256", None),
        ("EdDSA", None),
        ("HS256", "s"),
    ]
    assert "HS256" not in {key.algorithm for key in read_key_set(data, published=True)}
    assert len(read_key_set(json.dumps({"keys": [secret] * 100}).encode())) == KEYS


@pytest.mark.parametrize("nonsense", [b"[]", b"7", b'{"keys":7}', b'{"keys":{}}', b"[" * 100_000, b"\xff"])
def test_what_is_no_key_set_is_refused(nonsense: bytes) -> None:
    with pytest.raises(ValueError, match=r"key set|decode|Expecting|codec"):
        read_key_set(nonsense)
