"""The version of the installed distribution."""

from __future__ import annotations

from importlib.metadata import PackageNotFoundError, version


def installed_version() -> str:
    """Return the version, or `unknown` where only the sources are there."""
    try:
        return version("showpad-mock")
    except PackageNotFoundError:
        return "unknown"
