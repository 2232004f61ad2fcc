"""A round-robin balancer in front of several servers: Debian's HAProxy, which sends each request to the next one."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from .installed import program

CONFIGURATION = """
defaults
  mode http
  timeout connect 5s
  timeout client 60s
  timeout server 60s
frontend all
  bind fd@{listener}
  default_backend servers
backend servers
  balance roundrobin
{servers}
"""


@contextmanager
def balanced(folder: Path, origins: Sequence[str]) -> Iterator[str]:
    """Start a balancer, give the origin that it listens on, and end it."""
    file = folder / "haproxy.cfg"
    # Who comes before it has begun waits in the listener's queue.
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listener:
        servers = "\n".join(f"  server s{n} {origin.removeprefix('http://')}" for n, origin in enumerate(origins))
        file.write_text(CONFIGURATION.format(listener=listener.fileno(), servers=servers), encoding="ascii")
        command = [program("haproxy"), "-db", "-f", str(file)]
        process = subprocess.Popen(command, pass_fds=[listener.fileno()], stdout=subprocess.DEVNULL)
        try:
            yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        finally:
            process.kill()
            process.wait()
