"""What the system trusts and our authority in one file: for programs that take one, and call other hosts as well."""

from __future__ import annotations

import re
import ssl
import sys
from collections.abc import Iterable, Iterator
from importlib.util import find_spec
from pathlib import Path

from ..serving.files import CannotWrite, write_whole
from .authority import AuthorityFolder, CannotIntercept

CERTIFICATE = re.compile(rb"-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----")


def write_bundle(folder: AuthorityFolder, file: Path | None = None, more: Iterable[Path] = ()) -> Path:
    """Write the bundle anew, since any part may have changed, and return its file; raises CannotIntercept.

    `file` is where, if not in the authority's folder; `more` are files of certificates to trust as well.
    """
    file = file or folder.bundle
    ours = folder.open().cert_pem.bytes().strip()
    others = (*_system(), *(one for named in more for one in _certificates(named)))
    # Each once: a variable may have led us to a bundle of our own.
    certificates = dict.fromkeys((*(one for one in others if one != ours), ours))
    try:
        write_whole(file, [one + b"\n" for one in certificates])
    except CannotWrite as error:
        raise CannotIntercept(str(error)) from None
    return file


def _system() -> Iterator[bytes]:
    if sys.platform == "win32":  # no files there
        context = ssl.create_default_context()
        yield from (ssl.DER_cert_to_PEM_cert(one).strip().encode() for one in context.get_ca_certs(binary_form=True))
        return
    paths = ssl.get_default_verify_paths()
    files = [Path(paths.cafile)] if paths.cafile else []
    # OpenSSL finds a certificate there by a name made of its hash.
    files += sorted(Path(paths.capath).glob("*.[0-9]")) if paths.capath else []
    for file in files or _certifi():
        yield from _certificates(file)


def _certifi() -> list[Path]:
    """Return the roots that came with Python packages: python.org's Python on macOS finds none of the system's."""
    found = find_spec("certifi")
    return [Path(found.origin).with_name("cacert.pem")] if found is not None and found.origin is not None else []


def _certificates(file: Path) -> list[bytes]:
    try:
        return CERTIFICATE.findall(file.read_bytes().replace(b"\r\n", b"\n"))
    except OSError as error:
        raise CannotIntercept(f"{file}: cannot be read: {error.strerror}") from None
