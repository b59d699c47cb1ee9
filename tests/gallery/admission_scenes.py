"""The window's scenes of admission: waiting oneself, and deciding about others."""

import time

from chatdesk.client.changes import Ended, Waiting
from chatdesk.desktop.dialogs.secret import entry_sheet
from chatdesk.protocol.admission_events import Invitations, Invited, Queue, Waiter
from chatdesk.protocol.entry_messages import Entry
from chatdesk.protocol.order_events import AuditEntry, Standing
from chatdesk.protocol.pace_events import Hands, Held
from tests.gallery.content import GUEST, HANDS, HELD, HOST, IN_FORCE, INVITATIONS, NOW, REASON, ROOM, SERVER
from tests.gallery.scene import NARROW, START, THEMES, WIDE, Scene, in_themes
from tests.gallery.stage import Look, Stage

_QUEUE = Queue(
    [
        Waiter("Zoë van den Berg", "zoe", "phone", 130),
        Waiter("Leon", "leon", "phone", 40, lost=True),
        Waiter("Sørina Đorđević-Nakamura", "sorina", "browser", 4),
    ],
    3,
    True,
)


_STANDING = Standing(ROOM, "host", ("approve", "ban", "call_hands", "see_audit"), True)
_TODAY = NOW[:10]
_AUDIT = [
    AuditEntry(4, f"{_TODAY}T10:30:00.000Z", "mute", "Dr. Okonkwo", "Bench 7", "bench-7", room="code-help"),
    AuditEntry(3, f"{_TODAY}T10:20:00.000Z", "rename", HOST, "Kitty", "kit", detail="Kit"),
    AuditEntry(2, f"{_TODAY}T10:12:00.000Z", "ban", HOST, "Leo", "leo", reason=REASON),
]


async def _waiting(shown: Stage) -> None:
    await shown.enter()
    shown.be(Waiting(3, GUEST, SERVER.name, HOST, time.monotonic() - 44))
    await shown.settle()


async def _board(shown: Stage) -> None:
    """All that may wait for those who keep order, and what they have done."""
    await shown.chat(hosting=True)
    admission, order = shown.made.client.admission, shown.made.client.order
    for event in (_STANDING, Held(ROOM, HELD, all=True), Hands(ROOM, HANDS, 3)):
        order.receive(event)
    admission.receive(_QUEUE)
    admission.receive(Invitations(INVITATIONS))
    admission.invited = Invited(INVITATIONS[0], "k7f-m2x-4rw")
    shown.made.admission_changed.emit()
    assert shown.application.board
    shown.application.board.open()
    board = shown.application.board.sheet
    board.in_force.show_standings(IN_FORCE)
    board.audit.show_entries(_AUDIT, behind=False, more=True)
    board.fit()
    await shown.settle()


async def _nobody(shown: Stage) -> None:
    await shown.chat(hosting=True)
    shown.made.client.order.receive(_STANDING)
    shown.made.client.admission.receive(Queue([]))
    assert shown.application.board
    shown.application.board.open()
    await shown.settle()


async def _password(shown: Stage) -> None:
    await shown.start(("Robotics Workshop", HOST, 17))
    again = "That is not it. Capitals do not matter, hyphens do. 4 more tries, then a minute’s wait."
    sheet = entry_sheet(shown.theme, shown.window, Ended(again, password_needed=True, wrong=True))
    sheet.show_sheet()
    sheet.field.edit.setText("copper-wal")


async def _entry(shown: Stage) -> None:
    await shown.chat(hosting=True)
    shown.made.client.admission.receive(Queue([], approval=True))
    shown.made.client.admission.receive(Entry(("password",)))
    shown.made.admission_changed.emit()
    shown.application.invitation.sheet.entry_requested.emit()
    await shown.settle()


async def _more(shown: Stage) -> None:
    await _nobody(shown)
    assert shown.application.board
    card = shown.application.board.sheet.invitations
    card.more_button.click()
    card.terms.name.edit.setText("Dr. Okonkwo")
    await shown.settle()


ADMISSION_SCENES = {
    "entry": Scene(_entry, in_themes("light", "dark", size=WIDE, narrow=Look(size=NARROW))),
    "board-more": Scene(_more, in_themes("light", size=WIDE)),
    "password": Scene(_password, in_themes(*THEMES, size=START)),
    "wait": Scene(_waiting, in_themes(*THEMES, size=START, leftwards=Look(size=START, leftwards=True))),
    "board": Scene(
        _board,
        in_themes(*THEMES, size=WIDE, narrow=Look(size=NARROW), leftwards=Look(size=WIDE, leftwards=True)),
    ),
    "board-none": Scene(_nobody, in_themes("light", size=WIDE)),
}
