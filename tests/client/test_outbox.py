"""Messages are sent in order and once, whatever happens on the way."""

from chatdesk.client.outbox import Outbox, Outgoing


def outbox(*ids: str) -> Outbox:
    box = Outbox()
    for message_id in ids:
        box.add(Outgoing(message_id, f"text of {message_id}", "2024-01-01T12:00:00.000Z"))
    return box


def sent(box: Outbox, now: float = 0.0) -> str | None:
    entry = box.next(now)
    return entry.id if entry else None


def test_one_message_is_on_its_way_at_a_time() -> None:
    box = outbox("a", "b")
    assert (sent(box), sent(box)) == ("a", None)
    assert box.confirm("a")
    assert (sent(box), sent(box)) == ("b", None)


def test_a_confirmation_is_counted_once_and_only_for_what_is_here() -> None:
    box = outbox("a")
    assert not box.confirm("elsewhere")
    assert not box.confirm(None)
    assert box.confirm("a")
    assert not box.confirm("a")
    assert box.waiting == 0


def test_what_was_on_its_way_goes_again_after_a_loss() -> None:
    box = outbox("a", "b")
    sent(box)
    box.disconnected()
    assert sent(box) == "a"


def test_a_refused_message_stays_and_lets_the_next_one_go() -> None:
    box = outbox("a", "b")
    sent(box)
    assert box.fail("a", "No.").error == "No."
    assert sent(box) == "b"
    assert [entry.id for entry in box] == ["a", "b"]
    assert box.waiting == 1


def test_a_refused_message_can_be_sent_again_under_its_own_id() -> None:
    box = outbox("a", "b")
    sent(box)
    box.fail("a", "No.")
    assert box.resend("a").error is None
    assert sent(box) == "a"


def test_only_a_refused_message_can_be_discarded() -> None:
    box = outbox("a", "b")
    sent(box)
    assert not box.discard("a")
    box.fail("a", "No.")
    assert box.discard("a")
    assert not box.discard("a")
    assert [entry.id for entry in box] == ["b"]


def test_a_delayed_message_goes_first_and_not_before_its_time() -> None:
    box = outbox("a", "b")
    sent(box)
    box.delay("a", until=5.0)
    assert sent(box, 4.9) is None
    assert sent(box, 5.0) == "a"


def test_a_refusal_that_comes_late_does_not_hold_up_the_one_on_its_way() -> None:
    box = outbox("a", "b", "c")
    sent(box)
    box.confirm("a")
    assert sent(box) == "b"
    box.fail("c", "No.")
    assert sent(box) is None


def test_what_is_restored_goes_before_everything_else_and_only_once() -> None:
    box = outbox("c")
    left = list(outbox("a", "b"))
    assert box.restore(left) == left
    assert box.restore(left) == []
    assert [entry.id for entry in box] == ["a", "b", "c"]
    assert sent(box) == "a"


def test_a_delay_ends_early_when_the_reason_has_gone() -> None:
    box = outbox("a")
    sent(box)
    box.delay("a", until=5.0)
    box.release()
    assert sent(box, 1.0) == "a"
