"""The room log: the messages of each room, in order. History, resume and slow readers are all served from it.

``room_log`` is the interface, ``memory`` and ``disk_store`` implement it. ``README.md`` tells how the pieces work
together, and what is promised when the power fails.
"""
