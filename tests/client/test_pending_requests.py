"""One request of a kind is open at a time, and only answers that are still wanted count."""

from chatdesk.client.pending_requests import PendingRequests
from chatdesk.protocol.commands import History


def ask(requests: PendingRequests, seq: int) -> str | None:
    (asked,) = requests.open("jump", History(around=seq)) or [History()]
    return asked.id


def test_the_next_of_a_kind_waits_and_other_kinds_do_not() -> None:
    requests = PendingRequests()
    ref = ask(requests, 1)
    assert ref
    assert ask(requests, 2) is None
    assert requests.open("older", History(before=7))[0].before == 7
    assert requests.close(ref) == "jump"
    assert requests.close(ref) is None
    assert ask(requests, 2) not in (None, ref)


def test_an_invalidated_answer_is_ignored_and_lets_the_next_request_out() -> None:
    requests = PendingRequests()
    ref = ask(requests, 1) or ""
    requests.invalidate("jump", "newer")
    assert ask(requests, 2) is None
    assert requests.close(ref) is None
    assert requests.close(ask(requests, 2) or "") == "jump"


def test_a_refused_request_holds_back_its_kind_until_retry() -> None:
    requests = PendingRequests()
    assert requests.refuse(ask(requests, 1) or "") == "jump"
    assert requests.refuse("nothing") is None
    assert ask(requests, 1) is None
    requests.retry()
    assert ask(requests, 1)
    requests.retry()
    assert ask(requests, 1) is None


def test_a_lost_connection_closes_all() -> None:
    requests = PendingRequests()
    ref = ask(requests, 1) or ""
    requests.clear()
    assert requests.close(ref) is None
    assert ask(requests, 1)
