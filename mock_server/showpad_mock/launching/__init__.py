"""`showpad-mock run` and `env`: another program, which reaches the mock without a changed line."""
