"""What the switcher offers for a few letters: rooms, people and actions.

The page has the same in ``switcher-rows.js``.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from chatdesk.client.room_list import RoomSummary
from chatdesk.protocol.events import User
from chatdesk.protocol.search_folding import fold, source_spans

SwitcherKind = Literal["room", "person", "action", "search"]

MAX_ROOMS, MAX_PEOPLE = 6, 5
"""Rows of a kind: all of it fits without scrolling, and a further letter brings the others."""
_NOT_FOUND = (0, 0)


@dataclass(frozen=True, slots=True)
class SwitcherRow:
    """Something to go to. ``target`` is the room's name, the person's author or nickname, the action, or the words.

    ``found`` is the part of the title that was typed; ``heading`` stands above the first row of a group.
    """

    kind: SwitcherKind
    target: str
    title: str
    detail: str = ""
    found: tuple[int, int] = _NOT_FOUND
    heading: str = ""
    unread: int = 0
    mentions: int = 0
    archived: bool = False
    person: User | None = None
    keys: str = ""


@dataclass(frozen=True, slots=True)
class SwitcherAction:
    """Something to do, and its keys."""

    name: str
    title: str
    keys: str = ""


def switcher_rows(
    typed: str, rooms: Sequence[RoomSummary], people: Iterable[User], actions: Iterable[SwitcherAction], shown: str
) -> list[SwitcherRow]:
    """Return the rows for what was typed, in groups.

    With an empty field these are the rooms other than ``shown``, those with mentions and unread messages first.
    """
    query = fold(typed.strip())
    offered = [room for room in rooms if query or room.name != shown]
    groups = [
        ("Rooms", _best(query, [_room_row(room) for room in offered if not room.partner], MAX_ROOMS)),
        ("People", _best(query, list(_people_rows(offered, people, query)), MAX_PEOPLE)),
    ]
    if query:
        found = [SwitcherRow("action", action.name, action.title, keys=action.keys) for action in actions]
        groups.append(("Actions", _best(query, found, MAX_PEOPLE)))
        title = f"Search all messages for “{typed.strip()}”"
        groups.append(("Elsewhere", [SwitcherRow("search", typed.strip(), title, keys="Ctrl F")]))
    return [
        replace(row, heading=heading if not place else "")
        for heading, group in groups
        for place, row in enumerate(group)
    ]


def _room_row(room: RoomSummary) -> SwitcherRow:
    detail = "Archived" if room.archived else room.topic
    counts = (room.unread, room.mentions) if room.counts else (0, 0)
    return SwitcherRow("room", room.name, room.title, detail, _NOT_FOUND, "", *counts, room.archived)


def _people_rows(rooms: Iterable[RoomSummary], people: Iterable[User], query: str) -> Iterator[SwitcherRow]:
    """Those with whom one has a private conversation, and, once something is typed, everybody who is here."""
    here = {person.author or person.nickname: person for person in people}
    for room in rooms:
        if partner := room.partner:
            away = User(partner.nickname, "offline", "", author=partner.author)
            person = here.pop(partner.author, None) or here.pop(partner.nickname, away)
            yield SwitcherRow("room", room.name, partner.nickname, "", unread=room.unread, person=person)
    if query:
        for author, person in here.items():
            yield SwitcherRow("person", author, person.nickname, person=person)


def _best(query: str, rows: Sequence[SwitcherRow], most: int) -> list[SwitcherRow]:
    """The rows that match best: at the beginning, at the beginning of a word, anywhere; then what is unread."""
    ranked = []
    for row in rows:
        place = _place(query, row.title)
        if place is not None:
            ranked.append((place[0], not row.mentions, not row.unread, row.archived, place[1], row))
    best = sorted(ranked, key=lambda rank: rank[:4])[:most]
    return [replace(row, found=_span(query, row.title, at)) for *_, at, row in best]


def _place(query: str, title: str) -> tuple[int, int] | None:
    """How well a title matches, and where in its folded form; None if it does not."""
    folded = fold(title)
    at = folded.find(query)
    if at <= 0:
        return None if at < 0 else (0, 0)
    word = next(
        (at for at in range(1, len(folded)) if not folded[at - 1].isalnum() and folded.startswith(query, at)), -1
    )
    return (1, word) if word >= 0 else (2, at)


def _span(query: str, title: str, at: int) -> tuple[int, int]:
    """The part of a title that was typed, which begins at this place of its folded form."""
    if not query:
        return _NOT_FOUND
    sources = source_spans(title)
    return sources[at][0], sources[at + len(query) - 1][1]
