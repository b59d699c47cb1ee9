"""What ``chatdesk export`` and ``chatdesk backup`` do: read a history on this computer, also while it is hosted."""
