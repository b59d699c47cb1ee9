"""The commands ``chatdesk export``, ``chatdesk backup`` and ``chatdesk import``. ``README.md`` tells how they work."""
