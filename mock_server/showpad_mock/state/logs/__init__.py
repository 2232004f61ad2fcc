"""Where change sets are kept beyond the process: one backend a file, each of which keeps the protocol in `protocol.py`."""
