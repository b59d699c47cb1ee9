"""A chat for scripts: ``chatdesk send``, ``tail`` and ``stats``."""
