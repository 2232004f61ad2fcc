from __future__ import annotations

import pytest

from showpad_mock.core.names import is_tenant_name, nearest


@pytest.mark.parametrize("name", ["a", "0", "acme-2", "a" * 63])
def test_a_dns_label_names_a_tenant(name: str) -> None:
    assert is_tenant_name(name)


@pytest.mark.parametrize("name", ["", "Acme", "-a", "a-", "a.b", "a_b", "a" * 64, "acme\n", "é", "٣"])
def test_nothing_else_names_a_tenant(name: str) -> None:
    assert not is_tenant_name(name)


@pytest.mark.parametrize(
    ("name", "known", "told"),
    [
        ("seler", ["buyer", "seller"], "; the nearest is seller"),
        ("x", ["b", "a"], "; there are a, b"),
        ("x", [], ""),
        ("x", map(str, range(100, 113)), ""),
    ],
)
def test_of_an_unknown_name_the_nearest_is_told_or_all_of_few(name: str, known: list[str], told: str) -> None:
    assert nearest(name, known) == told
