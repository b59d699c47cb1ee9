"""Keys and certificates of ``--tls``: the chat's own authority, certificates that were given, and words to compare."""
