"""What the switcher offers for a few letters."""

from chatdesk.client.room_list import RoomSummary
from chatdesk.client.switcher import SwitcherAction, SwitcherRow, switcher_rows
from chatdesk.protocol.events import User
from chatdesk.protocol.room_events import Partner


def room(name: str, unread: int = 0, mentions: int = 0, partner: str = "", *, archived: bool = False) -> RoomSummary:
    other = Partner(partner, partner.lower()) if partner else None
    return RoomSummary(name, "", archived, False, True, "all", "all", unread, mentions, other)


ROOMS = [
    room("lobby"),
    room("robot-cubes", archived=True),
    room("benches", 3),
    room("code-help", 12, 2),
    room(".x", 1, partner="Bench 7"),
]
PEOPLE = [User(name, "online", "", author=name.lower()) for name in ("Bench 7", "Łucja Weber", "Kit")]
ACTIONS = [SwitcherAction("keys", "Keys"), SwitcherAction("settings", "Settings")]


def rows(typed: str) -> list[SwitcherRow]:
    return switcher_rows(typed, ROOMS, PEOPLE, ACTIONS, "lobby")


def shown(typed: str) -> list[tuple[str, str]]:
    return [(row.heading, row.title) for row in rows(typed)]


def test_an_empty_field_offers_the_other_rooms_with_mentions_and_unread_first() -> None:
    assert shown(" ") == [("Rooms", "code-help"), ("", "benches"), ("", "robot-cubes"), ("People", "Bench 7")]


def test_letters_find_beginnings_before_words_before_anything_else() -> None:
    assert shown("be") == [
        *(("Rooms", "benches"), ("", "robot-cubes")),
        *(("People", "Bench 7"), ("", "Łucja Weber")),
        ("Elsewhere", "Search all messages for “be”"),
    ]
    kinds = {row.title: (row.kind, row.target, row.title[slice(*row.found)]) for row in rows("be")}
    assert kinds["Bench 7"] == ("room", ".x", "Be")
    assert kinds["Łucja Weber"] == ("person", "łucja weber", "be")
    assert kinds["robot-cubes"][2] == "be"


def test_case_accents_and_actions() -> None:
    assert shown("LUCJA")[0] == ("People", "Łucja Weber")
    assert shown("key")[:1] == [("Actions", "Keys")]
    assert shown("nothing like it") == [("Elsewhere", "Search all messages for “nothing like it”")]
