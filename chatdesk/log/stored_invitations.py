"""Where invitations are kept: in the file, or nowhere."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable

from chatdesk.log.invitation import Followed, Invitation, UsedUp
from chatdesk.log.log_error import LogError
from chatdesk.log.statement import AwaitedStatement
from chatdesk.log.writer import Writer

STORE_INVITATION = f"INSERT OR REPLACE INTO invitation VALUES ({', '.join('?' * len(Invitation._fields))})"
DELETE_INVITATION = "DELETE FROM invitation WHERE id = ?"


class _OneTable:
    """A table that no other server changes."""

    on_followed: Followed = staticmethod(lambda _id, _invitation, _identity: None)

    def store(self, invitation: Invitation, reply: Callable[[LogError | None], None]) -> None:
        """See ``InvitationTable``."""
        raise NotImplementedError

    def use(
        self, invitation: Invitation, _count: int, _identity: str, reply: Callable[[LogError | UsedUp | None], None]
    ) -> None:
        """See ``InvitationTable``."""
        self.store(invitation, reply)


class NoInvitations(_OneTable):
    """A table that keeps nothing: the server holds them, and nothing outlives the process."""

    def all(self) -> list[Invitation]:
        """Nothing is left of an earlier process."""
        return []

    def store(self, invitation: Invitation, reply: Callable[[LogError | None], None]) -> None:
        """See ``InvitationTable``."""
        reply(None)

    def delete(self, id_: str, reply: Callable[[LogError | None], None]) -> None:
        """See ``InvitationTable``."""
        reply(None)


class StoredInvitations(_OneTable):
    """The table in the file."""

    def __init__(self, invitations: list[Invitation], writer: Writer) -> None:
        self._invitations = invitations
        self._writer = writer

    def all(self) -> list[Invitation]:
        """See ``InvitationTable``."""
        return self._invitations

    def store(self, invitation: Invitation, reply: Callable[[LogError | None], None]) -> None:
        """See ``InvitationTable``."""
        self._writer.submit(AwaitedStatement(STORE_INVITATION, invitation, reply))

    def delete(self, id_: str, reply: Callable[[LogError | None], None]) -> None:
        """See ``InvitationTable``."""
        self._writer.submit(AwaitedStatement(DELETE_INVITATION, (id_,), reply))


def read_invitations(db: sqlite3.Connection) -> list[Invitation]:
    """Return all invitations of a file."""
    return [Invitation(*row) for row in db.execute("SELECT * FROM invitation")]
