"""What single people have done, ordered among the nodes: who gives no receipts, and who has given a password."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from functools import partial
from hashlib import blake2b

from chatdesk.cluster.lasting import LastingProposals
from chatdesk.log.kept_rooms import read_password, receipts_statement
from chatdesk.log.node_channel import OtherServers
from chatdesk.log.operations import LastingOperation, Ordered, OrderedPass, OrderedReceipts, new_id
from chatdesk.log.passes import DELETE_ONE, STORE_ONE, Passes

Change = OrderedReceipts | OrderedPass
_MARK_BYTES = 12


class PassesInOrder(Passes):
    """The passes of a node. Where a password changes, their rows go at the place of that in the order."""

    def take_all(self, room: str) -> None:
        """See ``Passes``."""
        self._identities.pop(room, None)


class ChoicesInOrder:
    """Both hold on their node at once, and on the others as soon as they can be ordered.

    A pass holds only if the password that it is of still does at its place in the order: a node that is cut off does
    not know that there is another one. ``password_of`` returns the hash of a room's, as far as the order is followed.
    """

    changes = (OrderedReceipts, OrderedPass)

    def __init__(
        self,
        proposals: LastingProposals,
        passes: Passes,
        servers: OtherServers,
        password_of: Callable[[str], str],
    ) -> None:
        self._proposals = proposals
        self._passes = passes
        self._servers = servers
        self._password_of = password_of
        passes.on_given = partial(self._pass_changed, taken=False)
        passes.on_taken = partial(self._pass_changed, taken=True)

    def receipts_turned(self, identity: str, *, off: bool) -> None:
        """Somebody gives and sees no receipts any more, or does again."""
        self._proposals.propose(OrderedReceipts(identity, off, new_id()), lambda _later: None)

    def _pass_changed(self, identity: str, room: str, *, taken: bool) -> None:
        mark = _mark(self._password_of(room))
        self._proposals.propose(OrderedPass(identity, room, new_id(), taken=taken, password=mark), lambda _later: None)

    @staticmethod
    def write(db: sqlite3.Connection, change: Change, entry: Ordered) -> None:
        """See ``Kind``."""
        match change:
            case OrderedReceipts(identity, off):
                db.execute(receipts_statement(off=off), (identity,))
            case OrderedPass(identity, place) if change.taken:
                db.execute(DELETE_ONE, (place, identity))
            case OrderedPass(identity, place) if change.password == _mark(read_password(db, place)):
                db.execute(STORE_ONE, (place, identity, entry.at))

    def followed(self, change: Change, _entry: Ordered, *, own: bool) -> None:
        """See ``Kind``."""
        self._proposals.followed(change)
        if isinstance(change, OrderedPass) and change.taken:
            self._passes.withdraw(change.identity, change.place)
        elif isinstance(change, OrderedPass):
            if change.password == _mark(self._password_of(change.place)):
                self._passes.adopt(change.identity, change.place)  # also one of this node, if it was taken meanwhile
        elif not own and not any(self._is_later(operation, change) for operation in self._proposals.unordered):
            self._servers.on_receipts(change.identity, change.off)

    @staticmethod
    def _is_later(proposed: LastingOperation, change: OrderedReceipts) -> bool:
        return isinstance(proposed, OrderedReceipts) and proposed.identity == change.identity


def _mark(hashed: str) -> str:
    """What tells a password from others, by its hash: without the salt in it, nobody can try passwords."""
    return blake2b(hashed.encode(), digest_size=_MARK_BYTES).hexdigest()
