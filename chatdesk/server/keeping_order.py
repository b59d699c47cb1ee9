"""Keeping order: what host and moderators do to people. Each act holds at once, is stored, and stands in the trail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from chatdesk.log.bots import with_bots
from chatdesk.log.order import AuditEntry, Standing, StandingKind
from chatdesk.protocol import events, times
from chatdesk.protocol.errors import CloseCode, ErrorCode, ProtocolError
from chatdesk.protocol.events import SystemCode
from chatdesk.protocol.names import is_private, nickname_key
from chatdesk.protocol.text import isolated
from chatdesk.server.auth import Principal, Role
from chatdesk.server.command_errors import denied, refuse_by_order
from chatdesk.server.fresh_bans import FreshBans
from chatdesk.server.hub import Hub
from chatdesk.server.order_acts import Actor, OrderActs, Reply, Target, outcome_reply
from chatdesk.server.order_sentences import order_error, told, until_words
from chatdesk.server.own_standing import own_standing
from chatdesk.server.permissions import Right, RoomRoles, may, outranks, role_in
from chatdesk.server.person import Person
from chatdesk.server.session import Session

_ROLE_TOLD = {Role.MODERATOR: "a moderator", Role.MEMBER: "a member", Role.GUEST: "a guest, who can only read"}


class KeepingOrder:
    """Does it in the hub. What raises ProtocolError has done nothing; ``reply`` is called once the act is stored.

    ``waiting`` returns the identities and nicknames of those who wait for approval: they can be banned, too.
    """

    def __init__(
        self, hub: Hub, fresh_bans: FreshBans, waiting: Callable[[], Iterable[tuple[str, str]]] = tuple
    ) -> None:
        self._hub = hub
        self._waiting = waiting
        self.on_ban: Callable[[], None] = lambda: None
        """Called when somebody, or a name, is banned."""
        self._fresh_bans = fresh_bans
        self._standings = hub.standings
        self._standings.on_ended = self._ended
        hub.order.on_followed = self._followed
        self._acts = OrderActs(hub)

    # Who may do what to whom

    def target(self, actor: Actor, whom: str, right: Right, room: str) -> Target:
        """The person to whom the actor does something that takes this right.

        Raises ProtocolError if nobody is called so, it is the actor, or the actor may not do it to them.
        """
        found = self.find(actor, whom, right, room)
        if found.identity == actor.principal.identity:
            raise ProtocolError(ErrorCode.FORBIDDEN, "That is you: nobody can do that to themselves.")
        roles = self._roles(room)
        if not outranks(role_in(actor.principal, roles), self.role(found.identity, roles)):
            sentence = f"{isolated(found.nickname)} has the same role as you, or a higher one: you cannot do that."
            raise ProtocolError(ErrorCode.FORBIDDEN, sentence)
        return found

    def find(self, actor: Actor, whom: str, right: Right, room: str = "") -> Target:
        """The person with this name, if the actor has the right. Raises ProtocolError."""
        roles = self._roles(room)
        if not may(actor.principal, right, roles):
            raise denied(actor.principal, right, roles)
        known = self._by_author(whom[1:]) if whom.startswith("@") else None
        known = known or self._by_nickname(whom)
        if known is None:
            sentence = f"Nobody here is called {isolated(whom[:32])}: see who is there."
            raise ProtocolError(ErrorCode.NOT_FOUND, sentence)
        return Target(*known, self._hub.author(known[0]))

    def role(self, identity: str, roles: RoomRoles | None) -> Role:
        """The role of an identity, whether or not it is here; of somebody who may not be in the room, the chat's."""
        principal = self._standings.applied(Principal(identity, role=self._hub.role(identity)))
        return role_in(principal, roles) or principal.role

    # What is done

    def give_role(self, actor: Actor, whom: str, role: Role, room: str, reason: str, reply: Reply) -> None:
        """Make somebody a moderator, a member or a guest."""
        target = self.target(actor, whom, Right.GIVE_ROLES, room)
        before = self.role(target.identity, self._roles(room))
        standing = self._acts.new(StandingKind.ROLE, actor, target, room, reason, 0, role.name.lower())
        sentence = f"{isolated(target.nickname)} is {_ROLE_TOLD[role]} now{self._where(room)}."
        self._acts.begin(standing, actor, target, "role", reply, sentence, before.name.lower())
        self._enforce(standing)

    def mute(self, actor: Actor, whom: str, room: str, reason: str, until: int, reply: Reply) -> None:
        """Let somebody only read."""
        target = self.target(actor, whom, Right.MUTE, room)
        standing = self._acts.new(StandingKind.MUTED, actor, target, room, reason, until)
        end = until_words(until, self._standings.now())
        sentence = f"{isolated(target.nickname)} is muted{self._where(room)}{end}."
        self._acts.begin(standing, actor, target, "mute", reply, sentence)
        self._enforce(standing)

    def unmute(self, actor: Actor, whom: str, room: str, reply: Reply) -> None:
        """Let somebody speak again."""
        target = self.target(actor, whom, Right.MUTE, room)
        if not self._standings.get(target.identity, StandingKind.MUTED, room):
            raise ProtocolError(ErrorCode.NOT_FOUND, f"{isolated(target.nickname)} is not muted{self._where(room)}.")
        ended = Standing(target.identity, StandingKind.MUTED, room)
        sentence = f"{isolated(target.nickname)} can speak again{self._where(room)}."
        self._acts.end([ended], actor, target, "unmute", reply, sentence)
        self._lift(ended, actor.nickname)

    def remove(self, actor: Actor, whom: str, room: str, reason: str, until: int, reply: Reply) -> None:
        """Send somebody out of a room, or of the chat; ``until`` 0 lets them come back at once."""
        target = self.target(actor, whom, Right.REMOVE, room)
        standing = self._acts.new(StandingKind.REMOVED, actor, target, room, reason, until)
        end = until_words(until, self._standings.now())
        sentence = f"{isolated(target.nickname)} is removed{self._where(room) or ' from the chat'}{end}."
        if until:
            self._acts.begin(standing, actor, target, "remove", reply, sentence)
        else:
            self._acts.store([], [], standing, "remove", outcome_reply(reply, target, sentence))
        self._enforce(standing)

    def ban(self, actor: Actor, whom: str, reason: str, until: int, reply: Reply, *, address: bool = False) -> None:
        """Keep somebody and their name out of the chat; with ``address``, everybody else at that address."""
        target = self.target(actor, whom, Right.BAN, "")
        networks = self.networks(target.identity) if address else set()
        self._require_banable(networks)
        standing = self._acts.new(StandingKind.BANNED, actor, target, "", reason, until, " ".join(sorted(networks)))
        end = until_words(until, self._standings.now()) or " for good"
        sentence = f"{isolated(target.nickname)} is banned{end}."
        self._acts.begin(standing, actor, target, "ban", reply, sentence)
        self._enforce(standing)

    def unban(self, actor: Actor, whom: str, room: str, reply: Reply) -> None:
        """Let somebody in again, whether they were removed or banned."""
        target = self.find(actor, whom, Right.REMOVE if room else Right.BAN, room)
        kinds = (StandingKind.REMOVED, StandingKind.BANNED)
        ended = [held for kind in kinds if (held := self._standings.get(target.identity, kind, room))]
        if not ended:
            raise ProtocolError(ErrorCode.NOT_FOUND, f"{isolated(target.nickname)} is not kept out.")
        self._acts.end(ended, actor, target, "unban", reply, f"{isolated(target.nickname)} may come in again.")
        for standing in ended:
            self._lift(standing, actor.nickname)

    def rename(self, actor: Actor, whom: str, nickname: str, reason: str, reply: Reply) -> None:
        """Give somebody another name."""
        target = self.target(actor, whom, Right.RENAME_OTHERS, "")
        person = self._hub.person_of(target.author)
        if person is None or not person.connected:
            raise ProtocolError(ErrorCode.NOT_FOUND, f"{isolated(target.nickname)} is not here.")
        before = person.nickname
        self._rename(person, nickname, actor.nickname)
        standing = self._acts.new(StandingKind.ROLE, actor, target, "", reason, 0, person.nickname)
        sentence = f"{isolated(before)} is called {isolated(person.nickname)} now."
        renamed = Target(target.identity, person.nickname, target.author)
        self._acts.store([], [], standing, "rename", outcome_reply(reply, renamed, sentence, before=before))

    def networks(self, identity: str) -> set[str]:
        """The networks from which an identity is here or at another node, as far as they are its own: no proxy's."""
        elsewhere = (person.networks_elsewhere for person in self._hub.people.values() if person.identity == identity)
        return {session.connection.network for session in self._hub.sessions(identity)}.union(*elsewhere) - {""}

    def neighbours(self, identity: str) -> list[str]:
        """The nicknames of the others here who come from the same networks, each once."""
        networks = self.networks(identity)
        others = [
            session.person.nickname
            for session in self._hub.all_sessions()
            if session.person and session.person.identity != identity and session.connection.network in networks
        ]
        others += [
            person.nickname
            for person in self._hub.people.values()
            if person.identity != identity and networks & person.networks_elsewhere
        ]
        return sorted(set(others), key=nickname_key)

    # How it is done

    def _enforce(self, standing: Standing) -> None:
        """What has begun to hold for somebody takes effect on all their devices."""
        identity, room = standing.identity, standing.room
        match standing.kind:
            case StandingKind.ROLE:
                by = isolated(standing.by) if standing.by else "The host"
                given = _ROLE_TOLD[Role[standing.value.upper()]]
                self._changed(identity, room, f"{by} has made you {given}{self._where(room)}.")
            case StandingKind.MUTED:
                self._changed(identity, room, told(standing, self._standings.now()))
            case StandingKind.REMOVED if room:
                self._send_out(standing)
            case StandingKind.REMOVED:
                self._expel(identity, standing, CloseCode.REMOVED)
            case StandingKind.BANNED:
                self._fresh_bans.note(identity, self.networks(identity))
                self._expel_banned(standing)
                self.on_ban()
            case StandingKind.NAME:
                self.on_ban()

    def _lift(self, standing: Standing, by: str = "") -> None:
        """What held for somebody holds no more, since somebody has said so or its time is over: they are told."""
        identity, room = standing.identity, standing.room
        if standing.kind is StandingKind.MUTED:
            who = f"{isolated(by)} lets you speak again" if by else "You can speak again"
            self._changed(identity, room, f"{who}{self._where(room)}.")
        elif standing.kind is StandingKind.BANNED:
            self._fresh_bans.end(identity)
        elif standing.kind is StandingKind.REMOVED and room:
            self._changed(identity, room, f"You may enter the room {isolated(room)} again.")

    def _rename(self, person: Person, nickname: str, by: str) -> None:
        self._hub.rename(person, nickname)
        notice = f"{isolated(by)} has given you the name {isolated(person.nickname)}."
        for session in self._hub.sessions(person.identity):
            session.send(events.System(notice, times.timestamp(), SystemCode.ORDER))

    def _followed(self, begun: Sequence[Standing], ended: Sequence[Standing], entry: AuditEntry | None) -> None:
        """Order was kept on another node: it is so here, too."""
        self._hub.order_news.kept()
        for standing in ended:
            if held := self._standings.get(standing.identity, standing.kind, standing.room):
                self._standings.end(held)
                self._lift(held, entry.by if entry else "")
        for standing in begun:
            self._standings.begin(standing)
            self._enforce(standing)
        person = self._hub.person_of(self._hub.author(entry.identity)) if entry else None
        if entry and entry.act == "remove" and not begun:
            about = (entry.identity, StandingKind.REMOVED, entry.room, entry.whom)
            self._enforce(Standing(*about, reason=entry.reason, by=entry.by, at=entry.at))
        elif entry and entry.act == "rename" and person and person.session_count:
            with suppress(ProtocolError):  # somebody has come under this name here meanwhile
                self._rename(person, entry.detail, entry.by)

    def _changed(self, identity: str, room: str, notice: str) -> None:
        """Let what holds for an identity be so on all its devices, and in all lists; they are told."""
        self._apply(identity, room)
        for session in filter(lambda session: session.memberships, self._sessions(identity)):
            if not session.keeps_order:
                session.send(events.System(notice, times.timestamp(), SystemCode.ORDER))
                continue
            for membership in session.entered:
                name = membership.room.name
                if session.principal and room in ("", name):
                    session.send(own_standing(session.principal, name, membership.room))
                    self._hub.on_entered(session, membership.room)  # who may decide now hears what waits

    def _apply(self, identity: str, room: str) -> None:
        people: dict[Person, None] = {}
        for session in self._sessions(identity):
            if session.principal and session.person:
                session.principal = self._standings.applied(session.principal)
                session.person.role, session.person.muted = session.principal.role, session.principal.muted is not None
                people[session.person] = None
        for each in with_bots(identity) if room else ():
            if person := self._hub.person_of(self._hub.author(each)):
                people[person] = None  # also one of another node, which tells only what they are in the whole chat
        for person in people:
            self._hub.nodes.changed(person)
            for each_room in self._hub.rooms_of(person):
                each_room.announce_status(person)

    def _ended(self, standing: Standing) -> None:
        """The time of a standing is over."""
        self._hub.order.store([], [standing], None, lambda _problem: self._hub.order_news.kept())
        if standing.kind is StandingKind.MUTED:
            self._lift(standing)

    def _send_out(self, standing: Standing) -> None:
        """Take somebody out of a room, in this step: nothing of it is sent to them any more."""
        error = order_error(standing, self._standings.now())
        room = self._hub.rooms.get(standing.room)
        if room is None:
            return
        for session in self._sessions(standing.identity):
            if membership := session.membership(room.name):
                refuse_by_order(session, error)
                self._hub.exit(membership, room)
        for each in with_bots(standing.identity):
            self._hub.grace_periods.end_identity(each, room)

    def _expel(self, identity: str, standing: Standing, code: CloseCode) -> None:
        """Take all sessions of an identity out of the chat, in this step."""
        error = order_error(standing, self._standings.now())
        error.close_code = code
        for session in self._sessions(identity):
            self._hub.leave(session)
            refuse_by_order(session, error)
        for each in with_bots(identity):
            self._hub.grace_periods.end_identity(each)

    def _expel_banned(self, ban: Standing) -> None:
        """Take somebody out, and with a ban of their networks all others who come from there."""
        self._expel(ban.identity, ban, CloseCode.BANNED)
        networks = set(ban.value.split())
        for other in [session for session in self._hub.all_sessions() if session.connection.network in networks]:
            if other.principal and not outranks(other.principal.role, Role.MEMBER):
                self._expel(other.principal.identity, ban, CloseCode.BANNED)

    def _sessions(self, identity: str) -> list[Session]:
        """The sessions of an identity and of its bots, for which the same holds."""
        return [session for each in with_bots(identity) for session in self._hub.all_sessions_of(each)]

    def _require_banable(self, networks: set[str]) -> None:
        """Raises ProtocolError if host or moderators use one of these networks: they would ban themselves."""
        here = [
            (session.principal.role, session.person, {session.connection.network})
            for session in self._hub.all_sessions()
            if session.principal and session.person
        ]
        elsewhere = [(person.role, person, person.networks_elsewhere) for person in self._hub.people.values()]
        for role, person, used in (*here, *elsewhere):
            if networks & used and outranks(role, Role.MEMBER):
                name = isolated(person.nickname)
                raise ProtocolError(ErrorCode.FORBIDDEN, f"{name} uses this address, too: ban the person alone.")

    def _roles(self, room: str) -> RoomRoles | None:
        """What holds in a room, None for the whole chat. Raises ProtocolError for a room that is not there."""
        if not room:
            return None
        if is_private(room) or room not in self._hub.directory:
            raise ProtocolError(ErrorCode.BAD_ROOM, f"There is no room {isolated(room)}.")
        return self._hub.directory.roles(room)

    def _by_author(self, author: str) -> tuple[str, str] | None:
        if person := self._hub.person_of(author):
            return person.identity, person.nickname
        return next((known for known in self._known() if self._hub.author(known[0]) == author), None)

    def _by_nickname(self, nickname: str) -> tuple[str, str] | None:
        key = nickname_key(nickname)
        if person := self._hub.people.get(key):
            return person.identity, person.nickname
        if identity := self._hub.reservations.holder(key):
            return identity, nickname
        return next((known for known in self._known() if nickname_key(known[1]) == key), None)

    def _known(self) -> Iterable[tuple[str, str]]:
        """Those who are not here but known: for whom something holds, who belong to a room, and programs."""
        people = (standing for standing in self._standings if standing.kind is not StandingKind.NAME)
        yield from ((standing.identity, standing.nickname) for standing in people)
        yield from self._hub.posters.items()
        yield from self._hub.subscriptions.known()
        yield from self._waiting()

    @staticmethod
    def _where(room: str) -> str:
        return f" in the room {isolated(room)}" if room else ""
