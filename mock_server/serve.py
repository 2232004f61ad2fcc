"""`showpad-mock serve`: from settings to a listening server, and its state to a file at the end."""

from __future__ import annotations

import ipaddress
import json
import secrets
import signal
from collections.abc import Callable
from functools import partial
from pathlib import Path

from .app import App, AppOptions
from .collector import short_pauses
from .console import console
from .lines import json_line, printable, request_line
from .listening import Listening, bind, origin_of, possible_limits
from .parent import end_with_parent
from .settings import Settings


class CannotServe(Exception):
    """The server cannot start; the message says why."""


def run(settings: Settings, *, colour: bool) -> None:
    """Serve until SIGTERM or Ctrl-C; raises CannotServe or SeedError before it has begun."""
    state = Path(settings.state) if settings.state is not None else None
    app = _loaded(settings, state)
    with console(as_json=settings.log_format == "json") as out:
        if not settings.quiet:
            shown = json_line if settings.log_format == "json" else partial(request_line, colour=colour)
            app.journal.listen(lambda entry: out.write(shown(entry)))
        _serve(settings, app, out.write)
    if state is not None:
        _save(app, state)


def _serve(settings: Settings, app: App, say: Callable[[str], None]) -> None:
    try:
        listener = bind(settings.host, settings.port)
    except OSError as error:
        raise CannotServe(
            f"{settings.host}:{settings.port} cannot be listened on: {error.strerror}. "
            "Choose another with --port; --port 0 takes any free one."
        ) from None
    with listener, short_pauses():
        limits = possible_limits(settings.limits)
        server = Listening(app, lambda: _announce(settings, app, origin_of(listener), say), limits=limits)
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda *_: server.stop())
        if settings.end_with_stdin:
            end_with_parent(server.stop)
        server.run_on(listener)


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _loaded(settings: Settings, state: Path | None) -> App:
    admin_token = None if _is_loopback(settings.host) else secrets.token_urlsafe(24)
    app = App(AppOptions(data=settings.data, seed=settings.seed, strict=settings.strict, admin_token=admin_token))
    if state is not None:
        _load(app, state)
    return app


def _load(app: App, file: Path) -> None:
    try:
        document = file.read_bytes()
    except FileNotFoundError:
        return  # the first start with this file: it is written at exit
    except OSError as error:
        raise CannotServe(f"--state {file}: cannot be read: {error.strerror}") from None
    try:
        app.restore(document)
    except ValueError as error:  # a SnapshotError, by the name that needs no import at every start
        raise CannotServe(str(error)) from None


def _save(app: App, file: Path) -> None:
    """Write the file whole or leave the former one as it was."""
    written = file.with_name(file.name + ".part")
    written.write_bytes(app.snapshot())
    written.replace(file)


def _announce(settings: Settings, app: App, origin: str, say: Callable[[str], None]) -> None:
    if settings.ready_file is not None:
        ready = Path(settings.ready_file)
        partial_file = ready.with_name(ready.name + ".part")
        partial_file.write_text(origin + "\n", encoding="utf-8")
        partial_file.replace(ready)
    vendor, seed = app.vendors[0], app.tenants.seed
    sessions = vendor.sessions(app.tenants.peek(seed.subdomain))
    token = next((one["apiToken"] for one in sessions if one["role"] == "ADMIN"), sessions[0]["apiToken"])
    base_url = origin + vendor.base_path
    if settings.log_format == "json":
        say(json.dumps({"origin": origin, "baseUrl": base_url, "token": token, "adminToken": app.admin_token}))
        return
    lines = [
        f"Showpad API v4, mocked, on {base_url}  (seed data: {settings.data}; Ctrl-C ends)",
        f"  token  {token}  (all of them: showpad-mock tokens)",
        f"  try    curl -H 'Authorization: Bearer {token}' {base_url}/shared-spaces",
    ]
    if app.admin_token is not None:
        lines.append(f"  admin  {origin}/__admin/ asks for: Authorization: Bearer {app.admin_token}")
    say("\n".join(map(printable, lines)))
