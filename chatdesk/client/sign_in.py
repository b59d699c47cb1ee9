"""The token (JWT) by which the person signs in to a chat that asks for one, and the password that it asks for.

A token that has let them in is kept beside their identity until it is refused; a password is forgotten at once.
"""

import secrets
from collections.abc import Callable

from msgspec.structs import replace

from chatdesk.client.changes import Change, Ended, NoticeReceived, PasswordAsked, SignInRenewed
from chatdesk.protocol import commands, connection_events, events
from chatdesk.protocol.errors import ErrorCode

_NICKNAME_ERRORS = frozenset({ErrorCode.BAD_NICKNAME, ErrorCode.NICKNAME_TAKEN})
_PASSWORD_ERRORS = frozenset({ErrorCode.PASSWORD_REQUIRED, ErrorCode.BAD_PASSWORD})
_INVITATION_ERRORS = frozenset({ErrorCode.LOCKED, ErrorCode.BAD_INVITATION})
_WRONG = frozenset({ErrorCode.BAD_PASSWORD, ErrorCode.BAD_INVITATION})


class SignIn:
    """``send`` passes a command to the host, if there is a connection."""

    def __init__(self) -> None:
        self.token = ""
        """What the next join brings along; empty for none."""
        self.password = ""
        """The password of the chat, until it has let the person in."""
        self.invitation = ""
        """The code by which the person comes, until it has let them in."""
        self.ends_at: float | None = None
        """When it ends, by ``time.monotonic``; None if it does not, or is not known."""
        self.send: Callable[[commands.Refresh], None] = _nowhere
        self.answered: Callable[[str], None] = _nobody
        """Called with why a renewal is refused, or with nothing once it is done."""
        self._renewal: commands.Refresh | None = None

    def renew(self, token: str) -> None:
        """Go on with another token on the open connection; ``answered`` tells what has come of it."""
        self._renewal = commands.Refresh(token, secrets.token_hex(8))
        self.send(self._renewal)

    def complete(self, join: commands.Join) -> commands.Join:
        """The join with the password and the invitation that the person has given."""
        return replace(join, password=self.password or None, invitation=self.invitation or None)

    def receive(self, event: events.Event, now: float) -> list[Change] | None:
        """The changes by an event that concerns the sign-in alone; None for any other event."""
        if isinstance(event, events.Welcome):
            self.password = self.invitation = ""
            self.ends_at = None if event.expires_in is None else now + event.expires_in
        renewal = self._renewal
        if not isinstance(event, connection_events.Refreshed | events.Error):
            return None
        if renewal is None or event.ref != renewal.id:
            return None if isinstance(event, events.Error) else []
        self._renewal = None
        if isinstance(event, connection_events.Refreshed):
            self.token, self.ends_at = renewal.token, now + event.expires_in
        self.answered(event.content if isinstance(event, events.Error) else "")
        return [SignInRenewed()]


def join_refused(error: events.Error) -> Ended:
    """How the connection stands after a join that was refused, and what the person has to give for another."""
    return Ended(
        error.content,
        error.code in _NICKNAME_ERRORS,
        token_needed=error.code == ErrorCode.UNAUTHORIZED,
        password_needed=error.code in _PASSWORD_ERRORS,
        invitation_needed=error.code in _INVITATION_ERRORS,
        wrong=error.code in _WRONG,
        retry_after=error.retry_after or 0.0,
    )


def room_refused(room: str, error: events.Error) -> Change:
    """What becomes of a room that was to be shown and may not be entered."""
    if error.code not in _PASSWORD_ERRORS:
        return NoticeReceived(error.content)
    return PasswordAsked(room, error.content, error.code in _WRONG, error.retry_after or 0.0)


def token_in(address: str) -> tuple[str, str]:
    """An address without the token that a link to a chat may carry (``#token=``), and the token, perhaps empty."""
    address, _, token = address.partition("#token=")
    return address, token.strip()


def _nobody(_error: str) -> None:
    """Nobody waits for an answer."""


def _nowhere(_command: commands.Refresh) -> None:
    """There is no client."""
