"""The certificate that a server shows, signed by this installation's authority."""

from __future__ import annotations

import ssl
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from .authority import AuthorityFolder, told
from .temporary import temporary_folder

if TYPE_CHECKING:
    import trustme  # an extra

LOCAL = ("localhost", "127.0.0.1", "::1")
LIFE = timedelta(days=197)
"""Clients begin to refuse what lives longer than 200 days (CA/Browser Forum, SC-081, from March 2026)."""
EARLIER = timedelta(days=1)
"""Before now that a certificate begins: a client's clock may be behind."""


def issue(authority: trustme.CA, names: Iterable[str]) -> trustme.LeafCert:
    """Return a new certificate for the local names and others."""
    begins = datetime.now(UTC) - EARLIER
    return authority.issue_cert(
        *dict.fromkeys((*LOCAL, *names)),
        organization_name="showpad-mock",
        not_before=begins,
        not_after=begins + LIFE,
    )


def server_context(folder: AuthorityFolder, names: Iterable[str]) -> ssl.SSLContext:
    """Return what a server speaks TLS by, with a certificate for the local names and others; raises CannotIntercept."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.set_alpn_protocols(["http/1.1"])
    certificate = issue(folder.open(), names)
    # The ssl module takes a key from a file alone.
    pem = certificate.private_key_and_cert_chain_pem
    with told(), temporary_folder(folder.runs) as own, pem.tempfile(dir=str(own)) as file:
        context.load_cert_chain(file)
    return context
