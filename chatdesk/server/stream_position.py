"""How far somebody has read a room's log."""

from __future__ import annotations

from typing import NamedTuple

from chatdesk.protocol.commands import Resume


class StreamPosition(NamedTuple):
    """A place in a room's log: behind this ``change`` of the log named ``epoch``; 0 is before the first one."""

    epoch: str
    change: int

    @classmethod
    def of(cls, resume: Resume | None) -> StreamPosition | None:
        """Return where a client resumes.

        One that counts messages only starts at the change of that number: it may get some messages again.
        """
        return cls(resume.epoch, resume.change or resume.seq) if resume else None


STREAM_START = StreamPosition("", 0)
"""Before everything: no log has this epoch, so a member that reads from here gets the latest page."""
