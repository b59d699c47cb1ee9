"""A chat for scripts: ``chatdesk send`` and ``chatdesk tail``."""
