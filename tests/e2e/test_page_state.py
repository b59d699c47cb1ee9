"""The page's state, event by event, imported in the browser as the server serves it."""

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Page

Event = dict[str, Any]
Apply = Callable[..., dict[str, Any]]

# Applies events to a new state. Among the events a request is a list of its kind and its target; an answer names the
# kind as its `ref`. The second argument is what the outbox has stored.
RUN = """async ([events, stored]) => {
    const {ChatState} = await import('/js/state.js');
    const {Outbox} = await import('/js/outbox.js');
    const {commandsToSend} = await import('/js/wanted-commands.js');
    const store = {tab: 'this', load: () => stored, save: () => true, remove() {}};
    const state = new ChatState(() => new Outbox(store));
    const {transcript, outbox, people, history} = state.home;
    const refs = {};
    const request = (kind, target) => {
        history.following = kind === 'latest';
        if (kind === 'earlier') history.loadOlder();
        else if (kind === 'later') history.loadNewer();
        else if (kind === 'latest') history.goToLatest();
        else if (kind === 'around') history.goTo(target);
        else history.goToMoment(target);
        for (const command of commandsToSend(state, 0)) if (command.type === 'history') refs[kind] = command.id;
    };
    for (const event of events) {
        if (Array.isArray(event)) request(...event);
        else if (event.type === 'lost') state.disconnect();
        else if (event.type === 'again') outbox.resend(event.id, 0, 'other');
        else if (event.type === 'write') outbox.add(event.id, event.content, 0);
        else state.apply({...event, ref: refs[event.ref] ?? event.ref}, event.now ?? 0, event.now ?? 0);
    }
    const sign = change => (change.joined ? '+' : '-') + change.nickname;
    return {
        texts: transcript.entries.map(entry => entry.content ?? entry.changes.map(sign).join()),
        seq: transcript.lastSeq, latest: transcript.newestSeq, more: transcript.hasOlder, detached: transcript.detached,
        position: state.home.position,
        epoch: state.home.epoch, resumed: state.home.resumed, target: state.home.target, trouble: state.trouble,
        typing: [...people.typing.keys()], people: [...people.users.keys()],
        drafts: outbox.entries.map(it => it.id), waiting: outbox.waiting.map(it => it.id),
    };
}"""


@pytest.fixture
def apply(modules: Page) -> Apply:
    """Applies events to a new state, and returns it."""
    return lambda *events, stored=(): modules.evaluate(RUN, [list(events), list(stored)])


def welcome(nickname: str = "Kit", server: str = "s", identity: str = "t") -> Event:
    info = {"id": server, "name": "ChatDesk", "host": "", "version": "1"}
    return {"type": "welcome", "nickname": nickname, "room": "lobby", "token": identity, "server": info, "limits": {},
            "me": ""}  # fmt: skip


def message(seq: int, **fields: Any) -> Event:
    stamp = {"timestamp": "2026-11-24T10:00:00.000Z"}
    known = {"nickname": "Mara", "content": str(seq), "seq": seq, "change": 0, "author": ""}
    return {"type": "message", **known, **stamp, **fields}


def history(*seqs: int, epoch: str = "a", first: int = 1, last: int = 0, ref: str | None = None) -> Event:
    """A page of a log from `first` to `last`, by default to the page's end; `ref` is the kind of request it answers."""
    messages = [message(seq) for seq in seqs]
    page = {"type": "history", "epoch": epoch, "messages": messages, "more": False, "change": 0}
    page |= {"first_seq": first, "last_seq": max([last, *seqs])}
    return page | ({"ref": ref} if ref else {})


def presence(joined: tuple[str, ...] = (), left: tuple[str, ...] = ()) -> Event:
    users = [{"nickname": nickname} for nickname in joined]
    return {"type": "presence", "joined": users, "left": [{"nickname": gone} for gone in left],
            "user_count": 1, "timestamp": "2026-11-24T10:00Z"}  # fmt: skip


def users(*nicknames: str) -> Event:
    return {"type": "users", "users": [{"nickname": nickname} for nickname in nicknames], "user_count": 1}


LOST = {"type": "lost"}
HOLE = "The messages before these are no longer kept by the host."


def test_messages_follow_each_other_and_none_counts_twice(apply: Apply) -> None:
    state = apply(welcome(), history(1, 2), message(2), message(3), message(3), message(1))
    assert state["texts"] == ["1", "2", "3"]
    assert not state["detached"]


def test_a_message_beyond_a_gap_waits_until_the_gap_is_filled(apply: Apply) -> None:
    holed = [welcome(), history(1), message(3)]
    assert apply(*holed)["detached"]
    assert apply(*holed)["texts"] == ["1"]
    filled = apply(*holed, ["later"], history(2, 3, ref="later"))
    assert (filled["texts"], filled["detached"]) == (["1", "2", "3"], False)


def test_the_latest_page_fills_a_gap_or_replaces_everything(apply: Apply) -> None:
    holed = [welcome(), history(7, 8), message(10), ["latest"]]
    filled = apply(*holed, history(8, 9, 10, ref="latest"))
    assert (filled["texts"], filled["detached"]) == (["7", "8", "9", "10"], False)
    cut = apply(*holed, history(10, 11, first=10, ref="latest"))
    assert (cut["texts"], cut["detached"], cut["more"]) == ([HOLE, "10", "11"], False, False)
    jumped = [welcome(), history(50), ["around", 20], history(19, 20, last=50, ref="around"), ["latest"]]
    begun = apply(*jumped, history(49, 50, ref="latest"))
    assert (begun["texts"], begun["detached"], begun["more"]) == (["49", "50"], False, True)


def test_a_page_of_newer_messages_that_is_not_the_last_says_so(apply: Apply) -> None:
    state = apply(welcome(), history(1), message(9), ["later"], history(2, 3, last=9, ref="later"))
    assert (state["seq"], state["latest"], state["detached"]) == (3, 9, True)


def test_an_empty_page_ends_the_requests(apply: Apply) -> None:
    assert not apply(welcome(), history(1), message(3), ["latest"], history(ref="latest"))["detached"]
    assert apply(welcome(), history(5), ["earlier"], history(ref="earlier"))["more"] is False


def test_older_messages_are_added_in_front_unless_they_leave_a_gap(apply: Apply) -> None:
    start = [welcome(), history(5, 6), ["earlier"]]
    older = apply(*start, history(3, 4, ref="earlier"))
    assert (older["texts"], older["more"]) == (["3", "4", "5", "6"], True)
    assert apply(*start, history(3, 4, first=3, last=6, ref="earlier"))["more"] is False
    stale = apply(*start, history(1, 2, last=6, ref="earlier"))
    assert (stale["texts"], stale["more"]) == (["5", "6"], False)  # nor is it requested again


def test_a_jump_puts_the_window_elsewhere_and_live_messages_only_count(apply: Apply) -> None:
    jumped = [welcome(), history(50), ["around", 20], history(19, 20, 21, last=50, ref="around")]
    state = apply(*jumped, message(51))
    assert (state["texts"], state["latest"], state["more"]) == (["19", "20", "21"], 51, True)
    assert state["target"] == {"seq": 20, "exact": True}
    attached = apply(*jumped, message(51), ["later"], history(*range(22, 52), last=51, ref="later"), message(52))
    assert (attached["seq"], attached["detached"]) == (52, False)


def test_a_jump_to_a_message_that_is_gone_ends_at_the_next_one(apply: Apply) -> None:
    state = apply(welcome(), history(50), ["around", 20], history(30, 31, first=30, last=50, ref="around"))
    assert state["target"] == {"seq": 30, "exact": False}


def test_a_jump_to_a_moment_ends_at_the_first_message_since_or_at_the_latest(apply: Apply) -> None:
    page = {**history(ref="at"), "last_seq": 50}
    page["messages"] = [message(7, timestamp="2026-11-23T10:00:00Z"), message(8, timestamp="2026-11-24T10:00:00Z")]
    after = {"2026-11-23T10:00:00Z": 1795428000000, "between": 1795428000001, "later": 1795600000000}
    targets = [apply(welcome(), history(50), ["at", time], page)["target"]["seq"] for time in after.values()]
    assert targets == [7, 8, 0]


def test_an_outdated_answer_changes_nothing(apply: Apply) -> None:
    jumped = [welcome(), history(50), ["earlier"], ["around", 20], history(19, 20, last=50, ref="around")]
    assert apply(*jumped, history(48, 49, last=50, ref="earlier"))["texts"] == ["19", "20"]


def test_a_reader_further_up_keeps_the_position_over_a_lost_connection(apply: Apply) -> None:
    jumped = [welcome(), history(50), ["around", 20], history(19, 20, 21, last=50, ref="around"), message(51)]
    lost = [*jumped, LOST]
    assert apply(*lost)["position"] == {"epoch": "a", "seq": 51}
    state = apply(*lost, welcome(), history(52, 53))
    assert (state["texts"], state["latest"], state["resumed"]) == (["19", "20", "21"], 53, "all")


def test_what_the_host_no_longer_keeps_is_marked_on_the_way_down(apply: Apply) -> None:
    jumped = [welcome(), history(50), ["around", 20], history(19, 20, 21, last=50, ref="around")]
    state = apply(*jumped, ["later"], history(40, 41, first=40, last=50, ref="later"))
    assert (state["texts"], state["more"], state["detached"]) == ([HOLE, "40", "41"], False, True)


def test_six_hundred_entries_are_held_at_most_and_those_that_are_read_stay(apply: Apply) -> None:
    held = [welcome(), history(*range(801, 1001))]
    for first in (601, 401, 201, 1):
        held += [["earlier"], history(*range(first, first + 200), last=1000, ref="earlier")]
    up = apply(*held)
    assert (len(up["texts"]), up["texts"][0], up["texts"][-1]) == (600, "1", "600")
    down = apply(*held, ["later"], history(*range(601, 801), last=1000, ref="later"))
    assert (len(down["texts"]), down["texts"][0], down["texts"][-1]) == (600, "201", "800")
    missed = apply(*held[:-4], LOST, welcome(), history(*range(1001, 1201)))
    assert (missed["texts"][0], missed["texts"][-1], missed["latest"]) == ("401", "1000", 1200)


def test_a_resume_adds_what_was_missed(apply: Apply) -> None:
    state = apply(welcome(), history(1), LOST, welcome(), history(2, 3), message(4))
    assert (state["texts"], state["resumed"]) == (["1", "2", "3", "4"], "all")


def test_a_resume_that_the_host_cannot_fill_starts_over_and_says_so(apply: Apply) -> None:
    state = apply(welcome(), history(1), LOST, welcome(), history(8, 9, first=8))
    assert (state["texts"], state["more"], state["resumed"]) == ([HOLE, "8", "9"], False, "some")


def test_a_new_log_replaces_the_old_one(apply: Apply) -> None:
    state = apply(welcome(), history(1, 2), LOST, welcome(), history(1, epoch="b"), message(2))
    assert (state["texts"], state["epoch"], state["resumed"]) == (["1", "2"], "b", "none")


def test_a_history_that_the_host_deletes_is_gone_whatever_was_asked(apply: Apply) -> None:
    deleted = [welcome(), history(5, 6), ["earlier"], history(epoch="b"), history(3, 4, ref="earlier", epoch="b")]
    state = apply(*deleted, {"type": "system", "content": "Deleted.", "timestamp": "2026-11-24T10:00:00Z"}, message(1))
    assert (state["texts"], state["epoch"], state["detached"]) == (["Deleted.", "1"], "b", False)


def test_trouble_lasts_until_the_host_ends_it_or_the_person_joins_again(apply: Apply) -> None:
    trouble = {"type": "storage", "problem": "full", "content": "The disk is full."}
    assert apply(welcome(), history(), trouble)["trouble"] == "The disk is full."
    assert apply(welcome(), history(), trouble, {**trouble, "problem": ""})["trouble"] == ""
    assert apply(welcome(), history(), trouble, LOST, welcome())["trouble"] == ""


def test_unsent_messages_go_only_to_their_server_in_their_owners_name(apply: Apply) -> None:
    written = [welcome(), history(), {"type": "write", "id": "x", "content": "1"}]
    elsewhere = [*written, LOST, welcome(server="other"), history(epoch="b")]
    assert apply(*elsewhere)["drafts"] == []
    assert apply(*elsewhere, LOST, welcome(), history())["waiting"] == ["x"]


def test_a_server_that_claims_to_be_the_one_before_gets_unsent_messages_only_on_request(apply: Apply) -> None:
    written = [welcome(), history(), {"type": "write", "id": "x", "content": "1"}]
    stranger = [*written, LOST, welcome(identity="other"), history()]
    assert (apply(*stranger)["drafts"], apply(*stranger)["waiting"]) == (["x"], [])
    assert apply(*stranger, LOST, welcome(), history())["waiting"] == ["x"]
    again = [*stranger, {"type": "again", "id": "x"}]
    assert apply(*again)["waiting"] == ["x"]
    assert apply(*again, LOST, welcome(), history())["waiting"] == []


def test_what_other_tabs_have_left_is_sorted_into_the_outbox(apply: Apply) -> None:
    stored = [stored_draft("b", 2), stored_draft("a", 1), stored_draft("c", 0, server="other")]
    written = [welcome(), {"type": "write", "id": "x", "content": "1"}, history()]
    assert apply(*written, stored=stored)["drafts"] == ["a", "b", "x"]


def stored_draft(
    name: str, turn: int = 1, *, server: str = "s", nickname: str = "Kit", identity: str = "t", tab: str = "another"
) -> dict[str, Any]:
    owner = {"place": f'["{server}","lobby"]', "nickname": nickname, "token": identity}
    return {"owner": owner, "tab": tab, "draft": {"id": name, "turn": turn, "reason": "", "mentions": []}}


def test_messages_of_another_person_in_another_tab_are_ignored(apply: Apply) -> None:
    stored = [
        stored_draft("renamed", 1, nickname="Kit 2"),
        stored_draft("maybe me", 2, identity="older"),
        stored_draft("written here", 3, nickname="Kit 2", identity="older", tab="this"),
        stored_draft("Ann's", 4, nickname="Ann", identity="ann"),
    ]
    state = apply(welcome(nickname="KIT"), history(), stored=stored)
    assert (state["drafts"], state["waiting"]) == (["renamed", "maybe me", "written here"], ["renamed"])


def test_an_own_message_leaves_the_outbox_also_when_a_resume_brings_it(apply: Apply) -> None:
    written = [welcome(), history(), {"type": "write", "id": "x", "content": "1"}]
    assert apply(*written, message(1, nickname="Kit", id="x"))["drafts"] == []
    assert apply(*written, message(1, nickname="Mara", id="x"))["drafts"] == ["x"]
    page = {**history(), "messages": [message(1, nickname="Kit", id="x")]}
    assert apply(*written, LOST, welcome(), page)["drafts"] == []


def test_a_join_and_a_leave_cancel_each_other(apply: Apply) -> None:
    joined = [welcome(), users("Kit"), history(), presence(joined=("Mara", "Jonas"))]
    assert apply(*joined)["texts"] == ["+Mara,+Jonas"]
    assert apply(*joined, presence(left=("Mara",)))["texts"] == ["+Jonas"]
    assert apply(*joined, presence(left=("Mara", "Jonas")))["texts"] == []
    spoke = apply(*joined, message(1), presence(left=("Mara",)))
    assert spoke["texts"] == ["+Mara,+Jonas", "1", "-Mara"]
    assert spoke["people"] == ["Kit", "Jonas"]


def test_joins_of_known_people_and_of_oneself_are_not_shown(apply: Apply) -> None:
    state = apply(welcome(), users("Kit", "Mara"), history(), presence(joined=("Mara", "Kit"), left=("Nobody",)))
    assert (state["texts"], state["people"]) == ([], ["Kit", "Mara"])


def test_typing_ends_with_the_message_with_leaving_and_with_the_connection(apply: Apply) -> None:
    typing = [welcome(), users("Mara"), history(), {"type": "typing", "nickname": "Mara", "active": True}]
    assert apply(*typing)["typing"] == ["Mara"]
    assert apply(*typing, message(1))["typing"] == []
    assert apply(*typing, presence(left=("Mara",)))["typing"] == []
    assert apply(*typing, LOST, welcome())["typing"] == []
    assert apply(*typing, {"type": "typing", "nickname": "Mara", "active": False})["typing"] == []


def test_an_event_from_the_future_changes_nothing(apply: Apply) -> None:
    state = apply(welcome(), history(1), {"type": "reaction", "seq": 1}, {"type": "constructor"})
    assert state["texts"] == ["1"]
