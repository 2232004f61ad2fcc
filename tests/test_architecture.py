"""The layers, held by reading every import (lazy and TYPE_CHECKING ones count)."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from showpad_mock.showpad.routes import ROUTES
from showpad_mock.state.store import Store

from .conftest import SLOW

ROOT = Path(__file__).parent.parent
MOCK = ROOT / "mock_server" / "showpad_mock"
KIT = ROOT / "contracts" / "showpad_contracts"
VENDORS = ("showpad_mock.showpad", "showpad_mock.rspace")

CORE, STATE, WEB = "showpad_mock.core", "showpad_mock.state", "showpad_mock.web"
WEBHOOKS = "showpad_mock.webhooks"
FAULTS = "showpad_mock.faults"
EXPLAINING = "showpad_mock.explaining"
BELOW = {CORE, STATE, WEBHOOKS, WEB}
SHOWPAD, RSPACE = VENDORS
OAUTH = f"{SHOWPAD}.oauth"

KIT_CORE, TRANSPORT, TARGETS = "showpad_contracts.core", "showpad_contracts.transport", "showpad_contracts.targets"
RUNNING, REPORTING = "showpad_contracts.running", "showpad_contracts.reporting"
SUITE, SUITES = "showpad_contracts.suite", "showpad_contracts.suites"
KIT_BELOW = {KIT_CORE, TRANSPORT, TARGETS, SUITE}
STATEFUL, STRATEGIES = "showpad_contracts.stateful", "showpad_contracts.strategies"
KIT_ROOMS = ("core", "transport", "targets", "running", "reporting", "stateful", "strategies")
ARGUMENTS = "showpad_contracts.arguments"


def rules_of_a_vendor(vendor: str) -> dict[str, set[str]]:
    """Give what the parts of a vendor's package may import: what all may, and no other vendor."""
    domain, problems, tokens = f"{vendor}.domain", f"{vendor}.problems", f"{vendor}.tokens"
    return {
        vendor: BELOW,
        problems: {CORE},
        f"{vendor}.rules": set(),
        tokens: {CORE},
        domain: {problems, tokens, CORE, STATE, WEBHOOKS},
        f"{vendor}.wire": {problems, tokens, domain, *BELOW},
        f"{vendor}.handlers": {f"{vendor}.wire", domain, *BELOW},
        f"{vendor}.routes": {f"{vendor}.handlers", f"{vendor}.wire", f"{vendor}.hosts", WEB},
        f"{vendor}.testing": {*BELOW, vendor, "showpad_mock.app", "showpad_mock.testing"},
    }


SETTINGS_READ = {"showpad_mock.interception.folder", "showpad_mock.interception.names"}
# Package -> what of ours it may import, beside itself. The longest name that fits a module decides.
MAY_IMPORT: dict[str, set[str]] = {
    KIT_CORE: set(),
    TRANSPORT: {KIT_CORE},
    TARGETS: {KIT_CORE, TRANSPORT},
    SUITE: {KIT_CORE, TRANSPORT, TARGETS},
    STATEFUL: {KIT_CORE, TRANSPORT, SUITE},
    STRATEGIES: set(),
    "showpad_contracts.showpad": {*KIT_BELOW, STATEFUL, STRATEGIES},
    "showpad_contracts.rspace": {*KIT_BELOW, STATEFUL, STRATEGIES},
    SUITES: {SUITE, "showpad_contracts.showpad.suite", "showpad_contracts.rspace.suite"},
    REPORTING: {"showpad_contracts.core.events"},
    RUNNING: KIT_BELOW,
    "showpad_contracts.running.working": {*KIT_BELOW, RUNNING, REPORTING},
    ARGUMENTS: set(),
    "showpad_contracts.cli": {*KIT_BELOW, RUNNING, REPORTING, SUITES, ARGUMENTS},
    "showpad_contracts.pytest_plugin": {*KIT_BELOW, RUNNING, REPORTING, SUITES, ARGUMENTS},
    "showpad_contracts.__main__": {"showpad_contracts.cli"},
    "showpad_contracts": set(),
    CORE: set(),
    STATE: {CORE},
    "showpad_mock.state.logs": {CORE},
    "showpad_mock.state.boards": {CORE, "showpad_mock.state.logs"},
    WEBHOOKS: {CORE, STATE},
    WEB: {CORE, STATE, WEBHOOKS},
    FAULTS: {CORE, STATE, WEB, WEBHOOKS},
    EXPLAINING: {CORE, STATE, WEB},
    "showpad_mock.control": {*BELOW, EXPLAINING, FAULTS},
    **rules_of_a_vendor(SHOWPAD),
    **rules_of_a_vendor(RSPACE),
    "showpad_mock.interception": {CORE, WEB, "showpad_mock.serving.files"},
    "showpad_mock.interception.proxy": {CORE, WEB, "showpad_mock.interception", "showpad_mock.serving"},
    f"{SHOWPAD}.hosts": {WEB, f"{SHOWPAD}.domain"},
    f"{SHOWPAD}.pages": {CORE, WEB, f"{SHOWPAD}.domain"},
    f"{SHOWPAD}.handlers.links": {f"{SHOWPAD}.domain", f"{SHOWPAD}.pages", *BELOW},
    OAUTH: {
        f"{SHOWPAD}.domain",
        f"{SHOWPAD}.hosts",
        f"{SHOWPAD}.pages",
        f"{SHOWPAD}.problems",
        f"{SHOWPAD}.seed.records",
        f"{SHOWPAD}.tokens",
        f"{SHOWPAD}.wire.seed",
        *BELOW,
    },
    f"{SHOWPAD}.handlers.oauth": {OAUTH, f"{SHOWPAD}.domain", f"{SHOWPAD}.pages", *BELOW},
    "showpad_mock.app": {*VENDORS, "showpad_mock.control", FAULTS, *BELOW},
    "showpad_mock.settings": {"showpad_mock.serving.limits", *SETTINGS_READ},
    "showpad_mock.serving": {
        *BELOW,
        EXPLAINING,
        "showpad_mock.app",
        "showpad_mock.interception",
        "showpad_mock.settings",
    },
    "showpad_mock.testing": {
        *BELOW,
        EXPLAINING,
        FAULTS,
        "showpad_mock.app",
        "showpad_mock.interception",
        "showpad_mock.serving",
    },
    "showpad_mock.launching": {
        CORE,
        WEB,
        "showpad_mock.app",
        "showpad_mock.interception",
        "showpad_mock.serving",
        "showpad_mock.settings",
    },
    "showpad_mock.pytest_plugin": set(VENDORS),
    "showpad_mock.arguments": {CORE, "showpad_mock.settings"},
    "showpad_mock.cli": {
        "showpad_mock.arguments",
        WEBHOOKS,
        CORE,
        EXPLAINING,
        *VENDORS,
        WEB,
        "showpad_mock.app",
        "showpad_mock.settings",
        "showpad_mock.serving",
        "showpad_mock.interception",
        "showpad_mock.launching",
    },
    "showpad_mock.__main__": {"showpad_mock.cli"},
    "showpad_mock": set(VENDORS),
}
PACKAGES = {"showpad_mock", "showpad_contracts"}
NOT_IN = {f"{vendor}.domain": {"starlette", "pydantic", "uvicorn"} for vendor in VENDORS}


def modules() -> Iterator[tuple[str, Path]]:
    for package in (MOCK, KIT):
        for path in sorted(package.rglob("*.py")):
            name = ".".join(path.relative_to(package.parent).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


class AtRunTime(ast.NodeTransformer):
    """Leaves out what is imported for the type checker alone."""

    def visit_If(self, node: ast.If) -> ast.AST | None:
        return None if ast.unparse(node.test) == "TYPE_CHECKING" else self.generic_visit(node)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def imports(name: str, path: Path, *, at_run_time: bool = False) -> Iterator[str]:
    """Give the full names of all modules that a module imports."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    tree = tree_of(path)
    for node in ast.walk(AtRunTime().visit(tree) if at_run_time else tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            source = ".".join(part for part in (base, node.module) if part)
            for alias in node.names:
                submodule = Path(*source.split("."), alias.name)
                files = [
                    top / part
                    for top in (MOCK.parent, KIT.parent)
                    for part in (submodule, submodule.with_suffix(".py"))
                ]
                is_module = any(file.exists() for file in files)
                yield f"{source}.{alias.name}" if is_module else source


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def rule_for(name: str) -> str:
    return max((package for package in MAY_IMPORT if within(name, package)), key=len)


@pytest.mark.parametrize(("name", "path"), [pytest.param(*one, id=one[0]) for one in modules()])
def test_a_module_imports_only_what_its_layer_may(name: str, path: Path) -> None:
    package = rule_for(name)
    # A package itself is its __init__ alone: what has no rule of its own gets none for free.
    assert package not in PACKAGES or name == package, f"{name} has no rule in MAY_IMPORT"
    for imported in imports(name, path):
        if imported.partition(".")[0] in PACKAGES:
            allowed = MAY_IMPORT[package] | ({package} - PACKAGES)
            assert any(within(imported, one) for one in allowed), f"{name} may not import {imported}"


@pytest.mark.parametrize(
    ("package", "at_run_time"),
    [
        ("showpad_contracts", False),  # lazy imports count, and those for the type checker
        ("showpad_mock", True),  # lazy imports count; types may name each other
    ],
)
def test_no_module_imports_itself_by_way_of_others(package: str, at_run_time: bool) -> None:  # noqa: FBT001 - a table
    files = {name: path for name, path in modules() if within(name, package)}
    graph = {name: set(imports(name, path, at_run_time=at_run_time)) & files.keys() for name, path in files.items()}
    assert sum(map(len, graph.values())) > len(graph)
    TopologicalSorter(graph).prepare()  # raises CycleError, which names them


@pytest.mark.parametrize("package", sorted(NOT_IN))
def test_the_domain_knows_neither_http_nor_pydantic(package: str) -> None:
    for name, path in modules():
        if within(name, package):
            assert not {one.partition(".")[0] for one in imports(name, path)} & NOT_IN[package]


def test_the_core_of_each_needs_the_standard_library_alone() -> None:
    for name, path in modules():
        if within(name, CORE):
            tops = {one.partition(".")[0] for one in imports(name, path)} - {"showpad_mock"}
            assert tops <= sys.stdlib_module_names


INSTALLED = {"node_modules", ".venv"}
"""Folders of what `make tools` installs, which is not ours."""


def occurrences(pattern: str, package: Path) -> set[str]:
    files = (path for path in package.rglob("*.py") if not INSTALLED & set(path.parts[len(package.parts) :]))
    return {str(path.relative_to(package)) for path in files if re.search(pattern, path.read_text(encoding="utf-8"))}


def test_only_the_command_line_reads_the_environment() -> None:
    assert occurrences(r"os\.environ|getenv", MOCK) == {"cli.py"}
    assert occurrences(r"os\.environ|getenv", KIT) <= {"cli.py", "pytest_plugin.py"}


NAMED_ONCE = {"state/commits.py", "state/boards/redis/board.py"}
"""Where what one server sends gets a name that no other has."""


def test_chance_comes_from_the_seeded_streams() -> None:
    assert occurrences(r"(?m)^(import random|from random|import uuid|from uuid)\b", MOCK) <= {"core/ids.py"}
    # The admin token, names of files that exist for a moment: no behaviour of the mock.
    assert occurrences(r"\bsecrets\.", MOCK) == {
        *NAMED_ONCE,
        "serving/start.py",
        "serving/files.py",
        "launching/run.py",
    }


READS_THE_WALL_CLOCK = {
    "core/clock.py": "a tenant's clock, as far as it runs",
    "core/journal.py": "when an exchange was written down",
    "webhooks/service.py": "the timestamp of a signature, and how long a delivery is held: both from what is handed in",
    "webhooks/signing.py": "what a receiver holds the timestamp against",
    "showpad/exercise.py": "events for a receiver, of no tenant",
    "interception/authority.py": "whether a certificate has expired",
    "interception/certificates.py": "from when on one is valid",
}


def test_no_rule_reads_the_wall_clock() -> None:
    pattern = r"\btime\.time(_ns)?\b|\bdatetime\.now\(|\.(utcnow|today)\(|from time import"
    assert occurrences(pattern, MOCK) == set(READS_THE_WALL_CLOCK)


POLLS = {"mock_server/serving/test_start.py"}
"""A program that is measured waits for its own file, before anything listens."""


def test_no_test_sleeps() -> None:
    # `sleep(0)` lets others have their turn.
    assert occurrences(r"\btime\.sleep\(|\basyncio\.sleep\((?!0\))", ROOT / "tests") == POLLS


@pytest.mark.parametrize("vendor", ["showpad", "rspace"])
def test_handlers_and_domain_know_no_status_but_success(vendor: str) -> None:
    for folder in ("domain", "handlers"):
        for path in (MOCK / vendor / folder).glob("*.py"):
            numbers = [
                node.value
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Constant) and type(node.value) is int and 100 <= node.value <= 599
            ]
            assert set(numbers) <= {200, 201, 204}, path


def test_one_module_chooses_the_log() -> None:
    logs = {f"showpad_mock.state.logs.{file.stem}" for file in (MOCK / "state" / "logs").glob("*.py")}
    chosen = logs - {"showpad_mock.state.logs.protocol", "showpad_mock.state.logs.__init__"}
    importing = {name for name, path in modules() if chosen & set(imports(name, path)) and name not in chosen}
    assert importing == {"showpad_mock.serving.state_setting"}


def test_no_room_but_state_names_its_lock() -> None:
    assert {name for name in occurrences(r"\.lock\b", MOCK) if not name.startswith("state/")} == set()


VENDORS_WORDS = r"(?i)showpad(?![_-]?mock)|rspace|notebook|\bRS-|\bspaces?\b|\bassets?\b|publicuri|CONV-|ITEMS-"


@pytest.mark.parametrize(
    "room", ["web", "state", "webhooks", "control", "testing", "interception", "faults", "explaining"]
)
def test_what_serves_every_vendor_has_no_word_of_one(room: str) -> None:
    found = {
        str(path): re.findall(VENDORS_WORDS, path.read_text(encoding="utf-8")) for path in (MOCK / room).rglob("*.py")
    }
    assert {path: words for path, words in found.items() if words} == {}


def test_the_transaction_awaits_nothing() -> None:
    source = (MOCK / "web" / "steps" / "transaction.py").read_text(encoding="utf-8")
    assert not [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Await | ast.AsyncFunctionDef)]


def test_the_store_is_narrow() -> None:
    methods = [name for name, _ in inspect.getmembers(Store, inspect.isfunction) if not name.startswith("_")]
    assert len(methods) <= 7


def test_each_route_is_listed_once_by_its_operation_id() -> None:
    names = [route.name for route in ROUTES]
    assert len(names) == len(set(names))


MAP = (ROOT / "ARCHITECTURE.md").read_text(encoding="utf-8").partition("## Dependencies")[0]


def test_the_map_is_short() -> None:
    house, log = MAP.split("## State, and the log")
    assert len(house.splitlines()) <= 120  # two pages
    assert len(log.splitlines()) <= 60  # one


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`([\w/]+(?:\.py|\.toml|/))`", MAP))))
def test_what_the_map_names_is_there(name: str) -> None:
    assert any(next(top.glob(f"{within}{name}"), None) for top in (ROOT, MOCK, KIT) for within in ("", "*/", "*/*/"))


def test_what_make_quick_leaves_out_is_there() -> None:
    assert [name for name in SLOW if not (ROOT / "tests" / name).exists()] == []


VENDOR_WORDS = re.compile(
    r"spaces?(?!=)|assets?|themes?|templates?|divisions?|publicuri|rspace|showpad"
    r"|\b(conv|role|space|create|list|get|patch|delete|transfer|items|share|around)-[a-z]{2}",  # rule ids
    re.IGNORECASE,
)
OURS = re.compile(
    r"showpad[-_](contracts|mock)"  # the programs
    r"|string import Template|\bTemplate\(|template\.substitute|    template = "  # of the standard library
)
PLAIN = {"white-space", "without spaces"}
"""What the words also mean."""


@pytest.mark.parametrize("room", [*KIT_ROOMS, "suite.py"])
def test_no_room_of_the_kit_but_a_suites_knows_a_vendor(room: str) -> None:
    files = [KIT / room] if room.endswith(".py") else (KIT / room).rglob("*.py")
    for path in files:
        for line in path.read_text(encoding="utf-8").splitlines():
            told = OURS.sub("", line)
            for plain in PLAIN:
                told = told.replace(plain, "")
            assert VENDOR_WORDS.search(told) is None, f"{path.name}: {line.strip()}"
