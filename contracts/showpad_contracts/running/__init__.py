"""From what was asked for to a run, and what is left after it."""
