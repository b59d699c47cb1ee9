"""Notifications of the operating system: by D-Bus on Linux, by an icon in the tray on Windows and macOS."""
