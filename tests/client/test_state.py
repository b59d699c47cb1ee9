"""Events in, changes out: what the client knows of its room after each of them."""

import pytest
from msgspec.structs import replace

from chatdesk.client.changes import (
    Appended,
    Change,
    Confirmed,
    Discarded,
    Ended,
    InRoom,
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
from chatdesk.client.validation import InvalidEventError
from chatdesk.protocol import commands, events

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


def sent(state: ChatState, now: float = 0.0) -> list[str]:
    """The ids of the commands that are sent now."""
    return [command.id or "" for command in state.next_commands(now)]


def asked(state: ChatState) -> commands.History:
    """The only request that is sent now."""
    (command,) = state.next_commands(0.0)
    assert isinstance(command, commands.History)
    return command


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
    assert (state.nickname, state.token, state.shown.people.count) == ("Kit", "kit.token", 2)
    assert list(state.shown.people.here) == ["Mara", "Kit"]
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
    assert state.shown.queue(entry("a1")) == [Sending(entry("a1"))]
    assert sent(state) == ["a1"]
    own = said(1, "Kit", "a1")
    assert apply(state, own) == [Confirmed("a1"), Appended((own,))]
    assert apply(state, own) == []
    assert state.shown.outbox.waiting == 0


def test_nobody_else_can_confirm_an_own_message() -> None:
    state = joined()
    state.shown.queue(entry("a1"))
    forged = said(1, "Ana", "a1")
    assert apply(state, forged) == [Appended((forged,)), NewMessage(forged)]
    assert "a1" in state.shown.outbox


def test_a_resumed_page_confirms_what_was_kept_before_the_loss() -> None:
    state = joined()
    state.shown.queue(entry("a1"))
    assert sent(state) == ["a1"]
    state.disconnected()
    own = said(1, "Kit", "a1")
    assert apply(state, WELCOME, page(own))[1:3] == [Confirmed("a1"), Appended((own,))]
    assert sent(state) == []


def test_a_message_confirmed_from_before_the_latest_page_is_not_shown_twice() -> None:
    state = joined(said(7), said(8))
    state.shown.queue(entry("a1"))
    assert apply(state, said(3, "Kit", "a1")) == [Confirmed("a1")]
    assert [message.seq for message in state.shown.transcript.messages] == [7, 8]


def test_a_refused_message_says_why_and_can_be_sent_again_or_discarded() -> None:
    state = joined()
    state.shown.queue(entry("a1"))
    assert sent(state) == ["a1"]
    refused = Outgoing("a1", "hello", AT, "The message is empty.")
    assert apply(state, events.Error("empty_message", "The message is empty.", "a1")) == [NotSent(refused)]
    assert state.shown.resend("a1") == [Sending(entry("a1"))]
    assert state.shown.discard("a1") == []
    assert sent(state) == ["a1"]
    apply(state, events.Error("empty_message", "No.", "a1"))
    assert state.shown.discard("a1") == [Discarded("a1")]
    assert state.shown.resend("a1") == state.shown.discard("a1") == []


def test_what_came_too_fast_is_sent_again_a_little_later() -> None:
    state = joined()
    state.shown.queue(entry("a1"))
    sent(state, 10.0)
    assert apply(state, events.Error("rate_limited", "Too fast.", "a1"), now=10.0) == []
    assert sent(state, 10.5) == []
    assert sent(state, 11.0) == ["a1"]


def test_people_come_and_go_one_by_one_and_in_batches() -> None:
    state = joined()
    assert apply(state, events.UserJoined("Ana", AT, 3, "lobby", "phone")) == [PeopleChanged((ANA,), ())]
    assert apply(state, events.UserJoined("Ana", AT, 3, "lobby", "phone")) == [PeopleChanged()]
    batch = events.Presence(
        "lobby", [events.User("Bo", "online", AT)], [events.Departed("Ana"), events.Departed("nobody")], 3, AT
    )
    assert apply(state, batch) == [PeopleChanged((events.User("Bo", "online", AT),), (ANA,))]
    assert apply(state, events.UserLeft("Bo", AT, 2)) == [PeopleChanged((), (events.User("Bo", "online", AT),))]
    assert list(state.shown.people.here) == ["Mara", "Kit"]
    assert state.shown.people.count == 2


def test_typing_shows_until_it_stops_expires_or_ends_in_a_message() -> None:
    state = joined()

    def typing(nickname: str, active: bool = True, now: float = 0.0) -> list[Change]:
        return apply(state, events.Typing(nickname, active, "lobby"), now=now)

    assert typing("Ana") == [TypingChanged()]
    assert typing("Mara", now=2.0) == [TypingChanged()]
    assert typing("Ana", now=3.0) == []
    assert typing("Kit") == []
    assert state.shown.people.typing == ["Ana", "Mara"]
    assert state.tick(6.9) == []
    assert state.tick(7.0) == [TypingChanged()]
    assert state.shown.people.typing == ["Ana"]
    assert apply(state, said(1)) == [Appended((said(1),)), NewMessage(said(1)), TypingChanged()]
    typing("Mara")
    assert typing("Mara", active=False) == [TypingChanged()]
    typing("Mara")
    assert TypingChanged() in apply(state, events.UserLeft("Mara", AT, 1))
    assert state.shown.people.typing == []


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
    assert [message.seq for message in state.shown.transcript.messages] == [1]
    assert list(state.shown.people.here) == ["Mara", "Kit"]


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
    request = asked(state)
    assert (request.after, request.room) == (1, "lobby")
    assert apply(state, events.Error("rate_limited", "Too fast.", request.id)) == []
    assert sent(state, 0.9) == []
    assert len(sent(state, 1.0)) == 1


def test_a_gap_that_the_server_will_not_fill_is_left_behind() -> None:
    state = joined(said(1))
    apply(state, said(3))
    refusal = events.Error("forbidden", "Nobody may read this.", asked(state).id)
    assert apply(state, refusal) == [TranscriptReset(), NoticeReceived("Nobody may read this.")]
    assert [message.seq for message in state.shown.transcript.messages] == [3]
    assert sent(state) == []


def test_the_person_is_told_of_a_date_that_the_server_cannot_read() -> None:
    state = joined(said(1))
    state.shown.transcript.go_to_moment("yesterday")
    assert apply(state, events.Error("bad_message", "This is no moment.", asked(state).id)) == [
        NoticeReceived("This is no moment.")
    ]


def test_a_reach_request_of_the_host_shows_nothing() -> None:
    assert apply(joined(), events.Reach("0123", ["192.168.4.20"])) == []


def test_what_the_host_cannot_keep_waits_in_its_place_until_all_is_well() -> None:
    state = joined()
    state.shown.queue(entry("a1"))
    state.shown.queue(entry("a2"))
    assert sent(state) == ["a1"]
    assert apply(state, events.Storage("full", "The disk of the host is full.")) == [StorageChanged()]
    assert state.storage_problem == "The disk of the host is full."
    assert apply(state, events.Storage("full", "The disk of the host is full.")) == []
    assert apply(state, events.Error("storage", "The disk is full.", "a1"), now=0.0) == []
    assert sent(state, 2.9) == []
    assert apply(state, events.Storage("", "")) == [StorageChanged()]
    assert state.storage_problem == ""
    assert sent(state, 2.9) == ["a1"]
    apply(state, events.Error("storage", "The disk is full.", "a1"), now=10.0)
    assert sent(state, 13.0) == ["a1"]
    assert state.shown.outbox.waiting == 2


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
    state.shown.queue(entry("new"))
    failed = Outgoing("old 2", "hello", AT, "The message is too long.")
    apply(state, WELCOME)
    assert state.shown.restore([entry("old 1"), failed], "one", 0) == [Sending(entry("old 1")), NotSent(failed)]
    assert [waiting.id for waiting in state.shown.outbox] == ["old 1", "old 2", "new"]
    assert state.shown.restore([entry("old 1")], "one", 0) == []


def test_messages_for_one_chat_are_not_sent_to_another_at_the_same_address() -> None:
    state = joined()
    state.shown.queue(entry("a1"))
    state.disconnected()
    state.set_status(Lost(0.0, 1))
    other = replace(WELCOME, server=replace(WELCOME.server, id="another"))
    assert apply(state, other, page(epoch="two"))[1:2] == [NotSent(next(iter(state.shown.outbox)))]
    assert sent(state) == []
    state.shown.resend("a1")
    assert sent(state) == ["a1"]


def test_an_own_message_under_an_earlier_nickname_is_confirmed() -> None:
    state = joined()
    state.shown.queue(entry("a1"))
    state.disconnected()
    apply(state, replace(WELCOME, nickname="Kit 2"), page())
    assert Confirmed("a1") in apply(state, said(1, "Kit", "a1"))


def test_the_start_with_unread_messages_sets_the_divider() -> None:
    state = ChatState("Kit")
    apply(state, WELCOME)
    state.shown.restore([], "one", 1)
    changes = apply(state, page(said(1), said(2, "kit"), said(3), said(4)))
    assert UnreadChanged() in changes
    assert state.shown.read_position.divider == Divider(2, 2, AT)
    assert UnreadChanged() in state.shown.queue(entry("a1"))
    assert state.shown.read_position.divider is None


def test_jumping_to_the_newest_divides_off_what_came_while_reading_elsewhere() -> None:
    state = joined(said(1))
    apply(state, said(2), said(3))
    assert state.shown.go_to_latest() == [UnreadChanged(), Jumped(None)]
    assert state.shown.read_position.divider == Divider(1, 2, AT)
    state.shown.mark_read(3)
    assert state.shown.go_to_latest() == [UnreadChanged(), Jumped(None)]
    assert state.shown.read_position.divider is None


def test_a_person_who_was_away_finds_the_divider() -> None:
    state = joined(said(1))
    state.shown.mark_read(1)
    assert state.shown.mark_away() == []
    apply(state, said(2), said(3, "Kit"), said(4))
    state.shown.mark_read(4)
    assert state.shown.mark_present() == [UnreadChanged()]
    assert state.shown.read_position.divider == Divider(1, 2, AT)


def test_a_deleted_history_is_searched_again_and_has_nothing_unread() -> None:
    state = joined(said(1))
    state.shown.search.start("number")
    (ref,) = sent(state)
    apply(state, events.Search("lobby", "number", [events.Hit(said(1), ["", "number", " 1"])], False, ref=ref))
    state.shown.mark_away()
    apply(state, said(2))
    state.shown.mark_present()
    assert state.shown.read_position.divider
    changes = apply(state, page(epoch="two"))
    assert changes == [TranscriptReset(), UnreadChanged(), SearchChanged()]
    assert (state.shown.read_position.divider, state.shown.search.results) == (None, SearchResults("number", busy=True))


def test_a_search_that_came_too_fast_is_asked_again_and_one_that_fails_says_why() -> None:
    state = joined()
    state.shown.search.start("hello")
    (first,) = sent(state)
    assert apply(state, events.Error("rate_limited", "Too fast.", first)) == []
    assert sent(state) == []
    (again,) = sent(state, 1.0)
    assert apply(state, events.Error("forbidden", "It cannot be read.", again)) == [SearchChanged()]
    assert state.shown.search.results == SearchResults("hello", error="It cannot be read.")


def test_a_guest_may_not_delete_the_history_and_is_told_so() -> None:
    sentence = "Only the host can delete the history."
    assert apply(joined(), events.Error("forbidden", sentence, "clear")) == [NoticeReceived(sentence)]


def test_before_a_welcome_a_host_only_refuses_and_tells_of_its_disk() -> None:
    state = ChatState("Kit")
    for event in (said(1), page(said(1)), events.Users("lobby", [KIT], 1), events.UserJoined("Kit", AT, 1, "lobby")):
        assert apply(state, event) == []
    assert apply(state, events.Storage("full", "The disk is full.")) == [StorageChanged()]
    apply(state, WELCOME)
    assert apply(state, page(said(1))) == [TranscriptReset(), StatusChanged(Online(None))]
    state.disconnected()
    assert apply(state, said(2)) == []


def test_what_happens_in_other_rooms_does_not_concern_this_one() -> None:
    state = joined(said(1))
    assert apply(state, replace(said(2), room="elsewhere")) == []
    assert apply(state, events.Typing("Ana", True, "elsewhere")) == []
    assert Appended((replace(said(2), room=""),)) in apply(state, replace(said(2), room=""))


def test_a_second_welcome_is_for_the_same_person() -> None:
    state = joined()
    apply(state, replace(WELCOME, server=replace(WELCOME.server, name="Another name of the chat")))
    for other in (replace(WELCOME, **{field: "another"}) for field in ("nickname", "token", "room", "me")):
        with pytest.raises(InvalidEventError, match="a second welcome"):
            apply(state, other)


def test_what_changes_in_a_room_that_is_not_shown_comes_with_its_name() -> None:
    state = joined(said(1))
    garden = state.enter("garden")
    (ref,) = sent(state)
    first = events.History("garden", "g", [], False, ref=ref)
    assert apply(state, first) == [InRoom("garden", (TranscriptReset(),))]
    rose = replace(said(1), room="garden")
    assert apply(state, rose) == [InRoom("garden", (Appended((rose,)), NewMessage(rose)))]
    assert garden.unread == 1
    assert TranscriptReset() in state.show("garden")
    assert Appended((replace(said(2), room="garden"),)) in apply(state, replace(said(2), room="garden"))
    assert apply(state, said(2)) == [InRoom("lobby", (Appended((said(2),)), NewMessage(said(2))))]
    assert TranscriptReset() in apply(state, events.Exited("garden"))
    assert state.shown is state.home


def test_a_message_that_the_server_would_not_take_is_not_sent() -> None:
    state = ChatState("Kit")
    long = Outgoing("a1", "x" * 8001, AT)
    state.shown.queue(long)
    refused = NotSent(Outgoing("a1", "x" * 8001, AT, "The message is too long."))
    assert refused in apply(state, WELCOME)
    apply(state, page())
    assert sent(state) == []
    again = Outgoing("a2", "x" * 8001, AT)
    assert NotSent(Outgoing("a2", again.content, AT, "The message is too long.")) in state.shown.queue(again)
