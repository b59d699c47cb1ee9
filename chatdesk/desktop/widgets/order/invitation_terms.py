"""What an invitation may fix for the people who use it: their name, their role, and the room in which they begin."""

from typing import NamedTuple

from PySide6.QtWidgets import QVBoxLayout, QWidget

from chatdesk.desktop.theme import Theme
from chatdesk.desktop.widgets.common.field import Field
from chatdesk.desktop.widgets.common.label import Label
from chatdesk.desktop.widgets.common.segmented_control import SegmentedControl
from chatdesk.protocol.errors import ProtocolError
from chatdesk.protocol.fields import InvitedAs
from chatdesk.protocol.limits import NICKNAME_CHARS
from chatdesk.protocol.names import clean_nickname, clean_room

_ROLES: dict[InvitedAs, str] = {"member": "Member", "guest": "Guest", "moderator": "Moderator"}


class Fixed(NamedTuple):
    """What an invitation fixes; empty names fix nothing."""

    nickname: str = ""
    room: str = ""
    role: InvitedAs = "member"


class InvitationTerms(QWidget):
    """``may_appoint``: the person may invite moderators, as the host alone may."""

    def __init__(self, theme: Theme, *, may_appoint: bool) -> None:
        super().__init__()
        self._role: InvitedAs = "member"
        roles = {role: words for role, words in _ROLES.items() if may_appoint or role != "moderator"}
        self._roles = SegmentedControl(theme, "They come as", roles)
        self._roles.set_value("member")
        self._roles.chosen.connect(self._choose_role)
        self.name = Field(theme, "Their name", placeholder="They choose it", height=40, font="ui")
        self.room = Field(theme, "Room in which they begin", placeholder="lobby", height=40, font="ui")
        for field in (self.name, self.room):
            field.edit.setMaxLength(NICKNAME_CHARS)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(6)
        for label, part in (
            ("They come as", self._roles),
            ("Their name", self.name),
            ("Room in which they begin", self.room),
        ):
            column.addWidget(Label(theme, label, font="small", role="text-muted"))
            column.addWidget(part)

    def fixed(self) -> Fixed | None:
        """What is fixed; None, with an error shown, if one of the names cannot be one."""
        names = []
        for field, clean in ((self.name, clean_nickname), (self.room, clean_room)):
            try:
                names.append(clean(field.text) if field.text else "")
            except ProtocolError as error:
                field.set_error(error.content)
                field.edit.setFocus()
                return None
        return Fixed(names[0], names[1], self._role)

    def clear(self) -> None:
        """Fix nothing."""
        self.name.edit.clear()
        self.room.edit.clear()
        self._roles.set_value("member")
        self._role = "member"

    def _choose_role(self, role: InvitedAs) -> None:
        self._role = role
