"""A check that is defined is run: none is forgotten, none runs twice."""

from __future__ import annotations

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

from showpad_contracts.core.check import Check, check, checks_of
from showpad_contracts.showpad import checks
from showpad_contracts.showpad.checks import CHECKS, MODULES

FOLDER = Path(checks.__path__[0])


def decorated(file: Path) -> Iterator[str]:
    """Return the names of the functions that are decorated by `check`, wherever in a module they are."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.FunctionDef):
            for decorator in node.decorator_list:
                if isinstance(decorator, ast.Call) and ast.unparse(decorator.func) == "check":
                    yield node.name


def test_every_module_of_the_folder_is_in_the_list() -> None:
    in_the_folder = {file.stem for file in FOLDER.glob("*.py")} - {"__init__"}
    listed = [module.__name__.rpartition(".")[2] for module in MODULES]
    assert sorted(listed) == sorted(in_the_folder)


def test_every_module_of_the_list_has_checks() -> None:
    assert [module.__name__ for module in MODULES if not list(checks_of(module))] == []


def test_every_check_that_is_defined_is_run() -> None:
    run = {one.name for one in CHECKS}
    defined = {name for file in FOLDER.glob("*.py") for name in decorated(file)}
    assert len(defined) > 200
    assert defined - run == set()


def test_no_check_runs_twice() -> None:
    names = [one.name for one in CHECKS]
    assert len(names) == len(set(names))


def test_checks_come_in_the_order_in_which_a_module_defines_them() -> None:
    def says(name: str) -> Check[Any]:
        def run(client: Any) -> None:
            raise NotImplementedError

        run.__name__ = name
        return check("A-RULE")(run)

    module = ModuleType("made")
    vars(module).update(FACTS=(1, 2), first=says("first"), SOME=(says("second"), says("third")), last=says("last"))
    assert [one.name for one in checks_of(module)] == ["first", "second", "third", "last"]


VALIDATING = """
import sys
from pathlib import Path
from hypothesis.configuration import set_hypothesis_home_dir
set_hypothesis_home_dir(Path(sys.argv[1]))
from showpad_contracts.showpad.checks import CHECKS
for check in CHECKS:
    for strategy in check.given.values():
        strategy.validate()
"""


def test_what_is_drawn_needs_no_table_of_a_codec(tmp_path: Path) -> None:
    """Hypothesis takes more than a second to make one in each new folder that the kit is used in."""
    subprocess.run([sys.executable, "-c", VALIDATING, str(tmp_path)], check=True)
    assert {file.name for file in tmp_path.rglob("*.json.gz")} == {"charmap.json.gz"}
