"""Events in, changes out: what the client knows of its room after each of them."""

from msgspec.structs import replace

from chatdesk.client.changes import (
    Appended,
    Change,
    Confirmed,
    Discarded,
    Jumped,
    Lost,
    NewMessage,
    NoticeReceived,
    NotSent,
    PeopleChanged,
    SearchChanged,
    Sending,
    TranscriptReset,
    TypingChanged,
    UnreadChanged,
)
from chatdesk.client.outbox import Outgoing
from chatdesk.client.read_position import Divider
from chatdesk.client.search import SearchResults
from chatdesk.client.state import ChatState
from chatdesk.protocol import events
from tests.client.scripted_state import ANA, AT, WELCOME, apply, asked, entry, joined, page, said, sent


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


def test_what_was_left_unsent_goes_out_before_what_was_said_since() -> None:
    state = ChatState("Kit")
    state.shown.queue(entry("new"))
    failed = Outgoing("old 2", "hello", AT, "The message is too long.")
    apply(state, WELCOME)
    assert state.shown.restore([entry("old 1"), failed], "one", 0) == [Sending(entry("old 1")), NotSent(failed)]
    assert [waiting.id for waiting in state.shown.outbox] == ["old 1", "old 2", "new"]
    assert state.shown.restore([entry("old 1")], "one", 0) == []


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
    state.search.start("number")
    (ref,) = sent(state)
    apply(state, events.Search("lobby", "number", [events.Hit(said(1), ["", "number", " 1"])], False, ref=ref))
    state.shown.mark_away()
    apply(state, said(2))
    state.shown.mark_present()
    assert state.shown.read_position.divider
    changes = apply(state, page(epoch="two"))
    assert changes == [TranscriptReset(), UnreadChanged(), SearchChanged()]
    assert (state.shown.read_position.divider, state.search.results) == (None, SearchResults("number", busy=True))


def test_a_search_that_came_too_fast_is_asked_again_and_one_that_fails_says_why() -> None:
    state = joined()
    state.search.start("hello")
    (first,) = sent(state)
    assert apply(state, events.Error("rate_limited", "Too fast.", first)) == []
    assert sent(state) == []
    (again,) = sent(state, 1.0)
    assert apply(state, events.Error("forbidden", "It cannot be read.", again)) == [SearchChanged()]
    assert state.search.results == SearchResults("hello", error="It cannot be read.")


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
