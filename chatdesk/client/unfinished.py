"""What somebody was doing in the composer besides writing a message: answering one, and editing others."""

from msgspec import Struct
from msgspec.structs import replace


class Unfinished(Struct, frozen=True, omit_defaults=True):
    """The numbers of messages in the log that ``epoch`` names; 0 for none.

    What is written answers message ``reply_to``. ``edits`` are new texts of messages that are not sent, ``editing`` is
    the number of the one that is being edited.
    """

    epoch: str = ""
    reply_to: int = 0
    editing: int = 0
    edits: dict[int, str] = {}

    def in_log(self, epoch: str) -> "Unfinished":
        """Return it as far as it holds in this log: in another one the numbers mean other messages."""
        return self if epoch == self.epoch else Unfinished(epoch)

    def with_edit(self, seq: int, content: str) -> "Unfinished":
        """Return it with the new text of a message."""
        return replace(self, edits=self.edits | {seq: content})

    def without_edit(self, seq: int) -> "Unfinished":
        """Return it after the edit of a message is over."""
        edits = {other: content for other, content in self.edits.items() if other != seq}
        return replace(self, edits=edits, editing=0 if self.editing == seq else self.editing)
