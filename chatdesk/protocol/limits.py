"""Sizes that both sides of the wire agree on."""

MESSAGE_BYTES = 64 * 1024
"""Longest text message, in bytes; a longer one ends the connection with 1009.

Twice what CONTENT_CHARS take at four bytes each, because JSON escapes are longer than UTF-8.
"""
CONTENT_CHARS = 8_000
"""Longest ``content`` of a message, in characters: about three pages, and few such messages fill a screen."""
NICKNAME_CHARS = 32
"""Longest nickname and room name, in characters: long enough for full names, short enough for one line of a list."""
ID_CHARS = 64
"""Longest ``id``, in characters: a UUID has 36."""
STATUS_CHARS = 100
"""Longest text of a status, in characters: one line beside a name."""
MENTIONS = 50
"""Whom a message mentions, at most: with more than a class it is ``@room`` that is meant."""
ADDRESSES_FREELY = 15
"""In a room of up to so many people anybody may mention all of them; in a larger one host and moderators."""
HISTORY_LATEST = 50
"""Messages that a join brings: more than a screen shows, so that scrolling starts without a wait."""
HISTORY_PAGE = 200
"""Messages in one ``history``, at most: fewer round trips for exports, and still milliseconds of work."""
HISTORY_BYTES = 256 * 1024
"""Bytes of messages in one ``history``, at most: a quarter of the megabyte at which WebSocket clients give up."""
QUERY_CHARS = 200
"""Longest ``query`` of a search, in characters: a sentence; the index reads its first words only."""
SEARCH_PAGE = 50
"""Messages in one ``search``, at most; the client asks for more with ``before``. Each is read to make its excerpt."""
SEARCH_ROOM_HITS = 5
"""Hits of one room in a ``search`` of all: ten rooms fill a page, and more of one come when it is asked for."""
USERS_PAGE = 200
"""People in one ``users``, at most. In a larger room the list comes in pages, and arrivals are told in summaries."""
NAME_QUERY_CHARS = 64
"""Longest ``query`` or ``after`` of ``users``, in characters: twice a nickname, whose accents may be extra signs."""
REACTION_NAMES = 5
"""People of a reaction whom a message names, at most: what a tooltip holds. The others come with ``reactions``."""
REACTORS_PAGE = 200
"""People in one ``reactions``, at most."""
READERS_PAGE = 200
"""People in one ``readers``, at most."""
EMOJI_CHARS = 40
"""Longest ``emoji``, in characters: families and flags have a dozen."""
MESSAGES_PAGE = 50
"""Messages in one ``messages``, at most: more than a screen shows answers to."""
PINS_PAGE = 100
"""Messages in one ``pins``, at most, and in a room: more are a second history."""
TOKEN_CHARS = 4096
"""Longest token of sign-in, in characters: several times what a name, a role and a few rooms take."""
PROOF_IDENTITIES = 8
"""Identities in one ``prove``, at most: a client seldom knows more chats with the same name; each costs a hash."""
REACH_ADDRESSES = 8
"""Addresses in one ``reach``, at most: few computers have more, and each client calls them all."""
NODES = 8
"""Addresses of other servers that a client is told, at most: it needs one that works."""
INVITATION_CHARS = 64
"""Longest ``invitation`` of a join, in characters: a code, however it is spelt."""
INVITATION_USES = 10_000
"""People whom one invitation lets in, at most, unless there is no limit."""
INVITATION_SECONDS = 366 * 24 * 3600
"""For how long an invitation holds, at most: a year."""
ADDRESS_CHARS = 256
"""Longest address of a chat with which the link of an invitation begins: a QR code holds it."""
REASON_CHARS = 200
"""Longest reason that somebody is given, in characters: two sentences."""
QUEUE_PAGE = 100
"""People in one ``queue``, at most: more than anybody looks through."""
PASSWORD_CHARS = 128
"""Longest password of the chat or of a room, in characters: a sentence."""
SLOW_SECONDS = 3600
"""Slowest pace of a room: one message of each person in an hour."""
HANDS_SHOWN = 20
"""Hands in one ``hands``, at most: more than will have their turn in an hour."""
ROOMS_PAGE = 100
"""Rooms in one ``rooms``, at most: more than a sidebar shows without scrolling."""
ORDER_MINUTES = 366 * 24 * 60
"""Longest time for which somebody is removed, banned or muted with an end: a year."""
AUDIT_PAGE = 100
"""Entries in one ``audit``, and in one ``bans``, at most."""
TOPIC_CHARS = 250
"""Longest topic of a room, in characters: two lines of a wide window."""
