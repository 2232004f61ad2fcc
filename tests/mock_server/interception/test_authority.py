"""This installation's certificate authority: made once, private, replaced whole."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Barrier

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from showpad_mock.interception.authority import AuthorityFolder, CannotIntercept


@pytest.fixture
def folder(tmp_path: Path) -> AuthorityFolder:
    return AuthorityFolder(tmp_path / "user" / "showpad-mock")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_it_is_made_once(folder: AuthorityFolder) -> None:
    first = folder.open().cert_pem.bytes()
    assert folder.open().cert_pem.bytes() == first == folder.certificate.read_bytes()


def test_its_key_is_its_users_alone(folder: AuthorityFolder) -> None:
    before = os.umask(0)
    try:
        folder.open()
    finally:
        os.umask(before)
    assert (mode(folder.path), mode(folder.key)) == (0o700, 0o600)
    assert b"PRIVATE KEY" not in folder.certificate.read_bytes()


def test_starts_at_once_get_the_same_one_and_leave_nothing_beside_it(folder: AuthorityFolder) -> None:
    together = Barrier(4)

    def start(_: int) -> bytes:
        together.wait()
        return folder.open().cert_pem.bytes()

    with ThreadPoolExecutor(4) as starts:
        assert len(set(starts.map(start, range(4)))) == 1
    assert {file.name for file in folder.path.rglob("*")} == {"ca.pem", "ca-key.pem", "runs"}


def test_a_renewed_one_is_another_with_another_serial(folder: AuthorityFolder) -> None:
    first = x509.load_pem_x509_certificate(folder.open().cert_pem.bytes())
    folder.renew()
    second = x509.load_pem_x509_certificate(folder.certificate.read_bytes())
    assert first.serial_number != second.serial_number
    assert first.subject != second.subject
    assert mode(folder.key) == 0o600


def test_a_certificate_that_is_lost_or_changed_is_written_again(folder: AuthorityFolder) -> None:
    expected = folder.open().cert_pem.bytes()
    folder.certificate.write_bytes(b"other")
    folder.open()
    assert folder.certificate.read_bytes() == expected


@pytest.mark.parametrize("keep", [0, 100, 300])
def test_a_damaged_file_is_told_with_the_way_out(folder: AuthorityFolder, keep: int) -> None:
    folder.open()
    folder.key.write_bytes(folder.key.read_bytes()[:keep])
    with pytest.raises(CannotIntercept, match=r"ca-key\.pem: is damaged.*ca renew"):
        folder.open()
    folder.renew()
    folder.open()


def test_a_key_of_another_certificate_is_damage(folder: AuthorityFolder, tmp_path: Path) -> None:
    other = AuthorityFolder(tmp_path / "other").open()
    key = folder.open().private_key_pem.bytes()
    folder.key.write_bytes(key + other.cert_pem.bytes())
    with pytest.raises(CannotIntercept, match="is damaged"):
        folder.open()


def expired() -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([]), datetime.now(UTC)
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key()).serial_number(7)
    dated = made.not_valid_before(now - timedelta(days=9)).not_valid_after(now - timedelta(days=2))
    private = key.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return private + dated.sign(key, hashes.SHA256()).public_bytes(Encoding.PEM)


def test_an_expired_one_is_told_with_its_date(folder: AuthorityFolder) -> None:
    folder.open()
    folder.key.write_bytes(expired())
    with pytest.raises(CannotIntercept, match=r"expired on 20\d\d-\d\d-\d\d; .*ca renew"):
        folder.open()


@pytest.mark.skipif(os.name != "posix", reason="modes are Unix's")
def test_a_key_that_others_may_read_is_refused(folder: AuthorityFolder) -> None:
    folder.open()
    folder.key.chmod(0o640)
    with pytest.raises(CannotIntercept, match="chmod 600"):
        folder.open()


@pytest.mark.skipif(os.name != "posix", reason="modes are Unix's")
def test_a_folder_that_others_may_write_to_is_refused(folder: AuthorityFolder) -> None:
    folder.open()
    folder.path.chmod(0o770)
    with pytest.raises(CannotIntercept, match=r"others may write.*--ca-folder"):
        folder.open()


@pytest.mark.skipif(os.name != "posix", reason="Windows has no such links for everybody")
def test_a_link_in_place_of_the_key_is_not_followed(folder: AuthorityFolder, tmp_path: Path) -> None:
    folder.open()
    elsewhere = folder.key.rename(tmp_path / "elsewhere.pem")
    folder.key.symlink_to(elsewhere)
    with pytest.raises(CannotIntercept, match=r"ca-key\.pem"):
        folder.open()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(CannotIntercept, match=r"file.*--ca-folder"):
        AuthorityFolder(tmp_path / "file" / "below").open()
