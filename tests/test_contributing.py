"""CONTRIBUTING.md: each recipe's files are there, and on its example they are all that there are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
RECIPES = {part.partition("\n")[0]: part for part in TEXT.split("\n## ")[1:]}
SOURCES = ("mock_server/showpad_mock", "contracts/showpad_contracts", "tests/mock_server", "tests/contracts")
FILE = re.compile(r"`((?:mock_server|contracts|tests)/[\w/.-]+|[A-Z]+\.md)`")


def files_of(recipe: str) -> set[str]:
    return set(FILE.findall(RECIPES[recipe]))


def naming(word: str) -> set[str]:
    """Return the files whose code has a text that is or begins with the word: `"ITEMS-LOCKED"`, `"ITEMS-LOCKED;D"`."""
    word = rf"[\"\[]{word}\b(?!-)"
    files = [path for folder in SOURCES for path in (ROOT / folder).rglob("*") if path.suffix in (".py", ".toml")]
    return {path.relative_to(ROOT).as_posix() for path in files if re.search(word, path.read_text(encoding="utf-8"))}


@pytest.mark.parametrize("file", sorted(set(FILE.findall(TEXT))))
def test_every_file_that_it_names_is_there(file: str) -> None:
    assert (ROOT / file).exists()


def test_a_rule_is_named_in_the_files_of_its_recipe() -> None:
    recipe = files_of("A rule, with its check")
    others = {name for name in naming("ITEMS-LOCKED") - recipe if not name.startswith("tests/")}
    assert others == set()
    assert recipe - naming("ITEMS-LOCKED") == {
        "mock_server/showpad_mock/showpad/problems.py"
    }  # it has no status of its own
    assert len(recipe) <= 8


def test_an_operation_is_named_in_the_files_of_its_recipe() -> None:
    recipe = files_of("An operation") | {
        f"contracts/showpad_contracts/showpad/{name}.py" for name in ("paths", "operations")
    }
    named = {name for name in naming("shared-space-transfer-ownership") if not name.startswith("tests/")}
    # A second pass draws from the OpenAPI document, and one check asks every operation without a token.
    swept = {
        "contracts/showpad_contracts/showpad/stateful/schemathesis_pass.py",
        "contracts/showpad_contracts/showpad/checks/conventions.py",
    }
    assert named - swept <= recipe


FAULTS = "mock_server/showpad_mock/faults"


@pytest.mark.parametrize(
    ("kind", "files"),
    [
        ("wrong-content-type", {f"{FAULTS}/effects/wrong_content_type.py"}),
        (
            "stale-timestamp",
            {
                f"{FAULTS}/deliveries/stale_timestamp.py",
                "mock_server/showpad_mock/webhooks/weather/mangling.py",
            },
        ),
    ],
)
def test_a_fault_is_named_in_its_file_alone(kind: str, files: set[str]) -> None:
    assert {name for name in naming(kind) if not name.startswith("tests/")} == files


def test_a_report_is_named_in_one_file_beside_its_own() -> None:
    sources = {name for name in files_of("A report") if name.endswith(".py") and name.startswith("contracts")}
    assert {name for name in naming("junit") if not name.startswith("tests/")} == sources


def test_a_vendor_is_imported_by_the_files_of_its_recipe_alone() -> None:
    files = [path for folder in SOURCES[:2] for path in (ROOT / folder).rglob("*.py") if "rspace" not in path.parts]
    importing = {path for path in files if re.search(r"from \.rspace\b", path.read_text(encoding="utf-8"))}
    protocols = {"mock_server/showpad_mock/web/vendor.py", "contracts/showpad_contracts/suite.py"}
    sources = {name for name in files_of("A vendor") if name.endswith(".py") and not name.startswith("tests/")}
    assert {path.relative_to(ROOT).as_posix() for path in importing} == sources - protocols


SMALLEST = {"tests/mock_server/toy.py": set(), "tests/contracts/toy.py": {"Notes"}}
"""The vendor, and the suite, whose file has the server that it checks as well."""


@pytest.mark.parametrize("file", SMALLEST)
def test_a_vendor_need_bring_no_more_than_sixty_lines(file: str) -> None:
    parts = ast.parse((ROOT / file).read_text(encoding="utf-8")).body
    own = [one for one in parts if not isinstance(one, ast.Import | ast.ImportFrom)]
    own = [one for one in own if not (isinstance(one, ast.ClassDef) and one.name in SMALLEST[file])]
    lines = [line for one in own for line in ast.unparse(one).splitlines() if line.strip()]
    assert 30 < len(lines) <= 60


@pytest.mark.parametrize("recipe", ["A fault on calls", "A step of a request's way", "A backend"])
def test_what_adds_to_the_mock_alone_is_a_file_and_a_line(recipe: str) -> None:
    sources = {name for name in files_of(recipe) if name.endswith(".py") and name.startswith("mock_server")}
    assert len(sources - {"mock_server/showpad_mock/state/logs/protocol.py"}) == 1
