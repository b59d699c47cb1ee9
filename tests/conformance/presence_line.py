"""What the window's timeline says of people below the last message, by the rules of the window."""

from collections.abc import Iterable

from chatdesk.client.changes import Appended, Change, PeopleChanged, PeopleUpdated
from chatdesk.client.people import People
from chatdesk.desktop.models.rows import PresenceRow
from tests.conformance.scenarios import Json


class PresenceLine:
    """The joins, leaves and renames in the room that is shown, since the last message."""

    def __init__(self) -> None:
        self._row = PresenceRow()

    def take(self, changes: Iterable[Change], people: People) -> None:
        """These changes have happened."""
        for change in changes:
            match change:
                case Appended():
                    self._row = PresenceRow()
                case PeopleChanged(joined=joined, left=left, more=more) if people.tells_of_changes:
                    self._row.add(joined, left, more)
                case PeopleUpdated(people=(person,), before=(old,)) if people.tells_of_changes:
                    self._row.rename(old, person)

    def state(self) -> Json | None:
        """Return the line; None if there is none."""
        row = self._row
        if not row:
            return None
        names = {"joined": [it.nickname for it in row.joined.people.values()]}
        names |= {"left": [it.nickname for it in row.left.people.values()]}
        return {**names, "renamed": [[old, now.nickname] for old, now in row.renamed.values()]}
