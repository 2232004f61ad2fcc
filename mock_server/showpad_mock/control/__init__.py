"""The control API under /__admin: tenants, snapshots, admin operations, the journal, the server itself.

`operations.py` is the table of all operations; the files beside it hold their handlers, a subject each; `api.py` serves
them.
"""
