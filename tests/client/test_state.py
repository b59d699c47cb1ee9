"""Events in, changes out: what the client knows of its chat after each of them."""

import pytest
from msgspec.structs import replace

from chatdesk.client.changes import (
    Appended,
    Ended,
    InRoom,
    Lost,
    NewMessage,
    NoticeReceived,
    NotSent,
    Online,
    PeopleReset,
    Resumed,
    RoomChanged,
    StatusChanged,
    StorageChanged,
    TranscriptReset,
    TypingChanged,
)
from chatdesk.client.state import ChatState
from chatdesk.client.validation import InvalidEventError
from chatdesk.protocol import connection_events, events
from tests.client.scripted_state import AT, KIT, MARA, WELCOME, apply, entry, joined, page, said, sent


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


def test_a_reach_request_of_the_host_shows_nothing() -> None:
    assert apply(joined(), connection_events.Reach("0123", ["192.168.4.20"])) == []


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
