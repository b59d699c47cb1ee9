"""Messages to export, and the exported file."""

import io
from collections.abc import Iterable

from hypothesis import strategies as st

from chatdesk.export.formats import Format, open_writer
from chatdesk.export.metadata import ExportMetadata
from chatdesk.protocol.events import Message
from chatdesk.protocol.times import timestamp

METADATA = ExportMetadata("Robotics Workshop", "lobby", "Mara")
NOON = 1_764_068_400_000  # 2025-11-25T11:00:00Z

HOSTILE = "=+-@＝＋－＠;,\t\r\n \"'\u200b\u202e\0<>&/a1é💡"
texts = (
    st.text()
    | st.text(st.sampled_from(HOSTILE))
    | st.sampled_from(
        [
            '=HYPERLINK("http://evil.example")',
            "<script>alert(1)</script>",
            '"><img src=x onerror=alert(1)>',
            "</p></article></main><style>*{display:none}</style>",
            'https://example.org/?a=1&b="onclick="alert(1)',
            "<!-- ",
            "]]>",
            "&lt;b&gt;&#0;&nbsp",
        ]
    )
)
messages = st.builds(
    Message,
    nickname=texts,
    content=texts,
    timestamp=st.builds(timestamp, st.integers(0, 4_102_444_800_000)) | texts,
    room=st.just("lobby"),
    seq=st.integers(1, 2**53 - 1),
    id=st.none() | texts,
)


def make_message(content: str, seq: int = 1, nickname: str = "Kit", minutes: float = 0) -> Message:
    """Return a message that was sent some minutes after noon."""
    return Message(nickname, content, timestamp(NOON + int(minutes * 60_000)), "lobby", seq, f"id-{seq}")


def exported(form: Format, these: Iterable[Message], about: ExportMetadata = METADATA) -> bytes:
    """Return the whole exported file."""
    file = io.BytesIO()
    writer = open_writer(form, file, about)
    for message in these:
        writer.write(message)
    writer.close()
    return file.getvalue()
