"""The command `showpad-contracts`."""

from __future__ import annotations

import argparse
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .arguments import count, listen_address, positive, receiver_url
from .reporting.formats import FORMATS
from .suites import DEFAULT, SUITES

if TYPE_CHECKING:
    from .running.opening import RunOptions
    from .running.working import ReportOptions
    from .suite import AnySuite

DESCRIPTION = """\
The promises of Showpad's API v4 as executable rules, against the mock or a real tenant.

  showpad-contracts check                        against a mock of its own
  showpad-contracts check --target URL           against a server on this machine; who acts is in variables:
                                                 SHOWPAD_TOKEN_ADMIN, SHOWPAD_OAUTH_ADMIN, SHOWPAD_EMAIL_ADMIN
                                                 (ADMIN, MANAGER, OWNER, PARTICIPANT, OUTSIDER, DEACTIVATED)
  showpad-contracts check --target tenant.toml   against the tenant that a target file names
  showpad-contracts target URL > tenant.toml     begin such a file with what the look-ups at an address show
  showpad-contracts check --api rspace           the sharing part of RSpace's ELN API v1 instead, with variables such
                                                 as RSPACE_TOKEN_OWNER (OWNER, COLLEAGUE, OUTSIDER, DISABLED)

On a target that it did not start itself only reading rules run, unless --allow-writes is given. Every space it creates
is deleted at the end; `showpad-contracts sweep` does it for a run that was killed.

Exit codes: 0 no rule was broken, 1 a rule was broken (or what --fail-on names), 2 could not run.
Not affiliated with Showpad.
"""
HELD, BROKEN, COULD_NOT_RUN = 0, 1, 2
FAIL_ON = ("refuted assumption", "unverified", "skipped")
EXTRA = ("httpx2", "hypothesis", "rich")
ENDED_BY = [getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name)]
"""What ends a run as Ctrl-C does, its spaces deleted."""
Verb = Callable[[argparse.Namespace, Mapping[str, str]], int]


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command; returns the exit code."""
    given = _parser().parse_args(sys.argv[1:] if arguments is None else arguments)
    # Said by name: the modules behind the verbs import them, and would end in a traceback.
    missing = [name for name in EXTRA if find_spec(name) is None]
    if missing:
        return _could_not(f"{', '.join(missing)} not installed: pip install 'showpad-mock[contracts]'")
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="backslashreplace")  # a terminal may lack what a target answers
    return _guarded(given.run, given)


def _guarded(verb: Verb, given: argparse.Namespace) -> int:
    """Run a verb; whatever goes wrong, the exit code is not the one of a broken rule."""
    from .core.target import TargetError
    from .core.violation import NotTheApi, TargetLacks
    from .running.opening import CannotRun

    # Their default ends a process at once, before anything is deleted.
    before = {number: signal.signal(number, signal.default_int_handler) for number in ENDED_BY}
    try:
        return verb(given, os.environ)
    except (CannotRun, NotTheApi, TargetError) as error:
        return _could_not(str(error))
    except TargetLacks as error:
        return _could_not(f"the target does not offer {error}")
    except KeyboardInterrupt:
        return _could_not("interrupted; if it left anything on a tenant, `showpad-contracts sweep` deletes it")
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - nobody reads on
        return COULD_NOT_RUN
    except Exception:
        traceback.print_exc()
        return _could_not("this is an error of the kit, not of the target")
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _could_not(reason: str) -> int:
    print(f"showpad-contracts: {' '.join(reason.split())}", file=sys.stderr)
    return COULD_NOT_RUN


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="showpad-contracts",
        description=DESCRIPTION,
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs = parser.add_subparsers(dest="verb", metavar="VERB", title="verbs", required=True)

    check = _verb(verbs, "check", _check, "hold a target to the rules")
    _add_target_flags(check)
    check.add_argument("--rule", action="append", default=[], metavar="GLOB", help="only rules like this; repeatable")
    check.add_argument("--profile", choices=("quick", "default", "deep"), default="default", help="how thoroughly")
    check.add_argument("--seed", type=int, default=0, help="what the drawn examples grow from (default 0)")
    check.add_argument("--plan", action="store_true", help="tell what would be sent and who would hear; send nothing")
    _add_report_flags(check)

    replay = _verb(verbs, "replay", _replay, "run one check again, drawing the same")
    replay.add_argument("id", help="the replay id that a broken rule shows")
    _add_target_flags(replay)
    _add_report_flags(replay)

    sweep = _verb(verbs, "sweep", _sweep, "delete what killed runs left on their tenants")
    sweep.add_argument("--target", metavar="URL|FILE", help="instead of the target that a run's ledger names")
    _add_limit_flags(sweep)

    target = _verb(verbs, "target", _target, "write the target file of an address")
    target.add_argument("url", metavar="URL", help="the address; tokens and e-mail addresses in variables, as above")
    _add_limit_flags(target)

    rules = _verb(verbs, "rules", _rules, "list the rules, their checks and last results")
    rules.add_argument("--rule", action="append", default=[], metavar="GLOB", help="only rules like this; repeatable")

    _verb(verbs, "openapi", _openapi, "print the OpenAPI document of the rules' API")
    return parser


def _verb(verbs: Any, name: str, run: Verb, told: str) -> argparse.ArgumentParser:
    # argparse keeps the type of `verbs` to itself.
    verb: argparse.ArgumentParser = verbs.add_parser(name, help=told, allow_abbrev=False)
    verb.set_defaults(run=run)
    verb.add_argument("--api", choices=tuple(SUITES), help=f"whose rules, or whose runs (default {DEFAULT})")
    return verb


def _add_target_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--target", default="mock", metavar="mock|URL|FILE", help="what to check (default mock)")
    parser.add_argument("--allow-writes", action="store_true", help="also rules that create something, and delete it")
    parser.add_argument(
        "--allow-shares", action="store_true", help="also rules that create what nothing deletes, such as Shares"
    )
    parser.add_argument(
        "--receiver",
        type=receiver_url,
        metavar="URL",
        help="where the target reaches the receiver of its webhooks, a tunnel's address, say; a target on this machine "
        "needs none",
    )
    parser.add_argument(
        "--receiver-listen",
        type=listen_address,
        metavar="HOST:PORT",
        help="where the receiver listens: what is sent to --receiver has to come out there",
    )
    _add_limit_flags(parser)


def _add_limit_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--max-requests", type=count, metavar="N", help="send at most so many requests")
    parser.add_argument("--rate", type=positive, metavar="N", help="send at most so many requests a second")
    parser.add_argument("--timeout", type=positive, default=30.0, metavar="SECONDS", help="for an answer (default 30)")


def _add_report_flags(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--report",
        action="append",
        default=[],
        type=_report,
        metavar="FORMAT:FILE",
        help=f"{', '.join(FORMATS)}; repeatable",
    )
    parser.add_argument(
        "--fail-on",
        action="append",
        default=[],
        choices=FAIL_ON,
        help="exit 1 also where assumptions were refuted, or where rules asked for by name, or half of all, were "
        "unverified or skipped; repeatable",
    )
    how = parser.add_mutually_exclusive_group()
    how.add_argument("-q", "--quiet", action="store_true", help="print only what broke and how the run ended")
    how.add_argument("-v", "--verbose", action="store_true", help="also a line a rule, and every reason")


def _report(text: str) -> tuple[str, Path]:
    kind, _, file = text.partition(":")
    if kind not in FORMATS or not file:
        wanted = " or ".join(f"{name}:FILE" for name in FORMATS)
        raise argparse.ArgumentTypeError(f"must be {wanted}, got {text!r}")
    return kind, Path(file)


def _options(given: argparse.Namespace, **more: Any) -> RunOptions[Any]:
    from .running.opening import RunOptions

    return RunOptions(
        suite=_suite(given),
        api=given.api,
        target=given.target,
        allow_writes=given.allow_writes,
        allow_shares=given.allow_shares,
        max_requests=given.max_requests,
        rate=given.rate,
        timeout=given.timeout,
        receiver=given.receiver,
        receiver_listen=given.receiver_listen,
        **more,
    )


def _report_options(given: argparse.Namespace) -> ReportOptions:
    from .running.working import ReportOptions

    return ReportOptions(reports=given.report, quiet=given.quiet, verbose=given.verbose, fail_on=given.fail_on)


def _check(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from .running.working import planned, work

    options = _options(given, rules=given.rule, profile=given.profile, seed=given.seed)
    if given.plan:
        return _print(planned(options, environ))
    return work(options, environ, _report_options(given))


def _replay(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from .running.opening import CannotRun, one_check
    from .running.runner import read_replay_id
    from .running.working import work

    try:
        name, seed, profile = read_replay_id(given.id)
    except ValueError as error:
        raise CannotRun(str(error)) from None
    options = _options(given, seed=seed, profile=profile.name)
    return work(options, environ, _report_options(given), [one_check(options.suite, name)])


def _sweep(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from .running.opening import limits_of
    from .running.sweep import sweep, told
    from .transport.session import Session

    session_for = partial(Session, limits=limits_of(given.max_requests, given.rate, given.timeout))
    # A run that was killed is nobody's to remember: each suite takes its own ledgers.
    suites = SUITES.values() if given.api is None else [SUITES[given.api]]
    swept = [one for suite in suites for one in sweep(suite(), environ, target=given.target, session_for=session_for)]
    _print(told(swept))
    return HELD if all(one.is_done for one in swept) else COULD_NOT_RUN


def _target(given: argparse.Namespace, environ: Mapping[str, str]) -> int:
    from .running.opening import described, limits_of

    return _print(
        described(_suite(given), given.url, environ, limits_of(given.max_requests, given.rate, given.timeout))
    )


def _rules(given: argparse.Namespace, _: Mapping[str, str]) -> int:
    from .running.working import rules_table

    return _print(rules_table(_suite(given), given.rule))


def _openapi(given: argparse.Namespace, _: Mapping[str, str]) -> int:
    return _print(_suite(given).openapi().splitlines())


def _suite(given: argparse.Namespace) -> AnySuite:
    return SUITES[given.api or DEFAULT]()


def _print(lines: Iterable[str]) -> int:
    for line in lines:
        print(line)
    sys.stdout.flush()
    return HELD
