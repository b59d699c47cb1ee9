"""The divider stands where a person stopped reading, and moves only after they have read everything."""

from chatdesk.client.changes import UnreadChanged
from chatdesk.client.read_position import Divider, ReadPosition
from chatdesk.protocol.events import History, Message
from chatdesk.protocol.times import timestamp
from tests.client.requesting_transcript import RequestingTranscript


class Reader:
    """A transcript and its reader; each sender is a letter, and k is the reader."""

    def __init__(self, speakers: str = "", *, first: int = 1, oldest: int = 1, epoch: str = "", read: int = 0) -> None:
        self.transcript = RequestingTranscript()
        self.read_position = ReadPosition()
        self.read_position.restore(epoch, read)
        self.take(self.page(speakers, first, oldest))
        self.joined = self.read_position.joined(self.transcript, first=True)

    def page(self, speakers: str, first: int, oldest: int = 1, *, epoch: str = "one") -> History:
        said = [self.message(seq, speaker) for seq, speaker in enumerate(speakers, first)]
        last = max(self.transcript.newest, first + len(speakers) - 1)
        return History("lobby", epoch, said, False, oldest, last)

    def message(self, seq: int, speaker: str) -> Message:
        return Message("Kit" if speaker == "k" else "Ana", "hello", timestamp(seq * 1000), "lobby", seq)

    def take(self, page: History) -> None:
        self.transcript.receive_page(page)
        self.hear_own(page.messages)

    def hear_own(self, messages: list[Message]) -> None:
        self.read_position.add_own(message for message in messages if message.nickname == "Kit")

    def hear(self, speakers: str) -> None:
        for speaker in speakers:
            message = self.message(self.transcript.newest + 1, speaker)
            self.transcript.receive(message)
            self.hear_own([message])

    def read(self) -> None:
        self.read_position.mark(self.transcript.last_seq, self.transcript.newest)

    def away(self) -> None:
        self.read_position.mark_away(self.transcript)

    def back(self) -> bool:
        return self.read_position.mark_present(self.transcript) == [UnreadChanged()]

    @property
    def divider(self) -> Divider | None:
        return self.read_position.divider


def test_a_newcomer_has_nothing_unread() -> None:
    reader = Reader("aaa")
    assert (reader.divider, reader.read_position.seq, reader.read_position.epoch) == (None, 3, "one")
    assert not reader.back()


def test_a_start_with_unread_messages_shows_where_they_begin() -> None:
    reader = Reader("aakaa", epoch="one", read=1)
    assert reader.joined == [UnreadChanged()]
    assert reader.divider == Divider(1, 3, timestamp(2000))


def test_a_start_with_everything_read_shows_none() -> None:
    assert Reader("aak", epoch="one", read=2).divider is None
    assert Reader("aaa", epoch="one", read=3).divider is None


def test_another_epoch_of_the_log_has_no_divider() -> None:
    reader = Reader("aaa", epoch="another", read=1)
    assert (reader.divider, reader.read_position.epoch, reader.read_position.seq) == (None, "one", 3)


def test_a_log_that_was_set_back_is_read_up_to_its_end() -> None:
    reader = Reader("aaa", epoch="one", read=90)
    assert (reader.divider, reader.read_position.seq) == (None, 3)


def test_more_than_the_latest_page_is_counted_and_its_beginning_is_looked_up() -> None:
    reader = Reader("a" * 10, first=91, epoch="one", read=20)
    assert reader.divider == Divider(20, 80, "")
    assert reader.read_position.locate_divider(reader.transcript) == []
    reader.transcript.go_to(21)
    (request,) = reader.transcript.pop_requests()
    page = reader.page("a" * 10, 16)
    reader.take(History("lobby", "one", page.messages, False, 1, 100, request.id))
    assert reader.read_position.locate_divider(reader.transcript) == [UnreadChanged()]
    assert reader.divider == Divider(20, 80, timestamp(21_000))


def test_what_the_log_has_cut_is_not_counted() -> None:
    assert Reader("a" * 10, first=91, oldest=91, epoch="one", read=20).divider == Divider(90, 10, timestamp(91_000))


def test_nothing_is_read_while_the_person_is_away() -> None:
    """Behaviour 19."""
    reader = Reader("aaa")
    reader.away()
    reader.hear("aka")
    reader.read()
    assert reader.read_position.seq == 3
    assert reader.back()
    assert reader.divider == Divider(3, 2, timestamp(4000))


def test_own_messages_from_another_window_are_not_new() -> None:
    reader = Reader("aaa")
    reader.away()
    reader.hear("kk")
    assert not reader.back()


def test_the_divider_stays_while_one_reads_and_goes_with_the_next_absence() -> None:
    """Behaviour 19."""
    reader = Reader("a")
    reader.away()
    reader.hear("aa")
    reader.back()
    reader.read()
    reader.hear("a")
    assert reader.divider == Divider(1, 2, timestamp(2000))
    reader.read()
    reader.away()
    assert reader.divider is None
    reader.hear("a")
    reader.back()
    assert reader.divider == Divider(4, 1, timestamp(5000))


def test_what_was_not_read_to_its_end_keeps_its_divider_and_counts_on() -> None:
    reader = Reader("a")
    reader.away()
    reader.hear("aka")
    reader.back()
    reader.read_position.mark(3, reader.transcript.newest)
    reader.away()
    reader.hear("a")
    reader.back()
    assert reader.divider == Divider(1, 3, timestamp(2000))


def test_own_messages_after_the_read_position_stand_above_the_divider() -> None:
    assert Reader("akkaka", epoch="one", read=1).divider == Divider(3, 2, timestamp(4000))
    assert Reader("akk", epoch="one", read=1).divider is None


def test_own_messages_are_skipped_once_they_are_loaded() -> None:
    reader = Reader("a" * 10, first=91, epoch="one", read=20)
    reader.transcript.go_to(21)
    (request,) = reader.transcript.pop_requests()
    page = reader.page("a" * 5 + "kk" + "a" * 3, 16)
    reader.take(History("lobby", "one", page.messages, False, 1, 100, request.id))
    assert reader.read_position.locate_divider(reader.transcript) == [UnreadChanged()]
    assert reader.divider is not None
    assert (reader.divider.after, reader.divider.since) == (22, timestamp(23_000))


def test_jumping_to_the_newest_divides_off_what_came_while_reading_far_back() -> None:
    reader = Reader("aaa", epoch="one", read=1)
    reader.read()
    reader.hear("kaa")
    assert reader.read_position.divide_unread(reader.transcript) == [UnreadChanged()]
    assert reader.divider == Divider(4, 2, timestamp(5000))
    reader.read()
    assert reader.read_position.divide_unread(reader.transcript) == [UnreadChanged()]
    assert reader.divider is None


def test_sending_a_message_reads_everything() -> None:
    reader = Reader("aaa", epoch="one", read=1)
    assert reader.read_position.message_sent(reader.transcript) == [UnreadChanged()]
    assert reader.read_position.message_sent(reader.transcript) == []


def test_a_reconnect_sets_no_divider_where_somebody_is_reading() -> None:
    reader = Reader("aaa")
    reader.transcript.disconnected()
    reader.take(reader.page("aa", 4))
    assert reader.read_position.joined(reader.transcript, first=False) == []
    assert reader.divider is None


def test_a_deleted_history_has_nothing_unread() -> None:
    reader = Reader("aaa", epoch="one", read=1)
    reader.take(History("lobby", "two", [], False))
    assert reader.read_position.reset(reader.transcript) == [UnreadChanged()]
    assert (reader.divider, reader.read_position.epoch, reader.read_position.seq) == (None, "two", 0)
