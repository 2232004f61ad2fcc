"""What a command trusts under `run`: all that it did before, and the authority."""

from __future__ import annotations

from pathlib import Path

import pytest
import trustme
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509 import load_pem_x509_certificates

from showpad_mock.interception.authority import AuthorityFolder
from showpad_mock.launching.trusted import write_trusted


@pytest.mark.filterwarnings("ignore:Parsed a serial number")  # some old roots are not as they should be
def test_all_that_was_trusted_is_so_still_and_for_java_too(tmp_path: Path, authority_folder: Path) -> None:
    corporate, named = trustme.CA(), tmp_path / "corporate.pem"
    corporate.cert_pem.write_to_path(str(named))
    authority = AuthorityFolder(authority_folder)
    environ = {"REQUESTS_CA_BUNDLE": str(named), "CURL_CA_BUNDLE": str(tmp_path), "NODE_EXTRA_CA_CERTS": "/gone"}
    trusted = write_trusted(authority, tmp_path, environ)
    text = trusted.bundle.read_bytes()
    assert corporate.cert_pem.bytes().strip() in text
    assert authority.open().cert_pem.bytes().strip() in text
    store = pkcs12.load_pkcs12(trusted.trust_store.read_bytes(), b"changeit")
    assert len({one.friendly_name for one in store.additional_certs}) == text.count(b"BEGIN CERTIFICATE")
    assert load_pem_x509_certificates(named.read_bytes())[0] in [one.certificate for one in store.additional_certs]
