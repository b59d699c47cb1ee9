"""Why others cannot join: what can be observed from here, what it means, and what to do about it."""
