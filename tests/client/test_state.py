"""Events in, changes out: what the client knows of its room after each of them."""

from msgspec.structs import replace

from chatdesk.client.changes import (
    Appended,
    Change,
    Confirmed,
    Discarded,
    Ended,
    Jumped,
    Lost,
    NewMessage,
    NoticeReceived,
    NotSent,
    Online,
    PeopleChanged,
    PeopleReset,
    Resumed,
    RoomChanged,
    SearchChanged,
    Sending,
    StatusChanged,
    StorageChanged,
    TranscriptReset,
    TypingChanged,
    UnreadChanged,
)
from chatdesk.client.outbox import Outgoing
from chatdesk.client.read_position import Divider
from chatdesk.client.search import SearchResults
from chatdesk.client.state import ChatState
from chatdesk.protocol import events

AT = "2024-01-01T12:00:00.000Z"
WELCOME = events.Welcome(
    1,
    "one",
    "Kit",
    "kit.token",
    "lobby",
    2,
    events.Limits(65536, 8000, 32, 200, 5.0),
    events.ServerInfo("Robotics Workshop", "Mara", "0.1"),
)
MARA = events.User("Mara", "online", AT, "window", True)
KIT = events.User("Kit", "online", AT)
ANA = events.User("Ana", "online", AT, "phone")


def said(seq: int, nickname: str = "Ana", message_id: str | None = None) -> events.Message:
    return events.Message(nickname, f"number {seq}", AT, "lobby", seq, message_id)


def page(*messages: events.Message, epoch: str = "one", newest: int = 0, ref: str | None = None) -> events.History:
    last = max([newest, *(message.seq for message in messages)])
    return events.History("lobby", epoch, list(messages), False, 1, last, ref)


def apply(state: ChatState, *happened: events.Event, now: float = 0.0) -> list[Change]:
    return [change for event in happened for change in state.apply(event, now)]


def joined(*messages: events.Message) -> ChatState:
    state = ChatState("Kit")
    people = events.Users("lobby", [MARA, KIT], 2)
    apply(state, WELCOME, events.System("Welcome to the chat!", AT), people, page(*messages))
    assert state.online
    return state


def entry(message_id: str) -> Outgoing:
    return Outgoing(message_id, "hello", AT)


def test_a_join_ends_online_with_room_people_and_the_latest_messages() -> None:
    state = ChatState("kit ")
    changes = apply(
        state,
        WELCOME,
        events.System("Welcome to the chat!", AT),
        events.Users("lobby", [MARA, KIT], 2),
        page(said(1)),
    )
    assert changes == [RoomChanged(), PeopleReset(), TranscriptReset(), StatusChanged(Online(None))]
    assert (state.nickname, state.token, state.user_count) == ("Kit", "kit.token", 2)
    assert list(state.people) == ["Mara", "Kit"]
    assert state.server == WELCOME.server


def test_a_refused_join_ends_with_its_sentence() -> None:
    state = ChatState("Mara")
    taken = events.Error("nickname_taken", "Someone here has this name. Try Mara 2.", "join")
    assert apply(state, taken) == [StatusChanged(Ended(taken.content, nickname_error=True))]
    full = events.Error("too_many_rooms", "There are 100 rooms already.", "join")
    assert apply(ChatState("Mara"), full) == [StatusChanged(Ended(full.content))]


def test_coming_back_tells_whether_anything_was_missed() -> None:
    answers: list[tuple[events.History, Resumed]] = [
        (page(said(2)), "all"),
        (page(newest=1), "all"),
        (page(said(60)), "some"),
        (page(said(1), epoch="two"), "none"),
    ]
    for answer, resumed in answers:
        state = joined(said(1))
        state.disconnected()
        state.set_status(Lost(0.0, 1))
        changes = apply(state, WELCOME, events.Users("lobby", [KIT], 1), answer)
        assert changes[-1] == StatusChanged(Online(resumed))


def test_an_own_message_is_confirmed_by_its_id_once() -> None:
    state = joined()
    assert state.queue(entry("a1")) == [Sending(entry("a1"))]
    state.outbox.next(0.0)
    own = said(1, "Kit", "a1")
    assert apply(state, own) == [Confirmed("a1"), Appended((own,))]
    assert apply(state, own) == []
    assert state.outbox.waiting == 0


def test_nobody_else_can_confirm_an_own_message() -> None:
    state = joined()
    state.queue(entry("a1"))
    forged = said(1, "Ana", "a1")
    assert apply(state, forged) == [Appended((forged,)), NewMessage(forged)]
    assert "a1" in state.outbox


def test_a_resumed_page_confirms_what_was_kept_before_the_loss() -> None:
    state = joined()
    state.queue(entry("a1"))
    state.outbox.next(0.0)
    state.disconnected()
    own = said(1, "Kit", "a1")
    assert apply(state, WELCOME, page(own))[1:] == [Confirmed("a1"), Appended((own,))]
    assert state.outbox.next(0.0) is None


def test_a_message_confirmed_from_before_the_latest_page_is_not_shown_twice() -> None:
    state = joined(said(7), said(8))
    state.queue(entry("a1"))
    assert apply(state, said(3, "Kit", "a1")) == [Confirmed("a1")]
    assert [message.seq for message in state.messages] == [7, 8]


def test_a_refused_message_says_why_and_can_be_sent_again_or_discarded() -> None:
    state = joined()
    state.queue(entry("a1"))
    state.outbox.next(0.0)
    refused = Outgoing("a1", "hello", AT, "The message is empty.")
    assert apply(state, events.Error("empty_message", "The message is empty.", "a1")) == [NotSent(refused)]
    assert state.resend("a1") == [Sending(entry("a1"))]
    assert state.discard("a1") == []
    state.fail("a1", "No.")
    assert state.discard("a1") == [Discarded("a1")]
    assert state.resend("a1") == state.discard("a1") == []


def test_what_came_too_fast_is_sent_again_a_little_later() -> None:
    state = joined()
    state.queue(entry("a1"))
    state.outbox.next(10.0)
    assert apply(state, events.Error("rate_limited", "Too fast.", "a1"), now=10.0) == []
    assert state.outbox.next(10.5) is None
    assert state.outbox.next(11.0) == entry("a1")


def test_people_come_and_go_one_by_one_and_in_batches() -> None:
    state = joined()
    assert apply(state, events.UserJoined("Ana", AT, 3, "lobby", "phone")) == [PeopleChanged((ANA,), ())]
    assert apply(state, events.UserJoined("Ana", AT, 3, "lobby", "phone")) == [PeopleChanged()]
    batch = events.Presence(
        "lobby", [events.User("Bo", "online", AT)], [events.Departed("Ana"), events.Departed("nobody")], 3, AT
    )
    assert apply(state, batch) == [PeopleChanged((events.User("Bo", "online", AT),), ("Ana",))]
    assert apply(state, events.UserLeft("Bo", AT, 2)) == [PeopleChanged((), ("Bo",))]
    assert list(state.people) == ["Mara", "Kit"]
    assert state.user_count == 2


def test_typing_shows_until_it_stops_expires_or_ends_in_a_message() -> None:
    state = joined()

    def typing(nickname: str, active: bool = True, now: float = 0.0) -> list[Change]:
        return apply(state, events.Typing(nickname, active, "lobby"), now=now)

    assert typing("Ana") == [TypingChanged()]
    assert typing("Mara", now=2.0) == [TypingChanged()]
    assert typing("Ana", now=3.0) == []
    assert typing("Kit") == []
    assert state.typing == ["Ana", "Mara"]
    assert state.expire(6.9) == []
    assert state.expire(7.0) == [TypingChanged()]
    assert state.typing == ["Ana"]
    assert apply(state, said(1)) == [Appended((said(1),)), NewMessage(said(1)), TypingChanged()]
    typing("Mara")
    assert typing("Mara", active=False) == [TypingChanged()]
    typing("Mara")
    assert TypingChanged() in apply(state, events.UserLeft("Mara", AT, 1))
    assert state.typing == []


def test_messages_of_others_are_new_once_but_not_history_and_own_ones() -> None:
    state = joined(said(1))
    assert NewMessage(said(2)) in apply(state, said(2))
    assert apply(state, said(2)) == []
    assert NewMessage(said(3, "Kit")) not in apply(state, said(3, "Kit"))
    state.disconnected()
    state.set_status(Lost(0.0, 1))
    assert not any(isinstance(change, NewMessage) for change in apply(state, WELCOME, page(said(4), said(5))))
    assert NewMessage(said(6)) in apply(state, said(6))


def test_a_loss_keeps_what_was_said_and_forgets_who_was_typing() -> None:
    state = joined(said(1))
    apply(state, events.Typing("Ana", True, "lobby"))
    assert state.disconnected() == [TypingChanged()]
    assert [message.seq for message in state.messages] == [1]
    assert list(state.people) == ["Mara", "Kit"]


def test_the_server_speaks_to_the_person_but_its_greeting_is_no_news() -> None:
    state = joined()
    assert apply(state, events.System("The host has closed the chat.", AT)) == [
        NoticeReceived("The host has closed the chat.")
    ]
    assert apply(state, events.System("Tout est parti.", AT, "history_deleted", "lobby")) == [
        NoticeReceived("Tout est parti.", "history_deleted")
    ]
    assert apply(state, events.Error("bad_json", "This is no JSON.")) == [NoticeReceived("This is no JSON.")]


def test_a_gap_is_requested_and_a_refusal_of_that_is_not_shown() -> None:
    state = joined(said(1))
    assert apply(state, said(3)) == [NewMessage(said(3))]
    (request,) = state.transcript.pop_requests()
    assert request.after == 1
    assert apply(state, events.Error("rate_limited", "Too fast.", request.id)) == []
    assert state.transcript.pop_requests() == []
    state.transcript.retry()
    assert [again.after for again in state.transcript.pop_requests()] == [1]


def test_the_person_is_told_of_a_date_that_the_server_cannot_read() -> None:
    state = joined(said(1))
    state.transcript.go_to_moment("yesterday")
    (request,) = state.transcript.pop_requests()
    assert apply(state, events.Error("bad_message", "This is no moment.", request.id)) == [
        NoticeReceived("This is no moment.")
    ]


def test_a_reach_request_of_the_host_shows_nothing() -> None:
    assert apply(joined(), events.Reach("0123", ["192.168.4.20"])) == []


def test_what_the_host_cannot_keep_waits_in_its_place_until_all_is_well() -> None:
    state = joined()
    state.queue(entry("a1"))
    state.queue(entry("a2"))
    state.outbox.next(0.0)
    assert apply(state, events.Storage("full", "The disk of the host is full.")) == [StorageChanged()]
    assert state.storage_problem == "The disk of the host is full."
    assert apply(state, events.Storage("full", "The disk of the host is full.")) == []
    assert apply(state, events.Error("storage", "The disk is full.", "a1"), now=0.0) == []
    assert state.outbox.next(2.9) is None
    assert apply(state, events.Storage("", "")) == [StorageChanged()]
    assert state.storage_problem == ""
    assert state.outbox.next(2.9) == entry("a1")
    apply(state, events.Error("storage", "The disk is full.", "a1"), now=10.0)
    assert state.outbox.next(13.0) == entry("a1")
    assert state.outbox.waiting == 2


def test_trouble_with_the_storage_is_forgotten_with_the_connection() -> None:
    state = joined()
    apply(state, events.Storage("readonly", "The folder is write-protected."))
    state.disconnected()
    assert apply(state, WELCOME) == [RoomChanged(), StorageChanged()]
    assert state.storage_problem == ""


def test_a_join_that_the_storage_prevents_is_not_the_end() -> None:
    state = ChatState("Kit")
    assert apply(state, events.Error("storage", "The database is locked.", "join")) == [StorageChanged()]
    assert state.storage_problem == "The database is locked."


def test_what_was_left_unsent_goes_out_before_what_was_said_since() -> None:
    state = ChatState("Kit")
    state.queue(entry("new"))
    failed = Outgoing("old 2", "hello", AT, "The message is too long.")
    apply(state, WELCOME)
    assert state.restore([entry("old 1"), failed], "one", 0) == [Sending(entry("old 1")), NotSent(failed)]
    assert [waiting.id for waiting in state.outbox] == ["old 1", "old 2", "new"]
    assert state.restore([entry("old 1")], "one", 0) == []


def test_messages_for_one_chat_are_not_sent_to_another_at_the_same_address() -> None:
    state = joined()
    state.queue(entry("a1"))
    state.disconnected()
    state.set_status(Lost(0.0, 1))
    other = replace(WELCOME, server=replace(WELCOME.server, id="another"))
    assert apply(state, other, page(epoch="two"))[1:2] == [NotSent(next(iter(state.outbox)))]
    assert state.outbox.next(0.0) is None
    state.resend("a1")
    assert state.outbox.next(0.0) == entry("a1")


def test_an_own_message_under_an_earlier_nickname_is_confirmed() -> None:
    state = joined()
    state.queue(entry("a1"))
    state.disconnected()
    apply(state, replace(WELCOME, nickname="Kit 2"), page())
    assert Confirmed("a1") in apply(state, said(1, "Kit", "a1"))


def test_the_start_with_unread_messages_sets_the_divider() -> None:
    state = ChatState("Kit")
    apply(state, WELCOME)
    state.restore([], "one", 1)
    changes = apply(state, page(said(1), said(2, "kit"), said(3), said(4)))
    assert UnreadChanged() in changes
    assert state.unread == Divider(2, 2, AT)
    assert UnreadChanged() in state.queue(entry("a1"))
    assert state.unread is None


def test_jumping_to_the_newest_divides_off_what_came_while_reading_elsewhere() -> None:
    state = joined(said(1))
    apply(state, said(2), said(3))
    assert state.go_to_latest() == [UnreadChanged(), Jumped(None)]
    assert state.unread == Divider(1, 2, AT)
    state.mark_read(3)
    assert state.go_to_latest() == [UnreadChanged(), Jumped(None)]
    assert state.unread is None


def test_a_person_who_was_away_finds_the_divider() -> None:
    state = joined(said(1))
    state.mark_read(1)
    assert state.mark_away() == []
    apply(state, said(2), said(3, "Kit"), said(4))
    state.mark_read(4)
    assert state.mark_present() == [UnreadChanged()]
    assert state.unread == Divider(1, 2, AT)


def test_a_deleted_history_is_searched_again_and_has_nothing_unread() -> None:
    state = joined(said(1))
    state.search_state.start("number")
    state.search_state.pop_request()
    apply(state, events.Search("lobby", "number", [events.Hit(said(1), ["", "number", " 1"])], False))
    state.mark_away()
    apply(state, said(2))
    state.mark_present()
    assert state.unread
    changes = apply(state, page(epoch="two"))
    assert changes == [TranscriptReset(), UnreadChanged(), SearchChanged()]
    assert (state.unread, state.search) == (None, SearchResults("number", busy=True))


def test_a_search_that_came_too_fast_is_asked_again_and_one_that_fails_says_why() -> None:
    state = joined()
    state.search_state.start("hello")
    request = state.search_state.pop_request()
    assert apply(state, events.Error("rate_limited", "Too fast.", "search")) == []
    assert state.search_state.pop_request() is None
    state.search_state.retry()
    assert state.search_state.pop_request() == request
    assert apply(state, events.Error("storage", "It cannot be read.", "search")) == [SearchChanged()]
    assert state.search == SearchResults("hello", error="It cannot be read.")


def test_a_guest_may_not_delete_the_history_and_is_told_so() -> None:
    sentence = "Only the host can delete the history."
    assert apply(joined(), events.Error("forbidden", sentence, "clear")) == [NoticeReceived(sentence)]
