"""The wire as an AsyncAPI 3 document, made from the types of commands and events and their docstrings.

Programs read it: editors show it, and generators make clients from it. People read ``README.md`` of this package.
"""

from collections.abc import Iterable
from functools import cache
from typing import Any, get_args

import msgspec

from chatdesk.protocol import (
    codec,
    commands,
    connection_events,
    events,
    markup,
    order_commands,
    order_events,
    reading_commands,
    room_events,
)

_ASYNCAPI = "3.1.0"
_ABOUT = (
    "JSON objects in text frames of one WebSocket. A client begins with `join`; what answers a command brings back its "
    "`id` as `ref`. Both sides ignore fields and types that they do not know."
)
_BLOCKS = {kind.__name__ for kind in get_args(markup.Block)}
_INLINE = {kind.__name__ for kind in get_args(markup.Inline)}
"""Types that stand within each other. What stands in a block is left out: programs that resolve all references would
not come to an end."""
_EXAMPLES: tuple[commands.Command | events.Event, ...] = (
    commands.Join("Kit", client="terminal"),
    commands.Message("Hello!", id="m1"),
    commands.History(before=120, limit=50, id="page 2"),
    commands.Search("motor", id="s1"),
    commands.Refresh("eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJraXQi.c2lnbmF0dXJl", id="t1"),
    connection_events.Refreshed(3600.0, "t1"),
    reading_commands.Read(118, back=True, id="r1"),
    reading_commands.Readers(120, id="who"),
    room_events.Receipts("lobby", "ba3a810aeec20819", [room_events.Receipt(120, 24)]),
    events.Welcome(
        1,
        "ba3a810aeec20819",
        "Kit",
        "5ed3ba6640ff435c.5574c609",
        "lobby",
        2,
        events.Limits(65536, 8000, 32, 200, 5.0),
        events.ServerInfo("Robotics Workshop", "Mara", "0.1.0", "3f6b1c05d2a94e78"),
        me="c71f5d0b9e2a4836",
    ),
    events.UserJoined("Kit", "2026-11-24T03:14:12.920Z", 2, "lobby", "terminal", author="c71f5d0b9e2a4836"),
    events.Message("Kit", "Hello!", "2026-11-24T03:14:13.925Z", "lobby", 1, "m1", change=1, author="c71f5d0b9e2a4836"),
    order_commands.Ban("Kit", "Selling parts", 60, id="b1"),
    order_events.Done(
        *("ban", "Kit", "c71f5d0b9e2a4836", "Kit is banned until 18:00."),
        until="2026-11-24T17:00:00.000Z",
        reason="Selling parts",
        ref="b1",
    ),
    order_events.Standing("lobby", "moderator", ("ban", "mute", "remove"), everywhere=True),
    events.Error("rate_limited", "You are sending too fast: wait a moment and try again.", "m1", 0.2),
)


@cache
def document(version: str) -> bytes:
    """Return the document as JSON; ``version`` is the program's."""
    sides = {"command": get_args(commands.Command), "event": get_args(events.Event)}
    messages = {f"{side}.{_tag(kind)}": _message(side, kind) for side, kinds in sides.items() for kind in kinds}
    schemas = {name: schema for side, kinds in sides.items() for name, schema in _schemas(side, kinds)}
    return msgspec.json.encode(
        {
            "asyncapi": _ASYNCAPI,
            "info": {"title": "ChatDesk", "version": version, "description": _ABOUT},
            "defaultContentType": "application/json",
            "channels": {
                "chat": {
                    "address": "/ws",
                    "title": "The chat",
                    "messages": {name: _ref("messages", name) for name in messages},
                    "bindings": {"ws": {"method": "GET"}},
                }
            },
            "operations": {
                "receiveCommand": _operation("receive", "What a client sends.", "command", messages),
                "sendEvent": _operation("send", "What the server sends.", "event", messages),
            },
            "components": {"messages": messages, "schemas": schemas},
        }
    )


def _operation(action: str, summary: str, side: str, messages: Iterable[str]) -> dict[str, Any]:
    """One direction, as AsyncAPI sees it: from the server."""
    own = [{"$ref": f"#/channels/chat/messages/{name}"} for name in messages if name.startswith(f"{side}.")]
    return {"action": action, "channel": {"$ref": "#/channels/chat"}, "summary": summary, "messages": own}


def _message(side: str, kind: type[msgspec.Struct]) -> dict[str, Any]:
    examples = [{"payload": msgspec.Raw(codec.encode(each))} for each in _EXAMPLES if type(each) is kind]
    return {
        "name": _tag(kind),
        "title": _tag(kind),
        "summary": (kind.__doc__ or "").partition("\n\n")[0].replace("\n    ", " "),
        "payload": _ref("schemas", f"{side}.{kind.__name__}"),
        **({"examples": examples} if examples else {}),
    }


def _schemas(side: str, kinds: Iterable[type[msgspec.Struct]]) -> Iterable[tuple[str, dict[str, Any]]]:
    """The schemas of these types and of what stands in them: commands and events have types of the same name."""
    _, components = msgspec.json.schema_components(kinds, ref_template=f"#/components/schemas/{side}.{{name}}")
    for name in _INLINE & components.keys():
        del components[name]
    for name in _BLOCKS & components.keys():
        fields = components[name]["properties"].items()
        components[name]["properties"] = {
            field: {"type": "array"} if schema.get("type") == "array" else schema for field, schema in fields
        }
    return ((f"{side}.{name}", _without_discriminators(schema)) for name, schema in components.items())


def _without_discriminators(schema: Any) -> Any:
    """Leave out by which field the types of a choice differ: AsyncAPI writes that otherwise, and each type says it."""
    if isinstance(schema, dict):
        return {key: _without_discriminators(value) for key, value in schema.items() if key != "discriminator"}
    return list(map(_without_discriminators, schema)) if isinstance(schema, list) else schema


def _ref(kind: str, name: str) -> dict[str, str]:
    return {"$ref": f"#/components/{kind}/{name}"}


def _tag(kind: type[msgspec.Struct]) -> str:
    return str(kind.__struct_config__.tag)
