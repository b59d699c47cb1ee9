"""Invitations, ordered among the nodes: made at one, used at any, and each use counted once."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from chatdesk.cluster.lasting import LastingProposals
from chatdesk.log.invitation import Invitation, UsedUp
from chatdesk.log.operations import Operation, Ordered, OrderedInvitation, OrderedRevocation, OrderedUse, new_id
from chatdesk.log.ordered_log import ProposedChange
from chatdesk.log.room_log import LogError
from chatdesk.log.stored_invitations import DELETE_INVITATION, STORE_INVITATION, StoredInvitations
from chatdesk.log.writer import Writer

Change = OrderedInvitation | OrderedUse | OrderedRevocation


class InvitationsInOrder(StoredInvitations):
    """The ``InvitationTable`` of a node. Who uses the last one first in the order is let in, on whichever node.

    A revocation holds on its node at once, and is ordered as soon as that is possible.
    """

    changes = (OrderedInvitation, OrderedUse, OrderedRevocation)

    def __init__(
        self,
        invitations: list[Invitation],
        writer: Writer,
        propose: Callable[[Operation, ProposedChange], None],
        proposals: LastingProposals,
    ) -> None:
        revoked = {waiting.invitation for waiting in proposals.waiting if isinstance(waiting, OrderedRevocation)}
        super().__init__([it for it in invitations if it.id not in revoked], writer)
        self._ordered = {it.id: it for it in invitations}
        self._propose = propose
        self._proposals = proposals
        self._using: dict[str, Callable[[LogError | UsedUp | None], None]] = {}
        """Those who wait until their use is ordered, by its id."""

    def store(self, invitation: Invitation, reply: Callable[[LogError | None], None]) -> None:
        """See ``InvitationTable``."""
        self._propose(OrderedInvitation(invitation), ProposedChange(reply))

    def use(
        self, invitation: Invitation, count: int, identity: str, reply: Callable[[LogError | UsedUp | None], None]
    ) -> None:
        """See ``InvitationTable``."""
        use = OrderedUse(invitation.id, count, identity, new_id())
        self._using[use.id] = reply

        def failed(error: LogError | None) -> None:
            if error:
                del self._using[use.id]
                reply(error)

        self._propose(use, ProposedChange(failed))

    def delete(self, id_: str, reply: Callable[[LogError | None], None]) -> None:
        """See ``InvitationTable``."""
        self._proposals.propose(OrderedRevocation(id_, new_id()), lambda _later: reply(None))

    def write(self, db: sqlite3.Connection, change: Change, _entry: Ordered) -> None:
        """See ``Kind``."""
        match change:
            case OrderedInvitation(invitation):
                db.execute(STORE_INVITATION, invitation)
            case OrderedUse(id_, count):
                db.execute(
                    "UPDATE invitation SET used = max(0, used + ?1)"
                    " WHERE id = ?2 AND (?1 <= 0 OR uses = 0 OR used < uses)",
                    (count, id_),
                )
            case OrderedRevocation(id_):
                db.execute(DELETE_INVITATION, (id_,))

    def followed(self, change: Change, _entry: Ordered, *, own: bool) -> None:
        """See ``Kind``."""
        if isinstance(change, OrderedUse):
            self._used(change)
            return
        if isinstance(change, OrderedInvitation):
            self._ordered[change.invitation.id] = change.invitation
            id_ = change.invitation.id
        else:
            self._proposals.followed(change)
            self._ordered.pop(change.invitation, None)
            id_ = change.invitation
        if not own:
            self.on_followed(id_, self._ordered.get(id_), "")

    def _used(self, use: OrderedUse) -> None:
        before, reply = self._ordered.get(use.invitation), self._using.pop(use.id, None)
        fits = use.count <= 0 or (before is not None and (not before.uses or before.used < before.uses))
        if before and fits:
            self._ordered[before.id] = before._replace(used=max(0, before.used + use.count))
        if reply:
            reply(None if fits else UsedUp())
        elif before and fits and not self._is_revoked(before.id):
            self.on_followed(before.id, self._ordered[before.id], use.identity)

    def _is_revoked(self, id_: str) -> bool:
        """Whether this node has revoked an invitation, which has no place in the order yet."""
        unordered = self._proposals.unordered
        return any(isinstance(waiting, OrderedRevocation) and waiting.invitation == id_ for waiting in unordered)
