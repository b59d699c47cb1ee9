"""Messages with marks, answers, reactions and what else people do with messages, for the pictures."""

from msgspec import structs

from chatdesk.markup.parse import parse
from chatdesk.protocol.events import Message, Reaction, Reactor
from tests.gallery.content import ALEXANDRINA, GUEST, HOST, ROOM

_CODE = (
    "It’s the sign in `drive()`. This worked on bench 2:\n"
    "```cpp\n// was left < 0\ndigitalWrite(7, left > 0 ? HIGH : LOW);\n```"
)
_TABLE = (
    f"@{GUEST} bench 4 follows the line now 🎉\n\n| Run | Kp | Laps | Best lap |\n|---|--:|--:|--:|\n"
    "| Short track | 0.6 | 4 | 14.2 s |\n| Long track | 0.8 | 12 | 31.7 s |"
)
_LIST = (
    "> What *is* the ~~old~~ **new** limit?\n> And from when?\n\n1. Flash, then test on the short track\n"
    "2. One lap each\n   - left\n   - right\n\nSee [the wiring](https://example.com/bench/4), @Priya Raman"
)
_LONG = (
    "```python\nfor bench in benches:  # every one of them, in the order in which they were built and named\n"
    "    print(bench)\n```"
)
_SAID = (
    ("10:24", "Jonas Weber", "Left motor on bench 4 spins backwards. I swapped the leads and it is the same."),
    ("10:26", "Bench 7", "Ours, too"),
    ("10:29", ALEXANDRINA, _CODE),
    ("10:31", GUEST, "Good catch. Benches 1 to 6, please change **that line** before you flash."),
    ("10:33", "نور الهدى", "🤖🎉"),
    ("10:35", "Tomás Oliveira", _TABLE),
    ("10:36", "Bench 7", _LIST),
    ("10:37", "نور الهدى", "شكراً **جزيلاً** على `drive()` الآن\n\n> المحرك يعمل\n\n- واحد\n- اثنان"),
    ("10:38", GUEST, _LONG),
)
_MENTIONED = {GUEST: "kit", "Priya Raman": "priya"}

TEXTS = tuple(
    Message(nickname, words, f"2026-11-23T{at}:00.000Z", ROOM, seq, body=parse(words, _MENTIONED))
    for seq, (at, nickname, words) in enumerate(_SAID, start=1)
)


def _reaction(emoji: str, count: int, *names: str) -> Reaction:
    return Reaction(emoji, count, tuple(Reactor(name, "" if name == GUEST else name.lower()) for name in names))


_DONE = {
    1: {"edited": "2026-11-23T10:25:00.000Z", "pinned": True},
    2: {"deleted": "author", "content": ""},
    3: {
        "reply_to": 1,
        "reactions": (_reaction("👍", 6, HOST, GUEST), _reaction("🙏", 2, HOST), _reaction("🎉", 1, "Ines")),
    },
    4: {"reply_to": 2, "edited": "2026-11-23T10:32:00.000Z", "reactions": (_reaction("❤️", 3, HOST),)},
    6: {"reactions": (_reaction("🎉", 9, HOST), _reaction("🤖", 4, GUEST))},
    7: {"deleted": "host", "deleted_by": HOST, "content": "", "body": None},
}
ACTS = tuple(structs.replace(message, **_DONE.get(message.seq, {})) for message in TEXTS)
