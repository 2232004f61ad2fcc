"""A mock that stands in for a real tenant: the kit gets a target file for it, and is run as users run it."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path
from typing import Any

import httpx2
import pytest
import uvicorn
from hypothesis.configuration import set_hypothesis_home_dir

from showpad_contracts.cli import main
from showpad_contracts.showpad.targets import DEMO, MOCK

from .broken.wrapping import Ask, Seen, Wrong

TENANT = "standing-in"
HANDLES = ("admin", "manager", "seller", "partner", "outsider", "deactivated")
TOKENS = {
    f"MOCK_{handle.upper()}_{kind}": f"mock.{TENANT}.{handle}{suffix}"
    for handle in HANDLES
    for kind, suffix in (("API", ""), ("OAUTH", ".oauth"))
} | DEMO


@dataclass
class Counting:
    """An ASGI app that notes what comes in on its way to another, and what that one did."""

    app: Any
    seen: list[tuple[str, str]] = field(default_factory=list)
    created: list[str] = field(default_factory=list)

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append((scope["method"], scope["path"]))

        async def note(message: Any) -> None:
            if message.get("status") == 201:
                self.created.append(scope["path"])
            await send(message)

        await self.app(scope, receive, note)

    def writes(self) -> list[tuple[str, str]]:
        return [one for one in self.seen if one[0] not in ("GET", "HEAD", "OPTIONS")]


class OneTooMany(Wrong):
    """A wrong server: its summary of added items counts one success too many."""

    async def after(self, seen: Seen, ask: Ask) -> None:
        if seen.is_("POST", "/shared-spaces/[^/]+/items") and seen.status == 201:
            seen.answer["summary"]["assetSuccessCount"] += 1


@contextmanager
def served(app: Any) -> Iterator[str]:
    """Serve an ASGI app from a thread; gives the base URL of the API in it."""
    config = uvicorn.Config(app, port=0, lifespan="off", ws="none", log_config=None, timeout_graceful_shutdown=1)
    listener = config.bind_socket()
    listener.listen()  # who comes before the server does waits for it
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, args=([listener],))
    thread.start()
    try:
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v4"
    finally:
        server.should_exit = True
        thread.join()
        listener.close()


def target_file(folder: Path, base_url: str, more: str = "") -> Path:
    """Write the target file of a tenant that is like the mock's demo data."""
    file = folder / "target.toml"
    mock = MOCK.file.read_text(encoding="utf-8").replace('name = "mock"', 'name = "standing in"')
    file.write_text(f'base_url = "{base_url}"\nsubdomain = "{TENANT}"\n{more}{mock}', encoding="utf-8")
    return file


def spaces(base_url: str) -> set[str]:
    """Give the ids of the tenant's spaces."""
    headers = {"Authorization": f"Bearer mock.{TENANT}.admin"}
    url = f"{base_url}/shared-spaces?limit=1000"
    # It is asked again and again, and without `verify=False` httpx2 reads all certificates first, for plain HTTP too.
    answer = httpx2.get(url, headers=headers, trust_env=False, verify=False)
    return {space["id"] for space in answer.json()["items"]}


def wait_for_spaces(base_url: str, count: int) -> None:
    """Wait until the tenant has so many spaces: whenever one more was created, of which its journal tells."""
    created = base_url.removesuffix("/v4") + "/__admin/requests?method=POST&path=/v4/shared-spaces&status=201&wait=60"
    last = 0
    while len(spaces(base_url)) < count:
        told = httpx2.get(f"{created}&since={last}", timeout=70, trust_env=False, verify=False).json()
        assert told["entries"], "no space was created within a minute"
        last = told["last"]


def environment(more: Mapping[str, str] | None = None) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("SHOWPAD_", "MOCK_"))}
    return {**kept, **TOKENS, **(more or {})}


HEED = """
import os, signal, sys
signal.signal(signal.SIGINT, signal.SIG_DFL)
os.execv(sys.executable, [sys.executable, *sys.argv[1:]])
"""


def heeding_ctrl_c(*arguments: str) -> list[str]:
    """Give the command for Python that heeds Ctrl-C, also where this run was started in the background, deaf to it."""
    return [sys.executable, "-c", HEED, *arguments]


def started(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> subprocess.Popen[str]:
    """Start the kit's program."""
    command = heeding_ctrl_c("-m", "showpad_contracts", *arguments)
    pipe = subprocess.PIPE
    return subprocess.Popen(command, cwd=cwd, env=environment(env), stdout=pipe, stderr=pipe, text=True)


@dataclass
class Ended:
    """How the program ended."""

    code: int
    out: str
    err: str


def kit(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None, timeout: float = 120) -> Ended:
    """Run the kit's program to its end."""
    process = started(*arguments, cwd=cwd, env=env)
    out, err = process.communicate(timeout=timeout)
    return Ended(process.returncode, out, err)


def kit_here(*arguments: str, cwd: Path, env: Mapping[str, str] | None = None) -> Ended:
    """Run the kit's program in this process: to start one takes longer than most of what is asked of it."""
    variables = environment(env)
    with pytest.MonkeyPatch.context() as patch, redirect_stdout(StringIO()) as out, redirect_stderr(StringIO()) as err:
        patch.chdir(cwd)
        for name in os.environ.keys() - variables.keys():
            patch.delenv(name)
        for name, value in variables.items():
            patch.setenv(name, value)
        code = main(arguments)
        set_hypothesis_home_dir(None)  # which a run takes into its folder
    return Ended(code, out.getvalue(), err.getvalue())
