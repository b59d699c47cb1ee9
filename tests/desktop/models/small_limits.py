"""What bounds the rows that are loaded, so low that a few steps reach it; by the module that each bound stands in."""

from chatdesk.client import transcript
from chatdesk.desktop.models import timeline as module

SMALL = {
    portion: {"MESSAGES": 5, "CHARACTERS": 100},
    module: {"MESSAGES": 5, "_LOADED": 18, "_LOADED_WHILE_READING": 30},
    transcript: {"MAX_KEPT": 60, "_TRIM": 12, "_PAGE": 9},
}
