"""Limits for loaded rows, so low that a few steps reach them, by module."""

from chatdesk.client import transcript
from chatdesk.desktop.models import chunk
from chatdesk.desktop.models import timeline as module

SMALL_LIMITS = {
    chunk: {"MAX_MESSAGES": 5, "MAX_CHARACTERS": 100},
    module: {"MAX_MESSAGES": 5, "_MAX_ROWS": 18, "_MAX_ROWS_READING": 30},
    transcript: {"MAX_KEPT": 60, "_TRIM": 12, "_PAGE": 9},
}
