"""Several servers on one log, from outside: what a client sees of them together."""
