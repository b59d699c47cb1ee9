"""Bytes to typed messages and back. What does not fit the types never gets past this module."""

import json
from collections.abc import Iterable

import msgspec

from chatdesk.protocol import commands, events
from chatdesk.protocol.errors import ErrorCode, ProtocolError

_command_decoder: msgspec.json.Decoder[commands.Command] = msgspec.json.Decoder(commands.Command)
_event_decoder: msgspec.json.Decoder[events.Event] = msgspec.json.Decoder(events.Event)
_message_decoder = msgspec.json.Decoder(events.Message)
_encoder = msgspec.json.Encoder()


class _Head(msgspec.Struct):
    """The little of a broken command that its error refers to; its ``id`` may be what is broken."""

    type: str
    id: object = None


class _HistoryPage(msgspec.Struct, tag="history", frozen=True, omit_defaults=True):
    """``events.History`` around messages that the log keeps encoded already."""

    room: str
    epoch: str
    messages: list[msgspec.Raw]
    more: bool
    first_seq: int = 1
    last_seq: int = 0
    ref: str | None = None


def decode_command(data: bytes | str) -> commands.Command:
    """Read what a client sent.

    Raises ProtocolError, with a sentence that names the broken field, for everything that is no command.
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
    """Read what a server sent; None for a type that this version does not know.

    Raises ValueError for what is no event at all; its text names what that is.
    """
    try:
        return _event_decoder.decode(data)
    except msgspec.ValidationError as error:
        _refuse_known(data, error)
        return None
    except (ValueError, RecursionError):
        raise ValueError("what is no JSON") from None


def _refuse_known(data: bytes | str, error: msgspec.ValidationError) -> None:
    """Raises ValueError for what no version of this program says."""
    try:
        kind = _head(data).type
    except ValueError:
        raise ValueError("what is no event") from None
    if kind in _EVENT_TYPES:
        raise ValueError(f"{kind.replace('_', ' ')} events that are wrong ({error})") from None


def decode_message(payload: bytes) -> events.Message:
    """Read a ``message`` event that this program has encoded itself."""
    return _message_decoder.decode(payload)


def encode(message: commands.Command | events.Event) -> bytes:
    """Write a command or an event as JSON."""
    return _encoder.encode(message)


def encode_history(
    room: str, epoch: str, messages: Iterable[bytes], more: bool, seqs: range, ref: str | None = None
) -> bytes:
    """Write a ``history`` event around messages that are encoded already; ``seqs`` are those the log holds."""
    raw = [msgspec.Raw(message) for message in messages]
    return _encoder.encode(_HistoryPage(room, epoch, raw, more, seqs.start, seqs.stop - 1, ref))


def _refuse_duplicate_keys(data: bytes | str) -> None:
    """Two values for one field would let two readers see two different messages."""
    json.loads(data, object_pairs_hook=_unique, parse_int=str, parse_float=str)


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    fields = dict(pairs)
    if len(fields) != len(pairs):
        raise msgspec.ValidationError("a field stands there twice")
    return fields


def _explain(data: bytes | str, reason: str) -> ProtocolError:
    """Say which part of a broken command is wrong."""
    try:
        head = _head(data)
    except msgspec.ValidationError:
        return ProtocolError(
            ErrorCode.BAD_MESSAGE,
            'A message is a JSON object with a "type", such as {"type":"message","content":"Hello"}.',
        )
    except ValueError:
        return _not_json()
    if head.type not in _COMMAND_TYPES:
        return ProtocolError(ErrorCode.UNKNOWN_TYPE, "The chat does not know this type of message.", head.type[:64])
    sentence = f"A field of this {head.type} is missing or wrong: {reason}."
    ref = head.id if head.id and isinstance(head.id, str) else head.type
    return ProtocolError(ErrorCode.BAD_MESSAGE, sentence, ref[:64])


def _not_json() -> ProtocolError:
    return ProtocolError(ErrorCode.BAD_JSON, "This is not a JSON object that the chat can read.")


def _head(data: bytes | str) -> _Head:
    """Raises ValidationError for what has no type, and ValueError for what is no JSON."""
    try:
        return msgspec.json.decode(data, type=_Head)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def _tags(union: object) -> frozenset[str]:
    return frozenset(member.__struct_config__.tag for member in getattr(union, "__args__", ()))


_COMMAND_TYPES = _tags(commands.Command)
_EVENT_TYPES = _tags(events.Event)
