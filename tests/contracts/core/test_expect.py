from __future__ import annotations

from typing import Any

import pytest

from showpad_contracts.core import expect
from showpad_contracts.core.violation import WrongValue

DIFFERENT: list[tuple[Any, Any]] = [
    (1, True),
    (1, 1.0),
    ("1", 1),
    (None, False),
    ([1], [True]),
    ({"a": 0}, {"a": False}),
    ({"a": {"b": [1]}}, {"a": {"b": [True]}}),
    ({"a": 1}, {"a": 1, "b": None}),
    ([1, 2], [1]),
]


@pytest.mark.parametrize(("one", "other"), DIFFERENT)
def test_json_values_of_other_types_are_other_values_at_every_depth(one: Any, other: Any) -> None:
    for received, expected in ((one, other), (other, one)):
        with pytest.raises(WrongValue):
            expect.equal(received, expected, "the value")


@pytest.mark.parametrize("one", [value for pair in DIFFERENT for value in pair])
def test_a_json_value_equals_itself(one: Any) -> None:
    expect.equal(one, one, "the value")
