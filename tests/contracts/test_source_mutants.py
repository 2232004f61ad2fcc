"""What hunts changes of the mock's own source: it makes each change once, and the kit sees one that matters."""

from __future__ import annotations

import ast
from itertools import islice

from .source_mutants import DOMAINS, changes, hunt, mutants_of


def test_every_change_makes_another_source() -> None:
    for path in sorted(DOMAINS["rspace"].glob("*.py")):
        source = path.read_text(encoding="utf-8")
        made = set()
        for number in range(len(list(changes(ast.parse(source))))):
            tree = ast.parse(source)
            next(islice(changes(tree), number, None))[2]()
            made.add(ast.unparse(ast.fix_missing_locations(tree)))
        assert ast.unparse(ast.parse(source)) not in made, path.name


def test_a_share_that_does_not_end_is_seen() -> None:
    [mutant] = [one for one in mutants_of("rspace") if "left out: unit.delete(SHARES, str(one.id))" in one.story]
    found = hunt(mutant)
    assert found is not None
    assert found.startswith("RS-"), found
