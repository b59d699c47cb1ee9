"""What screen readers are told: roles of custom widgets, announcements, new messages."""
