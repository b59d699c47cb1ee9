"""The content of the pictures, as events of the protocol: one workshop, the same in the window and in the page."""

from chatdesk.protocol import events
from chatdesk.protocol.admission_events import InvitationInfo
from chatdesk.protocol.events import Message, User
from chatdesk.protocol.fields import ClientKind
from chatdesk.protocol.order_events import AuditEntry, InForce
from chatdesk.protocol.pace_events import Hand, HeldMessage
from chatdesk.protocol.room_events import Partner, RoomInfo

NOW = "2026-11-23 10:36:00"
"""The time on all clocks in the pictures, in UTC."""

HOST, GUEST = "Mara Lindqvist", "Kit"
SERVER = events.ServerInfo("Robotics Workshop", HOST, "0.1.0", "gallery")
ALEXANDRINA = "Alexandrina von Hohenberg-Castel"  # the longest name that is valid
LIMITS = events.Limits(65536, 8000, 32, 50, 0)
EPOCH, ROOM = "gallery", "build-floor"

PEOPLE: tuple[tuple[str, ClientKind], ...] = (
    (HOST, "window"),
    (GUEST, "browser"),
    ("Aiko Tanaka", "phone"),
    (ALEXANDRINA, "browser"),
    ("Amara", "phone"),
    ("Bench 2", "browser"),
    ("Bench 7", "browser"),
    ("Bolt 🤖", "terminal"),
    ("Chen Wei", "browser"),
    ("Dr. Okonkwo", "window"),
    ("Hannah", "browser"),
    ("Ines", "phone"),
    ("Jonas Weber", "browser"),
    ("Lena", "phone"),
    ("Priya Raman", "phone"),
    ("Tomás Oliveira", "browser"),
    ("نور الهدى", "phone"),
)

ROOMS = (
    RoomInfo(ROOM, "Benches 1 to 8. Ask here first.", joined=True),
    RoomInfo("lobby", joined=True, unread=3),
    RoomInfo("code-help", joined=True, unread=12, mentions=2),
    RoomInfo("benches-1-to-4", "Who sits where", joined=True, unread=7, mentions=1),
    RoomInfo("benches-5-to-8", "Who sits where", joined=True),
    RoomInfo("robot-cubes", archived=True),
    RoomInfo(".bench-7", private_with=Partner("Bench 7", "bench-7"), joined=True, unread=1, mentions=1),
)
"""The list of rooms; the last one is private."""

ALL_KINDS = (
    *ROOMS,
    RoomInfo("mentors", joined=True, closed=True, unread=1),
    RoomInfo("off-topic", joined=True, level="nothing", unread=4),
    RoomInfo("announcements", "What the day brings"),
    RoomInfo(".priya", private_with=Partner("Priya Raman", "priya"), joined=True),
    RoomInfo(".nour", private_with=Partner("نور الهدى", "nour"), joined=True),
)
"""Rooms of all kinds: also one for the host alone, a muted one, and one that has not been entered."""

_SAID = (
    ("22T16:58", "Jonas Weber", "Tomorrow at ten, benches 1 to 8."),
    ("23T10:22", HOST, "Flash, then test on the short track first. One lap each 🏁"),
    ("23T10:24", "Jonas Weber", "Left motor on bench 4 spins backwards. I swapped the leads and it is the same."),
    ("23T10:24", "Jonas Weber", "Battery reads 7.4 V, so it isn’t that."),
    ("23T10:29", ALEXANDRINA, "It’s the sign in drive(). This worked on bench 2:\nhttps://example.com/bench/2"),
    ("23T10:31", GUEST, "Thanks, that fixed ours too"),
    ("23T10:31", GUEST, "Benches 1 to 6, please change that line before you flash: it is the one that sets the sign."),
    ("23T10:33", "نور الهدى", "شكراً! المحرك يعمل الآن في الاتجاه الصحيح"),
    ("23T10:35", "Bolt 🤖", "bench 4 follows the line now 🎉"),
    ("23T10:35", HOST, "Good catch."),
)
CAME = ("Ola Bright", "Bench Seven", "Bench 9")
"""Three people who join later."""

_LEFTWARDS = (
    ("23T10:22", HOST, "أهلاً بكم! ابدؤوا بالمسار القصير، لفة واحدة لكل فريق 🏁"),
    ("23T10:24", "نور الهدى", "المحرك الأيسر في bench 4 يدور بالعكس.\nTested twice.\nhttps://example.com/bench/4"),
    ("23T10:29", "Bench 7", "המנוע בשולחן 4 מסתובב הפוך, וזה לא המצבר (7.4 V)."),
    ("23T10:31", GUEST, "شكراً"),
    ("23T10:31", GUEST, "غيّروا هذا السطر قبل أن ترفعوا البرنامج: هو الذي يحدد الاتجاه، ولا شيء غيره يحدده."),
    ("23T10:33", "نور الهدى", "تمام 🎉"),
    ("23T10:35", HOST, "Good catch."),
)


def _messages(said: tuple[tuple[str, str, str], ...]) -> tuple[Message, ...]:
    return tuple(
        Message(nickname, words, f"2026-11-{at}:00.000Z", ROOM, seq)
        for seq, (at, nickname, words) in enumerate(said, start=1)
    )


MESSAGES, LEFTWARDS = _messages(_SAID), _messages(_LEFTWARDS)
HELD = [
    HeldMessage(1, "Bench 7", "bench-7", "Selling two motors, hardly used. Write to me!", f"{NOW[:10]}T10:33:00.000Z"),
    HeldMessage(2, "نور الهدى", "nour", LEFTWARDS[1].content, f"{NOW[:10]}T10:34:00.000Z"),
    HeldMessage(3, "Without a name", "", "How do I save before flashing?", f"{NOW[:10]}T10:35:00.000Z", nameless=True),
]
HANDS = [
    Hand("Aiko Tanaka", "aiko", f"{NOW[:10]}T10:31:00.000Z"),
    Hand("نور الهدى", "nour", f"{NOW[:10]}T10:32:00.000Z"),
    Hand("Alexandrina von Hohenberg-Castel", "alexandrina", f"{NOW[:10]}T10:34:00.000Z"),
]


def marked(text: str, words: str) -> list[str]:
    """Return the parts of a hit; every second part matches the query."""
    parts = text.split(words)
    return [part for rest in parts[:-1] for part in (rest, words)] + parts[-1:]


def users(number: int = len(PEOPLE)) -> events.Users:
    """Return the first ``number`` people, beginning with the host."""
    here = [User(name, "online", MESSAGES[0].timestamp, kind, name == HOST) for name, kind in PEOPLE[:number]]
    return events.Users(ROOM, here, len(here))


def welcome(nickname: str, people: int = len(PEOPLE)) -> events.Welcome:
    """Return the welcome for a client that joins with this nickname."""
    return events.Welcome(1, EPOCH, nickname, "token", ROOM, people, LIMITS, SERVER)


def history(messages: tuple[Message, ...] = MESSAGES) -> events.History:
    """Return these messages as a complete history."""
    return events.History(ROOM, EPOCH, list(messages), False, 1, len(messages))


_CREATED, _EXPIRES = "2026-11-23T10:00:00.000Z", "2000-01-01T00:00:00.000Z"
INVITATIONS = [
    InvitationInfo("1", 30, 12, _CREATED, _EXPIRES, HOST),
    InvitationInfo("2", 1, 0, _CREATED, _EXPIRES, HOST, "Dr. Okonkwo", role="moderator"),
]
REASON, _TODAY = "Selling parts in the lobby.", NOW[:10]
IN_FORCE = [
    InForce("banned", "Leo", "leo", f"{_TODAY}T10:12:00.000Z", HOST, until=f"{_TODAY}T17:00:00.000Z", reason=REASON),
    InForce("muted", "Bench 7", "bench-7", f"{_TODAY}T10:30:00.000Z", "Dr. Okonkwo", room="code-help"),
]
DONE = [
    AuditEntry(3, f"{NOW[:10]}T10:31:00.000Z", "ban", HOST, "Bench 7", "bench-7", reason="Selling parts in the lobby"),
    AuditEntry(
        2, f"{NOW[:10]}T10:20:00.000Z", "mute", "Aiko Tanaka", "Leon", "leon", ROOM, until=f"{NOW[:10]}T10:30:00.000Z"
    ),
    AuditEntry(1, f"{NOW[:10]}T10:02:00.000Z", "role", HOST, "Aiko Tanaka", "aiko", detail="moderator"),
]
"""What host and moderators have done, newest first."""
