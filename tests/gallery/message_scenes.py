"""The window's scenes of messages, and of what people do with them."""

from chatdesk.client.changes import ReadersChanged
from chatdesk.client.reactors import ShownReactors
from chatdesk.client.receipts import ShownReaders
from chatdesk.desktop.controllers.message_acts import MessageActs
from chatdesk.desktop.widgets.timeline.targets import Reply, ShowInfo, ShowReaders
from chatdesk.protocol.events import Reactor
from chatdesk.protocol.room_events import Reader, Receipt, Receipts, ReceiptSettings
from tests.gallery.content import ALEXANDRINA, EPOCH, LEFTWARDS, MESSAGES, PEOPLE, ROOM
from tests.gallery.conversation import ACTS, TEXTS
from tests.gallery.scene import THEMES, Scene, in_themes
from tests.gallery.stage import Look, Stage


async def _leftwards(shown: Stage) -> None:
    await shown.chat(messages=LEFTWARDS)


async def _texts(shown: Stage) -> None:
    await shown.chat(messages=TEXTS)


async def _acts(shown: Stage) -> None:
    """What people have done with messages; the pointer is over one, which is being answered."""
    await shown.chat(messages=ACTS)
    shown.made.screen.pinned_bar.show_pins(2, "Wiring chart for the motor driver, and who has which bench")
    shown.made.screen.timeline.act_requested.emit(Reply(3))
    shown.made.screen.timeline.verticalScrollBar().setValue(0)
    await shown.settle()
    shown.made.screen.date_pill.hide()
    shown.point(3)


async def _reactors(shown: Stage) -> None:
    """Who has reacted, one of them under a name that reads leftwards and one under a long one."""
    await shown.chat(messages=ACTS)
    people = tuple(Reactor(person, person.lower()) for person, _ in PEOPLE)
    timeline, acts = shown.made.screen.timeline, shown.made.screen.findChild(MessageActs)
    assert acts
    await shown.settle()
    card, place = acts.reactors_card, timeline.place_of_reaction(6, "🎉")
    card.open_list(timeline.viewport(), place, ShownReactors(6, "🎉", len(people), people))


async def _receipts(shown: Stage) -> None:
    """Who has read a message, some of them under names that read leftwards or are long; one ticks has nobody."""
    await shown.chat(messages=ACTS)
    counts = [Receipt(4, 24), Receipt(9, 0)]
    shown.hear(ReceiptSettings(allowed=True, given=True), Receipts(ROOM, EPOCH, counts))
    await shown.settle()
    timeline = shown.made.screen.timeline
    timeline.verticalScrollBar().setValue(0)
    timeline.act_requested.emit(ShowReaders(4))
    named = (ALEXANDRINA, "نور الهدى", "Aiko Tanaka", "Kit")
    at = (f"2026-11-23T10:{minute}:00.000Z" for minute in (31, 31, 32, 32))
    readers = tuple(Reader(name, name.lower(), read) for name, read in zip(named, at, strict=True))
    receipts = shown.made.client.state.shown.receipts
    receipts.shown = ShownReaders(4, readers, 24, 30, more=True, busy=False)
    shown.take([ReadersChanged()])
    await shown.settle()


async def _message_info(shown: Stage) -> None:
    """When a message of somebody else was sent and edited."""
    await shown.chat(messages=ACTS)
    shown.made.screen.timeline.verticalScrollBar().setValue(0)
    shown.made.screen.timeline.act_requested.emit(ShowInfo(1))
    await shown.settle()


async def _pins(shown: Stage) -> None:
    await shown.chat(messages=ACTS)
    screen, pinned = shown.made.screen, [ACTS[0], ACTS[5], *reversed(MESSAGES)]
    screen.pinned_bar.show_pins(len(pinned), "Left motor on bench 4 spins backwards.")
    await shown.settle()
    screen.pins_card.open_list(screen.pinned_bar, pinned)


MESSAGE_SCENES = {
    "leftwards": Scene(_leftwards, in_themes("light")),
    "text": Scene(
        _texts,
        in_themes(
            "light",
            size=(1200, 1000),
            narrow=Look("dark", (640, 900)),
            large=Look("high-contrast", (1200, 1600), scale=2.0),
        ),
    ),
    "acts": Scene(_acts, in_themes(*THEMES, size=(1200, 800))),
    "pins": Scene(_pins, in_themes(*THEMES)),
    "reactors": Scene(_reactors, in_themes(*THEMES)),
    "receipts": Scene(_receipts, in_themes(*THEMES, size=(1200, 800)), afresh=True),
    "message-info": Scene(_message_info, in_themes("light")),
}
