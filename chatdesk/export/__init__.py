"""Writes a conversation to a file: as JSON Lines, as CSV, or as one HTML page that opens offline in any browser.

``formats.open_writer`` returns the writer of a format. A writer takes one message after another and keeps none of them,
so that memory does not grow with the length of the history. The window and ``chatdesk export`` both use it.
"""
