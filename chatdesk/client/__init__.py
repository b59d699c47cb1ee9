"""A client of the chat: pure state, an outbox, a connection that reconnects by itself. It does not depend on Qt."""
