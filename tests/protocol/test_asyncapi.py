"""The wire's own description: valid, complete, and true of what a server really sends and takes."""

import json
import subprocess
from pathlib import Path
from typing import Any, get_args

import pytest
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from chatdesk import __version__
from chatdesk.protocol import asyncapi, commands, events
from tests.e2e.wscat import NODE_MODULES
from tests.server.chat import chat

PARSE = Path(__file__).with_name("check_asyncapi.mjs")
DOCUMENT: dict[str, Any] = json.loads(asyncapi.document(__version__))


def check(side: str, message: dict[str, Any]) -> None:
    """Raises ValidationError for what is not as the document says."""
    [payload] = [
        each["payload"]
        for name, each in DOCUMENT["components"]["messages"].items()
        if name == f"{side}.{message['type']}"
    ]
    Draft202012Validator({**DOCUMENT, **payload}).validate(message)


def test_the_parser_of_asyncapi_reads_it_and_finds_every_type(tmp_path: Path) -> None:
    file = tmp_path / "asyncapi.json"
    file.write_bytes(asyncapi.document(__version__))
    program = ["node", str(PARSE), str(NODE_MODULES), str(file)]
    parsed = json.loads(subprocess.run(program, capture_output=True, text=True, check=True).stdout)
    assert parsed["complaints"] == []
    tags = {
        side: [kind.__struct_config__.tag for kind in get_args(union)]
        for side, union in (("receive", commands.Command), ("send", events.Event))
    }
    assert parsed["operations"] == tags


def test_every_example_and_every_schema_is_valid() -> None:
    examples = [
        (name.partition(".")[0], example["payload"])
        for name, message in DOCUMENT["components"]["messages"].items()
        for example in message.get("examples", ())
    ]
    assert len(examples) > 5
    for side, example in examples:
        check(side, example)
    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)
        assert schema["description"]


async def test_it_is_served_and_true_of_a_real_conversation() -> None:
    said: list[dict[str, Any]] = [
        {"type": "join", "nickname": "Kit", "capabilities": ["presence"], "id": "1"},
        {"type": "message", "content": "Hello", "id": "2"},
        {"type": "edit", "seq": 1, "content": "Hello!", "id": "3"},
        {"type": "history", "limit": 10, "id": "4"},
        {"type": "search", "query": "hello", "id": "5"},
        {"type": "enter", "room": "build", "id": "6"},
        {"type": "exit", "room": "build", "id": "7"},
        {"type": "exit", "room": "nowhere", "id": "8"},
        {"type": "ping", "id": "9"},
    ]
    async with chat() as opened:
        reply = await opened.ask(opened.head("GET", "/asyncapi.json"))
        assert (reply.status, json.loads(reply.body)) == (200, DOCUMENT)
        peer = await opened.connect()
        heard = set()
        for command in said:
            check("command", command)
            peer.send(command["type"], **{name: value for name, value in command.items() if name != "type"})
            event: dict[str, Any] = {}
            while command["id"] not in (event.get("ref"), event.get("id")) or event["type"] in ("welcome", "users"):
                event = await peer.event()
                check("event", event)
                heard.add(event["type"])
        assert heard >= {"welcome", "users", "history", "message", "updated", "search", "exited", "error", "pong"}


def test_what_is_wrong_is_noticed() -> None:
    for wrong in ({"type": "join"}, {"type": "history", "limit": 1000}):
        with pytest.raises(ValidationError):
            check("command", wrong)
