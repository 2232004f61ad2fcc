"""Which hosts end at the mock."""

from __future__ import annotations

import pytest

from showpad_mock.app import VENDORS
from showpad_mock.interception.hosts import hosts_of


@pytest.mark.rule("CONV-BASE", "CONV-BASE-BIZ", "SPACE-URL")
@pytest.mark.parametrize("domain", ["api.showpad.com", "showpad.com", "showpad.biz"])
def test_showpads_hosts_end_at_the_mock(domain: str) -> None:
    assert hosts_of(VENDORS).tenant(f"acme.{domain}:443") == "acme"
    assert f"*.{domain}" in hosts_of(VENDORS).wildcards


def test_a_vendor_without_hosts_adds_none() -> None:
    assert hosts_of(VENDORS).patterns == VENDORS[0].hosts.patterns
