from __future__ import annotations

import socket
from typing import Any

import pytest

LOCAL = ("127.0.0.1", "localhost", None)


@pytest.fixture(autouse=True)
def asked_for(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the hosts beyond this machine that were looked for; none of them is found."""
    asked: list[str] = []
    resolve = socket.getaddrinfo

    def getaddrinfo(host: Any, *args: Any, **options: Any) -> Any:
        name = host.decode() if isinstance(host, bytes) else host
        if name not in LOCAL:
            asked.append(name)
            raise socket.gaierror(socket.EAI_NONAME, "no host is found in this test")
        return resolve(host, *args, **options)

    monkeypatch.setattr("socket.getaddrinfo", getaddrinfo)
    # What a developer's machine has set is a test's own matter.
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)
    return asked
