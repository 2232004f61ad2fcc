"""The layers, held by reading every import (lazy and TYPE_CHECKING ones count)."""

from __future__ import annotations

import ast
import inspect
import re
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from mock_server.showpad.routes import ROUTES
from mock_server.state.store import Store

from .conftest import SLOW

ROOT = Path(__file__).parent.parent
SHARED = {
    "mock_server." + name
    for name in ("clock", "ids", "names", "problem", "journal", "vendor", "lines", "redaction", "version")
}
STATE = {"mock_server.state"}
WEB = {"mock_server.web"}
DOMAIN = "mock_server.showpad.domain"

KIT_CORE = {
    "contracts." + name
    for name in (
        "bounded",
        "check",
        "connection",
        "created",
        "duration",
        "events",
        "exchange",
        "expect",
        "failure",
        "limits",
        "redaction",
        "reproduction",
        "rule",
        "seal",
    )
} | {"contracts.session", "contracts.target"}
KIT_RUN = KIT_CORE | {
    "contracts." + name for name in ("attempt", "verdict", "runner", "folder", "ledger", "launch", "plan", "probe")
}

# Package -> what of ours it may import, beside itself. The longest name that fits a module decides.
MAY_IMPORT: dict[str, set[str]] = {
    "contracts": set(),
    **dict.fromkeys(KIT_CORE, KIT_CORE),
    "contracts.attempt": KIT_CORE,
    "contracts.verdict": KIT_CORE | {"contracts.attempt"},
    "contracts.runner": KIT_CORE | {"contracts.attempt", "contracts.verdict"},
    "contracts.folder": KIT_CORE,
    "contracts.ledger": KIT_CORE,
    "contracts.launch": KIT_CORE,
    "contracts.plan": KIT_CORE | {"contracts.runner"},
    "contracts.probe": KIT_CORE | {"contracts.showpad"},
    "contracts.reporting": {"contracts.events"},
    "contracts.target_file": {"contracts.target"},
    "contracts.showpad": KIT_CORE,
    "contracts.sweep": KIT_RUN | {"contracts.showpad"},
    "contracts.opening": KIT_RUN | {"contracts.showpad", "contracts.target_file"},
    "contracts.working": KIT_RUN | {"contracts.opening", "contracts.reporting", "contracts.showpad"},
    "contracts.arguments": set(),
    "contracts.cli": KIT_RUN | {"contracts.arguments", "contracts.opening", "contracts.sweep", "contracts.working"},
    "contracts.pytest_plugin": KIT_RUN
    | {"contracts.arguments", "contracts.opening", "contracts.reporting", "contracts.showpad"},
    "contracts.__main__": {"contracts.cli"},
    "mock_server.clock": set(),
    "mock_server.ids": set(),
    "mock_server.names": set(),
    "mock_server.problem": set(),
    "mock_server.vendor": set(),
    "mock_server.version": set(),
    "mock_server.redaction": set(),
    "mock_server.journal": {"mock_server.redaction"},
    "mock_server.lines": {"mock_server.clock", "mock_server.journal", "mock_server.problem"},
    "mock_server.state": SHARED,
    "mock_server.web": SHARED | STATE,
    "mock_server.control": SHARED | STATE | WEB,
    "mock_server.showpad": SHARED | STATE | WEB,
    "mock_server.showpad.problems": {"mock_server.problem"},
    "mock_server.showpad.rules": set(),
    DOMAIN: {"mock_server.showpad.problems", *STATE, *SHARED},
    "mock_server.showpad.wire": {"mock_server.showpad.problems", DOMAIN, *WEB, *SHARED},
    "mock_server.showpad.handlers": {"mock_server.showpad.wire", DOMAIN, *WEB, *SHARED, *STATE},
    "mock_server.showpad.routes": {"mock_server.showpad.handlers"},
    "mock_server.app": {"mock_server.showpad", "mock_server.control", *WEB, *STATE, *SHARED},
    "mock_server.verification": {"mock_server.journal", "mock_server.lines"},
    "mock_server.tenant": {
        "mock_server.app",
        "mock_server.server",
        "mock_server.showpad",
        "mock_server.verification",
        *STATE,
        *SHARED,
    },
    "mock_server.limits": set(),
    "mock_server.connections": {"mock_server.limits", "mock_server.problem", "mock_server.web.render"},
    "mock_server.listening": {"mock_server.app", "mock_server.connections", "mock_server.limits"},
    "mock_server.output": set(),
    "mock_server.files": set(),
    "mock_server.ready_file": {"mock_server.files"},
    "mock_server.console": {"mock_server.lines", "mock_server.output"},
    "mock_server.server": {"mock_server.app", "mock_server.listening", "mock_server.tenant", *STATE},
    "mock_server.serve": {
        "mock_server.allocator",
        "mock_server.app",
        "mock_server.collector",
        "mock_server.console",
        "mock_server.files",
        "mock_server.listening",
        "mock_server.parent",
        "mock_server.ready_file",
        "mock_server.settings",
        *SHARED,
    },
    "mock_server.client": {"mock_server.lines"},
    "mock_server.allocator": set(),
    "mock_server.collector": set(),
    "mock_server.parent": set(),
    "mock_server.settings": {"mock_server.limits"},
    "mock_server.pytest_plugin": {"mock_server.server", "mock_server.tenant"},
    "mock_server.cli": {
        "mock_server.settings",
        "mock_server.version",
        "mock_server.serve",
        "mock_server.client",
        "mock_server.files",
        "mock_server.lines",
        "mock_server.showpad",
        "mock_server.state.tenants",
    },
    "mock_server.__main__": {"mock_server.cli"},
    "mock_server": {"mock_server.server", "mock_server.tenant"},
}
NOT_IN = {DOMAIN: {"starlette", "pydantic", "uvicorn"}}
STANDARD_LIBRARY_ONLY = SHARED


def modules() -> Iterator[tuple[str, Path]]:
    for package in ("mock_server", "contracts"):
        for path in sorted((ROOT / package).rglob("*.py")):
            name = ".".join(path.relative_to(ROOT).with_suffix("").parts)
            yield name.removesuffix(".__init__"), path


def imports(name: str, path: Path) -> Iterator[str]:
    """Give the full names of all modules that a module imports."""
    package = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = package.rsplit(".", node.level - 1)[0] if node.level else ""
            source = ".".join(part for part in (base, node.module) if part)
            for alias in node.names:
                submodule = ROOT / Path(*source.split("."), alias.name)
                is_module = submodule.with_suffix(".py").exists() or submodule.is_dir()
                yield f"{source}.{alias.name}" if is_module else source


def within(name: str, package: str) -> bool:
    return name == package or name.startswith(package + ".")


def rule_for(name: str) -> str:
    return max((package for package in MAY_IMPORT if within(name, package)), key=len)


@pytest.mark.parametrize(("name", "path"), [pytest.param(*one, id=one[0]) for one in modules()])
def test_a_module_imports_only_what_its_layer_may(name: str, path: Path) -> None:
    package = rule_for(name)
    # `mock_server` itself is its __init__ alone: what has no rule of its own gets none for free.
    assert package not in ("mock_server", "contracts") or name == package, f"{name} has no rule in MAY_IMPORT"
    for imported in imports(name, path):
        if within(imported, "mock_server") or within(imported, "contracts"):
            allowed = MAY_IMPORT[package] | ({package} - {"mock_server", "contracts"})
            assert any(within(imported, one) for one in allowed), f"{name} may not import {imported}"


@pytest.mark.parametrize("package", sorted(NOT_IN))
def test_the_domain_knows_neither_http_nor_pydantic(package: str) -> None:
    for name, path in modules():
        if within(name, package):
            assert not {one.partition(".")[0] for one in imports(name, path)} & NOT_IN[package]


def test_what_everybody_may_import_needs_the_standard_library_alone() -> None:
    for name, path in modules():
        if name in STANDARD_LIBRARY_ONLY:
            tops = {one.partition(".")[0] for one in imports(name, path)} - {"mock_server"}
            assert tops <= sys.stdlib_module_names


def occurrences(pattern: str, folder: str = "mock_server") -> set[str]:
    files = (ROOT / folder).rglob("*.py")
    return {str(path.relative_to(ROOT)) for path in files if re.search(pattern, path.read_text(encoding="utf-8"))}


def test_only_the_command_line_reads_the_environment() -> None:
    assert occurrences(r"os\.environ|getenv") == {"mock_server/cli.py"}
    assert occurrences(r"os\.environ|getenv", "contracts") <= {"contracts/cli.py", "contracts/pytest_plugin.py"}


def test_chance_comes_from_the_seeded_streams() -> None:
    assert occurrences(r"(?m)^(import random|from random|import uuid|from uuid)\b") <= {"mock_server/ids.py"}
    # The admin token, and names of files that exist for a moment: no behaviour of the mock.
    assert occurrences(r"\bsecrets\.") == {"mock_server/serve.py", "mock_server/files.py"}


def test_handlers_and_domain_know_no_status_but_success() -> None:
    for folder in ("domain", "handlers"):
        for path in (ROOT / "mock_server/showpad" / folder).glob("*.py"):
            numbers = [
                node.value
                for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
                if isinstance(node, ast.Constant) and type(node.value) is int and 100 <= node.value <= 599
            ]
            assert set(numbers) <= {200, 201, 204}, path


def test_the_store_is_narrow() -> None:
    methods = [name for name, _ in inspect.getmembers(Store, inspect.isfunction) if not name.startswith("_")]
    assert len(methods) <= 7


def test_each_route_is_listed_once_by_its_operation_id() -> None:
    names = [route.name for route in ROUTES]
    assert len(names) == len(set(names)) == 18


def test_what_make_quick_leaves_out_is_there() -> None:
    assert [name for name in SLOW if not (ROOT / "tests" / name).exists()] == []
