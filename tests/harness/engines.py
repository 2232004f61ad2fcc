"""Engines (Valkey, Redis) for tests: programs on free ports of loopback, alone, with TLS, or a cluster of six."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cached_property
from pathlib import Path
from threading import Condition, Thread

import trustme
from redis import Redis

from .installed import program

PATIENCE = 30.0
"""Seconds after which a test that waits in vain ends."""
READY = "Ready to accept connections"
QUIET = ("--bind", "127.0.0.1", "--save", "", "--loglevel", "notice", "--repl-diskless-sync-delay", "0")


def free_ports(count: int) -> list[int]:
    """Return ports that nobody listens on, all different."""
    listeners = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [listener.getsockname()[1] for listener in listeners]
    for listener in listeners:
        listener.close()
    return ports


class EngineProcess:
    """An engine that can be killed and started again over the same folder and port."""

    def __init__(self, folder: Path, port: int, *options: str, name: str = "valkey-server") -> None:
        self.port = port
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._command = [program(name), *QUIET, "--port", str(port), "--dir", str(folder), *options]
        self.start()

    @property
    def url(self) -> str:
        """Return where it is."""
        return f"redis://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it listens."""
        self._lines: list[str] = []
        self._told = Condition()
        self._process = subprocess.Popen(
            self._command, cwd=self._folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, encoding="utf-8"
        )
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_until_told(READY)

    def wait_until_told(self, words: str) -> None:
        """Wait until its log has a line with these words."""
        with self._told:
            done = self._told.wait_for(
                lambda: not self.is_running or any(words in line for line in self._lines), PATIENCE
            )
            assert done, f"never told: {words}\n{self._lines}"
            assert any(words in line for line in self._lines), "".join(self._lines)

    def client(self) -> Redis:
        """Return a client of the library's, to look and to arrange."""
        return Redis(port=self.port, socket_timeout=PATIENCE)

    @property
    def pid(self) -> int:
        """Return its process id."""
        return self._process.pid

    @property
    def is_running(self) -> bool:
        """Say whether it has not ended."""
        return self._process.poll() is None

    def is_primary(self) -> bool:
        """Say whether it takes writes."""
        with self.client() as client:
            return bool(client.info("replication")["role"] == "master")

    def kill(self) -> None:
        """End it by SIGKILL."""
        self._process.kill()
        self._wait()

    def signal(self, number: int) -> None:
        """Send it a signal."""
        self._process.send_signal(number)

    def end(self) -> None:
        """End it, whether or not it still runs."""
        self._process.terminate()
        self._wait()

    def _wait(self) -> None:
        self._process.wait(PATIENCE)
        self._reader.join(PATIENCE)

    def _read(self) -> None:
        assert self._process.stdout is not None
        with self._process.stdout as lines:
            for line in lines:
                with self._told:
                    self._lines.append(line)
                    self._told.notify_all()
        self._process.wait()
        with self._told:
            self._told.notify_all()


@contextmanager
def alone(folder: Path, *options: str, name: str = "valkey-server") -> Iterator[EngineProcess]:
    """Start one engine, and end it."""
    engine = EngineProcess(folder, free_ports(1)[0], *options, name=name)
    try:
        yield engine
    finally:
        engine.end()


@contextmanager
def with_tls(folder: Path) -> Iterator[str]:
    """Start an engine that speaks TLS alone, and return its URL; Debian's is built with it."""
    authority = trustme.CA()
    certificate = authority.issue_cert("127.0.0.1")
    folder.mkdir(parents=True, exist_ok=True)
    paths = {name: folder / f"{name}.pem" for name in ("authority", "key", "chain")}
    authority.cert_pem.write_to_path(paths["authority"])
    certificate.private_key_pem.write_to_path(paths["key"])
    certificate.cert_chain_pems[0].write_to_path(paths["chain"])
    [port] = free_ports(1)
    options = ["--tls-port", str(port), "--tls-cert-file", str(paths["chain"]), "--tls-key-file", str(paths["key"])]
    options += ["--tls-ca-cert-file", str(paths["authority"]), "--tls-auth-clients", "no"]
    engine = EngineProcess(folder, 0, *options, name="redis-server")
    try:
        yield f"rediss://127.0.0.1:{port}?ssl_ca_certs={paths['authority']}"
    finally:
        engine.end()


class ClusterProcesses:
    """Three primaries, each with one replica."""

    TIMEOUT = 1000
    """Milliseconds of silence after which a node counts as dead."""

    def __init__(self, folder: Path) -> None:
        ports = free_ports(12)
        self._addresses = list(zip(ports[:6], ports[6:], strict=True))
        self.nodes: list[EngineProcess] = []
        try:
            for number, (port, bus) in enumerate(self._addresses):
                self.nodes.append(self._start(folder / str(number), number, port, bus))
            for number, node in enumerate(self.nodes):
                node.wait_until_told("Cluster state changed: ok")
                if number >= 3:
                    node.wait_until_told("REPLICA sync: Finished with success")
        except BaseException:
            self.end()
            raise

    @property
    def url(self) -> str:
        """Return where it is."""
        return f"redis+cluster://127.0.0.1:{self.nodes[0].port}"

    def primaries(self) -> list[EngineProcess]:
        """Return those that take writes now."""
        return [node for node in self.nodes if node.is_running and node.is_primary()]

    def shard(self, number: int) -> tuple[EngineProcess, EngineProcess]:
        """Return the primary and the replica of one of the three."""
        one, other = self.nodes[number], self.nodes[number + 3]
        return (one, other) if one.is_primary() else (other, one)

    def end(self) -> None:
        """End all six."""
        for node in self.nodes:
            node.end()

    def _start(self, folder: Path, number: int, port: int, bus: int) -> EngineProcess:
        folder.mkdir(parents=True, exist_ok=True)
        # Written beforehand, so that no node has to be introduced to others.
        (folder / "nodes.conf").write_text(self._configuration(number), encoding="utf-8")
        options = ["--cluster-enabled", "yes", "--cluster-port", str(bus), "--cluster-node-timeout", str(self.TIMEOUT)]
        return EngineProcess(folder, port, *options)

    def _configuration(self, myself: int) -> str:
        lines = []
        for number, (port, bus) in enumerate(self._addresses):
            me = "myself," if number == myself else ""
            role = f"{me}master -" if number < 3 else f"{me}slave {number - 3:040x}"
            first, last = (number * 16384 // 3, (number + 1) * 16384 // 3 - 1)
            slots = f" {first}-{last}" if number < 3 else ""
            epoch = number % 3 + 1
            lines.append(f"{number:040x} 127.0.0.1:{port}@{bus} {role} 0 0 {epoch} connected{slots}\n")
        return "".join(lines) + "vars currentEpoch 3 lastVoteEpoch 0\n"


@contextmanager
def cluster(folder: Path) -> Iterator[ClusterProcesses]:
    """Start a cluster of six, and end it."""
    processes = ClusterProcesses(folder)
    try:
        yield processes
    finally:
        processes.end()


class Engines:
    """One engine and one cluster, each started when it is first asked for."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._to_end = ExitStack()

    @cached_property
    def alone(self) -> EngineProcess:
        """An engine of its own."""
        return self._to_end.enter_context(alone(self._folder / "alone"))

    @cached_property
    def cluster(self) -> ClusterProcesses:
        """A cluster of six."""
        return self._to_end.enter_context(cluster(self._folder / "cluster"))

    def end(self) -> None:
        """End what was started."""
        self._to_end.close()
