"""Files of what is to be trusted: what was before, and the authority; for most clients, and as Java has it."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

from ..interception.authority import AuthorityFolder, CannotIntercept
from ..interception.bundle import write_bundle
from ..serving.files import CannotWrite, write_whole

VARIABLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "NODE_EXTRA_CA_CERTS")
"""What names more that was trusted, beside SSL_CERT_FILE, which a bundle begins with."""
PASSWORD = "changeit"  # Java's own; what it guards is public


class Trusted(NamedTuple):
    """The files."""

    bundle: Path
    trust_store: Path


def write_trusted(authority: AuthorityFolder, folder: Path, environ: Mapping[str, str]) -> Trusted:
    """Write the files into a folder; raises CannotIntercept."""
    named = [Path(environ[one]) for one in VARIABLES if environ.get(one)]
    # A variable may name a folder, or what is not there: then its client trusted nothing by it.
    bundle = write_bundle(authority, folder / authority.bundle.name, [one for one in named if one.is_file()])
    trust_store = folder / "trust-store.p12"
    try:
        write_whole(trust_store, [_trust_store(bundle.read_bytes())])
    except CannotWrite as error:
        raise CannotIntercept(str(error)) from None
    return Trusted(bundle, trust_store)


def _trust_store(bundle: bytes) -> bytes:
    """Return a bundle's certificates as a PKCS12 trust store; no JDK is needed."""
    from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
    from cryptography.x509 import load_pem_x509_certificates

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # some old roots that systems trust are not as they should be
        certificates = load_pem_x509_certificates(bundle)
    # Java wants a name for each, and takes two of one name for one.
    entries = [pkcs12.PKCS12Certificate(one, b"%d" % number) for number, one in enumerate(certificates)]
    return pkcs12.serialize_java_truststore(entries, BestAvailableEncryption(PASSWORD.encode()))
