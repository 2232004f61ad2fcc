"""`showpad-mock serve`: from settings to a listening server, and its state to a file at the end."""

from __future__ import annotations

import ipaddress
import json
import secrets
import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

from ..app import App, AppOptions
from ..core.printable import printable_lines
from ..settings import Settings
from ..state.logs.protocol import Unavailable
from ..web.vendor import Vendor
from .allocator import give_large_blocks_back
from .console import console
from .files import CannotWrite
from .gc_tuning import short_pauses
from .log_format import json_line, request_line
from .parent import end_with_parent
from .ready_file import ReadyFile
from .uvicorn_server import UvicornServer, bind, origin_of, possible_limits

ONCE_STARTED_SECONDS = 1.0


class CannotServe(Exception):
    """The server cannot start, or cannot write a file that it was to write; the message says why."""


def run(settings: Settings, *, colour: bool) -> None:
    """Serve until a signal ends it; raises CannotServe or SeedError."""
    # Around everything else: whatever fails in it, no file is left that tells of a server.
    with _ready_file(settings) as tell_ready:
        app = _loaded(settings)
        with console(as_json=settings.log_format == "json") as out:
            if not settings.quiet:
                shown = json_line if settings.log_format == "json" else partial(request_line, colour=colour)
                app.journal.listen(lambda entry: out.write(shown(entry)))

            def announce(origin: str) -> None:
                tell_ready(origin)
                out.write(_announcement(settings, app, origin))

            _serve(settings, app, announce)


@contextmanager
def _naming(flag: str) -> Iterator[None]:
    """Name the setting of a file that cannot be written."""
    try:
        yield
    except CannotWrite as error:
        raise CannotServe(f"{flag} {error}") from None


@contextmanager
def _ready_file(settings: Settings) -> Iterator[Callable[[str], None]]:
    """Open what tells that the server is ready, if it is to be told; remove that at the end of the block."""
    if settings.ready_file is None:
        yield lambda _: None
        return
    with _naming("--ready-file"):
        file = ReadyFile(Path(settings.ready_file))
        try:
            yield file.write
        finally:
            file.remove()


def _serve(settings: Settings, app: App, announce: Callable[[str], None]) -> None:
    try:
        listener = bind(settings.host, settings.port)
    except OSError as error:
        raise CannotServe(
            f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}. "
            "Choose another with --port; --port 0 takes any free one."
        ) from None
    with listener, short_pauses():
        limits = possible_limits(settings.limits)
        server = UvicornServer(app, lambda: announce(origin_of(listener)), limits=limits)
        # After the loading: until then Ctrl-C ends the program as any other.
        _end_by_signal(server.stop)
        if settings.end_with_stdin:
            end_with_parent(server.stop)
        # Later, in a thread: its import would hold up the start.
        tuning = threading.Timer(ONCE_STARTED_SECONDS, give_large_blocks_back)
        tuning.daemon = True
        tuning.start()
        try:
            server.run_on(listener)
        except Unavailable as error:
            raise CannotServe(f"--state {error}") from None
        finally:
            tuning.cancel()


def _end_by_signal(stop: Callable[[], None]) -> None:
    for name in ("SIGTERM", "SIGINT", "SIGHUP"):
        number = getattr(signal, name, None)  # Windows has no SIGHUP, which tells that the terminal is gone
        is_ignored = name == "SIGHUP" and signal.getsignal(signal.SIGHUP) is signal.SIG_IGN  # nohup wants it so
        if number is not None and not is_ignored:
            signal.signal(number, lambda *_: stop())


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _loaded(settings: Settings) -> App:
    # Beyond loopback there is always one: nobody should have to think of it.
    admin_token = None if _is_loopback(settings.host) else settings.admin_token or secrets.token_urlsafe(24)
    options = AppOptions(
        data=settings.data,
        seed=settings.seed,
        strict=settings.strict,
        admin_token=admin_token,
        copies=settings.memory_tenants,
    )
    if settings.state is None:
        return App(options)
    from .state_setting import open_state  # what most starts do not need

    try:
        log = open_state(settings, options)
    except Unavailable as error:
        raise CannotServe(f"--state {error}") from None
    return App(options, log=log)


def _first_token(vendor: Vendor, app: App) -> str | None:
    sessions = vendor.sessions(app.tenants.peek(app.tenants.seed.subdomain))
    return sessions[0]["apiToken"] if sessions else None


def _announcement(settings: Settings, app: App, origin: str) -> str:
    vendor, seed = app.vendors[0], app.tenants.seed
    sessions = vendor.sessions(app.tenants.peek(seed.subdomain))
    # An admin sees and may do everything: what one tries first should work.
    token = next((one["apiToken"] for one in sessions if one["role"] == "ADMIN"), sessions[0]["apiToken"])
    base_url = origin + vendor.base_path
    others = [(one.name, origin + one.base_path, _first_token(one, app)) for one in app.vendors[1:]]
    # One that was set is the user's secret: it stands in no log.
    generated = None if settings.admin_token is not None else app.admin_token
    if settings.log_format == "json":
        every = [(vendor.name, base_url, token), *others]
        apis = [{"name": name, "baseUrl": url, "token": first} for name, url, first in every]
        told = {"origin": origin, "baseUrl": base_url, "token": token, "apis": apis}
        return json.dumps(told if generated is None else {**told, "adminToken": generated})
    admin = "" if generated is None else f"admin token: {generated}; "
    lines = [
        f"Showpad API v4, mocked, on {base_url}  (seed data: {settings.data}; {admin}Ctrl-C ends)",
        f"  token  {token}  (all of them: showpad-mock tokens)",
        f"  try    curl -H 'Authorization: Bearer {token}' {base_url}/shared-spaces",
        *(f"  beside {name} on {url}  (token {first})" for name, url, first in others),
    ]
    return printable_lines("\n".join(lines))
