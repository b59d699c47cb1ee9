"""Decoding gives a typed message or a clear error; what is encoded decodes to the same."""

import contextlib
import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chatdesk.protocol import codec, commands, connection_events, events
from chatdesk.protocol.errors import ErrorCode, ProtocolError

texts = st.text(st.characters(exclude_categories=["Cs"]))
seqs = st.integers(0, 2**53 - 1)
ids = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=64)
kinds = st.sampled_from(["window", "browser", "phone", "terminal"])
users = st.builds(events.User, texts, texts, texts, kinds, st.booleans())
messages = st.builds(events.Message, texts, texts, texts, texts, seqs, st.none() | ids)

any_command = st.one_of(
    st.builds(
        commands.Join,
        texts,
        texts,
        st.none() | texts,
        st.lists(texts, max_size=32).map(tuple),
        kinds,
        st.none() | st.builds(commands.Resume, texts, seqs),
    ),
    st.builds(commands.Message, texts, st.none() | ids, st.none() | texts, st.none() | texts),
    st.builds(commands.Leave),
    st.builds(commands.Typing, st.booleans(), st.none() | texts, st.none() | texts),
    st.builds(commands.Users, st.none() | texts),
    st.builds(
        commands.History,
        st.none() | texts,
        *[st.none() | seqs] * 3,
        st.none() | st.text(st.characters(exclude_categories=["Cs"]), max_size=40),
        st.integers(1, 200),
        st.none() | ids,
    ),
    st.builds(
        commands.Search,
        st.text(st.characters(exclude_categories=["Cs"]), max_size=200),
        st.none() | texts,
        st.none() | seqs,
        st.integers(1, 50),
    ),
    st.builds(commands.Clear, st.none() | texts),
)
any_event = st.one_of(
    st.builds(events.System, texts, texts),
    st.builds(events.UserJoined, texts, texts, seqs, texts, kinds, st.booleans()),
    st.builds(events.UserLeft, texts, texts, seqs, texts),
    st.builds(events.Presence, texts, st.lists(users), st.lists(st.builds(events.Departed, texts)), seqs, texts),
    st.builds(events.Users, texts, st.lists(users), seqs),
    messages,
    st.builds(events.History, texts, texts, st.lists(messages), st.booleans(), seqs, seqs, st.none() | texts),
    st.builds(events.Search, texts, texts, st.lists(st.builds(events.Hit, messages, st.lists(texts))), st.booleans()),
    st.builds(events.Storage, texts, texts),
    st.builds(events.Typing, texts, st.booleans(), texts),
    st.builds(connection_events.Reach, texts, st.lists(texts)),
    st.builds(events.Error, texts, texts, st.none() | texts),
)
any_json = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | texts,
    lambda inner: st.lists(inner) | st.dictionaries(texts, inner),
    max_leaves=20,
)


@given(any_command)
def test_a_command_survives_the_wire(command: commands.Command) -> None:
    assert codec.decode_command(codec.encode(command)) == command


@given(any_event)
def test_an_event_survives_the_wire(event: events.Event) -> None:
    assert codec.decode_event(codec.encode(event)) == event


@given(any_event)
def test_an_event_is_plain_json_with_its_type(event: events.Event) -> None:
    assert json.loads(codec.encode(event))["type"] == type(event).__struct_config__.tag


@given(st.binary() | texts)
def test_arbitrary_bytes_raise_nothing_but_protocol_error(data: bytes | str) -> None:
    with pytest.raises(ProtocolError):
        codec.decode_command(data)


@given(st.binary())
def test_arbitrary_bytes_raise_nothing_but_value_error_at_the_client(data: bytes) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the promise is exactly this
        codec.decode_event(data)


@given(
    st.dictionaries(
        st.sampled_from(["type", "nickname", "content", "id", "room", "resume", "seq", "before", "limit", "x"]),
        any_json
        | st.sampled_from(
            ["join", "message", "leave", "typing", "users", "history", "search", "clear", "edit", "react", "pins"]
        ),
    )
)
def test_an_object_of_known_fields_is_a_command_or_a_protocol_error(fields: dict[str, object]) -> None:
    try:
        command = codec.decode_command(json.dumps(fields))
    except ProtocolError as refusal:
        error = refusal
    else:
        assert fields["type"] == type(command).__struct_config__.tag
        return
    assert error.content.endswith(".")
    assert error.ref is None or len(error.ref) <= 64


@given(any_command, st.data())
def test_a_command_that_was_cut_or_hit_on_the_way_raises_nothing_but_protocol_error(
    command: commands.Command, data: st.DataObject
) -> None:
    wire = bytearray(codec.encode(command))
    place = data.draw(st.integers(0, len(wire) - 1))
    wire[place : place + data.draw(st.integers(0, 3))] = data.draw(st.binary(max_size=3))
    with contextlib.suppress(ProtocolError):
        codec.decode_command(bytes(wire))


def message_with(rest: str) -> str:
    return f'{{"type":"message","content":"hi","x":{rest}}}'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ("[" * 100_000, ErrorCode.BAD_MESSAGE),
        (message_with("[" * 100_000), ErrorCode.BAD_JSON),
        ('{"type":"message","content":5,"x":' + "[" * 50_000, ErrorCode.BAD_JSON),
        (message_with("[" * 50_000 + "]" * 50_000), ErrorCode.BAD_JSON),
        (message_with("NaN"), ErrorCode.BAD_JSON),
        (message_with("Infinity"), ErrorCode.BAD_JSON),
        (message_with("-Infinity"), ErrorCode.BAD_JSON),
        (message_with("01"), ErrorCode.BAD_JSON),
        (message_with(r'"\ud800"'), ErrorCode.BAD_JSON),
        ('{"type":"message","content":"\\ud800"}', ErrorCode.BAD_JSON),
        ('{"type":"message","content":"a\x00b"}', ErrorCode.BAD_JSON),
        (message_with("1").encode("utf-16"), ErrorCode.BAD_JSON),
        (message_with("1").encode("utf-8-sig"), ErrorCode.BAD_JSON),
        (b'{"type":"message","content":"\xff"}', ErrorCode.BAD_JSON),
        ("", ErrorCode.BAD_JSON),
        (" " * 1_000_000, ErrorCode.BAD_JSON),
        (message_with("1") + "x", ErrorCode.BAD_JSON),
        ('{"type":"message","content":5 x', ErrorCode.BAD_JSON),
        ('{"type":"message","content":"a","content":"b"}', ErrorCode.BAD_MESSAGE),
        ('{"type":"join","nickname":"a","resume":{"epoch":"e","seq":1,"seq":2}}', ErrorCode.BAD_MESSAGE),
        ('{"type":"history","before":true}', ErrorCode.BAD_MESSAGE),
        ('{"type":"history","before":1.5}', ErrorCode.BAD_MESSAGE),
        ('{"type":"history","before":-1}', ErrorCode.BAD_MESSAGE),
        ('{"type":"history","before":9223372036854775808}', ErrorCode.BAD_MESSAGE),
        ('{"type":"history","before":1e400}', ErrorCode.BAD_MESSAGE),
        ('{"type":"history","before":' + "9" * 5_000 + "}", ErrorCode.BAD_MESSAGE),
        ('{"type":"history","limit":201}', ErrorCode.BAD_MESSAGE),
        ('{"type":"history","limit":0}', ErrorCode.BAD_MESSAGE),
        ('{"type":"history","around":"x"}', ErrorCode.BAD_MESSAGE),
        ('{"type":"history","at":5}', ErrorCode.BAD_MESSAGE),
        ('{"type":"history","at":"' + "9" * 41 + '"}', ErrorCode.BAD_MESSAGE),
        ('{"type":"history","id":""}', ErrorCode.BAD_MESSAGE),
        ('{"type":"search"}', ErrorCode.BAD_MESSAGE),
        ('{"type":"search","query":"' + "x" * 201 + '"}', ErrorCode.BAD_MESSAGE),
        ('{"type":"search","query":"x","limit":51}', ErrorCode.BAD_MESSAGE),
        ('{"type":"message","content":["a"]}', ErrorCode.BAD_MESSAGE),
        ('{"type":"message"}', ErrorCode.BAD_MESSAGE),
        ('{"type":"message","content":"a","id":""}', ErrorCode.BAD_MESSAGE),
        ('{"type":"message","content":"a","id":7}', ErrorCode.BAD_MESSAGE),
        ('{"type":"join","nickname":null}', ErrorCode.BAD_MESSAGE),
        ('{"type":"join","nickname":"a","client":"toaster"}', ErrorCode.BAD_MESSAGE),
        ('{"type":"join","nickname":"a","capabilities":"presence"}', ErrorCode.BAD_MESSAGE),
        ("[]", ErrorCode.BAD_MESSAGE),
        ('"join"', ErrorCode.BAD_MESSAGE),
        ("null", ErrorCode.BAD_MESSAGE),
        ("{}", ErrorCode.BAD_MESSAGE),
        ('{"type":5}', ErrorCode.BAD_MESSAGE),
        ('{"type":"Message","content":"a"}', ErrorCode.UNKNOWN_TYPE),
        ('{"type":"reply","seq":1,"content":"a"}', ErrorCode.UNKNOWN_TYPE),
        ('{"type":"welcome","protocol":1}', ErrorCode.UNKNOWN_TYPE),
    ],
)
def test_what_is_no_command_gets_the_code_that_says_why(data: bytes | str, code: ErrorCode) -> None:
    with pytest.raises(ProtocolError) as caught:
        codec.decode_command(data)
    assert caught.value.code == code


@pytest.mark.parametrize("rest", ["[" * 900 + "]" * 900, "9" * 5_000, "1e400", "9223372036854775808", r'"\u0000"'])
def test_oddities_in_a_field_that_is_ignored_are_ignored(rest: str) -> None:
    assert codec.decode_command(message_with(rest)) == commands.Message("hi")


@pytest.mark.parametrize(
    ("data", "ref"),
    [
        ('{"type":"message","content":5,"id":"m1"}', "m1"),
        ('{"type":"message","content":5,"id":7}', "message"),
        ('{"type":"message","content":5,"id":""}', "message"),
        ('{"type":"message","content":5}', "message"),
        ('{"type":"message","content":"a","id":"' + "i" * 65 + '"}', "i" * 64),
        ('{"type":"' + "t" * 100 + '"}', "t" * 64),
        ("[]", None),
        ("{", None),
    ],
)
def test_an_error_refers_to_the_id_or_the_type_that_it_answers(data: str, ref: str | None) -> None:
    with pytest.raises(ProtocolError) as caught:
        codec.decode_command(data)
    assert caught.value.ref == ref


def test_a_broken_field_is_named() -> None:
    with pytest.raises(ProtocolError, match=r"history.*before"):
        codec.decode_command('{"type":"history","before":"yesterday"}')


def test_an_event_of_a_type_yet_unknown_is_none() -> None:
    assert codec.decode_event('{"type":"quoted","seq":1,"id":5}') is None


@pytest.mark.parametrize(
    "data",
    [
        '{"type":"message","content":5}',
        '{"type":"typing","nickname":"a","active":1,"room":"lobby"}',
        '{"type":"message","content":5,"x":' + "[" * 50_000,
        '{"type":"quoted","x":' + "[" * 50_000,
        "[" * 50_000,
        "{}",
        b"\xff\xfe",
    ],
)
def test_what_is_no_event_raises_value_error_at_the_client(data: bytes | str) -> None:
    with pytest.raises(ValueError):  # noqa: PT011 - the promise is exactly this
        codec.decode_event(data)


@given(st.lists(messages, max_size=5), st.booleans(), seqs, seqs, st.none() | ids)
def test_history_around_encoded_messages_reads_like_history_of_messages(
    entries: list[events.Message], more: bool, first: int, last: int, ref: str | None
) -> None:
    payloads = [codec.encode(entry) for entry in entries]
    encoded = codec.encode_history("lobby", "e1", payloads, more, range(first, last + 1), ref)
    assert encoded == codec.encode(events.History("lobby", "e1", entries, more, first, last, ref))
    assert msgspec.json.decode(encoded)["messages"] == [json.loads(codec.encode(entry)) for entry in entries]
