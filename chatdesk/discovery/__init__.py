"""How chats and computers in a network find each other."""
