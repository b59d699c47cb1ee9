"""Notices when this machine joins or leaves a network."""

import asyncio
import logging
from collections.abc import Callable

from chatdesk.discovery.networks import Network, own_networks

logger = logging.getLogger(__name__)

_LOOK_SECONDS = 1.0
"""Reading the networks takes a few milliseconds; a new Wi-Fi shows within a second."""


class NetworkWatch:
    """Calls ``on_change`` with the networks of this machine: at first, and whenever they or their order change."""

    def __init__(self, on_change: Callable[[list[Network]], None]) -> None:
        self._on_change = on_change

    async def run(self) -> None:
        """Watch until cancelled."""
        known: list[Network] | None = None
        while True:
            networks = _current_networks()
            if networks is not None and networks != known:
                known = networks
                self._on_change(networks)
            await asyncio.sleep(_LOOK_SECONDS)


def _current_networks() -> list[Network] | None:
    """The networks; None if the system cannot say now, which says nothing about them."""
    try:
        return own_networks()
    except OSError as error:  # out of file descriptors or memory: try again
        logger.warning("This system does not tell its networks just now (%s).", error)
        return None
