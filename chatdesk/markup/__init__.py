"""Makes trees of the marks in messages: Markdown as people in chats know it, with colours for code.

``parse.parse`` is the only way in. The types of the tree are those of the wire, ``chatdesk.protocol.markup``.
"""
