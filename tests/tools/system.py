"""Installs those Debian packages that tests need and this machine has not: `python tests/tools/system.py`."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

PACKAGES = {
    "bash": "bash",
    "chromium": "chromium",
    "curl": "curl",
    "go": "golang-go",
    "haproxy": "haproxy",
    "java": "default-jdk-headless",
    "redis-server": "redis-server",
}
"""Program -> the Debian package that has it."""


def main() -> None:
    missing = sorted({package for program, package in PACKAGES.items() if shutil.which(program) is None})
    if not missing:
        return
    command = ["apt-get", "install", "--yes", "--no-install-recommends", *missing]
    if shutil.which("apt-get") is None or os.geteuid() != 0:
        sys.exit(f"make tools: {' and '.join(missing)} must be installed first; as root: {' '.join(command)}")
    subprocess.run(["apt-get", "update"], check=True)
    subprocess.run(command, env={**os.environ, "DEBIAN_FRONTEND": "noninteractive"}, check=True)


if __name__ == "__main__":
    main()
