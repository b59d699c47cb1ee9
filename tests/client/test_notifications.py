"""What conformance scenarios do not show: the bounds of what is remembered, and when an update tells of news."""

import time

from chatdesk.client.changes import Ended, InRoom, NewMessage, NotificationsChanged
from chatdesk.client.notifications import Notifications
from chatdesk.client.state import ChatState
from chatdesk.protocol.events import History, Limits, Message, ServerInfo, Updated, Welcome

_LIMITS = Limits(65_536, 8_000, 32, 200, 5.0)


def joined() -> ChatState:
    """The state of a chat that was joined, with nothing said in it."""
    state = ChatState("Kit")
    state.join((), "window")
    state.apply(Welcome(1, "e", "Kit", "t", "lobby", 2, _LIMITS, ServerInfo("Chat", "Mara", "1", "s"), "kit"), 0)
    state.apply(History("lobby", "e", [], False), 0)
    return state


def message(seq: int, content: str = "Hello") -> Message:
    return Message("Ana", content, "2026-11-24T10:00:00.000Z", "lobby", seq, change=seq, author="ana")


def receive(state: ChatState, notifications: Notifications, *messages: Message) -> bool:
    """Let the messages come; return whether what is shown has changed."""
    changes = [change for each in messages for change in state.apply(each, time.monotonic())]
    return bool(notifications.refresh(changes))


def away(state: ChatState) -> Notifications:
    notifications = Notifications(state)
    notifications.present = False
    return notifications


def test_ten_thousand_messages_are_counted_and_cost_no_more_than_fifty() -> None:
    state = joined()
    notifications = away(state)
    receive(state, notifications, *map(message, range(1, 10_001)))
    (shown,) = notifications.shown
    assert shown.title == "10000 new messages in #lobby"
    assert shown.seq == 9_951
    state.home.mark_read(9_999)
    notifications.refresh([])
    assert [shown.title for shown in notifications.shown] == ["Ana in #lobby"]


def test_only_a_new_message_is_news_and_an_edit_is_not() -> None:
    state = joined()
    notifications = away(state)
    assert receive(state, notifications, message(1))
    first = notifications.shown[0].news
    edited = Updated(
        "lobby", 1, 2, Message("Ana", "Bye", "2026-11-24T10:00:00.000Z", "lobby", 1, change=2, author="ana")
    )
    notifications.update(edited)
    assert notifications.refresh(state.apply(edited, 0)) == [NotificationsChanged()]
    assert (notifications.shown[0].body, notifications.shown[0].news) == ("Bye", first)
    assert receive(state, notifications, message(3))
    assert notifications.shown[0].news > first


def test_what_changes_nothing_tells_nothing() -> None:
    state = joined()
    notifications = away(state)
    assert receive(state, notifications, message(1))
    assert not notifications.refresh([])
    assert not notifications.refresh([InRoom("garden", (NewMessage(message(1)),))])


def test_a_room_that_was_cleared_notifies_no_more() -> None:
    state = joined()
    notifications = away(state)
    receive(state, notifications, message(1))
    changes = state.apply(History("lobby", "another", [], False), 0)
    assert notifications.refresh(changes) == [NotificationsChanged()]
    assert notifications.shown == ()


def test_nothing_is_shown_after_the_end() -> None:
    state = joined()
    notifications = away(state)
    receive(state, notifications, message(1))
    assert notifications.refresh(state.set_status(Ended("Removed."))) == [NotificationsChanged()]
    assert notifications.shown == ()
