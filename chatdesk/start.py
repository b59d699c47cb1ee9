"""How the window starts: at its start screen, hosting, or joining."""

from dataclasses import dataclass

from chatdesk.client.address import parse_address
from chatdesk.discovery.short_code import looks_like_code
from chatdesk.paths import settings_file
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.invitation_code import split_invitation
from chatdesk.protocol.names import clean_nickname


class StartError(Exception):
    """The program cannot start. The message is a sentence for people that says what to do."""


@dataclass(frozen=True, slots=True)
class StartScreen:
    """Open the window at its start screen."""

    nickname: str | None


@dataclass(frozen=True, slots=True)
class Host:
    """Open the window and host at once. A ``nickname`` of None is the last one used."""

    nickname: str | None


@dataclass(frozen=True, slots=True)
class Join:
    """Open the window and join the chat at ``url``."""

    url: str
    nickname: str | None


def check_start(start: StartScreen | Host | Join) -> None:
    """Check the arguments before a window opens. Raises StartError, and ConfigError if there is no settings folder."""
    settings_file()
    try:
        if start.nickname is not None:
            clean_nickname(start.nickname)
        if isinstance(start, Join) and not looks_like_code(address := split_invitation(start.url)[0]):
            parse_address(address)
    except (ProtocolError, ValueError) as error:
        raise StartError(str(error)) from None
