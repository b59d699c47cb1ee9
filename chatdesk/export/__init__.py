"""Taking a conversation along: as JSON Lines, as CSV, as one page that opens offline in any browser.

``formats.open_writer`` makes the writers; each takes message after message and holds none of them.
"""
