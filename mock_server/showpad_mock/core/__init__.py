"""What every room may use: time and ids, refusals, the journal; the standard library alone."""
