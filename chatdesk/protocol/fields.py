"""The types of fields that several commands and events share."""

from typing import Annotated, Literal

from msgspec import Meta

from chatdesk.protocol.limits import EMOJI_CHARS, ID_CHARS

Number = Annotated[int, Meta(ge=0, le=2**53 - 1)]
"""A count or a position. JSON readers that use doubles, such as browsers, are exact up to 2^53 - 1."""
Seq = Number
"""The number of a message."""
MessageId = Annotated[str, Meta(min_length=1, max_length=ID_CHARS)]
"""A name that a client gives to a message or a request."""
Emoji = Annotated[str, Meta(min_length=1, max_length=EMOJI_CHARS)]
"""An emoji, with or without variation selectors."""
Timestamp = Annotated[str, Meta(max_length=40)]
"""A date or time; an RFC 3339 time with nanoseconds and offset has 35 characters."""
Availability = Literal["online", "away", "busy"]
ClientKind = Literal["window", "browser", "phone", "terminal", "bot"]
"""A bot is a program that speaks for itself: it is marked, and hears no other bots unless it asks for them."""
Level = Literal["all", "mentions", "nothing"]
"""What of a room a person is told of: everything, what mentions them, or nothing."""
NewcomersSee = Literal["all", "joining"]
"""What somebody who is new in a room can read: all that was said, or what is said from their joining on."""
PrivateMessages = Literal["everyone", "moderators", "nobody"]
"""Between whom private messages are possible; ``moderators``: one of the two has to be host or moderator."""
InvitedAs = Literal["moderator", "member", "guest"]
"""The role that an invitation gives."""
