"""What RSpace's sharing API brings to the kit."""

from __future__ import annotations

from importlib.resources import files

from ..suite import Suite
from .catalogue import CATALOGUE
from .checks import CHECKS
from .cleanup import CLEANUP
from .client import Client
from .discovery import discovered
from .probe import probe
from .targets import MOCK, TARGETS


def openapi() -> str:
    """Return the OpenAPI document."""
    return (files(__package__) / "openapi.yaml").read_text(encoding="utf-8")


SUITE = Suite(
    name="rspace",
    catalogue=CATALOGUE,
    checks=CHECKS,
    targets=TARGETS,
    client=Client,
    cleanup=CLEANUP,
    probe=probe,
    discovery=discovered,
    openapi=openapi,
    mock=MOCK,
    notified={"colleague": "of each document that is shared with it or its group"},
)
