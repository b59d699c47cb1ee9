"""Who shares a budget for making rooms."""

from collections.abc import Iterable

from chatdesk.server.session import Session

_ESTABLISHED_SECONDS = 600
"""Somebody who throws identities away to make more rooms has to keep each of them connected for so long."""


def makers(network: str, sessions: Iterable[Session]) -> str:
    """The key of the budget for somebody of this network with these sessions.

    People who have been here for ten minutes do not share it with newcomers of their network.
    """
    established = any(session.person and session.person.stayed_seconds >= _ESTABLISHED_SECONDS for session in sessions)
    return f"{network} established" if network and established else network
