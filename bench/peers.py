"""The mock beside other mock servers, on the same work: Prism, Mockoon, json-server and WireMock, as npm has them.

Each answers what the mock answers, from files written for it, and with logs and journals off as far as it has such
options. What is not installed yet is installed under build/peers; a peer that cannot be had or does not answer is left
out, and a line says why. Prism, Mockoon and WireMock answer every POST with the same space. The mock and json-server
keep what is posted; json-server writes all of it to its file each time: the longer it lasts, the more a POST costs.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml

from . import load, process, requests, table
from .process import Server
from .requests import Effort

INSTALLED = Path(__file__).parent.parent / "build" / "peers"
INSTALL_SECONDS = 120
BASE = "/v4"
"""What the mock's paths begin with; Prism takes none of it, so no peer does."""
SPACES = requests.SPACES.removeprefix(BASE)


class LeftOut(Exception):
    """Why a peer is not measured."""


@dataclass(frozen=True, slots=True)
class Peer:
    """Another mock server: its npm package, its command within a folder, and its files there for some spaces.

    The command is the server itself, not a wrapper that would start it: the CPU time of the one process is counted.
    """

    name: str
    package: str
    version: str
    command: str
    files: Callable[[Sequence[Any]], dict[str, Any]]
    warm_up_seconds: float = 5
    """How long it answers GET before it counts, for Node and Java first compile what runs often."""
    keeps: bool = False
    """It keeps what is posted, and gets slower by it."""

    @property
    def folder(self) -> Path:
        return INSTALLED / f"{self.package.replace('/', '-')}-{self.version}"

    def start_command(self, port: int) -> list[str]:
        package = self.folder / "node_modules" / self.package
        return [word.format(package=package, port=port, version=self.version) for word in self.command.split()]


@dataclass(frozen=True, slots=True)
class Works:
    """The requests to send, and the spaces they ask for."""

    get: load.Work
    post: load.Work
    spaces: Sequence[Any]

    def at(self, server: Server) -> Works:
        """Return the same for a peer."""
        get, post = (
            [request._replace(path=request.path.removeprefix(BASE)) for request in work.requests]
            for work in (self.get, self.post)
        )
        token = self.get.token
        return Works(load.Work(server.origin, token, get), load.Work(server.origin, token, post), self.spaces)


@dataclass(frozen=True, slots=True)
class Figures:
    """What was measured of one server; `get` and `post` are CPU in microseconds a request, and requests a second."""

    milliseconds: float
    megabytes: float
    get: tuple[float, float]
    post: tuple[float, float]


def prism_files(spaces: Sequence[Any]) -> dict[str, Any]:
    """Return this project's own description of the API, its example replaced."""
    document = yaml.safe_load((files("showpad_contracts.showpad") / "openapi.yaml").read_text(encoding="utf-8"))
    document["components"]["examples"]["ActiveSpace"]["value"] = spaces[0]
    return {"openapi.json": document}


def mockoon_files(spaces: Sequence[Any]) -> dict[str, Any]:
    def route(method: str, endpoint: str, status: int) -> dict[str, Any]:
        response = {
            "uuid": f"{method}-answer",
            "default": True,
            "statusCode": status,
            "headers": [{"key": "Content-Type", "value": "application/json"}],
            "bodyType": "INLINE",
            "body": _compact(spaces[0]),
            "disableTemplating": True,
        }
        return {"uuid": method, "type": "http", "method": method, "endpoint": endpoint, "responses": [response]}

    routes = [route("get", f"{SPACES[1:]}/:id", 200), route("post", SPACES[1:], 201)]
    tree = [{"type": "route", "uuid": one["uuid"]} for one in routes]
    return {"environment.json": {"uuid": "bench", "name": "bench", "routes": routes, "rootChildren": tree}}


def json_server_files(spaces: Sequence[Any]) -> dict[str, Any]:
    return {"db.json": {SPACES[1:]: spaces}}


def wiremock_files(spaces: Sequence[Any]) -> dict[str, Any]:
    def mapping(request: dict[str, str], status: int) -> dict[str, Any]:
        headers = {"Content-Type": "application/json"}
        return {"request": request, "response": {"status": status, "headers": headers, "body": _compact(spaces[0])}}

    one = mapping({"method": "GET", "urlPathTemplate": f"{SPACES}/{{id}}"}, 200)
    new = mapping({"method": "POST", "urlPath": SPACES}, 201)
    return {"mappings/spaces.json": {"mappings": [one, new]}}


PEERS = (
    Peer(
        "Prism",
        "@stoplight/prism-cli",
        "5.16.0",
        "node {package}/dist/index.js mock openapi.json --host 127.0.0.1 --port {port} --verboseLevel silent",
        prism_files,
    ),
    Peer(
        "Mockoon",
        "@mockoon/cli",
        "9.9.0",
        # It keeps 100 answers by default, and with 0 every one, which slows it down.
        "node {package}/bin/run.js start --data environment.json --repair --hostname 127.0.0.1 --port {port}"
        " --disable-log-to-file --disable-admin-api --max-transaction-logs 1",
        mockoon_files,
    ),
    Peer(
        "json-server",
        "json-server",
        "0.17.4",
        "node {package}/lib/cli/bin.js db.json --host 127.0.0.1 --port {port} --quiet",
        json_server_files,
        keeps=True,
    ),
    Peer(
        "WireMock",
        "wiremock",
        "3.13.2",
        "java -jar {package}/build/wiremock-standalone-{version}.jar --root-dir . --bind-address 127.0.0.1"
        " --port {port} --no-request-journal --disable-request-logging --disable-banner",
        wiremock_files,
        warm_up_seconds=20,  # its CPU per request still falls by a third from the 8th second to the 20th
    ),
)


def install(peer: Peer) -> None:
    """Have npm install a peer, unless it did before."""
    for program in ("npm", peer.command.split()[0]):
        if shutil.which(program) is None:
            raise LeftOut(f"there is no {program} here")
    if (peer.folder / "node_modules" / ".package-lock.json").exists():  # npm writes it last
        return
    peer.folder.mkdir(parents=True, exist_ok=True)
    flags = ["--prefix", str(peer.folder), "--no-audit", "--no-fund", "--ignore-scripts"]
    command = ["npm", "install", *flags, f"{peer.package}@{peer.version}"]
    try:
        subprocess.run(command, capture_output=True, text=True, timeout=INSTALL_SECONDS, check=True)
    except subprocess.TimeoutExpired:
        raise LeftOut(f"npm had not installed it after {INSTALL_SECONDS} s") from None
    except subprocess.CalledProcessError as error:
        told = [line for line in error.stderr.splitlines() if line.startswith("npm error")]
        raise LeftOut(f"npm could not install it: {told[0] if told else error}") from None


def rows(effort: Effort) -> Iterator[table.Row]:
    """Measure the mock and each peer that can be had here in turn, some rows for each."""
    for peer in PEERS:
        try:
            install(peer)
            pairs = [_pair(peer, effort.seconds) for _ in range(effort.pairs)]
        except LeftOut as why:
            print(f"  {peer.name} is left out: {why}", flush=True)
        else:
            yield from _compared(peer.name, pairs)


def _pair(peer: Peer, seconds: float) -> tuple[Figures, Figures]:
    with process.mock() as server:
        memory = server.memory_megabytes()
        works = _works(server)
        ours = _figures(server, works, memory, seconds)
    try:
        return ours, _of_peer(peer, works, seconds)
    except (OSError, RuntimeError, ValueError, subprocess.SubprocessError) as error:
        raise LeftOut(str(error)) from error


def _works(server: Server) -> Works:
    get = requests.get_work(server)
    kept = [requests.ask(server, "GET", request.path) for request in get.requests]
    return Works(get, requests.post_work(server), kept)


def _of_peer(peer: Peer, works: Works, seconds: float) -> Figures:
    port, first = process.free_port(), works.get.requests[0].path.removeprefix(BASE)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        _write(peer.files(works.spaces), folder)
        with process.running(peer.start_command(port), port, ready=first, cwd=folder) as server:
            memory = server.memory_megabytes()
            if requests.ask(server, "GET", first) != works.spaces[0]:
                raise RuntimeError("it answers another space than the mock")
            there = works.at(server)
            load.run(there.get, peer.warm_up_seconds, process.LOAD_CORE)
            if not peer.keeps:
                load.run(there.post, 1, process.LOAD_CORE)
            return _figures(server, there, memory, seconds)


def _write(contents: dict[str, Any], folder: Path) -> None:
    for name, content in contents.items():
        file = folder / name
        file.parent.mkdir(exist_ok=True)
        file.write_text(_compact(content), encoding="utf-8")


def _compact(content: Any) -> str:
    return json.dumps(content, separators=(",", ":"))


def _figures(server: Server, works: Works, memory: float, seconds: float) -> Figures:
    get, post = (requests.measure(server, work, seconds) for work in (works.get, works.post))
    return Figures(server.start_seconds * 1000, memory, get, post)


def _compared(name: str, pairs: Sequence[tuple[Figures, Figures]]) -> Iterator[table.Row]:
    starts = [(ours.milliseconds, theirs.milliseconds) for ours, theirs in pairs]
    yield table.paired(f"{name}: start to first answer", "ms", starts)
    yield table.paired(
        f"{name}: memory after start", "MB", [(ours.megabytes, theirs.megabytes) for ours, theirs in pairs]
    )
    yield _requests(f"{name}: GET one space", [(ours.get, theirs.get) for ours, theirs in pairs])
    yield _requests(f"{name}: POST a space", [(ours.post, theirs.post) for ours, theirs in pairs])


def _requests(name: str, pairs: Sequence[tuple[tuple[float, float], tuple[float, float]]]) -> table.Row:
    ours, theirs = (statistics.median(rate for _, rate in side) for side in zip(*pairs, strict=True))
    cpu = [(mock[0], peer[0]) for mock, peer in pairs]
    return table.paired(name, "us", cpu, beside=f"{ours:,.0f}/s beside {theirs:,.0f}/s")


def main() -> None:
    """Print the rows."""
    parser = argparse.ArgumentParser(prog="python -m bench.peers", description=__doc__)
    parser.add_argument("--pairs", type=int, default=3, help="how often mock and peer are measured (default 3)")
    parser.add_argument("--seconds", type=float, default=3, help="how long each load lasts (default 3)")
    options = parser.parse_args()
    table.show_head("other mock servers", "peer")
    for row in rows(Effort(options.pairs, options.seconds)):
        table.show(row)


if __name__ == "__main__":
    main()
