"""The certificate that a server shows."""

from __future__ import annotations

import signal
import subprocess
import sys
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509

from showpad_mock.interception.authority import AuthorityFolder
from showpad_mock.interception.certificates import issue, server_context
from showpad_mock.interception.names import certificate_name


def issued(folder: Path, *names: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate(
        issue(AuthorityFolder(folder / "ca").open(), names).cert_chain_pems[0].bytes()
    )


def test_it_is_for_the_local_names_and_those_that_are_added(tmp_path: Path) -> None:
    names = issued(tmp_path, "*.api.example.com", "10.0.0.7").extensions.get_extension_for_class(
        x509.SubjectAlternativeName
    )
    assert names.value.get_values_for_type(x509.DNSName) == ["localhost", "*.api.example.com"]
    assert list(map(str, names.value.get_values_for_type(x509.IPAddress))) == ["127.0.0.1", "::1", "10.0.0.7"]


def test_it_lives_at_most_197_days_and_has_a_serial_of_its_own(tmp_path: Path) -> None:
    first, second = issued(tmp_path), issued(tmp_path)
    assert first.not_valid_after_utc - first.not_valid_before_utc <= timedelta(days=197)
    assert first.serial_number != second.serial_number


KILLED = """\
import os, ssl, sys
from pathlib import Path
from showpad_mock.interception.authority import AuthorityFolder
from showpad_mock.interception.certificates import server_context
{place} = lambda *_: os.kill(os.getpid(), 9)
server_context(AuthorityFolder(Path(sys.argv[1])), [])
"""


@pytest.mark.skipif(sys.platform == "win32", reason="a folder cannot be locked")
@pytest.mark.parametrize("place", ["os.link", "ssl.SSLContext.load_cert_chain"])
def test_what_a_start_that_was_killed_left_the_next_one_sweeps(tmp_path: Path, place: str) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED.format(place=place), str(tmp_path)], check=False)
    assert killed.returncode == -signal.SIGKILL
    server_context(AuthorityFolder(tmp_path), [])
    keys = [file.name for file in tmp_path.rglob("*") if file.is_file() and b"PRIVATE KEY" in file.read_bytes()]
    assert keys == ["ca-key.pem"]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("Mock.Internal", "mock.internal"),
        ("*.example.com", "*.example.com"),
        ("10.0.0.7", "10.0.0.7"),
        ("[::2]", "::2"),
        ("xn--mnchen-3ya.example", "xn--mnchen-3ya.example"),
    ],
)
def test_a_name_is_a_host_name_or_an_address(text: str, name: str) -> None:
    assert certificate_name(text) == name


@pytest.mark.parametrize(
    "text", ["", "*", "a b", "a..b", "-a.b", "*.*.b", "a.*.b", "münchen.example", "a.b:443", "a" * 64, "a." * 130 + "b"]
)
def test_any_other_name_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="host name"):
        certificate_name(text)
