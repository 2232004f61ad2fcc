"""`showpad-mock env` prints what leads clients to a server with a proxy, for a shell, a .env file and programs."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from ...harness.program import serving
from .running import PATIENCE, command, environment

CALL = 'curl -sS -o /dev/null -w "%{http_code}" -H "Authorization: Bearer $SHOWPAD_TOKEN" https://demo.api.showpad.com/v4/assets'


@pytest.fixture(scope="module")
def ready_file(tmp_path_factory: pytest.TempPathFactory, authority_folder: Path) -> Iterator[Path]:
    """Return the ready file of a server with a proxy."""
    file = tmp_path_factory.mktemp("ready") / "ready"
    flags = ("--proxy-port", "0", "--ca-folder", str(authority_folder), "--ready-file", str(file), "-q")
    with serving(*flags):
        yield file


def env(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command("env", *arguments),
        env=environment(folder, **variables),
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.mark.parametrize("form", ["shell", "dotenv"])
def test_a_shell_that_evaluates_it_leads_clients_to_the_server(
    form: str, ready_file: Path, authority_folder: Path, tmp_path: Path
) -> None:
    printed = tmp_path / "printed"
    printed.write_text(env(authority_folder, "--ready-file", str(ready_file), "--format", form).stdout)
    script = f"set -aeu; . {printed}; {CALL}"
    done = subprocess.run(["sh", "-c", script], env=environment(tmp_path), capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr) == ("200", "")


def test_json_tells_the_same_of_a_server_that_is_named(ready_file: Path, authority_folder: Path) -> None:
    origin, proxy = ready_file.read_text().splitlines()
    named = ("--origin", origin, "--proxy", proxy.replace("proxy http://", "http://user:word@"))
    told = json.loads(env(authority_folder, *named, "--format", "json").stdout)
    assert (told["SHOWPAD_BASE_URL"], told["SHOWPAD_TOKEN"]) == (f"{origin}/v4", "mock.demo.admin")
    assert told["https_proxy"] == proxy.replace("proxy http://", "http://user:word@")
    assert Path(told["SSL_CERT_FILE"]).is_file()


@pytest.mark.parametrize(("login", "expected"), [("", "me:it%27s%40%2F"), ("user:word@", "user:word")])
def test_the_proxys_credential_is_told_unless_its_url_has_one(
    login: str, expected: str, ready_file: Path, authority_folder: Path
) -> None:
    origin, proxy = ready_file.read_text().splitlines()
    named = ("--origin", origin, "--proxy", proxy.replace("proxy http://", f"http://{login}"), "--format", "json")
    told = json.loads(env(authority_folder, *named, SHOWPAD_MOCK_PROXY_CREDENTIAL="me:it's@/").stdout)
    assert told["HTTPS_PROXY"] == proxy.replace("proxy http://", f"http://{expected}@")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ([], "--proxy or --ready-file must tell where the proxy of `serve --proxy-port` is"),
        (["--ready-file", "/gone"], "--ready-file /gone: cannot be read: No such file or directory"),
        (["--proxy", "socks5://me:secret@h:1", "--origin", "http://127.0.0.1:1"], "http://127.0.0.1:1 does not answer"),
    ],
)
def test_what_is_missing_is_told(arguments: list[str], said: str, authority_folder: Path) -> None:
    done = env(authority_folder, *arguments)
    assert (done.returncode, said in done.stderr) == (2, True)
    assert "secret" not in done.stderr


def test_a_ready_file_without_a_proxy_is_told(tmp_path: Path, authority_folder: Path) -> None:
    file = tmp_path / "ready"
    file.write_text("http://127.0.0.1:7470\n")
    said = env(authority_folder, "--ready-file", str(file)).stderr
    assert "tells of no proxy; start the server with --proxy-port" in said
