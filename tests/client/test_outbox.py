"""Messages wait in the order in which they are sent, whatever happens on the way."""

from chatdesk.client.outbox import Outbox, Outgoing


def outbox(*ids: str) -> Outbox:
    box = Outbox()
    for message_id in ids:
        box.add(Outgoing(message_id, f"text of {message_id}", "2024-01-01T12:00:00.000Z"))
    return box


def due(box: Outbox) -> str | None:
    return box.next.id if box.next else None


def ids(box: Outbox) -> list[str]:
    return [entry.id for entry in box]


def test_the_next_one_is_due_when_the_one_before_is_confirmed() -> None:
    box = outbox("a", "b")
    assert (due(box), due(box)) == ("a", "a")
    assert box.confirm("a")
    assert due(box) == "b"


def test_a_confirmation_is_counted_once_and_only_for_what_is_here() -> None:
    box = outbox("a")
    assert not box.confirm("elsewhere")
    assert not box.confirm(None)
    assert box.confirm("a")
    assert not box.confirm("a")
    assert box.waiting == 0


def test_a_refused_message_stays_and_lets_the_next_one_go() -> None:
    box = outbox("a", "b")
    assert box.fail("a", "No.").error == "No."
    assert due(box) == "b"
    assert ids(box) == ["a", "b"]
    assert box.waiting == 1


def test_a_refused_message_is_sent_again_under_its_own_id_after_all_others() -> None:
    box = outbox("a", "b")
    box.fail("a", "No.")
    assert box.resend("a").error is None
    assert ids(box) == ["b", "a"]
    assert due(box) == "b"


def test_only_a_refused_message_can_be_discarded() -> None:
    box = outbox("a", "b")
    assert not box.discard("a")
    box.fail("a", "No.")
    assert box.discard("a")
    assert not box.discard("a")
    assert ids(box) == ["b"]


def test_a_message_gets_another_id_in_its_place_once_by_itself_and_again_when_it_is_sent_again() -> None:
    box = outbox("a", "b")
    renamed = box.rename("a")
    assert renamed
    assert ids(box) == [renamed.id, "b"]
    assert renamed.content == "text of a"
    assert box.rename(renamed.id) is None
    box.fail(renamed.id, "No.")
    again = box.resend(renamed.id)
    assert ids(box) == ["b", again.id]
    assert again.id not in ("a", renamed.id)


def test_what_is_restored_goes_before_everything_else_and_only_once() -> None:
    box = outbox("c")
    left = list(outbox("a", "b"))
    assert box.restore(left) == left
    assert box.restore(left) == []
    assert ids(box) == ["a", "b", "c"]
    assert due(box) == "a"
