"""Several rooms, private ones and read positions, by real clients at a real server."""

from pathlib import Path

from chatdesk.client.changes import NoticeReceived, RoomOpened
from chatdesk.client.room_list import RoomSummary
from chatdesk.client.saved_state import ClientStore
from tests.client.person import Person, person
from tests.server.chat import chat
from tests.waiting import until


def summaries(who: Person) -> dict[str, RoomSummary]:
    return {room.title: room for room in who.state.summaries()}


async def in_room(who: Person, title: str, *, unread: int | None = None) -> RoomSummary:
    """The row of a room, once it is listed, entered, and has so many unread messages."""

    def ready() -> bool:
        row = summaries(who).get(title)
        entered = row and row.name in who.state.rooms and who.state.rooms[row.name].stage == "inside"
        return bool(entered and row and unread in (None, row.unread))

    await until(ready)
    return summaries(who)[title]


async def test_a_room_is_made_shown_counted_and_left() -> None:
    async with chat() as c, person(c.server.port, "Kit") as kit, person(c.server.port, "Ana") as ana:
        kit.client.rooms.create("plans", "What next?")
        await until(lambda: kit.changes_of(RoomOpened))
        kit.client.rooms.show("plans")
        await until(lambda: "plans" in summaries(ana))
        assert (summaries(ana)["plans"].joined, summaries(ana)["plans"].topic) == (False, "What next?")
        ana.client.rooms.show("plans")
        await in_room(ana, "plans")
        ana.client.rooms.show("lobby")
        kit.client.send("the plan")
        await in_room(ana, "plans", unread=1)
        assert ana.state.unread == 1
        ana.client.rooms.set_level("plans", "nothing")
        await until(lambda: summaries(ana)["plans"].level == "nothing")
        assert ana.state.unread == 0, "a muted room does not ask for attention"
        ana.client.rooms.exit("plans")
        await until(lambda: not summaries(ana)["plans"].joined)
        ana.client.rooms.create("plans")
        await until(lambda: ana.changes_of(NoticeReceived))


async def test_what_is_read_on_one_device_is_read_on_the_other_and_on_a_new_one(tmp_path: Path) -> None:
    """Behaviour 18 and 19: shared, forward only, told within a second or two, and kept by the server."""
    async with chat(message_rate=0) as c, person(c.server.port, "Ana") as ana:
        async with person(c.server.port, "Kit", store=ClientStore(tmp_path)) as kit:
            token = kit.state.token
            async with person(c.server.port, "Kit", token=token) as phone:
                await until(lambda: kit.state.list.rooms and phone.state.list.rooms)
                for number in range(1, 6):
                    ana.client.send(f"number {number}")
                await in_room(kit, "lobby", unread=5)
                await in_room(phone, "lobby", unread=5)
                kit.client.mark_read(3)
                await in_room(phone, "lobby", unread=2)
                phone.client.mark_read(2)
                await in_room(kit, "lobby", unread=2)
        async with person(c.server.port, "Kit", token=token) as tablet:
            await in_room(tablet, "lobby", unread=2)
            divider = tablet.state.shown.read_position.divider
            assert divider
            assert (divider.after, divider.count) == (3, 2)
            tablet.client.rooms.mark_all_read()
            await in_room(tablet, "lobby", unread=0)
        async with person(c.server.port, "Kit", token=token) as tablet:
            await in_room(tablet, "lobby", unread=0)


async def test_a_private_room_opens_for_both_and_keeps_its_draft(tmp_path: Path) -> None:
    """Behaviour 13 and 22."""
    async with chat() as c, person(c.server.port, "Ana") as ana:
        async with person(c.server.port, "Kit", store=ClientStore(tmp_path)) as kit:
            kit.client.rooms.open_private("Ana")
            await until(lambda: kit.changes_of(RoomOpened))
            name = summaries(kit)["Ana"].name
            kit.client.rooms.show(name)
            await in_room(kit, "Ana")
            assert "Kit" not in summaries(ana), "nothing was said yet"
            kit.client.send("psst")
            row = await in_room(ana, "Kit", unread=1)
            assert (row.name, row.partner and row.partner.nickname) == (name, "Kit")
            kit.client.set_draft("half a sentence")
            kit.client.rooms.show("lobby")
            assert (kit.client.rooms.draft, kit.client.rooms.has_draft(name)) == ("", True)
            kit.client.set_draft("to everybody")
        async with person(c.server.port, "Kit", store=ClientStore(tmp_path)) as kit:
            await in_room(kit, "Ana")
            assert kit.client.rooms.draft == "to everybody"
            kit.client.rooms.show(name)
            assert kit.client.rooms.draft == "half a sentence"
