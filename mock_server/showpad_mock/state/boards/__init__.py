"""What servers that share a log tell one another: one backend a file; `protocol.py` says what each must do."""
