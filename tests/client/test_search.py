"""A search continues page by page, and only answers to the newest request count."""

import pytest
from msgspec.structs import replace

from chatdesk.client import search as module
from chatdesk.client.changes import Change, SearchChanged
from chatdesk.client.requests import Requests
from chatdesk.client.search import SearchResults, SearchState
from chatdesk.protocol import commands, events


def hit(seq: int) -> events.Hit:
    message = events.Message("Kit", f"number {seq}", "2024-01-01T12:00:00.000Z", "lobby", seq)
    return events.Hit(message, ["", "number", f" {seq}"])


def answer(query: str, *seqs: int, more: bool = False) -> events.Search:
    return events.Search("lobby", query, [hit(seq) for seq in seqs], more)


class Searching(SearchState):
    """A search whose requests are sent one at a time."""

    def __init__(self) -> None:
        super().__init__()
        self.requests = Requests()
        self.sent: commands.Search | None = None

    def pop_request(self) -> commands.Search | None:
        """Return the request to send now, if any."""
        sent = self.requests.open("lobby", "search", self.wanted, 0.0) if self.wanted else None
        if not isinstance(sent, commands.Search):
            return None
        self.sent = sent
        return replace(sent, id=None)

    def answered(self, event: events.Search) -> list[Change]:
        """The server answers what was sent last."""
        assert self.sent
        self.requests.close(self.sent.id)
        return self.receive(event, self.sent)

    def failed(self, sentence: str) -> list[Change]:
        """The server refuses what was sent last."""
        assert self.sent
        self.requests.close(self.sent.id)
        return self.fail(sentence, self.sent)


def searching(query: str = "number") -> Searching:
    search = Searching()
    assert search.start(query) == [SearchChanged()]
    assert search.pop_request() == commands.Search(query)
    return search


def seqs(search: Searching) -> list[int]:
    return [hit.message.seq for hit in search.results.hits]


def test_a_query_is_asked_once_and_answered() -> None:
    search = searching()
    assert search.results == SearchResults("number", busy=True)
    assert search.pop_request() is None
    assert search.answered(answer("number", 9, 7)) == [SearchChanged()]
    assert search.results == SearchResults("number", (hit(9), hit(7)))
    assert search.load_more() == []


def test_it_goes_on_before_the_last_hit() -> None:
    search = searching()
    search.answered(answer("number", 9, 7, more=True))
    assert search.load_more() == [SearchChanged()]
    assert (search.results.busy, seqs(search)) == (True, [9, 7])
    assert search.load_more() == []
    assert search.pop_request() == commands.Search("number", "lobby", 7)
    search.answered(answer("number", 5, 3))
    assert (search.results.more, seqs(search)) == (False, [9, 7, 5, 3])


def test_the_next_query_waits_for_the_previous_answer_which_no_longer_counts() -> None:
    """Fast typing must not exceed the rate limit."""
    search = searching("n")
    search.start("nu")
    search.start("num")
    assert search.pop_request() is None
    assert search.answered(answer("n", 9)) == []
    assert search.pop_request() == commands.Search("num")
    assert search.answered(answer("num", 7)) == [SearchChanged()]
    assert search.answered(answer("num", 7)) == []
    assert seqs(search) == [7]


def test_a_later_page_is_not_taken_for_the_first_one() -> None:
    """As when a letter is deleted and typed again while a page is pending."""
    search = searching()
    search.answered(answer("number", 9, 7, more=True))
    search.load_more()
    search.pop_request()
    search.start("numbe")
    search.start("number")
    assert search.answered(answer("number", 5, 3)) == []
    assert search.pop_request() == commands.Search("number")
    search.answered(answer("number", 9, 7, more=True))
    assert seqs(search) == [9, 7]


def test_a_server_that_repeats_a_page_doubles_no_hit() -> None:
    search = searching()
    search.answered(answer("number", 9, 7, more=True))
    search.load_more()
    search.pop_request()
    search.answered(answer("number", 9, 7, 5, more=True))
    assert seqs(search) == [9, 7, 5]


def test_nothing_is_searched_for_with_an_empty_query() -> None:
    search = searching()
    search.answered(answer("number", 9))
    assert search.start("  ") == [SearchChanged()]
    assert search.results == SearchResults()
    assert search.pop_request() is None


def test_the_same_query_twice_in_a_row_is_one_question() -> None:
    search = searching()
    assert search.start(" number ") == []
    assert search.pop_request() is None
    search.answered(answer("number"))
    search.start("number")
    assert search.pop_request()


def test_a_query_is_cut_to_what_the_server_takes() -> None:
    search = Searching()
    search.start("x" * 500)
    request = search.pop_request()
    assert request
    assert len(request.query) == 200


def test_a_failure_leaves_what_was_found_and_may_be_tried_again() -> None:
    search = searching()
    search.answered(answer("number", 9, more=True))
    search.load_more()
    search.pop_request()
    assert search.failed("The disk fails.") == [SearchChanged()]
    assert search.results == SearchResults("number", (hit(9),), frozenset({"lobby"}), error="The disk fails.")
    assert search.load_more() == [SearchChanged()]
    assert search.results.error == ""
    search.start("")
    assert search.failed("Too late.") == []


def test_while_the_server_prepares_the_search_goes_on_by_itself_and_says_how_far_it_is() -> None:
    search = searching()
    search.answered(events.Search("lobby", "number", [hit(9)], False, "So far 10 %.", 10))
    assert (search.results.note, search.results.preparing, search.results.busy) == ("So far 10 %.", True, False)
    search.refresh()
    search.refresh()
    assert search.pop_request() == commands.Search("number")
    assert search.pop_request() is None
    assert not search.results.busy
    found = events.Search("lobby", "number", [hit(9), hit(4)], False, "So far 60 %.", 60)
    assert search.answered(found) == [SearchChanged()]
    assert (seqs(search), search.results.note) == ([9, 4], "So far 60 %.")
    search.refresh()
    assert search.pop_request()
    search.answered(answer("number", 9, 4, 2))
    assert (seqs(search), search.results.note, search.results.preparing) == ([9, 4, 2], "", False)
    search.refresh()
    assert search.pop_request() is None


def test_while_the_server_prepares_only_how_far_it_is_is_asked_where_there_are_more_hits_anyway() -> None:
    search = searching()
    search.answered(events.Search("lobby", "number", [hit(9)], True, "So far 10 %.", 10))
    search.refresh()
    assert search.pop_request() == commands.Search("number", limit=1)
    search.answered(events.Search("lobby", "number", [hit(8)], False, "So far 60 %.", 60))
    assert search.results == SearchResults(
        "number", (hit(9),), frozenset({"lobby"}), note="So far 60 %.", preparing=True
    )
    search.load_more()
    assert search.pop_request() == commands.Search("number", "lobby", 9)


def test_an_automatic_request_does_not_block_one_by_the_person() -> None:
    search = searching()
    search.answered(events.Search("lobby", "number", [], False, "So far 10 %.", 10))
    search.refresh()
    assert search.pop_request() == commands.Search("number")
    search.start("other")
    assert search.answered(answer("number", 9)) == []
    assert search.pop_request() == commands.Search("other")
    search.answered(answer("other", 8))
    assert seqs(search) == [8]


def test_another_log_is_searched_again() -> None:
    assert SearchState().restart() == []
    search = searching()
    search.answered(answer("number", 9))
    assert search.restart() == [SearchChanged()]
    assert search.results == SearchResults("number", busy=True)
    assert search.pop_request() == commands.Search("number")


def test_a_server_that_finds_without_end_is_not_listened_to_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_HITS", 4)
    search = searching()
    search.answered(answer("number", 9, 8, more=True))
    search.load_more()
    search.pop_request()
    search.answered(answer("number", 7, 6, more=True))
    assert not search.results.more
    search = searching()
    search.answered(answer("number", more=True))
    assert not search.results.more
