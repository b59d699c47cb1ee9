"""What a scene of the page is made of: a host that answers without a network, and the state to show."""

from collections.abc import Callable
from dataclasses import dataclass, field

import msgspec
from playwright.sync_api import Page, WebSocketRoute, expect

from chatdesk.protocol import (
    admission_commands,
    admission_events,
    codec,
    commands,
    events,
    order_commands,
    order_events,
)
from chatdesk.protocol.room_events import RoomInfo, Rooms
from chatdesk.server.qr_code import qr_rows
from tests.gallery import content
from tests.gallery.content import EPOCH, GUEST, HOST, MESSAGES, NOW, ROOM, SERVER

PHONE, UPRIGHT, TABLET, WIDE = (390, 844), (768, 1024), (900, 640), (1280, 800)


class Host:
    """Answers as a server does, without a network."""

    def __init__(self, page: Page, heard: tuple[events.Message, ...], rooms: tuple[RoomInfo, ...]) -> None:
        self.heard, self.rooms = heard, rooms
        self.silent = False
        self.place = 0
        self.refusal: events.Error | None = None
        """How joins are answered: a place in front of the door, or a refusal."""
        self.route: WebSocketRoute | None = None
        page.route_web_socket("**/ws", self._connect)

    def say(self, *said: events.Event) -> None:
        """Send an event to the page."""
        assert self.route
        for event in said:
            self.route.send(codec.encode(event).decode())

    def _connect(self, route: WebSocketRoute) -> None:
        if self.silent:
            route.close(code=1006)
            return
        self.route = route
        route.on_message(lambda data: self._answer(codec.decode_command(data)))

    def _answer(self, command: commands.Command) -> None:
        match command:
            case commands.Join(nickname=nickname, id=ref) if self.place:
                waiting = admission_events.Waiting(self.place, "Wait.", nickname, SERVER.name, HOST, 44, 120, ref)
                self.say(waiting)
            case commands.Join(id=ref) if self.refusal:
                self.say(msgspec.structs.replace(self.refusal, ref=ref))
            case commands.Join(nickname=nickname):
                history = events.History(ROOM, EPOCH, list(self.heard), False, 1, len(self.heard))
                self.say(content.welcome(nickname), content.users(), history)
                if self.rooms:
                    self.say(Rooms(list(self.rooms)))
            case commands.History(id=ref):
                self.say(events.History(ROOM, EPOCH, [], False, 1, len(self.heard), ref))
            case order_commands.Neighbours(id=ref):
                names = ("Bench 2", "Kit", "Ravi")
                self.say(order_events.Neighbours("Bench 7", "", "192.168.4.52", names, 3, ref))
            case admission_commands.Invite(id=ref, address=address):
                made = admission_events.InvitationInfo("1", 30, 4, NOW, f"{NOW[:10]}T20:00:00.000Z", role="guest")
                link = "http://192.168.4.20:8080/#invite=k7f-m2x-4rw" if address else ""
                self.say(admission_events.Invited(made, "k7f-m2x-4rw", qr_rows(link), ref))
                self.say(admission_events.Invitations([made]))
            case order_commands.Audit(id=ref):
                self.say(order_events.Audit(content.DONE, ref=ref))
            case order_commands.Bans(id=ref):
                self.say(order_events.Bans(content.IN_FORCE, ref=ref))
            case admission_commands.Invitations():
                self.say(admission_events.Invitations(content.INVITATIONS))
            case commands.Search(query=query, id=ref):
                hits = [message for message in reversed(self.heard) if query in message.content]
                found = [events.Hit(message, content.marked(message.content, query)) for message in hits]
                self.say(events.Search(ROOM, query, found, False, ref=ref))


@dataclass(frozen=True, slots=True)
class PageState:
    """A state of the page, with the sizes and colours in which it is shown."""

    act: Callable[[Page, Host], None]
    size: tuple[int, int] = PHONE
    colors: str = "light"
    contrast: str = "no-preference"
    heard: tuple[events.Message, ...] = field(default=MESSAGES)
    rooms: tuple[RoomInfo, ...] = ()
    touch: bool = False


def enter(page: Page, host: Host) -> None:
    """Join the chat."""
    page.locator("#nickname").fill(GUEST)
    page.locator("#join-button").click()
    page.mouse.move(1, 1)  # over no row
    expect(page.locator("#message")).to_be_visible()
    expect(page.locator(".row .text")).to_have_count(sum(not it.deleted for it in host.heard))
