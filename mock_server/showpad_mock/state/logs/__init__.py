"""Where change sets are kept beyond the process: one backend a file; `protocol.py` says what each must do."""
