"""The command `showpad-mock`."""

from __future__ import annotations

import argparse
import gc
import io
import os
import shlex
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from . import settings
from .core.printable import printable_lines

if TYPE_CHECKING:
    from .serving.client import Client

    Verbs = argparse._SubParsersAction[argparse.ArgumentParser]

DESCRIPTION = """\
A stateful mock of Showpad's API v4 sharing side: Shared Spaces, items, ownership, Shares.

  showpad-mock serve             start on http://127.0.0.1:7470/v4 with the demo data
  showpad-mock tokens            who there is, which token, which asset fails and why
  showpad-mock wait              return as soon as a server answers (for scripts and CI)

Any token mock.TENANT.USER opens that tenant at its first use, fresh from the seed data; tenants never see each other.
Not affiliated with Showpad.
"""
LOCAL = "http://127.0.0.1:7470"
USAGE_ERROR = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code: 0 done, 1 the server did not answer or refused, 2 it could not run."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a console may lack what seed data has
    environ = os.environ
    parser = _parser()
    given = parser.parse_args(sys.argv[1:] if arguments is None else arguments)
    if given.verb is None:
        parser.print_help()
        return USAGE_ERROR
    try:
        return int(given.run(given, environ))
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


class _Version(argparse.Action):
    """Shows the version, which is looked up for that alone."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from .core.version import installed_version

        print(f"{parser.prog} {installed_version()}")
        parser.exit()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="showpad-mock",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    parser.add_argument("--version", action=_Version, nargs=0, help="show program's version number and exit")
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs")

    for add in (
        _add_serve,
        _add_wait,
        _add_health,
        _add_tokens,
        _add_snapshot,
        _add_explain,
        _add_ca,
        _add_run,
        _add_env,
        _add_webhooks,
    ):
        add(verbs)
    return parser


def _add_serve(verbs: Verbs) -> None:
    serve = verbs.add_parser("serve", help="serve until Ctrl-C or SIGTERM", allow_abbrev=False)
    settings.add_flags(serve)
    serve.set_defaults(run=_serve)


def _add_wait(verbs: Verbs) -> None:
    wait = verbs.add_parser("wait", help="wait until a server answers", allow_abbrev=False)
    _add_server_flags(wait)
    wait.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="give up after (default 30)")
    wait.add_argument("--ready-file", metavar="FILE", help="the file that `serve --ready-file` writes its origin to")
    wait.set_defaults(run=_wait)


def _add_health(verbs: Verbs) -> None:
    health = verbs.add_parser("health", help="ask a server once whether it is ready", allow_abbrev=False)
    _add_server_flags(health)
    health.set_defaults(run=_health)


def _add_tokens(verbs: Verbs) -> None:
    tokens = verbs.add_parser("tokens", help="show users, tokens, assets and spaces of seed data", allow_abbrev=False)
    tokens.add_argument("--data", default="demo", metavar="FILE", help="the seed data (default demo)")
    tokens.add_argument("--tenant", metavar="NAME", help="the tenant that the tokens are for")
    tokens.add_argument("--markdown", action="store_true", help="as Markdown tables")
    tokens.set_defaults(run=_tokens)


def _add_snapshot(verbs: Verbs) -> None:
    snapshot = verbs.add_parser(
        "snapshot",
        help="save or load the state of a tenant",
        epilog=f"A server that is not on loopback asks for its admin token: set {settings.ADMIN_TOKEN.variable}.",
        allow_abbrev=False,
    )
    snapshot.add_argument("action", choices=("save", "load"))
    snapshot.add_argument("tenant", help="the tenant's name")
    snapshot.add_argument("file", help="the snapshot's file; - is standard output or input")
    _add_server_flags(snapshot)
    snapshot.set_defaults(run=_snapshot)


def _add_ca(verbs: Verbs) -> None:
    ca = verbs.add_parser("ca", help="show what clients are to trust for TLS", allow_abbrev=False)
    ca.add_argument(
        "action",
        choices=("path", "bundle", "renew"),
        help="print the file of the authority's certificate, made when there is none; or that of a bundle of it and "
        "all that the system trusts; or make a new authority, which servers use from their next start on",
    )
    folder = settings.CA_FOLDER
    ca.add_argument(f"--{folder.flag}", metavar=folder.metavar, help=f"{folder.help} ({folder.variable})")
    ca.set_defaults(run=_ca)


def _add_run(verbs: Verbs) -> None:
    run = verbs.add_parser(
        "run",
        help="run a command whose calls to the vendors' hosts reach a mock",
        epilog="The exit code is the command's, or as shells have it: 124 when its time was over, 126 and 127 when it "
        "cannot be run, 128 and more for a signal. The variables of `serve` hold for the mock that it starts.",
        allow_abbrev=False,
    )
    run.add_argument("--origin", metavar="URL", help="join the mock at this origin instead of starting one")
    run.add_argument("--timeout", metavar=settings.TIMEOUT.metavar, help=settings.TIMEOUT.help)
    run.add_argument(
        "--proxy-others",
        choices=("pass", "refuse"),
        default="pass",
        help="what becomes of calls to other hosts (default pass; --proxy-pass excepts some from refuse)",
    )
    settings.add_flags(run, only=("data", "seed", "state", "strict", "proxy-pass", "tls-name", "ca-folder"))
    run.add_argument("command", nargs="+", metavar="COMMAND", help="the command, behind --")
    run.set_defaults(run=_run_command)


def _add_env(verbs: Verbs) -> None:
    env = verbs.add_parser(
        "env", help="print the variables by which `run` leads a command to a server with a proxy", allow_abbrev=False
    )
    _add_server_flags(env)
    env.add_argument(
        "--proxy",
        metavar="URL",
        help="the proxy of `serve --proxy-port`, as http://user:password@127.0.0.1:PORT if it has one",
    )
    env.add_argument("--ready-file", metavar="FILE", help="the file that `serve --ready-file` writes; it tells both")
    env.add_argument("--format", choices=("shell", "dotenv", "json"), default="shell", help="how (default shell)")
    settings.add_flags(env, only=("ca-folder",))
    env.set_defaults(run=_env)


def _add_webhooks(verbs: Verbs) -> None:
    webhooks = verbs.add_parser("webhooks", help="try a receiver of webhooks", allow_abbrev=False)
    webhooks.add_argument(
        "action",
        choices=("exercise",),
        help="send events repeated, out of order, late, lost, forged or stale, and ask a command each time whether "
        "their side effects are right: it gets the events and what is expected of each (once, never, either) as JSON "
        "on standard input, and ends with 0 (right) or 1 (wrong)",
    )
    webhooks.add_argument("--url", required=True, help="the receiver's address")
    webhooks.add_argument("--verify-cmd", required=True, metavar="COMMAND", help="the command that is asked")
    webhooks.add_argument("--key", default="mock-signature-key", help="the signature key (default %(default)s)")
    webhooks.add_argument("--allow-webhook-host", action="append", default=[], metavar="HOST", help="beside loopback")
    webhooks.add_argument("--seed", type=int, default=0, help="of the random generator (default %(default)s)")
    webhooks.add_argument("--examples", type=int, default=50, metavar="COUNT", help="schedules (default %(default)s)")
    webhooks.set_defaults(run=_webhooks)


def _add_explain(verbs: Verbs) -> None:
    explain = verbs.add_parser("explain", help="tell why a request was answered as it was", allow_abbrev=False)
    explain.add_argument("number", type=int, help="its number in the journal (GET /__admin/requests)")
    _add_server_flags(explain)
    explain.set_defaults(run=_explain)


def _add_server_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--origin", metavar="URL", help=f"the server's origin or base URL (SHOWPAD_MOCK_ORIGIN; default {LOCAL})"
    )


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
