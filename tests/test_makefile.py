from __future__ import annotations

import os
import subprocess
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHOW = "--eval=show-environment:;@env"


def test_what_make_starts_keeps_the_modules_that_it_compiles() -> None:
    asked = {**os.environ, "PYTHONDONTWRITEBYTECODE": "1"}
    command = ["make", "-s", SHOW, "show-environment"]
    shown = subprocess.run(command, cwd=ROOT, env=asked, capture_output=True, text=True, check=True).stdout
    assert "PATH=" in shown
    assert "PYTHONDONTWRITEBYTECODE" not in shown
