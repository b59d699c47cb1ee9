"""``chatdesk token``: issues, explains and revokes the tokens by which people sign in to a chat."""

from __future__ import annotations

import argparse
import http.client
import secrets
import sys
import time
from pathlib import Path
from typing import Any

import jwt

from chatdesk.config import ConfigError
from chatdesk.console import print_line, print_stderr
from chatdesk.log.revoked_tokens import RevokedTokens
from chatdesk.paths import chat_folder, make_private
from chatdesk.protocol import times
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.limits import TOKEN_CHARS
from chatdesk.protocol.names import clean_nickname, clean_room
from chatdesk.protocol.text import one_line
from chatdesk.server.auth import BadTokenError
from chatdesk.server.jwt_keys import KeyFileError, read_key_set, read_keys
from chatdesk.server.jwt_remote_keys import get_document
from chatdesk.server.jwt_sign_in import UNREADABLE, FixedKeys, JwtSignIn, is_address, looks_like_jwt

EXIT_NOT_VALID = 1
_SHOWN_CHARS = 200
_NO_KEY = "Name the key of the tokens with --jwt-key FILE, as the chat has it."
_UNITS = ((86_400, "day"), (3600, "hour"), (60, "minute"), (1, "second"))
_LAST_SHOWN_TIME = 1e11
"""In seconds since 1970: the year 5138."""


def run(options: argparse.Namespace) -> int:
    """Run what is asked for and return the exit code. Raises ConfigError."""
    actions = {"issue": _issue, "show": _show, "revoke": _revoke}
    try:
        return actions[options.action](options)
    except (KeyFileError, ProtocolError) as error:
        raise ConfigError(str(error)) from None


def _issue(options: argparse.Namespace) -> int:
    """Print a new token to stdout, alone, and to stderr what it is."""
    if not options.subject:
        raise ConfigError("Say for whom the token is, as in: chatdesk token issue kit --jwt-key chat.key.")
    if not options.jwt_key or is_address(options.jwt_key):
        raise ConfigError(_NO_KEY)
    key = next((key for key in read_keys(Path(options.jwt_key)) if key.signs), None)
    if key is None:
        raise ConfigError(f"The key in {options.jwt_key} checks tokens and signs none: name the private one.")
    claims = _claims(options)
    print_line(jwt.encode(claims, key.value, key.algorithm, {"kid": key.kid} if key.kid else None))
    print_stderr("\n".join(_in_words(claims)))
    return 0


def _claims(options: argparse.Namespace) -> dict[str, Any]:
    """What a new token says. Raises ProtocolError for a name that cannot be one."""
    now = int(time.time())
    claims = {
        "sub": options.subject,
        "iat": now,
        "exp": now + int(options.expires),
        "jti": secrets.token_hex(8),
        "name": clean_nickname(options.nickname) if options.nickname else None,
        "role": options.role,
        "rooms": list(map(clean_room, options.rooms)) or None,
        "iss": options.jwt_issuer or None,
        "aud": options.jwt_audience or None,
    }
    return {name: value for name, value in claims.items() if value is not None}


def _show(options: argparse.Namespace) -> int:
    """Print in words what a token says, and whether the chat would take it."""
    token = _read_token(options.subject)
    header, claims = _decode(token)
    print_line("\n".join([f"Signed with {_text(header.get('alg'))}.", *_in_words(claims)]))
    if not options.jwt_key:
        print_line("Whether it is valid is not known: name the key with --jwt-key.")
        return EXIT_NOT_VALID
    try:
        _sign_in(options).principal(token)
    except BadTokenError as error:
        print_line(f"It is not valid. {error}")
        return EXIT_NOT_VALID
    print_line("It is valid.")
    return 0


def _revoke(options: argparse.Namespace) -> int:
    """Revoke a token by its id, or the token that comes in."""
    token_id, until = options.subject or "", 0.0
    if not token_id or looks_like_jwt(token_id):
        _, claims = _decode(_read_token(token_id))
        token_id, expires = claims.get("jti"), claims.get("exp")
        until = float(expires) if isinstance(expires, int | float) else 0.0
    if not isinstance(token_id, str) or not 0 < len(token_id) <= TOKEN_CHARS:
        raise ConfigError("This token has no id (jti), by which it could be revoked: change the key instead.")
    folder: Path = options.data_dir or chat_folder(options.name)
    try:
        make_private(folder)
        RevokedTokens(folder).add(token_id, until)
    except ValueError:
        raise ConfigError(f"The revoked tokens in {folder} cannot be read: remove revoked-tokens.json there.") from None
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise ConfigError(f"It cannot be kept in {folder} that the token is revoked ({reason}).") from None
    print_stderr("The token is revoked: people who are in the chat with it are out within a second or two.")
    return 0


def _sign_in(options: argparse.Namespace) -> JwtSignIn:
    """What the chat checks tokens with."""
    key, folder = options.jwt_key, options.data_dir or chat_folder(options.name)
    try:
        keys = read_key_set(get_document(key), published=True) if is_address(key) else read_keys(Path(key))
    except (OSError, ValueError, http.client.HTTPException) as error:
        raise ConfigError(f"There is no key set at {key} ({error}).") from None
    return JwtSignIn(
        FixedKeys(keys), audience=options.jwt_audience, issuer=options.jwt_issuer, revoked=RevokedTokens(folder)
    )


def _read_token(given: str | None) -> str:
    """The token in a file, or what comes in: an argument could be seen by everybody on this computer."""
    if given and looks_like_jwt(given):
        return given
    if not given and sys.stdin.isatty():
        print_stderr("Paste the token, and end it with Enter:")
    try:
        return Path(given).read_text().strip() if given else sys.stdin.readline().strip()
    except (OSError, ValueError) as error:
        raise ConfigError(f"The token cannot be read ({error}).") from None


def _decode(token: str) -> tuple[dict[str, Any], dict[str, Any]]:
    """Header and claims of a token, unchecked. Raises ConfigError."""
    try:
        decoded = jwt.decode_complete(token, options={"verify_signature": False})
    except (jwt.PyJWTError, ValueError, TypeError, RecursionError):
        raise ConfigError(UNREADABLE) from None
    return decoded["header"], decoded["payload"]


def _in_words(claims: dict[str, Any]) -> list[str]:
    """What a token says, a line for each."""
    rooms = claims.get("rooms")
    parts = (
        f"It is for {_text(claims.get('sub', 'nobody'))}.",
        "name" in claims and f"Their name in the chat is {_text(claims['name'])}.",
        f"Their role is {_text(claims.get('role', 'member'))}.",
        f"Rooms: {_text(rooms) if rooms is not None else 'all'}.",
        "iss" in claims and f"Issued by {_text(claims['iss'])}.",
        "aud" in claims and f"For {_text(claims['aud'])}.",
        "nbf" in claims and f"Valid from {_time(claims['nbf'])}.",
        "exp" in claims and f"Ends {_time(claims['exp'])}.",
        f"Its id is {_text(claims['jti'])}." if "jti" in claims else "It has no id, so it cannot be revoked.",
    )
    return [part for part in parts if part]


def _text(value: object) -> str:
    return one_line(", ".join(map(str, value)) if isinstance(value, list) else str(value), _SHOWN_CHARS)


def _time(value: object) -> str:
    """A time in words, and how far away it is."""
    if not isinstance(value, int | float) or not 0 <= value < _LAST_SHOWN_TIME:
        return _text(value)
    distance = round(value - time.time())
    size, unit = next(((size, unit) for size, unit in _UNITS if abs(distance) >= size), (1, "second"))
    count = abs(distance) // size
    words = f"{count} {unit}{'' if count == 1 else 's'}"
    return f"{times.timestamp(int(value * 1000))}, {f'in {words}' if distance >= 0 else f'{words} ago'}"
