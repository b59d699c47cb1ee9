"""Converts between bytes and typed messages. Nothing that does not fit the types gets past this module."""

import json
from collections.abc import Iterable

import msgspec

from chatdesk.protocol import commands, events
from chatdesk.protocol.errors import ErrorCode, ProtocolError
from chatdesk.protocol.markup import Block

_command_decoder: msgspec.json.Decoder[commands.Command] = msgspec.json.Decoder(commands.Command)
_event_decoder: msgspec.json.Decoder[events.Event] = msgspec.json.Decoder(events.Event)
_message_decoder = msgspec.json.Decoder(events.Message)
_encoder = msgspec.json.Encoder()


class _Envelope(msgspec.Struct):
    """The part of an invalid command that its error refers to; ``id`` itself may have the wrong type."""

    type: str
    id: object = None


class _HistoryPage(msgspec.Struct, tag="history", frozen=True, omit_defaults=True):
    """``events.History`` with messages that are already encoded."""

    room: str
    epoch: str
    messages: list[msgspec.Raw]
    more: bool
    first_seq: int = 1
    last_seq: int = 0
    ref: str | None = None
    change: int = 0


class _UpdatedMessage(msgspec.Struct, tag="updated", frozen=True, omit_defaults=True):
    """``events.Updated`` with a message that is already encoded."""

    room: str
    seq: int
    change: int
    message: msgspec.Raw
    ref: str | None = None


class _Messages(msgspec.Struct, tag="messages", frozen=True, omit_defaults=True):
    """``events.Messages`` with messages that are already encoded."""

    room: str
    messages: list[msgspec.Raw]
    missing: list[int] = []
    ref: str | None = None


class _Pins(msgspec.Struct, tag="pins", frozen=True, omit_defaults=True):
    """``events.Pins`` with messages that are already encoded."""

    room: str
    messages: list[msgspec.Raw]
    more: bool = False
    ref: str | None = None


def decode_command(data: bytes | str) -> commands.Command:
    """Decode what a client sent.

    Raises ProtocolError for everything that is not a valid command, with a sentence that names the wrong field.
    """
    try:
        command = _command_decoder.decode(data)
        _refuse_duplicate_keys(data)
    except msgspec.ValidationError as error:
        raise _explain(data, str(error)) from None
    except (ValueError, RecursionError):
        raise _not_json() from None
    return command


def decode_event(data: bytes | str) -> events.Event | None:
    """Decode what a server sent; return None for an event type that this version does not know.

    Raises ValueError for data that is not a valid event; its text says what it is instead.
    """
    try:
        return _event_decoder.decode(data)
    except msgspec.ValidationError as error:
        _require_unknown_type(data, error)
        return None
    except (ValueError, RecursionError):
        raise ValueError("what is no JSON") from None


def _require_unknown_type(data: bytes | str, error: msgspec.ValidationError) -> None:
    """Raise ValueError unless this is an object of an unknown type, as a newer server may send."""
    try:
        kind = _decode_envelope(data).type
    except ValueError:
        raise ValueError("what is no event") from None
    if kind in _EVENT_TYPES:
        raise ValueError(f"{kind.replace('_', ' ')} events that are wrong ({error})") from None


def decode_message(payload: bytes) -> events.Message:
    """Decode a ``message`` event that this program has encoded itself."""
    return _message_decoder.decode(payload)


def encode(message: commands.Command | events.Event) -> bytes:
    """Encode a command or an event as JSON."""
    return _encoder.encode(message)


def encode_body(blocks: tuple[Block, ...]) -> bytes:
    """Encode the tree of a message for `add_body`."""
    return _encoder.encode(blocks)


def add_body(message: bytes, body: bytes) -> bytes:
    """Return an encoded ``message`` event with this encoded ``body``."""
    return message[:-1] + b',"body":' + body + b"}"


def encode_updated(room: str, seq: int, change: int, message: bytes, ref: str | None = None) -> bytes:
    """Encode an ``updated`` event of a message that is already encoded."""
    return _encoder.encode(_UpdatedMessage(room, seq, change, msgspec.Raw(message), ref))


def encode_messages(room: str, messages: Iterable[bytes], missing: list[int], ref: str | None = None) -> bytes:
    """Encode a ``messages`` event of messages that are already encoded."""
    return _encoder.encode(_Messages(room, list(map(msgspec.Raw, messages)), missing, ref))


def encode_pins(room: str, messages: Iterable[bytes], more: bool, ref: str | None = None) -> bytes:
    """Encode a ``pins`` event of messages that are already encoded."""
    return _encoder.encode(_Pins(room, list(map(msgspec.Raw, messages)), more, ref))


def encode_history(
    room: str,
    epoch: str,
    messages: Iterable[bytes],
    more: bool,
    seqs: range,
    ref: str | None = None,
    change: int = 0,
) -> bytes:
    """Encode a ``history`` event of messages that are already encoded; ``seqs`` are the numbers that the log holds."""
    raw = [msgspec.Raw(message) for message in messages]
    return _encoder.encode(_HistoryPage(room, epoch, raw, more, seqs.start, seqs.stop - 1, ref, change))


def _refuse_duplicate_keys(data: bytes | str) -> None:
    """Raise ValidationError for a repeated field: two JSON readers could see two different messages in it."""
    _strict_decoder.decode(data if isinstance(data, str) else data.decode())


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise msgspec.ValidationError("a field stands there twice")
    return fields


_strict_decoder = json.JSONDecoder(object_pairs_hook=_unique, parse_int=str, parse_float=str)
"""Made once: for a short command that takes as long as to use it."""


def _explain(data: bytes | str, reason: str) -> ProtocolError:
    """Return the error that says which part of an invalid command is wrong."""
    try:
        envelope = _decode_envelope(data)
    except msgspec.ValidationError:
        return ProtocolError(
            ErrorCode.BAD_MESSAGE,
            'A message is a JSON object with a "type", such as {"type":"message","content":"Hello"}.',
        )
    except ValueError:
        return _not_json()
    if envelope.type not in _COMMAND_TYPES:
        return ProtocolError(ErrorCode.UNKNOWN_TYPE, "The chat does not know this type of message.", envelope.type[:64])
    sentence = f"A field of this {envelope.type} is missing or wrong: {reason}."
    ref = envelope.id if envelope.id and isinstance(envelope.id, str) else envelope.type
    return ProtocolError(ErrorCode.BAD_MESSAGE, sentence, ref[:64])


def _not_json() -> ProtocolError:
    return ProtocolError(ErrorCode.BAD_JSON, "This is not a JSON object that the chat can read.")


def _decode_envelope(data: bytes | str) -> _Envelope:
    """Decode type and id. Raises ValidationError for an object without a type, and ValueError for invalid JSON."""
    try:
        return msgspec.json.decode(data, type=_Envelope)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _tags(union: object) -> frozenset[str]:
    return frozenset(member.__struct_config__.tag for member in getattr(union, "__args__", ()))


_COMMAND_TYPES = _tags(commands.Command)
_EVENT_TYPES = _tags(events.Event)
