"""`showpad-mock serve`: from settings to a listening server, in this process."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING

from ..app import App, AppOptions
from ..settings import Settings
from ..state.logs.protocol import Unavailable
from ..web.seed_data import SeedError
from ..webhooks.service import DeliveryOptions
from .allocator import give_large_blocks_back
from .announcement import announcement
from .console import console
from .doors import doors_of
from .gc_tuning import short_pauses
from .listeners import Listeners, bind
from .log_format import json_line, request_line
from .output import LineWriter
from .parent import end_with_parent
from .start import CannotServe, admin_token, end_by_signal, listen, ready_file
from .uvicorn_server import UvicornServer, possible_limits

if TYPE_CHECKING:
    from .state_setting import State  # what most starts do not need

ONCE_STARTED_SECONDS = 1.0


def run(settings: Settings, *, colour: bool) -> None:
    """Serve until a signal ends it; raises CannotServe."""
    # Around everything else: whatever fails in it, no file is left that tells of a server.
    with ready_file(settings) as tell_ready:
        app = load(settings, admin_token(settings), _opened)
        with console(as_json=settings.log_format == "json") as out:
            show_requests(app, settings, out, colour=colour)
            listeners = Listeners(*listen(settings, bind))

            def announce() -> None:
                tell_ready(listeners.addresses())
                out.write(announcement(settings, app, listeners.addresses()))

            def begin(server: UvicornServer) -> None:
                end_by_signal(server.stop)
                if settings.end_with_stdin:
                    end_with_parent(server.stop)

            serve_on(listeners, app, settings, on_answers=announce, begin=begin)


def load(settings: Settings, admin_token: str | None, open_state: Callable[[Settings], State]) -> App:
    """Return the app that settings ask for, its tenants kept where they name a state; raises as `run` does."""
    options = AppOptions(
        data=settings.data,
        seed=settings.seed,
        strict=settings.strict,
        local_links=settings.links == "local",
        admin_token=admin_token,
        copies=settings.memory_tenants,
        deliveries=DeliveryOptions(hosts=settings.allow_webhook_host),
    )
    try:
        if settings.state is None:
            return App(options)
        state = open_state(settings)
        return App(options, log=state.log, board=state.board)
    except Unavailable as error:
        raise CannotServe(f"--state {error}") from None
    except SeedError as error:
        raise CannotServe(str(error)) from None


def _opened(settings: Settings) -> State:
    from .state_setting import open_state

    return open_state(settings)


def show_requests(app: App, settings: Settings, out: LineWriter, *, colour: bool) -> None:
    """Write a line for each request, where settings ask for it."""
    if not settings.quiet:
        shown = json_line if settings.log_format == "json" else partial(request_line, colour=colour)
        app.journal.listen(lambda entry: out.write(shown(entry)))


def serve_on(
    listeners: Listeners,
    app: App,
    settings: Settings,
    *,
    on_answers: Callable[[], None],
    begin: Callable[[UvicornServer], None],
) -> None:
    """Serve on bound sockets until the server that `begin` is given is stopped; raises CannotServe."""
    with closing(listeners), short_pauses():
        doors = doors_of(settings, listeners, app)
        server = UvicornServer(app, on_answers, limits=possible_limits(settings.limits), doors=doors)
        # After the loading: until then Ctrl-C ends the program as any other.
        begin(server)
        # Later, in a thread: its import would hold up the start.
        tuning = threading.Timer(ONCE_STARTED_SECONDS, give_large_blocks_back)
        tuning.daemon = True
        tuning.start()
        try:
            server.run_on(listeners.http)
        except Unavailable as error:
            raise CannotServe(f"--state {error}") from None
        finally:
            tuning.cancel()
