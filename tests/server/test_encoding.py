"""A record is encoded once, and takes no more than the log has reckoned with."""

from hypothesis import given
from hypothesis import strategies as st

from chatdesk.log.acts import Edit, Reaction, Reactor, Removal, Remover
from chatdesk.log.memory import MemoryLog
from chatdesk.log.pages import record_size
from chatdesk.log.room_log import Draft, Record
from chatdesk.protocol import codec, events, times
from chatdesk.protocol.commands import Mentioned
from chatdesk.protocol.limits import CONTENT_CHARS, HISTORY_BYTES, HISTORY_LATEST, ID_CHARS, NICKNAME_CHARS
from chatdesk.server.encoding import RecordEncoder

ANY = st.characters(exclude_categories=["Cs"])
LARGEST = 2**53 - 1
ROOM = "\U0001f600" * NICKNAME_CHARS
"""The name that takes the most bytes."""


def encoder(count: int = 0) -> tuple[MemoryLog, RecordEncoder, list[Record]]:
    log = MemoryLog(str)
    records: list[Record] = []
    log.subscribe(records.append, lambda _cleared: None)
    for number in range(1, count + 1):
        log.append(Draft("Kit", f"number {number}", "kit"), lambda _refusal: None)
    return log, RecordEncoder("lobby", log), records


@given(st.text(ANY, max_size=300), st.text(ANY, max_size=NICKNAME_CHARS), st.none() | st.text(ANY, max_size=ID_CHARS))
def test_no_message_takes_more_than_the_log_reckons_with(content: str, nickname: str, message_id: str | None) -> None:
    record = Record(LARGEST, 1, LARGEST, "f" * 16, nickname, content, 2**40, message_id, 2**40)
    payload = RecordEncoder(ROOM, MemoryLog(str)).message(record)
    assert len(payload) <= record_size(record) <= len(payload) + 384


@given(st.lists(st.tuples(st.text(ANY, min_size=1, max_size=12), st.integers(0, 5)), max_size=4))
def test_nor_do_reactions_or_a_deletion(reacted: list[tuple[str, int]]) -> None:
    people = tuple(Reactor("\U0001f600" * NICKNAME_CHARS, "f" * 16) for _ in range(5))
    reactions = tuple(Reaction(emoji, LARGEST, people[:count]) for emoji, count in reacted)
    said = Record(LARGEST, 1, LARGEST, "f" * 16, "Kit", "hello", 2**40, "a" * ID_CHARS, 2**40, LARGEST)
    encode = RecordEncoder(ROOM, MemoryLog(str)).message
    for record in (
        said._replace(reactions=reactions, pinned=True, bot=True, action=True),
        said._replace(mentions=tuple(Mentioned("\1" * count, "f" * 16) for _, count in reacted)),
        said._replace(content="", removed=Removal(Remover.MODERATOR, "\1" * NICKNAME_CHARS)),
    ):
        assert len(encode(record)) <= record_size(record)


def test_the_longest_message_fits_into_a_page() -> None:
    record = Record(1, 1, 1, "", "", "\1" * CONTENT_CHARS, 0)
    assert record_size(record) < HISTORY_BYTES // 4


def test_the_latest_are_encoded_once() -> None:
    log, encode, records = encoder(HISTORY_LATEST + 10)
    first = [encode.message(record) for record in records]
    again = [encode.message(record) for record in records]
    assert again == first
    kept = [payload is other for payload, other in zip(first, again, strict=True)]
    assert kept == [False] * 10 + [True] * HISTORY_LATEST
    assert codec.decode_message(first[-1]) == events.Message(
        "Kit", f"number {len(records)}", times.timestamp(records[-1].at), "lobby", 60, None, 60, "kit"
    )
    log.amend(Edit(60, "edited", "kit"), lambda _outcome: None)
    assert codec.decode_message(encode.message(records[-1])).content == "edited"
    old = encode.message(records[59])
    assert codec.decode_message(old).content == "number 60", "of a page that was read before"
    assert [record.content for record, _ in encode._kept.values()][-1] == "edited"
    log.amend(Edit(60, "long " * 1_000, "kit"), lambda _outcome: None)
    encode.message(records[-1])
    assert 60 not in encode._kept, "nothing is kept of a text that has gone"
    encode.forget()
    assert encode.message(records[0]) is not first[0]


def test_a_change_is_a_message_or_its_whole_present_state() -> None:
    log, encode, records = encoder(2)
    assert encode.change(records[0]) == encode.message(records[0])
    log.amend(Edit(1, "edited", "kit"), lambda _outcome: None)
    updated = codec.decode_event(encode.change(records[-1]))
    assert isinstance(updated, events.Updated)
    assert (updated.room, updated.seq, updated.change, updated.ref) == ("lobby", 1, 3, None)
    assert updated.message == codec.decode_message(encode.message(records[-1]))
    assert updated.message.edited
    answer = codec.decode_event(encode.updated(records[-1], "e1"))
    assert isinstance(answer, events.Updated)
    assert answer.ref == "e1"


def test_long_messages_are_not_kept() -> None:
    log, encode, records = encoder()
    log.append(Draft("Kit", "x" * 5_000, "kit"), lambda _refusal: None)
    assert encode.message(records[0]) is not encode.message(records[0])
