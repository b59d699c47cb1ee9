"""A client of the chat: pure state, an outbox, a connection that comes back by itself. It knows no window."""
