"""Where this installation's certificate authority lies: in the user's data folder, unless another is named."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

OURS = "showpad-mock"


def data_folder(environ: Mapping[str, str], platform: str) -> Path:
    """Return the folder for what a user keeps of us; raises RuntimeError where there is no home folder."""
    if platform == "win32":
        return Path(environ.get("LOCALAPPDATA") or _home(environ) / "AppData" / "Local") / OURS
    if platform == "darwin":
        return _home(environ) / "Library" / "Application Support" / OURS
    named = Path(environ.get("XDG_DATA_HOME", ""))
    # The specification has a relative one ignored.
    return (named if named.is_absolute() else _home(environ) / ".local" / "share") / OURS


def _home(environ: Mapping[str, str]) -> Path:
    return Path(environ.get("HOME") or Path.home())
