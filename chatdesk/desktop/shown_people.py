"""Who is in the room, as the list of people and the lines of the timeline show it."""

from chatdesk.client.changes import Change, PeopleChanged, PeopleListed, PeopleReset, PeopleUpdated
from chatdesk.client.state import ChatState
from chatdesk.desktop.models.people import PeopleModel
from chatdesk.desktop.models.timeline import TimelineModel
from chatdesk.protocol.events import User


class ShownPeople:
    """Applies changes of who is in the shown room to the models of a window."""

    def __init__(self, state: ChatState, people: PeopleModel, timeline: TimelineModel) -> None:
        self._state = state
        self._people = people
        self._timeline = timeline

    def apply(self, change: Change) -> None:
        """Apply a change of the list of people; other changes are ignored."""
        match change:
            case PeopleReset():
                self.show()
            case PeopleUpdated(people=people, before=before):
                self._people.apply_changes(people, before)
                if before and people and self._state.shown.people.tells_of_changes:
                    self._timeline.change_presence(lambda row: row.rename(before[0], people[0]))
            case PeopleListed(people=people):
                self._people.apply_changes(people, ())
            case PeopleChanged(joined=joined, left=left, more=more):
                self._people.apply_changes(joined, [person.nickname for person in left])
                if (joined or left or more) and self._state.shown.people.tells_of_changes:
                    self._timeline.change_presence(lambda row: row.add(joined, left, more))

    def show(self) -> None:
        """Show the list as far as it is known, and oneself, who may be far down in it."""
        state = self._state
        listed = state.shown.people
        people = list(listed.here.values())
        if not listed.complete and state.nickname not in listed.here:
            people.append(User(state.nickname, "online", "", "window", author=state.own.author))
        self._people.set_people(people, state.is_mine, complete=listed.complete)
