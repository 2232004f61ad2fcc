"""`showpad-mock ca`, and where its files lie."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from showpad_mock.cli import main
from showpad_mock.interception.folder import data_folder
from showpad_mock.settings import SettingError, load_settings

CERTIFICATE = re.compile(r"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> Path:
    assert main(["ca", *arguments]) == 0
    return Path(capsys.readouterr().out.rstrip("\n"))


def test_path_prints_the_file_that_clients_trust(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = printed(capsys, "path", "--ca-folder", str(tmp_path / "ca"))
    assert len(CERTIFICATE.findall(file.read_text())) == 1


def test_renew_changes_what_is_there(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = ("--ca-folder", str(tmp_path / "ca"))
    before = printed(capsys, "path", *folder).read_text()
    assert printed(capsys, "renew", *folder).read_text() != before


def test_the_bundle_has_what_was_trusted_before_and_ours_each_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    other = printed(capsys, "path", "--ca-folder", str(tmp_path / "other"))
    folder = ("--ca-folder", str(tmp_path / "ca"))
    monkeypatch.setenv("SSL_CERT_DIR", str(tmp_path / "none"))
    monkeypatch.setenv("SSL_CERT_FILE", str(other))
    bundle = printed(capsys, "bundle", *folder)
    ours = printed(capsys, "path", *folder).read_text().strip()
    assert CERTIFICATE.findall(bundle.read_text()) == [other.read_text().strip(), ours]
    monkeypatch.setenv("SSL_CERT_FILE", str(bundle))  # as in a program that was told of ours
    assert len(CERTIFICATE.findall(printed(capsys, "bundle", *folder).read_text())) == 2


def test_what_is_wrong_is_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "ca").write_text("")
    assert main(["ca", "path", "--ca-folder", str(tmp_path / "ca")]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_without_the_extra_it_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "trustme", None)
    assert main(["ca", "path", "--ca-folder", str(tmp_path / "ca")]) == 2
    assert "pip install 'showpad-mock[tls]'" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("platform", "environ", "folder"),
    [
        ("linux", {"HOME": "/home/ann"}, "/home/ann/.local/share/showpad-mock"),
        ("linux", {"HOME": "/home/ann", "XDG_DATA_HOME": "/data"}, "/data/showpad-mock"),
        ("linux", {"HOME": "/home/ann", "XDG_DATA_HOME": "data"}, "/home/ann/.local/share/showpad-mock"),
        ("darwin", {"HOME": "/Users/ann"}, "/Users/ann/Library/Application Support/showpad-mock"),
        ("win32", {"LOCALAPPDATA": "/L"}, "/L/showpad-mock"),
        ("win32", {"HOME": "/U"}, "/U/AppData/Local/showpad-mock"),
    ],
)
def test_the_folder_is_where_the_platform_has_users_data(platform: str, environ: dict[str, str], folder: str) -> None:
    assert data_folder(environ, platform) == Path(folder)


def test_the_folder_may_be_named(tmp_path: Path) -> None:
    assert load_settings([], {"SHOWPAD_MOCK_CA_FOLDER": str(tmp_path)}).ca_folder == str(tmp_path)


def test_names_are_added_by_flags_or_by_a_variable_with_commas() -> None:
    assert load_settings(["--tls-name", "A.example", "--tls-name", "::2"], {}).tls_name == ("a.example", "::2")
    assert load_settings([], {"SHOWPAD_MOCK_TLS_NAME": "a.example, b.example"}).tls_name == ("a.example", "b.example")
    with pytest.raises(SettingError, match=r"--tls-name='a\.example,a b': must be a host name"):
        load_settings(["--tls-name", "a.example", "--tls-name", "a b"], {})
