"""What the command line asks for: `run` and `env`, from flags and environment."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

from ..app import VENDORS
from ..interception.authority import AuthorityFolder, CannotIntercept
from ..interception.hosts import hosts_of
from ..serving.client import Client, ServerRefused, check_url
from ..serving.start import CannotServe
from ..settings import PROXY_CREDENTIAL, TIMEOUT, SettingError, ca_folder, settings_of, value_of
from .command import CannotRun
from .run import RunOptions
from .run import run as run_with
from .trusted import write_trusted
from .upstream import WrongProxy
from .variables import FORMATS, Reached, variables

PROXY = "proxy "
"""What the line of a ready file begins with that tells of the proxy."""


def run(given: Mapping[str, Any], environ: Mapping[str, str]) -> int:
    """Run a command; return its exit code. Raises CannotRun, with the code for that."""
    with _told():
        options = RunOptions(
            command=given["command"],
            timeout=value_of(TIMEOUT, given, {}),
            origin=_url("--origin", given["origin"]) if given["origin"] is not None else None,
            refuses_others=given["proxy_others"] == "refuse",
        )
        return run_with(settings_of(given, environ), options, environ)


def env(given: Mapping[str, Any], environ: Mapping[str, str], origin: str) -> str:
    """Return the variables that lead to a server with a proxy, as text; raises CannotRun."""
    with _told():
        proxy = given["proxy"]
        if given["ready_file"] is not None:
            origin, proxy = _addresses(Path(given["ready_file"]))
        if proxy is None:
            raise CannotRun("--proxy or --ready-file must tell where the proxy of `serve --proxy-port` is")
        authority = AuthorityFolder(ca_folder(given, environ))
        trusted = write_trusted(authority, authority.path, environ)
        about = Client(origin).about()
        reached = Reached(
            proxy=_with_credential(_url("--proxy", proxy), value_of(PROXY_CREDENTIAL, given, environ)),
            hosts=hosts_of(VENDORS),
            trusted=trusted,
            base_url=about.base_url,
            token=about.token,
        )
        return FORMATS[given["format"]](variables(reached, environ))


def _addresses(file: Path) -> tuple[str, str]:
    """Return the origin and the proxy that a ready file tells of."""
    try:
        origin, *others = file.read_text(encoding="utf-8", errors="replace").splitlines() or [""]
    except OSError as error:
        raise CannotRun(f"--ready-file {file}: cannot be read: {error.strerror}") from None
    proxies = [one.removeprefix(PROXY) for one in others if one.startswith(PROXY)]
    if not proxies:
        raise CannotRun(f"--ready-file {file}: tells of no proxy; start the server with --proxy-port")
    return origin, proxies[0]


def _url(flag: str, url: str) -> str:
    try:
        parts = urlsplit(check_url(url))
        if parts.scheme != "http" or parts.port == 0:
            raise ValueError("must begin with http://")
    except ValueError as error:
        raise CannotRun(f"{flag}: {error}") from None  # not told itself: a proxy's has a credential in it
    return url.rstrip("/")


def _with_credential(proxy: str, credential: str | None) -> str:
    """Return a proxy's URL with the credential that `serve` was told of, unless it has one."""
    if credential is None or "@" in urlsplit(proxy).netloc:
        return proxy
    user, _, password = credential.partition(":")
    return proxy.replace("://", f"://{quote(user, safe='')}:{quote(password, safe='')}@", 1)


@contextmanager
def _told() -> Iterator[None]:
    """Tell of whatever prevents it in one way."""
    try:
        yield
    except (CannotIntercept, CannotServe, ServerRefused, SettingError, WrongProxy) as error:
        raise CannotRun(str(error)) from None
