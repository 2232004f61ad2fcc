"""The control API under /__admin: tenants, snapshots, admin operations, the journal, the server itself.

`operation.py` says what an operation is; each file beside it brings those of one subject; `api.py` serves them all.
"""
