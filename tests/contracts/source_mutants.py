"""`make mutants ARGS="--source rspace"`: the mock's domain, changed in one place at a time; does the kit see it?

A mutant is an operator turned round, a condition negated, a number one higher, a statement left out. Each runs in a
process of its own against all checks, under the quick profile; what no check sees is for a reader to judge: a gap, or a
change that makes no difference to anybody outside.
"""

from __future__ import annotations

import ast
import random
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_loader
from pathlib import Path
from types import CodeType
from typing import Any

ROOT = Path(__file__).parents[2]
DOMAINS = {"rspace": ROOT / "mock_server/showpad_mock/rspace/domain"}
SECONDS = 300.0
SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.Add,
}


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change to one module."""

    module: str
    path: Path
    number: int
    story: str


def changes(tree: ast.Module) -> Iterator[tuple[ast.AST, str, Callable[[], None]]]:
    """Yield each change that can be made to a module: where, what, and how to make it."""
    unseen = set(_telling(tree))
    for node in ast.walk(tree):
        if id(node) in unseen:
            continue
        if isinstance(node, ast.Compare) and type(node.ops[0]) in SWAPS:
            yield node, "another comparison", lambda node=node: _swap(node.ops, 0)  # type: ignore[misc]  # bound now
        elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in SWAPS:
            yield node, "another operator", lambda node=node: _turn(node)  # type: ignore[misc]  # as above
        elif isinstance(node, ast.If | ast.IfExp):
            yield node.test, "the condition negated", lambda node=node: _negate(node)  # type: ignore[misc]  # as above
        elif isinstance(node, ast.Constant) and type(node.value) is int:
            yield node, "one more", lambda node=node: _raise(node)  # type: ignore[misc]  # as above
        for name in ("body", "orelse"):
            yield from _left_out(getattr(node, name, None))


def _telling(tree: ast.Module) -> Iterator[int]:
    """Yield the nodes that only say which rules decided an answer: in a header, which no check reads."""
    for node in ast.walk(tree):
        body = node.body if isinstance(node, ast.If) and not node.orelse else [node]
        if all(isinstance(one, ast.Expr) and ".decide(" in ast.unparse(one) for one in body):
            yield from (id(inner) for inner in ast.walk(node))


def _left_out(body: Any) -> Iterator[tuple[ast.AST, str, Callable[[], None]]]:
    for place, statement in enumerate(body if isinstance(body, list) else ()):
        is_call = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)
        if isinstance(statement, ast.Raise | ast.AugAssign) or (is_call and "decide" not in ast.unparse(statement)):
            without = ast.copy_location(ast.Pass(), statement)
            yield statement, "left out", lambda body=body, place=place, one=without: _put(body, place, one)  # type: ignore[misc]


def _put(body: list[ast.stmt], place: int, statement: ast.stmt) -> None:
    body[place] = statement


def _swap(operators: list[Any], place: int) -> None:
    operators[place] = SWAPS[type(operators[place])]()


def _turn(node: Any) -> None:
    node.op = SWAPS[type(node.op)]()


def _negate(node: Any) -> None:
    node.test = ast.copy_location(ast.UnaryOp(ast.Not(), node.test), node.test)


def _raise(node: Any) -> None:
    node.value += 1


def mutants_of(api: str) -> Iterator[Mutant]:
    """Yield every mutant of an API's domain."""
    for path in sorted(DOMAINS[api].glob("*.py")):
        module = f"showpad_mock.{api}.domain.{path.stem}"
        for number, (node, what, _) in enumerate(changes(ast.parse(path.read_text(encoding="utf-8")))):
            line: int = getattr(node, "lineno", 0)
            yield Mutant(module, path, number, f"{path.name}:{line}: {what}: {ast.unparse(node)[:80]}")


class Loader(SourceFileLoader):
    """Loads a module with one change."""

    def __init__(self, mutant: Mutant) -> None:
        super().__init__(mutant.module, str(mutant.path))
        self._number = mutant.number

    def get_code(self, fullname: str) -> CodeType:
        """Compile the changed source."""
        tree = ast.parse(self.get_data(self.path))
        _, _, change = list(changes(tree))[self._number]
        change()
        return compile(ast.fix_missing_locations(tree), self.path, "exec")


class Finder:
    """Finds the mutant in the place of its module."""

    def __init__(self, mutant: Mutant) -> None:
        self._mutant = mutant

    def find_spec(self, name: str, path: object = None, target: object = None) -> ModuleSpec | None:
        """Return the mutant's spec for its name alone."""
        return spec_from_loader(name, Loader(self._mutant)) if name == self._mutant.module else None


def seen_by(mutant: Mutant) -> str | None:
    """Give the rule that finds a mutant, None where none does; to be called in a process of its own."""
    sys.meta_path.insert(0, Finder(mutant))
    from showpad_contracts.core.events import AssumptionRefuted, RuleBroken

    from .rspace.driving import BEHAVIOURS, fresh_mock, outcomes

    try:
        for behaviour in BEHAVIOURS:
            for outcome in outcomes(fresh_mock(behaviour), behaviour):
                if isinstance(outcome, RuleBroken | AssumptionRefuted):
                    return outcome.rule.id
    except Exception as error:
        return type(error).__name__
    return None


def hunt(mutant: Mutant) -> str | None:
    """Give how a mutant was found, in a process of its own."""
    command = [sys.executable, "-m", __spec__.name, mutant.module, str(mutant.number)]
    try:
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=SECONDS, check=False)
    except subprocess.TimeoutExpired:
        return "it never ended"
    return done.stdout.strip() or (None if done.returncode == 0 else done.stderr.strip().rpartition("\n")[2])


def survivors(api: str, *, most: int, seed: int, workers: int = 2) -> int:
    """Hunt so many mutants of an API's domain; gives how many were not found."""
    there = list(mutants_of(api))
    chosen = random.Random(seed).sample(there, min(most, len(there)))
    missed = 0
    with ThreadPoolExecutor(workers) as pool:
        for mutant, found in zip(chosen, pool.map(hunt, chosen), strict=True):
            missed += found is None
            print(f"{'SURVIVED' if found is None else found:<28} {mutant.story}", flush=True)
    print(f"{len(chosen) - missed} of {len(chosen)} mutants were found; there are {len(there)}.")
    return missed


if __name__ == "__main__":
    [one] = [one for one in mutants_of("rspace") if (one.module, str(one.number)) == tuple(sys.argv[1:])]
    print(seen_by(one) or "")
