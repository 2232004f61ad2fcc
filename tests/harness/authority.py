"""A certificate authority for tests: made once a process, none of this user's."""

from __future__ import annotations

from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def authority_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of an authority that this process's tests share."""
    return tmp_path_factory.mktemp("authority")
