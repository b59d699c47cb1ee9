"""Plain HTTP: the page's files, the JSON endpoints, and the upgrade to a WebSocket. connection.py is the start."""
