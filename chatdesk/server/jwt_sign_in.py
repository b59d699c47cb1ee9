"""Sign-in with JSON Web Tokens (RFC 7519), which the owner of the key issues; RFC 8725 says how to check them."""

from __future__ import annotations

import asyncio
import hashlib
import json
import re
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any, Protocol

import jwt

from chatdesk.config import ServerConfig
from chatdesk.log.revoked_tokens import Revoked, RevokedTokens
from chatdesk.log.signed_in import SIGNED_IN
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.limits import TOKEN_CHARS
from chatdesk.protocol.names import clean_room
from chatdesk.server.auth import BadTokenError, Grant, Principal, Role
from chatdesk.server.jwt_keys import Key, KeyFileError, public, read_keys
from chatdesk.server.jwt_remote_keys import RemoteKeys
from chatdesk.server.recognition import REVOKED

GRACE_SECONDS = 25.0
"""How long after the end of its token somebody who is connected may still bring the next one."""
_SHAPE = re.compile(r"[\w-]+\.[\w-]+\.[\w-]*", re.ASCII)
_SUBJECT_CHARS = 256
_ROOMS = 100
"""As many as one connection can be in."""
_LATEST = 253_402_300_799
"""The end of the year 9999: beyond it, and beyond what a float holds, is no time."""
_CLOCK_SECONDS = 5.0
"""By how much the clock of the issuer may be ahead of ours: a token that was issued just now is valid."""
_ROLES = {role.name.lower(): role for role in Role}
_OPTIONS: Any = {"require": ["exp", "sub"], "verify_iat": False, "verify_nbf": False}

UNREADABLE = "This is no token that can be read: copy all of it."
NOT_SIGNED = "This token is not signed: get one from the host of this chat."
FOREIGN = "This token was not issued for this chat: its signature is by another key."
EXPIRED = "This token has expired: get a new one."
TOO_EARLY = "This token is not valid yet: try again later."
OTHER_AUDIENCE = "This token is for another service."
OTHER_ISSUER = "This token is by another issuer than the one that this chat trusts."
INCOMPLETE = "This token lacks a name of its person (sub) or an end (exp): get another one."
BAD_CLAIMS = "This token says something about name, role or rooms that makes no sense: get another one."


class Keys(Protocol):
    """Where keys come from."""

    def all(self) -> Sequence[Key]: ...

    def fetching(self, kid: str | None) -> asyncio.Future[None] | None: ...

    def close(self) -> None: ...


class FixedKeys:
    """The keys of a file."""

    def __init__(self, keys: Sequence[Key]) -> None:
        self._keys = tuple(map(public, keys))

    def all(self) -> Sequence[Key]:
        return self._keys

    def fetching(self, _kid: str | None) -> None:
        return None

    def close(self) -> None:
        return None


class JwtSignIn:
    """Recognises people by their tokens. ``audience`` and ``issuer``, if given, are asked of each token."""

    def __init__(
        self,
        keys: Keys,
        *,
        required: bool = True,
        audience: str = "",
        issuer: str = "",
        revoked: RevokedTokens | None = None,
    ) -> None:
        self._keys = keys
        self.required = required
        self._audience = audience or None
        self._issuer = issuer or None
        self._revoked = revoked

    def principal(self, token: str) -> Principal | None:
        """Whom the token proves; None for what does not look like one at all. Raises BadTokenError for a bad one."""
        if not looks_like_jwt(token):
            return None
        if len(token) > TOKEN_CHARS:
            raise BadTokenError(UNREADABLE)
        header = _header(token)
        if str(header.get("alg")).lower() == "none":
            raise BadTokenError(NOT_SIGNED)
        claims = self._checked(token, header)
        principal = _principal(claims)
        if principal.grant and principal.grant.token_id in self.revoked_ids():
            raise BadTokenError(REVOKED)
        return principal

    def fetching_keys(self, token: str) -> asyncio.Future[None] | None:
        """See ``TokenSignIn``."""
        if not looks_like_jwt(token) or len(token) > TOKEN_CHARS:
            return None
        try:
            return self._keys.fetching(_header(token).get("kid"))
        except BadTokenError:
            return None

    def revoked_ids(self) -> frozenset[str]:
        """See ``TokenSignIn``."""
        return self._revoked.ids() if self._revoked else frozenset()

    def revoked(self) -> tuple[Revoked, ...]:
        """See ``TokenSignIn``."""
        return self._revoked.all() if self._revoked else ()

    def revoke(self, more: tuple[Revoked, ...]) -> None:
        """See ``TokenSignIn``."""
        if self._revoked:
            self._revoked.merge(more)

    def close(self) -> None:
        """See ``TokenSignIn``."""
        self._keys.close()

    def _checked(self, token: str, header: dict[str, Any]) -> dict[str, Any]:
        """The claims of a token whose signature one of the keys verifies. Raises BadTokenError."""
        kid = header.get("kid")
        keys = [key for key in self._keys.all() if key.algorithm == header.get("alg")]
        keys = [key for key in keys if key.kid == kid] if kid is not None and any(key.kid for key in keys) else keys
        for key in keys:
            try:
                return self._decode(token, key)
            except jwt.InvalidSignatureError:
                continue
            except jwt.PyJWTError as error:
                raise BadTokenError(_sentence(error)) from error
            except (ValueError, TypeError, OverflowError, RecursionError) as error:
                raise BadTokenError(UNREADABLE) from error
        raise BadTokenError(FOREIGN)

    def _decode(self, token: str, key: Key) -> dict[str, Any]:
        return jwt.decode(
            token,
            key.value,
            algorithms=[key.algorithm],
            options=_OPTIONS,
            audience=self._audience,
            issuer=self._issuer,
        )


def open_sign_in(config: ServerConfig, folder: Path | None) -> JwtSignIn:
    """The sign-in with the keys of a file, or of an address of this computer. Raises KeyFileError.

    ``folder`` is that of the chat, with the tokens that were revoked; None for a chat that is kept in memory alone.
    """
    key, audience, issuer = config.jwt_key, config.jwt_audience, config.jwt_issuer
    keys: Keys = RemoteKeys(key) if is_address(key) else FixedKeys(read_keys(Path(key)))
    revoked = RevokedTokens(folder) if folder else None
    return JwtSignIn(keys, required=not config.jwt_optional, audience=audience, issuer=issuer, revoked=revoked)


def is_address(key: str) -> bool:
    """Whether the keys are at an address, and not in a file."""
    return key.startswith("http://")


def looks_like_jwt(token: str) -> bool:
    """Whether this is meant to be a token of this kind: three parts in base64url (RFC 7515, section 7.1)."""
    return token.count(".") == 2 and bool(_SHAPE.fullmatch(token))


def _header(token: str) -> dict[str, Any]:
    try:
        return jwt.get_unverified_header(token)
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError) as error:
        raise BadTokenError(UNREADABLE) from error


def _sentence(error: jwt.PyJWTError) -> str:
    """What is wrong with a token, for the person who brings it."""
    match error:
        case jwt.ExpiredSignatureError():
            return EXPIRED
        case jwt.InvalidIssuerError():
            return OTHER_ISSUER
        case jwt.MissingRequiredClaimError(claim="iss"):
            return OTHER_ISSUER
        case jwt.InvalidAudienceError() | jwt.MissingRequiredClaimError(claim="aud"):
            return OTHER_AUDIENCE
        case jwt.MissingRequiredClaimError() | jwt.exceptions.InvalidSubjectError():
            return INCOMPLETE
    return UNREADABLE


def _principal(claims: dict[str, Any]) -> Principal:
    """Whom checked claims speak of. Raises BadTokenError for claims of the wrong kind."""
    subject, expires, not_before = claims["sub"], claims["exp"], claims.get("nbf", 0)
    if not subject or len(subject) > _SUBJECT_CHARS or not _is_time(expires):
        raise BadTokenError(INCOMPLETE)
    if not _is_time(not_before) or not_before > time.time() + _CLOCK_SECONDS:
        raise BadTokenError(TOO_EARLY)
    name, role = claims.get("name"), claims.get("role", "member")
    if not isinstance(name, str | None) or not isinstance(role, str) or role.lower() not in _ROLES:
        raise BadTokenError(BAD_CLAIMS)
    return Principal(
        _identity(claims.get("iss"), subject),
        name or None,
        _ROLES[role.lower()],
        time.monotonic() + int(expires) - time.time() + GRACE_SECONDS,
        grant=Grant(_rooms(claims.get("rooms")), claims.get("jti", ""), GRACE_SECONDS),
    )


def _identity(issuer: object, subject: str) -> str:
    """The same for all tokens of a person; nobody learns issuer and subject from it."""
    return f"{SIGNED_IN}{hashlib.sha256(json.dumps([issuer, subject]).encode()).hexdigest()[:32]}"


def _rooms(rooms: Any) -> tuple[str, ...] | None:
    if rooms is None:
        return None
    if not isinstance(rooms, list) or not 1 <= len(rooms) <= _ROOMS or not all(isinstance(room, str) for room in rooms):
        raise BadTokenError(BAD_CLAIMS)
    try:
        return tuple(dict.fromkeys(map(clean_room, rooms)))
    except ProtocolError as error:
        raise BadTokenError(BAD_CLAIMS) from error


def _is_time(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and 0 <= value <= _LATEST


__all__ = ["BadTokenError", "JwtSignIn", "KeyFileError", "open_sign_in"]
