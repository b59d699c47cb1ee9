"""Invitations: making, finding, using and revoking them. What they open is for the gate to say."""

from __future__ import annotations

import secrets
import time
from collections import Counter
from collections.abc import Callable

from chatdesk.log.invitation import Invitation, InvitationTable, UsedUp
from chatdesk.log.room_log import LogError
from chatdesk.protocol.commands import Join
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.invitation_code import looks_like_code
from chatdesk.server.command_errors import rate_limited
from chatdesk.server.invitation_code import digest, new_code
from chatdesk.server.rate_limits import Budget, Rate, Spending

MOST_INVITATIONS = 500
"""Of which most people make one, or one a week."""
_KEPT_AFTER_END_MS = 24 * 3600 * 1000
"""How long one that has ended is still listed, so that its maker sees what became of it."""
_REMEMBERED = 2_000
"""Of those who have come, so many: a school."""
_ATTEMPTS = Rate(per_second=1, burst=120)
"""From one network, good or bad: two classes at once, and no more guesses than ``invitation_code`` reckons with."""


def _nobody_waits(_error: object) -> None:
    """What cannot be stored now is said by the store's problem."""


class Invitations:
    """All invitations of a chat. ``secret`` is the key of their digests. Nothing here awaits, so each call is atomic.

    ``on_change`` is called whenever one is made, used or revoked.
    """

    def __init__(self, table: InvitationTable, secret: bytes, on_change: Callable[[], None] = lambda: None) -> None:
        self._table = table
        self._secret = secret
        self.on_change = on_change
        self.attempts = Budget(_ATTEMPTS)
        """Of networks, to come by an invitation."""
        self._came: dict[str, str] = {}
        """By which invitation those came who came last, by identity."""
        self._by_digest = {invitation.digest: invitation for invitation in table.all()}
        self._storing = Counter[str]()
        """How many uses of each invitation are being stored, by its id."""
        table.on_followed = self._followed

    def listed(self) -> list[Invitation]:
        """All of them, the newest first; those whose end is a day ago are forgotten."""
        now = _now()
        for ended in [it for it in self._by_digest.values() if it.expires + _KEPT_AFTER_END_MS < now]:
            del self._by_digest[ended.digest]
            self._table.delete(ended.id, _nobody_waits)
        return sorted(self._by_digest.values(), key=lambda it: it.created, reverse=True)

    def make(
        self,
        *,
        nickname: str,
        role: str,
        room: str,
        uses: int,
        seconds: int,
        creator: str,
        reply: Callable[[str, Invitation | LogError], None],
    ) -> None:
        """Make one for ``seconds``; ``reply`` gets its code, which is kept nowhere, once it is stored.

        Raises ProtocolError if there are too many.
        """
        if len(self.listed()) >= MOST_INVITATIONS:
            sentence = f"There are {MOST_INVITATIONS} invitations already: revoke some of them first."
            raise ProtocolError(ErrorCode.TOO_MANY_INVITATIONS, sentence)
        code, now = new_code(), _now()
        key = digest(code, self._secret)
        made = Invitation(secrets.token_hex(4), key, nickname, role, room, uses, 0, now, now + seconds * 1000, creator)

        def stored(error: LogError | None) -> None:
            if error is None:
                self._by_digest[key] = made
                self.on_change()
            reply(code, error or made)

        self._table.store(made, stored)

    def find(self, code: str, network: str) -> Invitation:
        """The invitation of this code, for somebody in ``network``.

        Raises the same ProtocolError for one that never was, has ended, is used up or was revoked; another one for a
        network that tries too often.
        """
        if wait := self.attempts.spend(network):
            raise rate_limited(Spending.INVITATIONS, wait)
        found = self._by_digest.get(digest(code, self._secret))
        if found is None or not found.lets_in(_now()):
            raise bad_invitation()
        return found

    def of_join(self, join: Join, network: str) -> Invitation | None:
        """The invitation by which somebody joins, if any. Raises ProtocolError as `find`."""
        code = join.invitation or (join.token if join.token and looks_like_code(join.token) else None)
        return self.find(code, network) if code else None

    def require(self, invitation: Invitation, identity: str = "") -> None:
        """Raises ProtocolError if others were quicker, or it was revoked; who has come by it may again."""
        present = self._by_digest.get(invitation.digest)
        if not self._has_come(invitation, identity) and (present is None or not present.lets_in(_now())):
            raise bad_invitation()

    def use(
        self,
        invitation: Invitation,
        identity: str = "",
        reply: Callable[[LogError | ProtocolError | None], None] = _nobody_waits,
        is_here: Callable[[], bool] = lambda: True,
    ) -> None:
        """Somebody comes by it. Raises ProtocolError as ``require``; ``reply`` follows when the use is stored.

        It counts at once, and no more if it cannot be stored, or the person has gone by then. Opening the same link
        once more spends nothing.
        """
        self.require(invitation, identity)
        present, spent = self._by_digest.get(invitation.digest), 1 - self._has_come(invitation, identity)
        if present is None:
            return reply(None)
        if identity:
            self._remember(invitation, identity)

        def stored(error: LogError | UsedUp | None) -> None:
            if spent and (error or not is_here()):
                self._came.pop(identity, None)
                if not error:
                    self._spend(invitation, -spent, identity, _nobody_waits)
            reply(bad_invitation() if isinstance(error, UsedUp) else error)

        return self._spend(invitation, spent, identity, stored)

    def _spend(
        self,
        invitation: Invitation,
        count: int,
        identity: str,
        reply: Callable[[LogError | UsedUp | None], None],
    ) -> None:
        """Store this many uses, which count until they cannot be stored."""

        def stored(error: LogError | UsedUp | None) -> None:
            self._storing[invitation.id] -= count
            if not self._storing[invitation.id]:
                del self._storing[invitation.id]
            if error:
                self._add_uses(invitation, -count)
            reply(error)

        self._storing[invitation.id] += count
        self._add_uses(invitation, count)
        present = self._by_digest.get(invitation.digest)
        return self._table.use(present, count, identity, stored) if present else stored(None)

    def _followed(self, id_: str, invitation: Invitation | None, identity: str) -> None:
        """One was made, used or revoked on another server of the chat."""
        if invitation:
            used = invitation.used + self._storing[id_]
            self._by_digest[invitation.digest] = invitation._replace(used=used)
            if identity:
                self._remember(invitation, identity)
        else:
            self._by_digest = {key: it for key, it in self._by_digest.items() if it.id != id_}
        self.on_change()

    def _has_come(self, invitation: Invitation, identity: str) -> bool:
        return bool(identity) and self._came.get(identity) == invitation.id

    def _remember(self, invitation: Invitation, identity: str) -> None:
        self._came.pop(identity, None)
        self._came[identity] = invitation.id
        if len(self._came) > _REMEMBERED:
            del self._came[next(iter(self._came))]

    def _add_uses(self, invitation: Invitation, count: int) -> None:
        if count and (present := self._by_digest.get(invitation.digest)):
            self._by_digest[invitation.digest] = present._replace(used=present.used + count)
            self.on_change()

    def revoke(self, id_: str, reply: Callable[[LogError | None], None]) -> None:
        """Let nobody else come by it; ``reply`` follows when that is stored. Raises ProtocolError if there is none."""
        found = next((it for it in self._by_digest.values() if it.id == id_), None)
        if found is None:
            raise ProtocolError(ErrorCode.NOT_FOUND, "There is no such invitation: list them to see those that are.")
        del self._by_digest[found.digest]  # at once, whatever the disk does
        self._table.delete(id_, reply)
        self.on_change()


def bad_invitation() -> ProtocolError:
    """The one error for all invitations that let nobody in."""
    sentence = "This invitation does not open the chat, or no longer: ask for another one."
    return ProtocolError(ErrorCode.BAD_INVITATION, sentence)


def _now() -> int:
    return time.time_ns() // 1_000_000
