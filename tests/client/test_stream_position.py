"""A resume begins after the last change before which nothing is missing."""

from chatdesk.client.stream_position import StreamPosition


def test_changes_count_as_they_come_and_those_that_were_overtaken_are_no_gap() -> None:
    position = StreamPosition()
    position.receive(1, gap=False)
    position.receive(4, gap=False)
    position.receive(2, gap=False)
    assert position.change == 4


def test_beyond_a_gap_nothing_counts_until_a_page_continues_the_stream() -> None:
    position = StreamPosition()
    position.receive(1, gap=False)
    position.receive(3, gap=True)
    position.receive(4, gap=False)
    assert position.change == 1
    position.reach(0)
    position.receive(5, gap=False)
    assert position.change == 1, "a page without a position is only history"
    position.reach(5)
    position.receive(6, gap=False)
    assert position.change == 6


def test_a_page_never_leads_back_but_another_log_does() -> None:
    position = StreamPosition()
    position.reach(7)
    position.reach(5)
    assert position.change == 7
    position.receive(9, gap=True)
    position.reset()
    position.receive(1, gap=False)
    assert position.change == 1
