"""The window: widgets, their models, and the event loop that Qt and asyncio share."""
