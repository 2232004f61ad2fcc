"""The certificate authority of this installation: made once, kept in a folder that only its user can read.

One file holds its key and its certificate, so that there is never one without the other; a second one holds the
certificate alone, for who is to trust it.
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..serving.files import CannotWrite, write_whole
from .temporary import temporary_folder

if TYPE_CHECKING:
    import trustme  # an extra

NEEDED = "TLS needs trustme, which is not installed: pip install 'showpad-mock[tls]'"
RENEW = "`showpad-mock ca renew` makes a new one"


class CannotIntercept(Exception):
    """TLS cannot be served; the message says why."""


@dataclass(frozen=True, slots=True)
class AuthorityFolder:
    """The folder of the authority."""

    path: Path

    @property
    def certificate(self) -> Path:
        """The file that others trust."""
        return self.path / "ca.pem"

    @property
    def bundle(self) -> Path:
        """The file of what the system trusts, and the authority."""
        return self.path / "ca-bundle.pem"

    @property
    def key(self) -> Path:
        """The file of the key and the certificate."""
        return self.path / "ca-key.pem"

    @property
    def runs(self) -> Path:
        """The folder of what no process leaves here, however it ends."""
        return self.path / "runs"

    def open(self) -> trustme.CA:
        """Return the authority, made at the first time; raises CannotIntercept."""
        with told():
            self._make_folder()
            if not os.path.lexists(self.key):
                self._make()
            content = self._read()
            authority = _authority(self.key, content)
            public = authority.cert_pem.bytes()
            if not self.certificate.exists() or self.certificate.read_bytes() != public:
                write_whole(self.certificate, [public])
            return authority

    def renew(self) -> None:
        """Make a new authority in place of the one that there may be; raises CannotIntercept."""
        with told():
            self._make_folder()
            with self._new() as new:
                new.replace(self.key)
        self.open()

    def _make_folder(self) -> None:
        self.path.mkdir(mode=0o700, parents=True, exist_ok=True)
        found = self.path.stat()
        # Whoever may write to the folder could put an authority of their own there.
        if os.name == "posix" and (found.st_uid != os.getuid() or found.st_mode & 0o022):
            raise CannotIntercept(f"{self.path}: others may write to this folder; name another with --ca-folder")

    def _make(self) -> None:
        with self._new() as new, suppress(FileExistsError):
            # Of two that start at once one comes first; to rename would replace its authority, which it has shown.
            os.link(new, self.key)

    @contextmanager
    def _new(self) -> Iterator[Path]:
        """Write a new authority to a file of its own for the length of the block."""
        authority = _trustme().CA(organization_name="showpad-mock")
        content = authority.private_key_pem.bytes() + authority.cert_pem.bytes()
        with temporary_folder(self.runs) as folder:
            new = folder / self.key.name
            with open(new, "xb", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            yield new

    def _read(self) -> bytes:
        # A link might lead to a file of somebody else's.
        descriptor = os.open(self.key, os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0))
        with os.fdopen(descriptor, "rb") as file:
            mode = os.fstat(descriptor).st_mode
            if os.name == "posix" and (not stat.S_ISREG(mode) or mode & 0o077):
                raise CannotIntercept(
                    f"{self.key}: must be a file that its owner alone may read: chmod 600, or {RENEW}"
                )
            return file.read(1_000_000)


@contextmanager
def told() -> Iterator[None]:
    """Tell of what the folder does not allow by CannotIntercept."""
    try:
        yield
    except CannotWrite as error:
        raise CannotIntercept(str(error)) from None
    except OSError as error:
        raise CannotIntercept(f"{error.filename}: {error.strerror}; --ca-folder names another folder") from None


def _trustme() -> Any:
    try:
        import trustme
    except ModuleNotFoundError:
        raise CannotIntercept(NEEDED) from None
    return trustme


def _authority(file: Path, content: bytes) -> trustme.CA:
    made = _trustme()
    from cryptography.hazmat.primitives.serialization import load_pem_private_key
    from cryptography.x509 import load_pem_x509_certificate

    try:
        certificate, key = load_pem_x509_certificate(content), load_pem_private_key(content, password=None)
        is_whole = certificate.public_key() == key.public_key()
    except (ValueError, TypeError):
        is_whole = False
    if not is_whole:
        raise CannotIntercept(f"{file}: is damaged, it must hold a key and its certificate; {RENEW}")
    if certificate.not_valid_after_utc < datetime.now(UTC):
        raise CannotIntercept(f"{file}: the authority expired on {certificate.not_valid_after_utc:%Y-%m-%d}; {RENEW}")
    authority: trustme.CA = made.CA.from_pem(content, content)
    return authority
