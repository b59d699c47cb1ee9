"""Support for screen readers: roles of custom widgets, announcements, new messages read aloud."""
