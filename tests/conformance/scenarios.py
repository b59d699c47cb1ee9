"""Loads the scenarios and completes them: short forms become whole events, and ``join`` becomes the steps of a join."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Json = dict[str, Any]

FOLDER = Path(__file__).parent
_DEFAULTS: dict[str, Json] = json.loads((FOLDER / "defaults.json").read_text("utf-8"))
_EDITED_AT = "2026-11-24T11:00:00.000Z"


@dataclass(frozen=True, slots=True)
class Scenario:
    """A named list of steps; every step is an object with one key."""

    name: str
    steps: list[Json]

    def __str__(self) -> str:
        return self.name


def load() -> list[Scenario]:
    """Return all scenarios of the folder, in order."""
    files = sorted((FOLDER / "scenarios").glob("*.json"))
    return [
        Scenario(f"{file.stem}: {written['name']}", [step for short in written["steps"] for step in _steps(short)])
        for file in files
        for written in json.loads(file.read_text("utf-8"))
    ]


def _steps(short: Json) -> list[Json]:
    """Return the steps that a written step stands for."""
    if "join" in short:
        return _join(short["join"])
    if "server" in short:
        events = short["server"] if isinstance(short["server"], list) else [short["server"]]
        return [{"server": list(map(complete, events))}]
    return [short]


def _join(parts: Json) -> list[Json]:
    """Return the steps of a connection that opens, and of a join that the server accepts."""
    page = _page_of_join(parts.get("history", {}))
    people = parts.get("users", ["Mara", "Kit"])
    users = {"type": "users", **(people if isinstance(people, dict) else {"users": people})}
    welcome = {"type": "welcome", "epoch": page.get("epoch", "e1"), **parts.get("welcome", {})}
    events = [welcome, {"type": "system", "code": "welcome"}, users, page, *parts.get("then", [])]
    sent = {"type": "join", **parts.get("sent", {})}
    proof = [{"sent": []}, {"proof": parts["proof"]}] if "proof" in parts else []
    return [{"open": {}}, *proof, {"sent": [sent]}, {"server": list(map(complete, events))}]


def _page_of_join(written: Json | list[Any]) -> Json:
    """A page that continues the stream says which position it reaches: by default that of its last change."""
    page: Json = written if isinstance(written, dict) else {"messages": written}
    messages = [_message(message) for message in page.get("messages", [])]
    changes = [message.get("change", 0) for message in messages]
    return {"type": "history", "change": max(changes, default=page.get("last_seq", 0)), **page}


def complete(event: Json) -> Json:
    """Return the event with all fields that a server sends."""
    whole = {**_DEFAULTS[event["type"]], **event}
    match whole["type"]:
        case "message":
            return _message(whole)
        case "updated":
            return _updated(whole)
        case "history":
            messages = list(map(_message, whole["messages"]))
            last = messages[-1]["seq"] if messages else 0
            return {"first_seq": 1, "last_seq": last, **whole, "messages": messages}
        case "messages" | "pins":
            return {**whole, "messages": list(map(_message, whole["messages"]))}
        case "search":
            return {**whole, "hits": list(map(_hit, whole["hits"]))}
        case "users":
            users = list(map(_user, whole["users"]))
            return {"user_count": len(users), **whole, "users": users}
        case "presence":
            return {**whole, "joined": list(map(_user, whole["joined"])), "left": list(map(_departed, whole["left"]))}
        case "held":
            return {**whole, "messages": [_with_author({**_DEFAULTS["message"], **held}) for held in whole["messages"]]}
        case "hands":
            return {
                "count": len(whole["hands"]),
                **whole,
                "hands": [_with_author(_raised(hand)) for hand in whole["hands"]],
            }
        case "user_joined" | "user_left" | "typing" | "called":
            return _with_author(whole)
        case _:
            return whole


def _message(written: Json | int) -> Json:
    """A message; a number alone is one of Ana's. The first change of a message is by default its number."""
    given = written if isinstance(written, dict) else {"seq": written}
    whole = {"type": "message", **_DEFAULTS["message"], **given}
    return _with_author({"content": f"number {whole['seq']}", "change": whole["seq"], **whole})


def _updated(written: Json) -> Json:
    """Fields beside ``seq`` and ``change`` are those of the message's present state."""
    own = ("type", "room", "seq", "change")
    state = {"edited": _EDITED_AT} | {key: value for key, value in written.items() if key not in own}
    state = {key: value for key, value in state.items() if value is not None}
    numbers = {key: written[key] for key in ("room", "seq", "change")}
    ref = {"ref": state.pop("ref")} if "ref" in state else {}
    return {"type": "updated", **numbers, **ref, "message": _message({**numbers, **state})}


def _hit(written: Json | int) -> Json:
    """A found message, which is an excerpt of itself."""
    message = _message(written)
    return {"message": message, "parts": ["", message["content"]]}


def _user(written: Json | str) -> Json:
    given = written if isinstance(written, dict) else {"nickname": written}
    return _with_author({**_DEFAULTS["user"], "host": given["nickname"] == "Mara", **given})


def _departed(written: Json | str) -> Json:
    return _with_author(written if isinstance(written, dict) else {"nickname": written})


def _raised(written: Json | str) -> Json:
    return {
        "raised_at": "2026-11-24T10:00:00.000Z",
        **(written if isinstance(written, dict) else {"nickname": written}),
    }


def _with_author(event: Json) -> Json:
    """By default an author is the nickname in lower case; ``"author": ""`` is a server that names none."""
    whole = {"author": event["nickname"].lower(), **event}
    return whole if whole["author"] else {key: value for key, value in whole.items() if key != "author"}
