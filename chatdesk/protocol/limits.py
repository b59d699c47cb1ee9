"""The sizes that both sides of the wire agree on."""

MESSAGE_BYTES = 64 * 1024
"""Longest text frame, in bytes; a longer one ends the connection with 1009."""
CONTENT_CHARS = 8_000
"""Longest ``content`` of a message, in characters."""
NICKNAME_CHARS = 32
"""Longest nickname and longest room name, in characters."""
ID_CHARS = 64
"""Longest message ``id``, in characters."""
HISTORY_LATEST = 50
"""Messages that a joiner receives."""
HISTORY_PAGE = 200
"""Messages in a page of history, at most."""
HISTORY_BYTES = 256 * 1024
"""Size of the messages in a page of history, at most: clients refuse frames of a megabyte."""
QUERY_CHARS = 200
"""Longest ``query`` of a search, in characters."""
SEARCH_PAGE = 50
"""Messages that one search finds, at most; further ones are asked for with ``before``."""

PROOF_IDENTITIES = 8
"""Identities that a server is asked to know, at most."""
REACH_ADDRESSES = 8
"""Addresses that a client is asked to call, at most."""
