"""`showpad-mock run`: what a command calls under it ends at a mock, the rest where it should, and nothing is left."""

from __future__ import annotations

import os
import select
import signal
import socket
import subprocess
import sys
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from showpad_mock import MockShowpad, MockTenant

from .running import PATIENCE, command, environment, other_host, run

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="no proxy there")
SPACES = "https://demo.api.showpad.com/v4/shared-spaces"
CURL = 'curl --silent --show-error --fail-with-body --noproxy "" '


def test_the_command_reaches_a_mock_of_its_own_by_every_address(authority_folder: Path) -> None:
    call = f'{CURL} -o /dev/null -w "%{{http_code}} " -H "Authorization: Bearer $SHOWPAD_TOKEN" '
    addresses = (SPACES, "https://demo.showpad.biz/api/v4/shared-spaces", '"$SHOWPAD_BASE_URL"/shared-spaces')
    done = run(authority_folder, "--", "sh", "-c", "; ".join(call + one for one in addresses))
    assert (done.returncode, done.stdout, done.stderr) == (0, "200 200 200 ", "")


def test_it_may_join_a_mock_that_is_there(
    authority_folder: Path, showpad_server: MockShowpad, showpad: MockTenant
) -> None:
    url = f"https://{showpad.name}.api.showpad.com/v4/shared-spaces"
    bearer = f"Authorization: Bearer {showpad.token('seller')}"
    done = run(authority_folder, "--origin", f"{showpad_server.origin}/", "--", "curl", "-sS", "-H", bearer, url)
    assert done.returncode == 0, done.stderr
    showpad.assert_requested(path="/shared-spaces", status=200, times=1)


@pytest.mark.parametrize(("effect", "code"), [("close-before", 52), ("reset", 56)])
def test_a_connection_that_a_joined_mock_ends_ends_at_once(
    authority_folder: Path, showpad_server: MockShowpad, showpad: MockTenant, effect: str, code: int
) -> None:
    url = f"https://{showpad.name}.api.showpad.com/v4/shared-spaces"
    curl = ("curl", "-sS", "--max-time", "20", "-H", f"Authorization: Bearer {showpad.token('seller')}", url)
    with showpad.fault(effect):
        assert run(authority_folder, "--origin", showpad_server.origin, "--", *curl).returncode == code


def test_a_mock_to_join_may_be_named_by_a_name_that_leads_to_this_machine(
    authority_folder: Path, showpad_server: MockShowpad
) -> None:
    origin = showpad_server.origin.replace("127.0.0.1", "127.1")
    script = f'{CURL} -o /dev/null -H "Authorization: Bearer $SHOWPAD_TOKEN" {SPACES}'
    done = run(authority_folder, "--origin", origin, "--", "sh", "-c", script)
    assert (done.returncode, done.stderr) == (0, "")


def test_the_control_api_of_a_joined_mock_is_not_reached_by_the_vendors_hosts(
    authority_folder: Path, showpad_server: MockShowpad
) -> None:
    script = f"{CURL} https://demo.api.showpad.com/__admin/tenants"
    done = run(authority_folder, "--origin", showpad_server.origin, "--", "sh", "-c", script)
    assert (done.returncode, '"status":403' in done.stdout) == (22, True), done.stdout


def test_seed_data_and_other_settings_are_its_own(authority_folder: Path) -> None:
    listed = f'{CURL} -H "Authorization: Bearer MyApiToken" https://acme.api.showpad.com/v4/shared-spaces?limt=1'
    done = run(authority_folder, "--data", "guides", "--", "sh", "-c", listed, SHOWPAD_MOCK_STRICT="true")
    assert (done.returncode, "limt" in done.stdout) == (22, True), done


def test_other_hosts_are_passed_on(authority_folder: Path) -> None:
    with other_host() as (port, heads):
        done = run(authority_folder, "--", "sh", "-c", f"{CURL} http://127.0.0.1:{port}/path")
    assert (done.stdout, heads[0].splitlines()[0]) == ("other\n", "GET /path HTTP/1.1")


def test_other_hosts_are_refused_where_asked_for(authority_folder: Path) -> None:
    done = run(authority_folder, "--proxy-others", "refuse", "--", "sh", "-c", f"{CURL} http://other.example/")
    assert done.returncode == 22
    assert "other.example does not end at the mock" in done.stdout


def test_other_hosts_are_passed_on_through_the_proxy_that_was_set(authority_folder: Path) -> None:
    with other_host(is_proxy=True) as (port, heads):
        script = f"{CURL} http://other.example/path"
        done = run(authority_folder, "--", "sh", "-c", script, HTTP_PROXY=f"http://me:it%27s@127.0.0.1:{port}")
    assert done.stdout == "other\n", done.stderr
    login = b64encode(b"me:it's").decode()
    assert heads[0].splitlines()[0] == "CONNECT other.example:80 HTTP/1.1"
    assert f"Proxy-Authorization: Basic {login}" in heads[0]
    assert (heads[1].splitlines()[0], login in heads[1]) == ("GET /path HTTP/1.1", False)


def test_plain_http_does_not_go_through_the_proxy_of_https(authority_folder: Path) -> None:
    with other_host() as (port, heads):
        script = f"{CURL} http://127.0.0.1:{port}/path"
        run(authority_folder, "--", "sh", "-c", script, https_proxy="http://127.0.0.1:1")
    assert heads[0].splitlines()[0] == "GET /path HTTP/1.1"


def test_what_takes_no_other_host_needs_no_proxy_that_can_be_passed_through(authority_folder: Path) -> None:
    done = run(authority_folder, "--proxy-others", "refuse", "--", "true", ALL_PROXY="socks5://proxy:1080")
    assert (done.returncode, done.stderr) == (0, "")


def test_the_limits_of_serve_hold(authority_folder: Path) -> None:
    script = f'{CURL} -H "Long: {"a" * 2000}" {SPACES}'
    done = run(authority_folder, "--", "sh", "-c", script, SHOWPAD_MOCK_MAX_HEADER_SIZE="1000")
    assert (done.returncode, '"status":431' in done.stdout) == (22, True), done


def test_a_proxy_that_refuses_is_told_of(authority_folder: Path, showpad_server: MockShowpad) -> None:
    done = run(authority_folder, "--", "sh", "-c", f"{CURL} http://other.example/", http_proxy=showpad_server.origin)
    assert (done.returncode, "other.example cannot be reached: the proxy 127.0.0.1" in done.stdout) == (22, True)


def test_without_the_credential_the_proxy_passes_nothing_on(authority_folder: Path) -> None:
    asked = 'curl -sS -o /dev/null -w "%{http_code} " --noproxy "" --proxy "${HTTP_PROXY#*@}" '
    script = f"{asked} http://127.0.0.1:9/; {asked} http://demo.api.showpad.com/v4/shared-spaces"
    done = run(authority_folder, "--", "sh", "-c", script)
    assert done.stdout == "407 401 "


@pytest.mark.parametrize(
    ("arguments", "said", "code"),
    [
        (["--", "no-such-command"], "no-such-command: command not found", 127),
        (["--timeout", "0", "--", "true"], "--timeout='0': must be a number of seconds above 0", 2),
        (["--origin", "http://127.0.0.1:1", "--", "true"], "http://127.0.0.1:1 does not answer: ", 2),
        (["--origin", "https://mock.example", "--", "true"], "--origin: must begin with http://", 2),
        (["--data", "none.json", "--", "true"], "none.json", 2),
    ],
)
def test_what_cannot_be_is_told(authority_folder: Path, arguments: list[str], said: str, code: int) -> None:
    done = run(authority_folder, *arguments)
    assert done.returncode == code
    assert done.stderr.startswith("showpad-mock: ")
    assert said in done.stderr


def test_a_proxy_that_cannot_be_passed_through_is_refused_without_its_password(authority_folder: Path) -> None:
    done = run(authority_folder, "--", "true", all_proxy="socks5://me:secret@proxy:1080")
    assert (done.returncode, "all_proxy: must be a URL such as http://proxy:3128" in done.stderr) == (2, True)
    assert "secret" not in done.stderr


def test_a_command_that_hangs_is_ended_and_so_is_the_mock(authority_folder: Path) -> None:
    done = run(authority_folder, "--timeout", "0.5", "--", "sh", "-c", "echo $SHOWPAD_BASE_URL; sleep 1000")
    assert done.returncode == 124
    assert is_free(done.stdout)
    assert list((authority_folder / "runs").iterdir()) == []


def is_free(base_url: str) -> bool:
    at = urlsplit(base_url.strip())
    with socket.socket() as connection:
        return connection.connect_ex((str(at.hostname), int(at.port or 0))) != 0


@pytest.mark.skipif(sys.platform != "linux", reason="waits for processes as Linux allows")
def test_nothing_is_left_when_it_is_killed(tmp_path: Path) -> None:
    told = "trap '' TERM; sleep 1000 & echo $! $$ $SHOWPAD_BASE_URL $HTTP_PROXY; wait"
    with subprocess.Popen(
        command("run", "--", "sh", "-c", told), env=environment(tmp_path), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        child, parent, base_url, proxy = process.stdout.readline().split()
        descriptors = [os.pidfd_open(int(one)) for one in (child, parent)]
        process.send_signal(signal.SIGKILL)
        assert all(select.select([one], [], [], PATIENCE)[0] for one in descriptors)
    assert is_free(base_url)
    assert is_free(proxy)
    [left] = (tmp_path / "runs").iterdir()
    assert run(tmp_path, "--", "true").returncode == 0
    assert not left.exists()


def test_two_at_once_have_each_a_mock_of_their_own(authority_folder: Path) -> None:
    script = f'echo $SHOWPAD_BASE_URL; {CURL} -o /dev/null -H "Authorization: Bearer $SHOWPAD_TOKEN" {SPACES}'
    with ThreadPoolExecutor(2) as threads:
        done = list(threads.map(lambda _: run(authority_folder, "--", "sh", "-c", script), range(2)))
    assert [one.returncode for one in done] == [0, 0]
    assert done[0].stdout != done[1].stdout
