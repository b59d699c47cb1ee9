"""The start screen: a nickname, then hosting a chat or joining one."""
