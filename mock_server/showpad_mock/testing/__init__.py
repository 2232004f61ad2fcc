"""The mock in Python: a server, its tenants as tests use them, the pytest plugin."""
