"""Why a Redis is out of reach, or what it refuses, in words that say what to do."""

from __future__ import annotations

import re

from redis.exceptions import MovedError

from chatdesk.log.room_log import StorageProblem

_CERTIFICATE = re.compile(r"certificate verify failed: (.*?)\.? \(_ssl")
_COMMAND = re.compile(r"permissions to run the '([^']+)'")
_PASSWORD = re.compile("invalid username-password pair|invalid password")
_NO_PASSWORD = re.compile("[Aa]uthentication required|already authenticated")
_PERMISSION = re.compile("[Nn]o permissions to|can't run this command|can't access at least one of the keys")
_NEEDED = (
    "it wants a password, as in redis://:PASSWORD@10.0.0.5:6379, which a Sentinel gets as"
    " ?sentinel_password=PASSWORD at the end"
)
_REFUSED = StorageProblem(
    "refused",
    "The chat is read only for the moment, as its Redis refuses {}. The host must allow it: packaging/OPERATING.md"
    " lists the rights that the chat needs. What you write waits, and goes out then.",
)
_NOT_ACCEPTED = StorageProblem(
    "refused",
    "The chat is read only for the moment, as its Redis does not accept the password: the host must correct --cluster,"
    " or the password of Redis. What you write waits, and goes out then.",
)


def refusal(error: BaseException, prefix: str) -> StorageProblem | None:
    """Return what people are told when Redis refuses something until somebody changes its settings, or those of the
    chat; None for any other error. ``prefix`` is that of the chat's keys and channels."""
    said = str(error)
    if _PASSWORD.search(said) or _NO_PASSWORD.search(said):
        return _NOT_ACCEPTED
    if not _PERMISSION.search(said):
        return None
    return _REFUSED._replace(sentence=_REFUSED.sentence.format(_what_is_refused(said, prefix)))


def _what_is_refused(said: str, prefix: str) -> str:
    if command := _COMMAND.search(said):
        return f"the command {command[1].upper()}"
    if "channel" in said:
        return f"channels that begin with {prefix}"
    if "key" in said:
        return f"keys that begin with {prefix}"
    return "a command in a script of the chat"  # Redis 7.0 does not say which


def reason(error: Exception, prefix: str) -> str:
    """Return why Redis cannot be used, as the part of a sentence."""
    said = str(error)
    if isinstance(error, MovedError):
        return "it is of a Redis Cluster, which has an address such as redis+cluster://10.0.0.5:6379"
    if certificate := _CERTIFICATE.search(said):
        return (
            f"its certificate is not accepted ({certificate[1]}); whom it is signed by can be named, as in"
            " rediss://10.0.0.5:6379?ssl_ca_certs=/etc/redis/ca.pem"
        )
    if _NO_PASSWORD.search(said):
        return _NEEDED
    if _PASSWORD.search(said):
        return "it does not accept the password"
    if _PERMISSION.search(said):
        return (
            f"it refuses {_what_is_refused(said, prefix)}; packaging/OPERATING.md lists the rights that it has to give"
        )
    return said.rstrip(".")
