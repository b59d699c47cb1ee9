"""A long history with messages as varied as those of people, written by the log's own code."""

import secrets
from collections.abc import Iterator
from itertools import accumulate, batched
from pathlib import Path
from random import Random

from chatdesk.log.append import Append, insert
from chatdesk.log.authors import AuthorIds
from chatdesk.log.database import close_with_checkpoint, open_database
from chatdesk.log.disk_log import new_epoch
from chatdesk.log.room_log import Draft

ROOM = "lobby"
COMMON = "everybody"
"""A word in every message."""
RARE = "Überraschung"
"""A word in three messages."""
PAIR = ("monday", "coffee")
"""Each is in one of thirty messages, both together in one of nine hundred."""

_SYLLABLES = ("ba", "cor", "de", "ev", "fin", "ga", "hol", "in", "jo", "ker", "lum", "ma", "nor", "pe", "ra", "st")
_WORDS = 5_000  # about what people use in conversation
_LONGEST = 18  # words: nine on average, as in a chat
_PEOPLE = 200  # who write in a large room over the years
_BATCH = 4_000  # messages in a commit: larger ones are hardly faster, and need memory


def fill(folder: Path, messages: int) -> None:
    """Make a history of this many messages in a new folder."""
    folder.mkdir()
    db, _ = open_database(folder)
    room = new_epoch(1, ROOM, AuthorIds(secrets.token_bytes(32)))
    for contents in batched(talk(messages), _BATCH):
        drafts = [_draft(number, content) for number, content in enumerate(contents, room.written.seq)]
        db.execute("BEGIN IMMEDIATE")
        insert(db, [Append(lambda: room, draft, lambda _record: None, lambda _refusal: None) for draft in drafts])
        db.execute("COMMIT")
    close_with_checkpoint(db)


def _draft(number: int, content: str) -> Draft:
    guest = number % _PEOPLE
    return Draft(f"Guest {guest}", content, f"{guest:016x}", f"{number:016x}")


def talk(messages: int) -> Iterator[str]:
    """Yield the contents of this many messages. As in any language, few words are frequent and most are rare."""
    random = Random(1)
    words = ["".join(random.choices(_SYLLABLES, k=random.randint(1, 4))) for _ in range(_WORDS)]
    often = list(accumulate(1 / rank for rank in range(1, _WORDS + 1)))
    rare = {messages * part // 4 for part in range(1, 4)}
    for number in range(messages):
        said = [COMMON, *random.choices(words, cum_weights=often, k=random.randint(1, _LONGEST))]
        said += [word for word in PAIR if random.random() < 1 / 30]
        said += [RARE] if number in rare else []
        random.shuffle(said)
        yield " ".join(said)
