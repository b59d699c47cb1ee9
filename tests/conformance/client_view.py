"""What the Python client shows, and whom it means, in the JSON of the scenarios."""

from chatdesk.client.reactors import ShownReactors
from chatdesk.client.room_list import RoomSummary
from chatdesk.client.search import SearchResults
from chatdesk.protocol import commands
from tests.conformance.scenarios import Json


def meant(value: Json) -> tuple[commands.Mentioned, ...]:
    return tuple(commands.Mentioned(**mention) for mention in value.get("mentions", ()))


def reactors(shown: ShownReactors | None) -> Json | None:
    if shown is None:
        return None
    people = [person.nickname for person in shown.people]
    return {"people": people, "count": shown.count, "all": shown.complete, "busy": shown.busy}


def search_state(found: SearchResults) -> Json:
    hits = [{"text": hit.message.content, "seq": hit.message.seq} for hit in found.hits]
    return {
        "search": {
            "query": found.query,
            "hits": hits,
            "more": found.more,
            "more_in": sorted(found.more_in),
            "further": found.further,
            "busy": found.busy,
            "error": found.error,
            "note": found.note,
        }
    }


def room_row(room: RoomSummary) -> Json:
    fields = (
        "name",
        "title",
        "topic",
        "archived",
        "closed",
        "joined",
        "level",
        "newcomers",
        "unread",
        "mentions",
        "messages",
    )
    told = {field: getattr(room, field) for field in fields}
    return {**told, "pace": room.pace._asdict(), "private": room.partner is not None}
