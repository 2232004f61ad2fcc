"""The verbs of `showpad-mock` and their flags."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from . import settings

if TYPE_CHECKING:
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


class _Version(argparse.Action):
    """Shows the version, which is looked up for that alone."""

    def __call__(self, parser: argparse.ArgumentParser, *_: object) -> None:
        from .core.version import installed_version

        print(f"{parser.prog} {installed_version()}")
        parser.exit()


def command_parser() -> argparse.ArgumentParser:
    """Return the parser of the command; `verb` is the verb that was given, None for none."""
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


def _add_wait(verbs: Verbs) -> None:
    wait = verbs.add_parser("wait", help="wait until a server answers", allow_abbrev=False)
    _add_server_flags(wait)
    wait.add_argument("--timeout", type=float, default=30.0, metavar="SECONDS", help="give up after (default 30)")
    wait.add_argument("--ready-file", metavar="FILE", help="the file that `serve --ready-file` writes its origin to")


def _add_health(verbs: Verbs) -> None:
    health = verbs.add_parser("health", help="ask a server once whether it is ready", allow_abbrev=False)
    _add_server_flags(health)


def _add_tokens(verbs: Verbs) -> None:
    tokens = verbs.add_parser("tokens", help="show users, tokens, assets and spaces of seed data", allow_abbrev=False)
    tokens.add_argument("--data", default="demo", metavar="FILE", help="the seed data (default demo)")
    tokens.add_argument("--tenant", metavar="NAME", help="the tenant that the tokens are for")
    tokens.add_argument("--markdown", action="store_true", help="as Markdown tables")


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


def _add_explain(verbs: Verbs) -> None:
    explain = verbs.add_parser("explain", help="tell why a request was answered as it was", allow_abbrev=False)
    explain.add_argument("number", type=int, help="its number in the journal (GET /__admin/requests)")
    _add_server_flags(explain)


def _add_server_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--origin", metavar="URL", help=f"the server's origin or base URL (SHOWPAD_MOCK_ORIGIN; default {LOCAL})"
    )
