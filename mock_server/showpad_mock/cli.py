"""The command `showpad-mock`."""

from __future__ import annotations

import argparse
import gc
import io
import os
import shlex
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from . import settings
from .arguments import LOCAL, command_parser
from .core.printable import printable_lines

if TYPE_CHECKING:
    from .serving.client import Client

USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0 done, 1 the server did not answer or refused, 2 it could not run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a console may lack what seed data has
    environ = os.environ
    parser = command_parser()
    given = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    if given.verb is None:
        parser.print_help()
        return USAGE_ERROR
    try:
        return VERBS[given.verb](given, environ)
    except (settings.SettingError, UsageError) as error:
        print(f"showpad-mock: {printable_lines(str(error))}", file=sys.stderr)
        return USAGE_ERROR


def _show(text: str) -> None:
    with _output():
        print(printable_lines(text), flush=True)


@contextmanager
def _output() -> Iterator[None]:
    """Allow whoever reads standard output to stop, as in `showpad-mock tokens | head -1`; a full disk is an error."""
    try:
        yield
    except OSError as error:
        # The interpreter's last flush would fail, too, and end the program with a code and a complaint of its own.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if not isinstance(error, BrokenPipeError):
            raise UsageError(f"standard output: {error.strerror}") from None


class UsageError(Exception):
    """What was asked for cannot be; the message says what and why."""


def _serve(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    wanted = settings.settings_of(vars(given), environ)
    gc.disable()  # until everything is loaded (gc_tuning.py): what a start loads stays, there is nothing to collect
    # Nobody asks for plug-ins here, and Pydantic would look for some in everything that is installed.
    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")
    from .serving.start import CannotServe

    # https://no-color.org: any text but an empty one switches colours off.
    colour = sys.stdout is not None and sys.stdout.isatty() and not environ.get("NO_COLOR")
    try:
        _run(wanted, environ, colour=colour)
    except CannotServe as error:
        raise UsageError(str(error)) from None
    finally:
        gc.enable()
    return 0


def _run(wanted: settings.Settings, environ: Mapping[str, str], *, colour: bool) -> None:
    if wanted.workers > 1:
        from .serving import workers

        workers.run(wanted, colour=colour, environ=environ)
    else:
        from .serving import serve

        serve.run(wanted, colour=colour)


def _client(given: argparse.Namespace, environ: Mapping[str, str]) -> Client:
    from .serving.client import Client, check_url

    origin = settings.Setting("origin", check_url, LOCAL, "")
    url = settings.value_of(origin, vars(given), environ)
    return Client(url, settings.value_of(settings.ADMIN_TOKEN, {}, environ))


def _wait(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    if given.ready_file is not None:
        from .serving.client import wait_for_file

        try:
            told = wait_for_file(given.ready_file, given.timeout)
        except OSError as error:
            raise UsageError(f"--ready-file {given.ready_file}: cannot be read: {error.strerror}") from None
        awaited = given.ready_file
    else:
        client = _client(given, environ)
        told, awaited = client.wait(given.timeout), client.origin
    if told:
        return 0
    print(f"showpad-mock: {awaited} did not answer within {given.timeout:g} seconds", file=sys.stderr)
    return 1


def _health(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    client = _client(given, environ)
    ready = client.is_ready()
    _show(f"{client.origin} is {'ready' if ready else 'not answering'}")
    return 0 if ready else 1


def _tokens(given: argparse.Namespace, _: Mapping[str, str]) -> int:
    from .app import read_seed
    from .core.names import TENANT_NAME_RULE, is_tenant_name
    from .rspace.seed import cheat_sheet as rspace_sheet
    from .showpad.seed import cheat_sheet
    from .web.seed_data import SeedError

    try:
        seed = read_seed(given.data)
    except SeedError as error:
        raise UsageError(str(error)) from None
    tenant = given.tenant or seed.subdomain
    if not is_tenant_name(tenant):
        raise UsageError(f"--tenant: {TENANT_NAME_RULE}, got {tenant!r}")
    sheet = [*cheat_sheet.tables(seed, tenant), *rspace_sheet.tables(seed, tenant)]
    _show(cheat_sheet.as_markdown(sheet) if given.markdown else cheat_sheet.as_text(sheet))
    return 0


def _ca(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from .interception.authority import AuthorityFolder, CannotIntercept
    from .interception.verbs import act

    try:
        _show(str(act(given.action, AuthorityFolder(settings.ca_folder(vars(given), environ)))))
    except CannotIntercept as error:
        raise UsageError(str(error)) from None
    return 0


def _webhooks(given: argparse.Namespace, _: Mapping[str, str]) -> int:
    try:
        from .showpad.exercise import Asked, exercised
    except ModuleNotFoundError as error:
        if error.name != "hypothesis":
            raise
        raise UsageError("webhooks exercise needs Hypothesis: pip install 'showpad-mock[contracts]'") from None
    from .webhooks.weather.exercise import CannotExercise

    command = shlex.split(given.verify_cmd)
    if not command:
        raise UsageError("--verify-cmd: names no command")
    asked = Asked(given.url, command, given.key, given.allow_webhook_host, given.seed, given.examples)
    try:
        is_right, told = exercised(asked)
    except CannotExercise as error:
        raise UsageError(str(error)) from None
    _show(told)
    return 0 if is_right else 1


def _snapshot(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from .serving.client import ServerRefused
    from .serving.files import CannotWrite

    client = _client(given, environ)
    try:
        if given.action == "load":
            client.load(given.tenant, given.file)
        else:
            _save(client, given.tenant, given.file)
    except ServerRefused as error:
        print(f"showpad-mock: {error}", file=sys.stderr)
        return 1
    except CannotWrite as error:
        raise UsageError(str(error)) from None
    except OSError as error:
        raise UsageError(f"{given.file}: {error.strerror or error}") from None
    return 0


def _save(client: Client, tenant: str, file: str) -> None:
    from .serving.files import check_writable, write_whole

    if file == "-":
        with _output():
            sys.stdout.buffer.writelines(client.snapshot(tenant))
            sys.stdout.buffer.flush()
    else:
        check_writable(Path(file))
        write_whole(Path(file), client.snapshot(tenant))


def _run_command(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from .launching.command import CannotRun
    from .launching.verbs import run

    os.environ.setdefault("PYDANTIC_DISABLE_PLUGINS", "__all__")  # as for `serve`
    try:
        return run(vars(given), environ)
    except CannotRun as error:
        print(f"showpad-mock: {printable_lines(str(error))}", file=sys.stderr)
        return error.code


def _env(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from .launching.command import CannotRun
    from .launching.verbs import env

    try:
        # As it is: a shell or a parser reads it.
        with _output():
            print(env(vars(given), environ, _client(given, environ).origin), flush=True)
    except CannotRun as error:
        raise UsageError(str(error)) from None
    return 0


def _explain(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from .explaining.text import text_of
    from .serving.client import ServerRefused

    try:
        _show(text_of(_client(given, environ).explain(given.number)))
    except ServerRefused as error:
        print(f"showpad-mock: {error}", file=sys.stderr)
        return 1
    return 0


VERBS: Mapping[str, Callable[[argparse.Namespace, Mapping[str, str]], int]] = {
    "serve": _serve,
    "wait": _wait,
    "health": _health,
    "tokens": _tokens,
    "snapshot": _snapshot,
    "ca": _ca,
    "run": _run_command,
    "env": _env,
    "webhooks": _webhooks,
    "explain": _explain,
}
