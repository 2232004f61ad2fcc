from __future__ import annotations

from ..harness.authority import authority_folder  # noqa: F401  # a fixture
