"""Which tokens let somebody in, and which do not: a table of forgeries, none of which takes a server."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from pathlib import Path
from typing import Any

import pytest

from chatdesk.log.revoked_tokens import RevokedTokens
from chatdesk.server import jwt_sign_in as words
from chatdesk.server.auth import BadTokenError, Principal, Role
from chatdesk.server.jwt_keys import Key
from chatdesk.server.jwt_sign_in import FixedKeys, JwtSignIn
from tests.server.tokens import SECRET, private_key, public_pem, raw_token, sign_in, token

ASYMMETRIC = ("ES256", "EdDSA", "RS256")


def let_in(given: str, tokens: JwtSignIn | None = None) -> Principal:
    principal = (tokens or sign_in()).principal(given)
    assert principal
    return principal


def sentence(given: str, tokens: JwtSignIn | None = None) -> str:
    with pytest.raises(BadTokenError) as error:
        (tokens or sign_in()).principal(given)
    return str(error.value)


def by_key(algorithm: str, **options: Any) -> JwtSignIn:
    return JwtSignIn(FixedKeys([Key(algorithm, private_key(algorithm), private=True)]), **options)


def hs256(header: dict[str, Any], secret: bytes, **changed: Any) -> str:
    """A token with this secret, which the library itself refuses to take for one."""
    unsigned = raw_token(header, {"sub": "kit", "exp": time.time() + 60, **changed}).removesuffix(".")
    signature = hmac.digest(secret, unsigned.encode(), hashlib.sha256)
    return f"{unsigned}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def signed(payload: bytes) -> str:
    """A token with these bytes in place of claims, signed with the right secret."""
    head, body = (base64.urlsafe_b64encode(part).decode().rstrip("=") for part in (b'{"alg":"HS256"}', payload))
    signature = hmac.digest(SECRET, f"{head}.{body}".encode(), hashlib.sha256)
    return f"{head}.{body}.{base64.urlsafe_b64encode(signature).decode().rstrip('=')}"


def test_what_a_token_says_is_what_its_person_is() -> None:
    principal = let_in(token(name="Kit Bell", role="moderator", rooms=["build", "dev"], jti="7"))
    assert (principal.nickname, principal.role) == ("Kit Bell", Role.MODERATOR)
    assert principal.grant
    assert (principal.grant.rooms, principal.grant.token_id) == (("build", "dev"), "7")
    assert 3590 < (principal.expires_in or 0) <= 3600
    assert not principal.expired


@pytest.mark.parametrize("algorithm", ASYMMETRIC)
def test_each_kind_of_key_has_its_algorithm(algorithm: str) -> None:
    assert let_in(token(private_key(algorithm), algorithm), by_key(algorithm)).role is Role.MEMBER


def test_a_person_stays_who_they_are_over_their_tokens_and_is_nobody_elses() -> None:
    identity = let_in(token(jti="1")).identity
    assert let_in(token(jti="2", name="Kit", exp=time.time() + 60)).identity == identity
    others = [token(sub="ana"), token(iss="kit"), token(iss="", sub="kit")]
    assert len({identity, *(let_in(other).identity for other in others)}) == 4
    assert "kit" not in identity


FORGED = {
    "alg none": (lambda: raw_token({"alg": "none"}, {"sub": "kit", "exp": 4e9}), words.NOT_SIGNED),
    "alg NoNe": (lambda: raw_token({"alg": "NoNe"}, {"sub": "kit", "exp": 4e9}), words.NOT_SIGNED),
    "no alg": (lambda: raw_token({}, {"sub": "kit", "exp": 4e9}), words.NOT_SIGNED),
    "alg of another kind": (lambda: raw_token({"alg": ["HS256"]}, {}), words.FOREIGN),
    "a longer hash": (lambda: token(SECRET * 2, "HS512"), words.FOREIGN),
    "another secret": (lambda: token(SECRET[::-1]), words.FOREIGN),
    "an empty signature": (lambda: token().rpartition(".")[0] + ".", words.FOREIGN),
    "half a signature": (lambda: token()[:-6], words.UNREADABLE),
    "another's signature": (
        lambda: f"{token(sub='mara').rpartition('.')[0]}.{token().rpartition('.')[2]}",
        words.FOREIGN,
    ),
    "a foreign key": (lambda: token(private_key("RS256"), "RS256"), words.FOREIGN),
    "its own key in the header": (
        lambda: token(SECRET[::-1], header={"jwk": {"kty": "oct", "k": "AAAA"}, "jku": "http://127.0.0.1/k"}),
        words.FOREIGN,
    ),
    "kid as a path": (lambda: token(SECRET[::-1], header={"kid": "../../../dev/null"}), words.FOREIGN),
    "kid as a path, an empty secret": (lambda: hs256({"alg": "HS256", "kid": "/dev/null"}, b""), words.FOREIGN),
    "kid as a query": (lambda: token(SECRET[::-1], header={"kid": "x' UNION SELECT 'secret"}), words.FOREIGN),
    "kid as a list": (lambda: hs256({"alg": "HS256", "kid": ["1"]}, SECRET), words.UNREADABLE),
    "an unknown critical header": (lambda: hs256({"alg": "HS256", "crit": ["x"], "x": 1}, SECRET), words.UNREADABLE),
    "detached": (lambda: hs256({"alg": "HS256", "b64": False, "crit": ["b64"]}, SECRET), words.UNREADABLE),
    "expired": (lambda: token(exp=time.time() - 1), words.EXPIRED),
    "expired long ago": (lambda: token(exp=0), words.EXPIRED),
    "no end": (lambda: token(exp=None), words.INCOMPLETE),
    "an end in words": (lambda: token(exp="4000000000"), words.INCOMPLETE),
    "an end that is none": (lambda: signed(b'{"sub":"kit","exp":true}'), words.EXPIRED),
    "an endless end": (lambda: signed(b'{"sub":"kit","exp":Infinity}'), words.UNREADABLE),
    "an end beyond numbers": (lambda: signed(b'{"sub":"kit","exp":1e999}'), words.UNREADABLE),
    "not yet": (lambda: token(nbf=time.time() + 60), words.TOO_EARLY),
    "a beginning in words": (lambda: token(nbf="now"), words.TOO_EARLY),
    "no subject": (lambda: token(sub=None), words.INCOMPLETE),
    "an empty subject": (lambda: token(sub=""), words.INCOMPLETE),
    "a subject that is a number": (lambda: signed(b'{"sub":7,"exp":4000000000}'), words.INCOMPLETE),
    "an endless subject": (lambda: token(sub="k" * 300), words.INCOMPLETE),
    "an audience that nobody asked for": (lambda: token(aud="elsewhere"), words.OTHER_AUDIENCE),
    "a role that is none": (lambda: token(role="root"), words.BAD_CLAIMS),
    "a role that is a list": (lambda: token(role=["host"]), words.BAD_CLAIMS),
    "a name that is a number": (lambda: token(name=7), words.BAD_CLAIMS),
    "no room": (lambda: token(rooms=[]), words.BAD_CLAIMS),
    "rooms that are a word": (lambda: token(rooms="build"), words.BAD_CLAIMS),
    "a room that is none": (lambda: token(rooms=["build", ""]), words.BAD_CLAIMS),
    "too many rooms": (lambda: token(rooms=[f"r{number}" for number in range(101)]), words.BAD_CLAIMS),
    "claims that are none": (lambda: signed(b"[]"), words.UNREADABLE),
    "claims that are no JSON": (lambda: signed(b"{"), words.UNREADABLE),
    "nested claims": (lambda: signed(b'{"a":' * 400 + b"1"), words.UNREADABLE),
    "a nested header": (
        lambda: f"{base64.urlsafe_b64encode(b'[' * 2400).decode()}.e30.e30".replace("=", ""),
        words.UNREADABLE,
    ),
    "a header that is a list": (lambda: raw_token([], {}), words.UNREADABLE),
    "garbage": (lambda: "a.b.c", words.UNREADABLE),
    "huge": (lambda: token(name="k" * 100_000), words.UNREADABLE),
}


@pytest.mark.parametrize("forged", FORGED)
def test_a_forged_token_opens_nothing_and_says_why(forged: str) -> None:
    make, why = FORGED[forged]
    assert sentence(make()) == why
    assert why.isascii()
    assert '"' not in why  # it stands in a header field, too
    assert "\\" not in why


def test_an_rsa_key_is_no_secret_although_everybody_knows_it() -> None:
    """A token by HS256 with the public key in place of a secret: the oldest of these forgeries."""
    rsa = by_key("RS256")
    for secret in (public_pem("RS256"), public_pem("RS256").strip()):
        assert sentence(hs256({"alg": "HS256"}, secret), rsa) == words.FOREIGN
        assert sentence(hs256({"alg": "RS256"}, secret), rsa) == words.FOREIGN


@pytest.mark.parametrize("given", ["", "new.0123456789abcdef0123456789abcdef", "0123.4567", "a.b.c.d", "ä.b.c"])
def test_what_is_no_token_at_all_is_left_to_others(given: str) -> None:
    assert sign_in().principal(given) is None


@pytest.mark.parametrize(
    ("said", "why"),
    [
        ({"iss": "school"}, words.OTHER_AUDIENCE),
        ({"iss": "school", "aud": "other"}, words.OTHER_AUDIENCE),
        ({"iss": "school", "aud": ["other", "chat.example"]}, words.OTHER_AUDIENCE),
        ({"iss": "school", "aud": 7}, words.OTHER_AUDIENCE),
        ({"aud": "chat", "iss": "other"}, words.OTHER_ISSUER),
        ({"aud": "chat"}, words.OTHER_ISSUER),
        ({"aud": "chat", "iss": "SCHOOL"}, words.OTHER_ISSUER),
    ],
)
def test_a_chat_may_ask_for_an_audience_and_an_issuer(said: dict[str, Any], why: str) -> None:
    asking = sign_in(audience="chat", issuer="school")
    assert sentence(token(**said), asking) == why
    assert let_in(token(aud=["chat", "other"], iss="school"), asking)


def test_a_key_that_names_itself_checks_the_tokens_that_name_it() -> None:
    keys = [
        Key("HS256", SECRET, "old"),
        Key("HS256", SECRET[::-1], "new"),
        Key("EdDSA", private_key("EdDSA"), "e", True),
    ]
    tokens = JwtSignIn(FixedKeys(keys))
    assert let_in(token(header={"kid": "old"}), tokens)
    assert let_in(token(SECRET[::-1]), tokens)  # a token that names none is tried with all of its algorithm
    assert sentence(token(header={"kid": "new"}), tokens) == words.FOREIGN
    assert sentence(token(header={"kid": "e"}), tokens) == words.FOREIGN


def test_a_revoked_token_opens_nothing_from_then_on(tmp_path: Path) -> None:
    revoked = RevokedTokens(tmp_path)
    tokens = sign_in(revoked=revoked)
    assert let_in(token(jti="7"), tokens)
    RevokedTokens(tmp_path).add("7", time.time() + 60)  # as another program does
    assert sentence(token(jti="7"), tokens) == words.REVOKED
    assert let_in(token(jti="8"), tokens)
    assert let_in(token(), tokens)
    RevokedTokens(tmp_path).add("9", time.time() - 60)
    assert json.loads((tmp_path / "revoked-tokens.json").read_text())[0]["id"] == "7"  # and not the one that has ended
    assert tokens.revoked_ids() == {"7"}
