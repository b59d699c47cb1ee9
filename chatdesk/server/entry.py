"""Passwords and locks as conditions of the gate: of the chat as a whole, and of single rooms."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator
from functools import partial
from math import ceil

from chatdesk.log.room_log import LogError
from chatdesk.log.rooms import WHOLE_CHAT, RoomSettings, asked_for
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.names import nickname_key
from chatdesk.protocol.text import isolated
from chatdesk.server.auth import Principal
from chatdesk.server.gate import Applicant, Wait
from chatdesk.server.guess_line import GuessLine
from chatdesk.server.guesses import Guesser, Guesses, Outcome
from chatdesk.server.hub import Hub
from chatdesk.server.password_file import PasswordFile, PasswordFileError
from chatdesk.server.passwords import Passwords
from chatdesk.server.permissions import Right, may

logger = logging.getLogger(__name__)

_NOT_IT = "That is not it. Capitals do not matter, hyphens do."


class Entry:
    """What is asked for at the door of the chat, and of a room; an invitation passes what the chat asks for.

    ``processes`` as for ``Passwords``.
    """

    def __init__(self, hub: Hub, processes: int = 1) -> None:
        self._hub = hub
        self._passes, self._hits = hub.passes, hub.traffic.hits
        self.passwords = Passwords(processes)
        self.guesses = Guesses()
        self.on_guess: Callable[[Guesser, bool], object] = lambda _guesser, _is_right: None
        """Called with somebody who has given a password here, and whether it was right."""
        self._line = GuessLine(self.guesses)
        self._reading = asyncio.Lock()
        self.file: PasswordFile | None = None
        """The file that has the password of the chat, if there is one."""

    def close(self) -> None:
        """Start no hash any more, and look at no guess."""
        self.passwords.close()
        self._line.close()

    def asked_for(self, room: str = WHOLE_CHAT) -> tuple[str, ...]:
        """What somebody who is new is asked for, or why they cannot come in, in stable words."""
        return asked_for(self.settings(room))

    def change(self, place: str, settings: RoomSettings, reply: Callable[[LogError | None], None]) -> None:
        """Give a place other settings. Where the password is another one, everybody is asked for it the next time."""

        def stored(error: LogError | None) -> None:
            if error is None and settings.password != before:
                self._passes.take_all(place)
            reply(error)

        before, directory = self.settings(place).password, self._hub.directory
        if place:
            directory.change(place, settings._replace(created=True), stored)
        else:
            directory.change_chat(settings, stored)

    def require_own_password(self) -> None:
        """Raises ProtocolError where a file has the password of the chat."""
        if self.file:
            sentence = "The password of this chat stands in a file on the host's computer: change it there."
            raise ProtocolError(ErrorCode.FORBIDDEN, sentence)

    def lock(self, applicant: Applicant) -> None:
        """The condition that nobody who is new comes in."""
        for place in self._places(applicant):
            is_known = applicant.known and place == WHOLE_CHAT
            if self.settings(place).locked and not is_known and not self._was_in(applicant, place):
                raise _locked(place)

    def password(self, applicant: Applicant) -> Wait | None:
        """The condition that the applicant has given the password: now, or at an earlier time."""
        if self.file and applicant.joins and not self._hub.storage.event.problem and self.file.has_changed():
            return Wait(partial(self._read_again, self.file, applicant))
        return self._password(applicant)

    def _password(self, applicant: Applicant) -> Wait | None:
        guesser = _guesser(applicant)
        if self.guesses.is_slow(guesser.network) and self._asking(applicant) and applicant.command.password:
            return Wait(partial(self._look_in_turn, applicant, guesser))
        return self._look(applicant, guesser)

    async def _look_in_turn(self, applicant: Applicant, guesser: Guesser) -> None:
        self._hits["password_line"] += 1
        async with self._line.turn(guesser):
            if wait := self._look(applicant, guesser):
                await wait.answer()

    def _look(self, applicant: Applicant, guesser: Guesser) -> Wait | None:
        """Look at the password that somebody gives for the first of the places that ask for one."""
        text, identity, asking = applicant.command.password, applicant.principal.identity, self._asking(applicant)
        if not asking:
            return None
        place = asking[0]
        if not text:
            raise _password_required(place)
        if wait := self.guesses.wait(guesser):
            self._hits["password_waits"] += 1
            raise _too_many_guesses(wait)
        hashed, outcome = self.settings(place).password, self.guesses.begin(guesser)

        def decide(right: bool) -> None:
            if not right or self.settings(place).password != hashed:
                self._hits["wrong_passwords"] += 1
                self.on_guess(guesser, False)
                raise _bad_password(outcome)
            self.guesses.forgive(guesser)
            self.on_guess(guesser, True)
            self._passes.give(identity, place)
            if len(asking) > 1:
                raise _room_has_its_own(asking[1])

        async def hash_it() -> None:
            decide(await self.passwords.is_right(hashed, text))

        quick = self.passwords.quick_answer(hashed, text)
        if quick is None:
            return Wait(hash_it)
        decide(quick)
        return None

    async def _read_again(self, file: PasswordFile, applicant: Applicant) -> None:
        try:
            await self.read_file()
        except PasswordFileError as error:
            logger.error("The password stays as it was: %s", error)
            if not error.passes:
                file.mark_read()
        if (wait := self._password(applicant)) is not None:
            await wait.answer()

    async def read_file(self) -> None:
        """Let the chat have the password that its file has now. Raises PasswordFileError."""
        async with self._reading:
            if not self.file or not self.file.has_changed():
                return
            text, before = self.file.read(), self._hub.directory.chat.password
            if not (before and text and await self.passwords.is_right(before, text)):
                salt = self._hub.identities.salt("password file")  # the same hash on all nodes, which read it at once
                hashed = await self.passwords.hash(text, salt) if text else ""
                stored = asyncio.get_running_loop().create_future()
                self.change(WHOLE_CHAT, self._hub.directory.chat._replace(password=hashed), stored.set_result)
                if error := await stored:
                    raise PasswordFileError(f"The password of the chat cannot be stored: {error}", passes=True)
            self.file.mark_read()

    def may_look_into(self, principal: Principal, room: str) -> bool:
        """Whether somebody who is not in a room could enter it without being asked for anything."""
        if may(principal, Right.ENTER_FREELY, None):
            return True
        settings = self.settings(room)
        is_kept_out = settings.locked and not self._belongs(principal.identity, room)
        return not is_kept_out and not self._asks(principal.identity, room)

    def _places(self, applicant: Applicant) -> Iterator[str]:
        """What they ask to be let into: the chat, unless they are in it or invited, and the room."""
        if applicant.joins and not applicant.invited:
            yield WHOLE_CHAT
        yield applicant.room

    def _asking(self, applicant: Applicant) -> list[str]:
        """The places that ask the applicant for a password."""
        return [place for place in self._places(applicant) if self._asks(applicant.principal.identity, place)]

    def settings(self, place: str) -> RoomSettings:
        """The settings of a room, or of the chat as a whole."""
        return self._hub.directory.settings(place) if place else self._hub.directory.chat

    def _asks(self, identity: str, place: str) -> bool:
        return bool(self.settings(place).password) and not self._passes.has(identity, place)

    def _was_in(self, applicant: Applicant, place: str) -> bool:
        """Whether they have been in before, or were a moment ago and are on their way back."""
        identity, key = applicant.principal.identity, nickname_key(applicant.nickname)
        if self._belongs(identity, place):
            return True
        room = self._hub.rooms.get(place)
        people = room.presence.people if room else {} if place else self._hub.people
        person = people.get(key)
        is_back = place == WHOLE_CHAT and self._hub.reservations.holder(key) == identity
        return is_back or (person is not None and person.identity == identity)

    def _belongs(self, identity: str, place: str) -> bool:
        """Whether they have a subscription, or have given the password of the place."""
        kept = self._hub.subscriptions.of(identity)
        return self._passes.has(identity, place) or (place in kept if place else bool(kept))


def _guesser(applicant: Applicant) -> Guesser:
    """Whose guess it is: that of an identity which the chat knows, or of a name, which anybody can choose.

    Those whom it knows are not held up by newcomers of their network who guess.
    """
    network = applicant.session.connection.network
    if applicant.known or not applicant.joins:
        return Guesser(f"{network} known", applicant.principal.identity)
    return Guesser(network, nickname_key(applicant.nickname))


def _locked(place: str) -> ProtocolError:
    what = f"The room {isolated(place)}" if place else "The chat"
    sentence = f"{what} is locked: nobody new can come in now. Ask the host, or try again later."
    return ProtocolError(ErrorCode.LOCKED, sentence)


def _password_required(place: str) -> ProtocolError:
    what = f"The room {isolated(place)}" if place else "This chat"
    return ProtocolError(ErrorCode.PASSWORD_REQUIRED, f"{what} has a password: ask the host for it.")


def _room_has_its_own(room: str) -> ProtocolError:
    sentence = f"The room {isolated(room)} has a password of its own: join without naming it, then enter it."
    return ProtocolError(ErrorCode.PASSWORD_REQUIRED, sentence)


def _bad_password(outcome: Outcome) -> ProtocolError:
    if outcome.wait:
        sentence = f"{_NOT_IT} Wait {_in_words(outcome.wait)}, then try again."
        return ProtocolError(ErrorCode.BAD_PASSWORD, sentence, retry_after=outcome.wait)
    tries = "One more try" if outcome.left == 1 else f"{outcome.left} more tries"
    return ProtocolError(ErrorCode.BAD_PASSWORD, f"{_NOT_IT} {tries}, then a minute’s wait.")


def _too_many_guesses(wait: float) -> ProtocolError:
    sentence = f"Too many wrong passwords were given: wait {_in_words(wait)}, then try again."
    return ProtocolError(ErrorCode.BAD_PASSWORD, sentence, retry_after=ceil(wait * 1000) / 1000)


def _in_words(seconds: float) -> str:
    if seconds <= 90:
        return "a minute" if seconds > 45 else f"{ceil(seconds)} seconds"
    return f"{ceil(seconds / 60)} minutes"
