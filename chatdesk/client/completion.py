"""Completion: what is being written before the caret, a name, an emoji or a command, and what it may become.

The page has the same rules in ``js/completion.js``; ``tests/writing_cases.json`` keeps both equal.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Literal, NamedTuple

from chatdesk.client.slash_commands import COMMANDS
from chatdesk.protocol import emoji
from chatdesk.protocol.events import User
from chatdesk.protocol.limits import ADDRESSES_FREELY, NICKNAME_CHARS
from chatdesk.protocol.names import EVERYBODY
from chatdesk.protocol.search_folding import fold

MOST = 8
"""Choices at most: more than eight rows would have to be scrolled, and two letters more are quicker."""

_COMMAND = re.compile(r"/([\w-]*)")
_EMOJI = re.compile(r"(?:^|\s):([\w+-]{2,})$")
_BEFORE_SIGN = r"(?:^|[^\w@＠]|[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af])"
"""What stands before a name's sign: no word, except of a script that puts no spaces between words."""
_PERSON = re.compile(rf"{_BEFORE_SIGN}[@＠]([^\s@＠][^\n@＠]{{0,{NICKNAME_CHARS - 1}}})$")

_ALL = re.compile(rf"{_BEFORE_SIGN}[@＠]{EVERYBODY}\b", re.IGNORECASE)


class Query(NamedTuple):
    """What is being completed: from ``start``, its sign, to the caret. ``text`` is without the sign."""

    kind: Literal["person", "emoji", "command"]
    start: int
    text: str


class Choice(NamedTuple):
    """One way to complete it.

    ``found`` is the part of ``label`` that was typed, as start and end. ``picture`` is a person, an emoji, or the name
    of an icon. ``muted``: a person outside the room, whom the name there tells nothing.
    """

    insert: str
    label: str
    found: tuple[int, int]
    picture: User | str
    detail: str = ""
    muted: bool = False


class Completion(NamedTuple):
    """All choices for a query, under a heading."""

    query: Query
    heading: str
    choices: tuple[Choice, ...]


class Place(NamedTuple):
    """The room in which something is written. ``may_address_all``: the person may use ``@room`` here.

    ``outside`` are people of the chat who are not in the room; nobody where that is not known. ``keeps_order``: the
    person is host or moderator.
    """

    room: str
    people: Sequence[User]
    user_count: int
    may_address_all: bool
    outside: Sequence[User] = ()
    keeps_order: bool = False


def query_at(text: str) -> Query | None:
    """Return what is being completed at the end of ``text``, the part before the caret; None for ordinary words."""
    if match := _COMMAND.fullmatch(text):
        return Query("command", 0, match[1])
    if match := _EMOJI.search(text):
        return Query("emoji", match.start(1) - 1, match[1])
    if match := _PERSON.search(text):
        return Query("person", match.start(1) - 1, match[1])
    return None


def complete(query: Query, place: Place, tone: int = 0) -> Completion | None:
    """Return the choices for a query, emoji in the skin tone of this number; None if there are none."""
    if query.kind == "command":
        heading, choices = "Commands", _commands(query.text, place.keeps_order)
    elif query.kind == "emoji":
        heading, choices = f"Emoji that begin with :{query.text}", _emoji(query.text, tone)
    else:
        choices = _people(query.text, place)
        heading = f"People {'outside' if choices and choices[0].muted else 'in'} {place.room}"
    return Completion(query, heading, tuple(choices)) if choices else None


def people_outside(chat: Iterable[User], room: Iterable[User]) -> list[User]:
    """Return the people of the chat who are not in the room."""
    inside = {key for person in room for key in (person.author, person.nickname)}
    return [person for person in chat if inside.isdisjoint((person.author or person.nickname, person.nickname))]


def addresses_all(content: str) -> bool:
    """Return whether a text may mention everybody; the server knows whether it does."""
    return _ALL.search(content) is not None


def replace_names(before: str) -> str | None:
    """Return the text before the caret with the ``:name:`` at its end as an emoji; None if there is none."""
    match = re.search(r"(?:^|\s)(:([\w+-]+):)$", before)
    found = emoji.by_short_name(match[2]) if match else None
    return before[: match.start(1)] + found if match and found else None


def _commands(typed: str, keeps_order: bool) -> list[Choice]:
    typed = typed.casefold()
    return [
        Choice(f"/{command.name} ", f"/{command.name}", (0, len(typed) + 1), "terminal", command.help)
        for command in COMMANDS
        if command.name.startswith(typed) and (keeps_order or not command.order)
    ]


def _emoji(typed: str, tone: int) -> list[Choice]:
    return [
        Choice(f"{shown} ", f":{name}:", (0, len(typed) + 1), shown)
        for name, entry in emoji.completions(typed, MOST)
        for shown in [emoji.with_tone(entry.text, tone)]
    ]


def _people(typed: str, place: Place) -> list[Choice]:
    choices = [_person(typed, person, _state(person)) for person in _ranked(typed, place.people)]
    outside = [_person(typed, person, "will not be told", muted=True) for person in _ranked(typed, place.outside)]
    everybody = [_everybody(typed, place)] if _addresses_all(typed, place) else []
    return choices + everybody + outside[: MOST - len(choices)]


def _ranked(typed: str, people: Sequence[User]) -> list[User]:
    """Those whose names match, the best first, and not too many."""
    folded = fold(typed)
    ranked = ((rank, person) for person in people if (rank := _rank(folded, person.nickname)) is not None)
    return [person for _, person in sorted(ranked, key=lambda item: item[0])[:MOST]]


def _person(typed: str, person: User, detail: str, *, muted: bool = False) -> Choice:
    name = person.nickname
    return Choice(f"@{name} ", name, _found(typed, name), person, detail, muted)


def _addresses_all(typed: str, place: Place) -> bool:
    return place.may_address_all and any(word.startswith(typed.casefold()) for word in (EVERYBODY, "all"))


def _everybody(typed: str, place: Place) -> Choice:
    asks = ", asks first" if place.user_count > ADDRESSES_FREELY else ""
    label = f"all {place.user_count} in this room"
    return Choice(f"@{EVERYBODY} ", label, _found(typed, label), "people", f"@{EVERYBODY}{asks}")


def _rank(folded: str, nickname: str) -> int | None:
    """0 for a name that begins with what was typed, 1 for one of whose words one does; None for another."""
    name = fold(nickname)
    if name.startswith(folded):
        return 0
    return 1 if f" {folded}" in name else None


def _found(typed: str, label: str) -> tuple[int, int]:
    """Where what was typed stands in the label, at the beginning of a word; nowhere if accents make it another."""
    match = re.search(rf"(?<!\w){re.escape(typed)}", label, re.IGNORECASE)
    return match.span() if match else (0, 0)


def _state(person: User) -> str:
    return person.status if person.status in ("away", "busy") else ""
