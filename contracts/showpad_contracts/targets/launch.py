"""Starts the mock as a program for one run, as anybody could: its target file is read like any other."""

from __future__ import annotations

import json
import subprocess
import sys
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from tempfile import TemporaryFile
from threading import Timer
from typing import TextIO
from urllib.parse import urlsplit

from ..core.target import Target
from ..core.violation import NotTheApi
from .reader import Targets

START_SECONDS = 30.0
END_SECONDS = 10.0
LASTING_ORIGIN = "http://127.0.0.1:7470"
"""Where `showpad-mock serve` listens; the mock that is started here is gone when a report is read."""
SETTINGS = ("--data", "demo", "--port", "0", "-q", "--end-with-stdin")
COMMAND = (sys.executable, "-m", "showpad_mock", "serve", *SETTINGS)


@dataclass(frozen=True, slots=True)
class Mock:
    """The mock of one API, and the target file of the demo data that a new tenant of it has."""

    api: str
    """What the mock calls the API."""
    targets: Targets
    file: Path
    known: Mapping[str, str] = field(default_factory=dict)
    """What the file reads from the environment beside tokens; of demo data it is no secret."""

    @contextmanager
    def launched(self, tenant: str) -> Iterator[Target]:
        """Start the mock and open a tenant in it; both are gone with the block. Raises NotTheApi."""
        # What it complains of goes to a file: nobody reads a pipe while the run lasts, and a full one would stop it.
        with TemporaryFile("w+", encoding="utf-8") as complaints:
            # Out of the terminal's reach: Ctrl-C ends the run, and the run ends the mock. A run that is killed ends it
            # too: nobody writes to its standard input, which the system closes with the run.
            pipe = subprocess.PIPE
            process = subprocess.Popen(
                COMMAND, stdin=pipe, stdout=pipe, stderr=complaints, text=True, start_new_session=True
            )
            try:
                yield self.tenant_at(_origin(process, complaints), tenant)
            finally:
                _end(process)

    def tenant_at(self, origin: str, tenant: str) -> Target:
        """Open a tenant of a mock that listens, and return it as a target of the kit's own."""
        body = json.dumps({"name": tenant}).encode()
        request = urllib.request.Request(f"{origin}/__admin/tenants", body, {"Content-Type": "application/json"})
        # Past any proxy of the environment: the mock is on this machine.
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(request) as answer:
            opened = next(one for one in json.load(answer)["apis"] if one["name"] == self.api)
        environ = dict(self.known)
        for one in opened["tokens"]:
            name = one["user"].upper().replace("-", "_")
            environ[f"MOCK_{name}_API"] = one["apiToken"]
            environ[f"MOCK_{name}_OAUTH"] = one.get("oauthToken", one["apiToken"])
        target = self.targets.read(self.file, environ, base_url=opened["baseUrl"])
        return replace(
            target, tenant=tenant, is_own=True, lasting_url=LASTING_ORIGIN + self.targets.path, public_tokens=environ
        )


def _end(process: subprocess.Popen[str]) -> None:
    process.terminate()
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            stream.close()


def _origin(process: subprocess.Popen[str], complaints: TextIO) -> str:
    assert process.stdout is not None
    # readline() knows no time-out; where the process is killed it ends.
    late = Timer(START_SECONDS, process.kill)
    late.start()
    said = process.stdout.readline()  # what it says once it answers
    late.cancel()
    told = next((urlsplit(word) for word in said.split() if word.startswith("http")), None)
    if told is None:
        process.kill()
        process.wait()
        complaints.seek(0)
        raise NotTheApi(f"the mock did not start: {said}{complaints.read()}".strip())
    return f"{told.scheme}://{told.netloc}"
