"""Why others cannot join: what can be seen from here, what that means, and what to do about it."""
