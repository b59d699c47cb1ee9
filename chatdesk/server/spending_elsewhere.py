"""What people do on other servers of the chat, counted here, too: nobody has twice the pace by going to two of them."""

from __future__ import annotations

from collections.abc import Mapping

from chatdesk.log.node_channel import OtherServers
from chatdesk.server.rate_limits import Budget, Spending
from chatdesk.server.slow_mode import SlowMode


class SpendingElsewhere:
    """Takes it out of the ``budgets`` of identities and lets their pauses begin, as it becomes known here."""

    def __init__(self, servers: OtherServers, budgets: Mapping[Spending, Budget], slow: SlowMode) -> None:
        self._budgets = budgets
        self._slow = slow
        servers.on_said, servers.on_acted = self._said, self._acted

    def _said(self, identity: str, room: str, size: int, ago: float) -> None:
        self._slow.posted_elsewhere(identity, room, ago)
        self._budgets[Spending.MESSAGES].spent_elsewhere(identity, 1, ago)
        self._budgets[Spending.TEXT].spent_elsewhere(identity, size, ago)

    def _acted(self, identity: str, ago: float) -> None:
        self._budgets[Spending.ACTS].spent_elsewhere(identity, 1, ago)
