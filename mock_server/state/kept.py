"""Bytes made of records, kept as long as these are there and within a number of bytes over all tenants."""

from __future__ import annotations

KEPT_BYTES = 16 * 1024 * 1024
ENTRY_BYTES = 256  # what an entry takes beside its bytes, about


class Kept:
    """What was made of a tenant's records, by their keys.

    It keeps a record as long as its bytes: whoever replaces or deletes one drops its key. When there is no room, all is
    dropped, since all can be made again.
    """

    def __init__(self, *, most: int = KEPT_BYTES) -> None:
        self.of: dict[str, dict[str, tuple[object, bytes]]] = {}
        """Tenant -> key -> the record, and what was made of it."""
        self.size = 0
        self._most = most

    def keep(self, tenant: str, key: str, record: object, made: bytes) -> None:
        """Keep what was made of a record, in place of what was made of the one before."""
        self.drop(tenant, key)
        if self.size + len(made) + ENTRY_BYTES > self._most:
            self.of.clear()
            self.size = 0
            if len(made) + ENTRY_BYTES > self._most:
                return
        self.of.setdefault(tenant, {})[key] = (record, made)
        self.size += len(made) + ENTRY_BYTES

    def drop(self, tenant: str, key: str) -> None:
        """Drop what is kept under a key, if anything is."""
        known = self.of[tenant].pop(key, None) if tenant in self.of else None
        if known is not None:
            self.size -= len(known[1]) + ENTRY_BYTES

    def drop_tenant(self, tenant: str) -> None:
        """Drop all that is kept for a tenant."""
        for _, made in self.of.pop(tenant, {}).values():
            self.size -= len(made) + ENTRY_BYTES
