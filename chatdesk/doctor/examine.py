"""The two examinations: of the chat that is hosted here, and of one that cannot be joined."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from chatdesk.doctor.report import Report, Tell

if TYPE_CHECKING:
    from chatdesk.discovery.networks import Network


async def examine_host(port: int, networks: Sequence[Network], tell: Tell, token: str = "") -> Report:
    """Find out who can reach the chat that this computer hosts on ``port``; it takes up to about ten seconds.

    With the host's ``token`` the people who are connected, or have the test page open, are asked to call back.
    """
    raise NotImplementedError


async def examine_address(address: str, networks: Sequence[Network], tell: Tell) -> Report:
    """Find out why the chat at ``address``, as a person types it, cannot be joined from here.

    Raises ValueError, with a sentence, for what is no address.
    """
    raise NotImplementedError
