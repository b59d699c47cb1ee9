"""The room log: what was said, in order. One truth for history, resume and slow readers.

``room_log`` is the interface; ``memory`` keeps the log in memory, ``store`` and its ``durable`` rooms in a file. Both
keep the newest entries in a ``tail``.

Of the file, ``schema`` has the tables, ``database`` the connections, ``lock`` the folder. The thread of ``writer``
carries out ``writes``: ``appending``, what ``chore`` and ``sweep`` forget, and the search ``index``; ``recovery`` sees
what is there after a failure. The threads of ``reader`` put ``pages`` together; ``query`` and ``words`` say what a
search finds. ``problems`` has the sentences.
"""
