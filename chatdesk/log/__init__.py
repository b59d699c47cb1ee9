"""The room log: what was said, in order. One truth for history, resume and slow readers.

``room_log`` is the interface, ``memory`` keeps the log in memory.
"""
