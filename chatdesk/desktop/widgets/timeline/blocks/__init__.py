"""What a message shows: paragraphs, code, quotes, lists and tables, each laid out and painted by a class of its own."""
