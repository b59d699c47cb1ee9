"""A session frames what is for it alone."""

from chatdesk.protocol import events
from chatdesk.server.session import Session
from tests.server.recording_connection import RecordingConnection


def test_a_new_session_is_a_stranger_that_keeps_up() -> None:
    session = Session(RecordingConnection())
    assert (session.person, session.memberships) == (None, ())
    assert not session.batched


def test_an_event_goes_out_as_one_text_frame() -> None:
    connection = RecordingConnection()
    Session(connection).send(events.System("Hello", "2024-01-01T12:00:00.000Z"))
    assert len(connection.written) == 1
    assert connection.events == [{"type": "system", "content": "Hello", "timestamp": "2024-01-01T12:00:00.000Z"}]


def test_an_encoded_payload_goes_out_as_it_is() -> None:
    connection = RecordingConnection()
    Session(connection).send_payload(b'{"type":"x"}')
    assert connection.written == [b"\x81\x0c" + b'{"type":"x"}']
