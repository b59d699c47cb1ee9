"""The window's scenes of admission: waiting oneself, and deciding about others."""

import time

from chatdesk.client.changes import Ended, Waiting
from chatdesk.desktop.dialogs.secret import entry_sheet
from chatdesk.protocol.admission_events import InvitationInfo, Invitations, Invited, Queue, Waiter
from tests.gallery.content import GUEST, HOST, SERVER
from tests.gallery.scene import NARROW, START, THEMES, WIDE, Scene, in_themes
from tests.gallery.stage import Look, Stage

_CREATED, _EXPIRES = "2026-11-23T10:00:00.000Z", "2000-01-01T00:00:00.000Z"
_QUEUE = Queue(
    [
        Waiter("Zoë van den Berg", "zoe", "phone", 130),
        Waiter("Leon", "leon", "phone", 40, lost=True),
        Waiter("Sørina Đorđević-Nakamura", "sorina", "browser", 4),
    ],
    3,
    True,
)
_INVITATIONS = [
    InvitationInfo("1", 30, 12, _CREATED, _EXPIRES, HOST),
    InvitationInfo("2", 1, 0, _CREATED, _EXPIRES, HOST, "Dr. Okonkwo", role="moderator"),
]


async def _waiting(shown: Stage) -> None:
    await shown.enter()
    shown.be(Waiting(3, GUEST, SERVER.name, HOST, time.monotonic() - 44))
    await shown.settle()


async def _admission(shown: Stage) -> None:
    await shown.chat(hosting=True)
    admission = shown.made.client.admission
    admission.receive(_QUEUE)
    admission.receive(Invitations(_INVITATIONS))
    admission.invited = Invited(_INVITATIONS[0], "k7f-m2x-4rw")
    shown.made.admission_changed.emit()
    assert shown.application.admission
    shown.application.admission.open()
    await shown.settle()


async def _nobody(shown: Stage) -> None:
    await shown.chat(hosting=True)
    shown.made.client.admission.receive(Queue([]))
    assert shown.application.admission
    shown.application.admission.open()
    await shown.settle()


async def _password(shown: Stage) -> None:
    await shown.start(("Robotics Workshop", HOST, 17))
    again = "That is not it. Capitals do not matter, hyphens do. 4 more tries, then a minute’s wait."
    sheet = entry_sheet(shown.theme, shown.window, Ended(again, password_needed=True, wrong=True))
    sheet.show_sheet()
    sheet.field.edit.setText("copper-wal")


ADMISSION_SCENES = {
    "password": Scene(_password, in_themes(*THEMES, size=START)),
    "wait": Scene(_waiting, in_themes(*THEMES, size=START, leftwards=Look(size=START, leftwards=True))),
    "admission": Scene(
        _admission,
        in_themes(*THEMES, size=WIDE, narrow=Look(size=NARROW), leftwards=Look(size=WIDE, leftwards=True)),
    ),
    "admission-none": Scene(_nobody, in_themes("light", size=WIDE)),
}
