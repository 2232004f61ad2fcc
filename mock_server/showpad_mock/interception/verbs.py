"""`showpad-mock ca path|bundle|renew`."""

from __future__ import annotations

from pathlib import Path

from .authority import AuthorityFolder
from .bundle import write_bundle


def act(action: str, folder: AuthorityFolder) -> Path:
    """Do what was asked for, and return the file to tell of; raises CannotIntercept."""
    if action == "bundle":
        return write_bundle(folder)
    if action == "renew":
        folder.renew()
    else:
        folder.open()
    return folder.certificate
