"""The nickname that is proposed."""

import getpass

from chatdesk.desktop.settings import Settings
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.names import clean_nickname


def last_nickname(settings: Settings) -> str:
    """Return the nickname last used; at first the account's name, if it is a valid nickname."""
    if settings.nickname:
        return settings.nickname
    try:
        return clean_nickname(getpass.getuser().capitalize())
    except (ProtocolError, OSError):
        return "Guest"
