"""The wire protocol, without I/O: messages, their codec, error codes, and the rules for names, text and links.

``README.md`` and the pages that it names describe the protocol for somebody who writes a client.
"""

VERSION = 1
"""Version of the protocol, sent in ``welcome``; raised only by a change that an older client cannot ignore."""
