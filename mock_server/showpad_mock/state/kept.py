"""Bytes made of records, kept as long as these are there and within a number of bytes over all tenants."""

from __future__ import annotations

# Bytes, not entries: one text of a record may be longer than a hundred other records.
KEPT_BYTES = 16 * 1024 * 1024
ENTRY_BYTES = 256  # what an entry takes beside its bytes, about


class Kept:
    """What was made of a tenant's records, by their keys.

    It keeps a record as long as its bytes: whoever replaces or deletes one drops its key. When there is no room, all is
    dropped, since all can be made again.
    """

    def __init__(self, *, most: int = KEPT_BYTES) -> None:
        self.of: dict[str, dict[str, tuple[object, bytes, bool]]] = {}
        """Tenant -> key -> the record, what was made of it, and what is `known` of that (that it holds no secret)."""
        self.size = 0
        self._most = most

    def keep(self, tenant: str, key: str, record: object, made: bytes, *, known: bool = False) -> None:
        """Keep what was made of a record, in place of what was made of the one before."""
        # Dropped first, or the bytes of the one before would be counted for ever.
        if tenant in self.of and key in self.of[tenant]:
            self.drop(tenant, key)
        if self.size + len(made) + ENTRY_BYTES > self._most:
            # All at once: to know which was asked for least would cost every read a note.
            self.of.clear()
            self.size = 0
            if len(made) + ENTRY_BYTES > self._most:
                return
        self.of.setdefault(tenant, {})[key] = (record, made, known)
        self.size += len(made) + ENTRY_BYTES

    def drop(self, tenant: str, key: str) -> None:
        """Drop what is kept under a key, if anything is."""
        entry = self.of[tenant].pop(key, None) if tenant in self.of else None
        if entry is not None:
            self.size -= len(entry[1]) + ENTRY_BYTES

    def drop_tenant(self, tenant: str) -> None:
        """Drop all that is kept for a tenant."""
        for _, made, _ in self.of.pop(tenant, {}).values():
            self.size -= len(made) + ENTRY_BYTES
